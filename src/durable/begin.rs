//! Beginning: the intent of an operation is on stable storage before its first byte leaves.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::keep::Kept;
use super::log::{Log, cashbox_of, is_payment, unavailable};
use super::order::Stop;
use super::record::Record;
use super::sending::HeldRow;
use crate::error::{Error, ErrorKind};
use crate::runtime::{Answer, Ending, Engine, Operation, Reading, Standing, settled};
use crate::store::{Stage, StoreError, StoreErrorKind};

/// What begins with writing an intent down.
pub(crate) enum Begun<T> {
    /// The operation can be sent.
    Go(Kept),
    /// It was settled before, with this end: it is not sent again.
    Settled(Ending<T>),
    /// It is kept, but not sent now, for this reason. One that was set aside stays so.
    Waiting { cause: String, is_parked: bool },
    /// It is not sent.
    Barred(Error),
}

impl Log {
    /// Writes the intent of an operation down. `is_resumed` for one that may have been begun by somebody else
    /// before; `read` reads the answer of one that was settled.
    ///
    /// What was left behind by earlier calls of the same cash box is sent first; the time that takes is
    /// taken from the operation's deadline.
    pub(crate) async fn begin<T>(
        self: &Arc<Self>,
        engine: &Engine,
        operation: &mut Operation,
        is_resumed: bool,
        read: impl Fn(&Answer) -> Reading<T>,
    ) -> Begun<T> {
        let start = engine.clock.elapsed();
        let deadline = operation.options.deadline.unwrap_or(engine.deadline);
        let found = match self.found(operation, is_resumed).await {
            Ok(found) => found,
            Err(error) => return self.not_begun(operation, is_resumed, error),
        };
        // A guest who pays waits for no receipt.
        let is_behind = if is_payment(operation.path()) {
            false
        } else {
            match (self.is_behind(operation.id).await, &found) {
                (Ok(is_behind), _) => is_behind,
                (Err(error), Some(found)) => {
                    return self.not_gone_on_with(operation, found, &error, read);
                }
                (Err(error), None) => return Begun::Barred(unavailable(error)),
            }
        };
        let stage = match (is_behind, operation.progress.standing()) {
            (true, Standing::NotSent) => Stage::Prepared,
            (true, _) => Stage::Unknown,
            (false, _) => Stage::SendStarted,
        };
        let queue = self.queue_of(operation);
        let record = match Record::new(operation, queue, stage, self.now_unix_ms()) {
            Ok(record) => record,
            Err(error) => {
                let message = "The operation cannot be written down, so it is not sent";
                return Begun::Barred(Error::new(ErrorKind::Invalid, message).with_source(error));
            }
        };
        let mut held = HeldRow::new();
        let stored = loop {
            let mut inserting = Inserting {
                log: self,
                queue,
                is_over: false,
            };
            let stored = self.insert(&record, operation.options.answers_before);
            let stored = stored.await;
            inserting.is_over = true;
            match stored {
                Ok(stored) => break stored,
                Err(error) => {
                    let left = left(engine, start, deadline);
                    let clock = &*engine.clock;
                    let may_be_free = error.kind() == StoreErrorKind::Held
                        && held
                            .may_be_free(&self.sending, operation.id, left, clock)
                            .await;
                    if !may_be_free {
                        let found = match found {
                            // Somebody began it in the same moment.
                            None if error.kind() == StoreErrorKind::Held => {
                                self.stored(operation.id).await.ok().flatten()
                            }
                            found => found,
                        };
                        return match found {
                            Some(found) => self.not_gone_on_with(operation, &found, &error, read),
                            None => self.not_inserted(operation, error),
                        };
                    }
                }
            }
        };
        let is_new = found.is_none() && stored.is_as_begun(&record);
        let kept = Kept::new(self, stored.clone()).stored_before(!is_new);
        if let Some(end) = self.known(operation, &stored, read) {
            return end;
        }
        match (stored.stage(), operation.progress.standing()) {
            // The log has it that no attempt was executed, whatever a stored handle had to assume.
            (Stage::Prepared, _) => operation.progress.set(Standing::NotSent),
            // An answer that could not be written down settles nothing: it has to come again.
            (_, Standing::Final) => operation.progress.set(Standing::Unknown),
            // A handle knows nothing of what was sent since by others.
            _ if !is_new => operation.progress.set(Standing::Unknown),
            _ => {}
        }
        // Only who was shown that it was set aside, or says so, has decided that it is sent.
        if !is_new
            && !operation.options.was_parked
            && let Some(reason) = self.in_doubt_for_too_long(&stored)
        {
            return match kept.park(reason.clone()).await {
                Ok(_) => Begun::Waiting {
                    cause: reason,
                    is_parked: true,
                },
                Err(error) => waiting(&stored, &error),
            };
        }
        if is_behind {
            let left = left(engine, start, deadline);
            let before = Some(stored.sequence());
            match Box::pin(self.send_left_behind(engine, before, left)).await {
                Ok(Stop::Clear) => {}
                Ok(Stop::At(reason)) => return kept.wait(&reason),
                Err(error) => return kept.wait(&error),
            }
        }
        match kept.raise().await {
            Ok(kept) => {
                // A payment has a time of its own where its caller says nothing.
                let is_own = is_payment(operation.path()) && operation.options.deadline.is_none();
                if (is_behind || held.was_waited_for()) && !is_own {
                    operation.options.deadline = Some(left(engine, start, deadline));
                }
                Begun::Go(kept)
            }
            // It is in the log, and goes on from there.
            Err(error) => waiting(&stored, &error),
        }
    }

