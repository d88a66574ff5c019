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
    // Queues take UTC only and would store the refusal. Moments of items go as they are.
    in_utc(&mut receipt.cb_receipt_moment);
    for item in &mut receipt.cb_charge_items {
        drop_empty(&mut item.ft_charge_item_id);
    }
    for item in &mut receipt.cb_pay_items {
        drop_empty(&mut item.ft_pay_item_id);
    }
    Ok(receipt)
}

/// Writes a moment with another offset, or more digits than the API has, in UTC.
fn in_utc(moment: &mut Option<Moment>) {
    if let Some(utc) = moment
        .as_ref()
        .filter(|moment| !moment.is_canonical())
        .and_then(Moment::utc)
    {
        *moment = Some(Moment::from(utc));
    }
}

fn drop_empty(id: &mut Option<Id>) {
    if id.as_ref().is_some_and(Id::is_empty) {
        *id = None;
    }
}
