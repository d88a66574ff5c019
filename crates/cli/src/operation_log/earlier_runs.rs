//! What earlier runs left in the operation log, said before anything else is done.

use pos_system_api::durable::Record;
use pos_system_api::raw::operations;

use super::DurableClient;
use crate::exit::Stop;
use crate::message::notice;

/// What the program is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Something that keeps the order of the log: what is open is sent before it.
    InOrder,
    /// A movement of money, which waits for nothing.
    Payment,
}

impl DurableClient {
    /// Says what an earlier run left, as its answers are printed by another command.
    pub(crate) async fn tell_of_earlier_runs(&self, next: Next) -> Result<(), Stop> {
        if self.is_durable
            && let Some(left) = what_is_left(&self.client.pending().await?, next)
        {
            notice(&left);
        }
        Ok(())
    }
}

/// What is open, in a sentence; `None` if nothing is.
fn what_is_left(open: &[Record], next: Next) -> Option<String> {
    let is_payment = |record: &&Record| record.name() == operations::PAY.id;
    let (parked, going_on): (Vec<_>, Vec<_>) = open.iter().partition(|record| record.is_parked());
    let (payments, in_order): (Vec<_>, Vec<_>) = going_on.into_iter().partition(is_payment);
    let mut parts = Vec::new();
    match (in_order.len(), next) {
        (0, _) => {}
        (1, Next::InOrder) => parts.push("1 is sent first".to_owned()),
        (count, Next::InOrder) => parts.push(format!("{count} are sent first")),
        (count, Next::Payment) => parts.push(format!("{count} for recover to send")),
    }
    match payments.len() {
        0 => {}
        1 => parts.push("1 payment for recover to look after".to_owned()),
        count => parts.push(format!("{count} payments for recover to look after")),
    }
    if !parked.is_empty() {
        parts.push(format!(
            "{} set aside for a person to decide about",
            parked.len()
        ));
    }
    let plural = if open.len() == 1 { "" } else { "s" };
    (!open.is_empty()).then(|| {
        format!(
            "The operation log holds {} open operation{plural}: {}; recover prints what comes of them, \
             pending lists them",
            open.len(),
            parts.join(", ")
        )
    })
}
