//! Giving an operation up.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::details::Abandoned;
use super::keep::Kept;
use super::log::{Log, unavailable};
use super::record::Record;
use super::sending::HeldRow;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::store::{Claim, Durability, Stage, StoreErrorKind};

impl Client {
    /// Gives an open operation up: nothing sends it any more, and those behind it go on. Who did so and why
    /// stays in the log.
    ///
    /// It changes nothing at the server. One that may have been executed
    /// ([`Stage::SendStarted`], [`Stage::Unknown`]) may stand in the journal of the queue all the same: look
    /// it up there before giving it up. If the log sends it by itself just now, this waits for the end of the
    /// attempt under way.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] if it is not open or `who` or `why` is empty,
    /// [`ErrorKind::Configuration`] for a client without a log, [`ErrorKind::StorageUnavailable`] if that
    /// cannot be used or a call of the program is sending the operation right now.
    pub async fn abandon(&self, operation_id: Uuid, who: &str, why: &str) -> Result<Record> {
        let log = self.log()?;
        if who.trim().is_empty() || why.trim().is_empty() {
            let message = "Giving an operation up needs a name and a reason";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        log.claimed(operation_id)
            .await?
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

/// How long the log may take until it lets go of an operation: longer than an attempt.
const GIVES_WAY: Duration = Duration::from_secs(100);

impl Log {
    /// Holds an open operation, for something else to be done with it than being sent. If the log sends it
    /// by itself just now, that ends with its attempt.
    pub(super) async fn claimed(self: &Arc<Self>, operation_id: Uuid) -> Result<Kept> {
        let mut held = HeldRow::new();
        let row = loop {
            match self.store.claim(Claim::Operation(operation_id)).await {
                Ok(row) => break row.ok_or_else(|| not_open(operation_id))?,
                Err(error) => {
                    let (sending, clock) = (&self.sending, &*self.clock);
                    let may_be_free = error.kind() == StoreErrorKind::Held
                        && held
                            .may_be_free(sending, operation_id, GIVES_WAY, clock)
                            .await;
                    if !may_be_free {
                        return Err(unavailable(error));
                    }
                }
            }
        };
        let record = Record::from_row(row).map_err(|error| {
            self.store.release(operation_id);
            unavailable(error)
        })?;
        let kept = Kept::new(self, record);
        if kept.is_of_this_log() {
            Ok(kept)
        } else {
            Err(not_open(operation_id))
        }
    }
}

pub(super) fn not_open(operation_id: Uuid) -> Error {
    Error::new(
        ErrorKind::Invalid,
        format!("Operation {operation_id} of this cash box is not open in the operation log"),
    )
}