    /// What the store has of an operation whose id may have been used before.
    async fn found(
        &self,
        operation: &Operation,
        is_resumed: bool,
    ) -> Result<Option<Record>, StoreError> {
        if is_fresh(operation, is_resumed) {
            return Ok(None);
        }
        self.stored(operation.id).await
    }

    async fn stored(&self, operation_id: Uuid) -> Result<Option<Record>, StoreError> {
        let row = self.store.row(operation_id).await?;
        row.map(Record::from_row).transpose()
    }

    /// What becomes of an operation when the store cannot even be asked.
    fn not_begun<T>(&self, operation: &Operation, is_resumed: bool, error: StoreError) -> Begun<T> {
        if is_fresh(operation, is_resumed) {
            return Begun::Barred(unavailable(error));
        }
        self.in_doubt(operation, error)
    }

    /// What becomes of an operation of the log when that cannot be used now. What stands there counts for more
    /// than what its caller believes.
    fn not_gone_on_with<T>(
        &self,
        operation: &Operation,
        found: &Record,
        error: &StoreError,
        read: impl Fn(&Answer) -> Reading<T>,
    ) -> Begun<T> {
        if let Some(end) = self.known(operation, found, read) {
            return end;
        }
        // Whoever holds it may have sent it since it was read.
        if found.stage() != Stage::Prepared || error.kind() == StoreErrorKind::Held {
            operation.progress.set(Standing::Unknown);
        }
        Begun::Waiting {
            cause: format!("it is in the operation log, which cannot be used now: {error}"),
            is_parked: found.is_parked(),
        }
    }

    /// What becomes of an operation whose intent could not be written down.
    fn not_inserted<T>(&self, operation: &Operation, error: StoreError) -> Begun<T> {
        if error.kind() == StoreErrorKind::Held {
            operation.progress.set(Standing::Unknown);
            return Begun::Waiting {
                cause: error.to_string(),
                is_parked: false,
            };
        }
        if error.wrote_nothing() {
            return Begun::Barred(unavailable(error));
        }
        self.in_doubt(operation, error)
    }

    /// It may stand in the store, whatever the error says, from where it is sent in its turn.
    fn in_doubt<T>(&self, operation: &Operation, error: StoreError) -> Begun<T> {
        self.note_left_behind(self.queue_of(operation));
        operation.progress.set(Standing::Unknown);
        Begun::Barred(unavailable(error).with_more(
            "it is not known whether the operation was written down; if it was, it is sent as soon as the log \
             can be used again: resume it, do not begin it anew",
        ))
    }
}

/// Whether an id was made for this very call: it is in no store.
fn is_fresh(operation: &Operation, is_resumed: bool) -> bool {
    !is_resumed
        && !operation.options.has_given_id
        && operation.progress.standing() == Standing::NotSent
}

/// An intent on its way into the store: dropped midway, nobody knows whether it got there.
struct Inserting<'a> {
    log: &'a Log,
    queue: &'a str,
    is_over: bool,
}

impl Drop for Inserting<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.log.note_left_behind(self.queue);
        }
    }
}

fn left(engine: &Engine, start: Duration, deadline: Duration) -> Duration {
    let passed = engine.clock.elapsed().saturating_sub(start);
    deadline.saturating_sub(passed)
}

impl Log {
    /// How an operation ends that is in the log already, and is not to be sent.
    fn known<T>(
        &self,
        operation: &Operation,
        stored: &Record,
        read: impl Fn(&Answer) -> Reading<T>,
    ) -> Option<Begun<T>> {
        let barred = |kind, message: &str| Some(Begun::Barred(Error::new(kind, message)));
        if stored.queue() != cashbox_of(&self.queue) {
            return barred(
                ErrorKind::Invalid,
                "The operation belongs to another cash box of this operation log",
            );
        }
        if !stored.is_of(operation) {
            return barred(
                ErrorKind::Conflict,
                "The operation id is in the operation log with another content",
            );
        }
        match stored.stage() {
            Stage::Prepared | Stage::SendStarted | Stage::Unknown => None,
            Stage::Final | Stage::Acknowledged => match stored.stored_answer() {
                Some(answer) => {
                    if stored.stage() == Stage::Final {
                        self.give(stored.clone());
                    }
                    Some(Begun::Settled(settled(operation, answer, read)))
                }
                None => barred(
                    ErrorKind::Invalid,
                    "The operation ended long ago, and its answer was removed from the operation log",
                ),
            },
            Stage::Abandoned => {
                let (who, why) = stored.abandoned().unwrap_or_default();
                let message = format!(
                    "The operation was abandoned by {who} ({why}); it is not sent any more"
                );
                barred(ErrorKind::Invalid, &message)
            }
            Stage::Replaced => barred(
                ErrorKind::Invalid,
                "The operation was replaced by its late signing; it is not sent any more",
            ),
            Stage::Purged => barred(
                ErrorKind::Invalid,
                "The operation ended long ago, and its answer was removed from the operation log",
            ),
        }
    }
}

impl Kept {
    /// Leaves the operation as it is, to be sent later.
    fn wait<T>(self, reason: &dyn fmt::Display) -> Begun<T> {
        // Dropping it leaves it behind.
        waiting(self.record(), reason)
    }
}

fn waiting<T>(record: &Record, reason: &dyn fmt::Display) -> Begun<T> {
    Begun::Waiting {
        cause: format!("it waits for its turn: {reason}"),
        is_parked: record.is_parked(),
    }
}
