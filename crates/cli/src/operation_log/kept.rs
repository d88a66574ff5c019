//! What the operation log holds of an operation that is not settled, and what a person can do about it.

use pos_system_api::durable::Record;
use pos_system_api::raw::operations;
use pos_system_api::store::Stage;
use pos_system_api::{Error, ErrorKind, Outcome, Standing};
use uuid::Uuid;

use super::DurableClient;

/// An operation that is open in the log after its call.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Whether it is set aside: nothing sends it but a person.
    pub(crate) is_parked: bool,
    /// What a person can do about it.
    pub(crate) way_on: String,
}

impl DurableClient {
    /// What the log holds of an operation whose call ended so; `None` if nothing is open there.
    pub(crate) async fn kept_after<T>(
        &self,
        operation_id: Option<Uuid>,
        result: &Result<Outcome<T>, Error>,
    ) -> Option<Kept> {
        match result {
            Ok(Outcome::Done(_)) => None,
            Err(error) if is_refused_by_the_log(error) => None,
            Ok(_) | Err(_) => self.kept(operation_id).await,
        }
    }

    /// What the log holds of an operation; `None` if it is not open there.
    pub(crate) async fn kept(&self, operation_id: Option<Uuid>) -> Option<Kept> {
        if !self.is_durable {
            return None;
        }
        match self.client.recorded(operation_id?).await {
            Ok(record) => {
                let record = record?;
                Some(Kept {
                    is_parked: record.is_parked(),
                    way_on: way_on(&record)?,
                })
            }
            Err(_) => Some(Kept {
                is_parked: false,
                way_on: "it may be in the operation log: once that can be used again, recover goes on with \
                         it; do not begin it anew before"
                    .to_owned(),
            }),
        }
    }
}

/// Whether the call was refused for what the log holds, or because it could not be written down: what is
/// open there under its id is another matter, if it is there at all.
pub(crate) fn is_refused_by_the_log(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Invalid => true,
        // The server's own refusal has a status.
        ErrorKind::Conflict => error.status().is_none(),
        ErrorKind::StorageUnavailable => error.outcome() == Standing::NotSent,
        _ => false,
    }
}

/// What a person can do about an operation that is open; `None` if it is not.
pub(crate) fn way_on(record: &Record) -> Option<String> {
    if !record.stage().is_open() {
        return None;
    }
    let id = record.operation_id();
    let is_payment = record.name() == operations::PAY.id;
    let is_never_sent = record.stage() == Stage::Prepared;
    Some(match (record.is_parked(), is_payment, is_never_sent) {
        // Begun later and paid otherwise meanwhile, it would be paid twice.
        (_, true, true) => format!(
            "no money has moved; it is kept in the operation log: resume {id} begins it, with the guest at \
             the terminal; abandon {id} before the guest pays otherwise"
        ),
        (true, true, false) => format!(
            "money may have moved; it is set aside in the operation log: resume {id} asks for its result, \
             abandon {id} gives it up"
        ),
        (false, true, false) => format!(
            "money may have moved; it is kept in the operation log: recover or resume {id} asks for its \
             result"
        ),
        (true, false, _) => format!(
            "it is set aside in the operation log: resume {id} goes on with it, abandon {id} gives it up"
        ),
        (false, false, _) => "it is kept in the operation log: recover goes on with it".to_owned(),
    })
}
