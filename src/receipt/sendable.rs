//! What has to be right before a receipt is worth sending.

use crate::error::{Error, ErrorKind, Result};
use crate::types::{Id, Moment, ReceiptRequest};

/// The receipt as it is sent, or the member that keeps it from being sent.
///
/// A refusal would be stored at the server under the operation's id, so what every server refuses is
/// not sent at all.
pub(crate) fn sendable(mut receipt: ReceiptRequest) -> Result<ReceiptRequest> {
    let missing = |member: &str, reason: &str| {
        Err(Error::new(
            ErrorKind::Invalid,
            format!("The receipt cannot be sent: {member} {reason}"),
        ))
    };
    match receipt.cb_receipt_reference.as_deref() {
        None => return missing("cbReceiptReference", "is missing"),
        Some("") => return missing("cbReceiptReference", "is empty"),
        Some(_) => {}
    }
    match &receipt.cb_receipt_moment {
        None => return missing("cbReceiptMoment", "is missing"),
        Some(moment) if moment.utc().is_none() => {
            return missing("cbReceiptMoment", "is no date and time with an offset");
        }
        Some(_) => {}
    }
    // Queues take UTC only and would store the refusal. The builders write moments of items so; those of
    // items from elsewhere go as they are.
    receipt.cb_receipt_moment = receipt.cb_receipt_moment.map(Moment::in_utc);
    for item in &mut receipt.cb_charge_items {
        drop_empty(&mut item.ft_charge_item_id);
    }
    for item in &mut receipt.cb_pay_items {
        drop_empty(&mut item.ft_pay_item_id);
    }
    Ok(receipt)
}

fn drop_empty(id: &mut Option<Id>) {
    if id.as_ref().is_some_and(Id::is_empty) {
        *id = None;
    }
}
