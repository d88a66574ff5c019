//! Giving an operation up.

use uuid::Uuid;

use super::details::Abandoned;
use super::keep::Kept;
use super::log::unavailable;
use super::record::Record;
use super::recovery::not_in_the_log;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::store::{Claim, Durability, Stage};

impl Client {
    /// Gives an open operation up: nothing sends it any more, and those behind it go on. Who did so and why
    /// stays in the log.
    ///
    /// It changes nothing at the server. One that may have been executed
    /// ([`Stage::SendStarted`], [`Stage::Unknown`]) may stand in the journal of the queue all the same: look
    /// it up there before giving it up.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] if it is not open or `who` or `why` is empty,
    /// [`ErrorKind::Configuration`] for a client without a log, [`ErrorKind::StorageUnavailable`] if that
    /// cannot be used or a call is working on the operation.
    pub async fn abandon(&self, operation_id: Uuid, who: &str, why: &str) -> Result<Record> {
        let log = self.log()?;
        if who.trim().is_empty() || why.trim().is_empty() {
            let message = "Giving an operation up needs a name and a reason";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        let claim = Claim::Operation(operation_id);
        let row = log.store.claim(claim).await.map_err(unavailable)?;
        let row = row.ok_or_else(|| not_open(operation_id))?;
        let record = Record::from_row(row).map_err(|error| {
            log.store.release(operation_id);
            unavailable(error)
        })?;
        Kept::new(log, record)
            .write(Durability::Synced, |record| {
                record.row.stage = Stage::Abandoned;
                record.row.parked = false;
                record.details.abandoned = Some(Abandoned {
                    who: who.to_owned(),
                    why: why.to_owned(),
                });
            })
            .await
            .map_err(unavailable)
    }
}

pub(super) fn not_open(operation_id: Uuid) -> Error {
    let error = not_in_the_log(operation_id);
    Error::new(
        error.kind(),
        format!("Operation {operation_id} is not open in the operation log"),
    )
}
