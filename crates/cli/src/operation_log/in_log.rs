//! What the operation log holds of an operation that is not settled, and what a person can do about it.

use pos_system_api::durable::Record;
use pos_system_api::raw::operations;
use pos_system_api::store::Stage;
use pos_system_api::{Error, ErrorKind, Outcome, Standing};
use uuid::Uuid;

use super::DurableClient;

/// What the log has to say about an operation that is not settled.
#[derive(Debug)]
pub(crate) struct InLog {
    /// Whether it is set aside there: nothing sends it but a person.
    pub(crate) is_parked: bool,
    /// What a person can do about it.
    pub(crate) way_on: String,
}

impl InLog {
    fn not_parked(way_on: String) -> Self {
        Self {
            is_parked: false,
            way_on,
        }
    }
}

impl DurableClient {
    /// What the log has to say about an operation whose call ended so; `None` if that is nothing.
    pub(crate) async fn says_after<T>(
        &self,
        operation_id: Option<Uuid>,
        result: &Result<Outcome<T>, Error>,
    ) -> Option<InLog> {
        match result {
            Ok(Outcome::Done(_)) => None,
            Err(error) if is_never_written(error) => Some(InLog::not_parked(
                "nothing was sent, and it is not in the operation log".to_owned(),
            )),
            Err(error) if is_refused_by_the_log(error) => None,
            Ok(_) | Err(_) => self.says(operation_id).await,
        }
    }

    /// What the log has to say about an operation; `None` if it is not open there.
    pub(crate) async fn says(&self, operation_id: Option<Uuid>) -> Option<InLog> {
        if !self.is_durable {
            return None;
        }
        let id = operation_id?;
        match self.client.recorded(id).await {
            Ok(record) => {
                let record = record?;
                Some(InLog {
                    is_parked: record.is_parked(),
                    way_on: way_on(&record)?,
                })
            }
            Err(_) => Some(InLog::not_parked(format!(
                "it may be in the operation log: once that can be used again, recover goes on with it; only if \
                 resume {id} does not find it there, begin it anew"
            ))),
        }
    }
}

/// Whether the call was refused because the log proves that it could not be written down.
fn is_never_written(error: &Error) -> bool {
    error.kind() == ErrorKind::StorageUnavailable && error.outcome() == Standing::NotSent
}

/// Whether the call was refused for what it is, or for what the log holds under its id: that is another
/// matter then.
pub(crate) fn is_refused_by_the_log(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Invalid => true,
        // The server's own refusal has a status.
        ErrorKind::Conflict => error.status().is_none(),
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
        // Begun later, when it has moved in another way meanwhile, it would move twice.
        (_, true, true) => format!(
            "no money has moved; in the operation log: resume {id} begins it, with the customer at the \
             terminal; abandon {id} before the money moves in another way"
        ),
        (true, true, false) => format!(
            "money may have moved, look at the terminal; in the operation log: resume {id} asks for its \
             result, abandon {id} gives it up"
        ),
        (false, true, false) => format!(
            "money may have moved; in the operation log: recover or resume {id} asks for its result"
        ),
        (true, false, _) => {
            format!("in the operation log: resume {id} goes on with it, abandon {id} gives it up")
        }
        (false, false, _) => "in the operation log: recover goes on with it".to_owned(),
    })
}
