//! Keeping one operation: its intent is written before its first byte leaves, its end before success is
//! reported.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::log::{Log, unavailable};
use super::order::Stop;
use super::record::Record;
use crate::client::cause;
use crate::error::{Error, ErrorKind};
use crate::runtime::{
    Answer, Attempt, Ending, Engine, Operation, Reading, Refusal, Standing, settled,
};
use crate::store::{Durability, Stage, StoreError, StoreErrorKind};

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

/// An operation that is written down and may be sent. Dropped midway, it is left behind, and found again.
#[must_use = "the end of an operation has to be written down"]
pub(crate) struct Kept {
    log: Arc<Log>,
    // Boxed: it is handed from step to step.
    record: Box<Record>,
    is_let_go: bool,
}

/// What is to be written down at the end of a run.
pub(crate) struct End {
    record: Record,
    durability: Durability,
    asker: Asker,
}

/// Who asked for an operation to be sent, and so is told of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A call of the program.
    Call,
    /// The log itself, going on with what was left behind.
    Log,
}

impl Kept {
    pub(super) fn new(log: &Arc<Log>, record: Record) -> Self {
        Self {
            log: Arc::clone(log),
            record: Box::new(record),
            is_let_go: false,
        }
    }

    /// The record, as it is stored.
    pub(super) fn record(&self) -> &Record {
        &self.record
    }

    /// Writes down how a run ended.
    ///
    /// # Errors
    /// If the end cannot be written down: it may not be reported then.
    pub(crate) async fn finish(mut self, end: End) -> Result<Record, StoreError> {
        let written = self.log.update(&end.record, end.durability).await?;
        self.let_go(&written);
        if written.stage() == Stage::Final && end.asker == Asker::Call {
            self.log.give(written.clone());
        }
        Ok(written)
    }

    /// What is to be written down after a run.
    pub(crate) fn end<T>(
        &self,
        engine: &Engine,
        operation: &Operation,
        ending: &Ending<T>,
        asker: Asker,
    ) -> End {
        let standing = operation.progress.standing();
        let redact = |text: &str| engine.credentials.redacted(text);
        let now = self.log.now_unix_ms();
        let settled_by = match ending {
            Ending::Done { answer, .. } => Some(answer),
            Ending::Refused {
                last: Attempt::Answered(answer),
                ..
            } if standing == Standing::Final => Some(answer),
            _ => None,
        };
        let attempts = operation.progress.attempts();
        if let Some(answer) = settled_by {
            let settled = self.record.changed_to(Stage::Final, now);
            let mut record = settled.settled(answer, redact);
            record.row.parked = false;
            record.details.attempts = attempts;
            return End {
                record,
                durability: Durability::Synced,
                asker,
            };
        }
        let stage = match standing {
            Standing::NotSent => Stage::Prepared,
            Standing::Unknown | Standing::Final => Stage::Unknown,
        };
        let last = match ending {
            Ending::Open { last } => last.as_ref(),
            Ending::Refused { last, .. } | Ending::Parked { last, .. } => Some(last),
            Ending::Done { .. } => None,
        };
        let mut record = self.record.changed_to(stage, now);
        record.details.attempts = attempts;
        record.details.cause = last.map(|last| redact(&cause(engine, last)));
        record.row.parked = match ending {
            Ending::Parked { .. } => true,
            // The program was told that it failed: nothing but the program or a person may send it now.
            Ending::Refused { refusal, .. } => asker == Asker::Call || needs_a_person(*refusal),
            Ending::Open { last } => self.log.is_given_up(&record, last.as_ref()),
            Ending::Done { .. } => false,
        };
        // What is lost of this leaves the operation in doubt, which is never wrong; but one that was set
        // aside must stay so.
        let durability = if record.row.parked {
            Durability::Synced
        } else {
            Durability::Lazy
        };
        End {
            record,
            durability,
            asker,
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if !self.is_let_go {
            self.log.store.release(self.record.operation_id());
            self.log.left_behind.note();
        }
    }
}

impl Log {
    /// Writes the intent of an operation down. `read` reads the answer of one that was settled before.
    ///
    /// What was left behind by earlier calls of the same cash box is sent first; the time that takes is
    /// taken from the operation's deadline.
    pub(crate) async fn begin<T>(
        self: &Arc<Self>,
        engine: &Engine,
        operation: &mut Operation,
        read: impl Fn(&Answer) -> Reading<T>,
    ) -> Begun<T> {
        let start = engine.clock.elapsed();
        let deadline = operation.options.deadline.unwrap_or(engine.deadline);
        let is_behind = match self.is_behind(operation.id).await {
            Ok(is_behind) => is_behind,
            Err(error) => return Begun::Barred(unavailable(error)),
        };
        let stage = match (is_behind, operation.progress.standing()) {
            (true, Standing::NotSent) => Stage::Prepared,
            (true, _) => Stage::Unknown,
            (false, _) => Stage::SendStarted,
        };
        let record = match Record::new(operation, &self.queue, stage, self.now_unix_ms()) {
            Ok(record) => record,
            Err(error) => {
                let message = "The operation cannot be written down, so it is not sent";
                return Begun::Barred(Error::new(ErrorKind::Invalid, message).with_source(error));
            }
        };
        let mut inserting = Inserting {
            log: self,
            is_over: false,
        };
        let stored = self.insert(&record).await;
        inserting.is_over = true;
        let stored = match stored {
            Ok(stored) => stored,
            Err(error) if error.kind() == StoreErrorKind::Held => {
                return Begun::Waiting {
                    cause: error.to_string(),
                    is_parked: false,
                };
            }
            Err(error) => return Begun::Barred(unavailable(error)),
        };
        let kept = Kept::new(self, stored.clone());
        if let Some(end) = kept.known(operation, &stored, read) {
            return end;
        }
        match (stored.stage(), operation.progress.standing()) {
            // The log has it that no attempt was executed, whatever a stored handle had to assume.
            (Stage::Prepared, _) => operation.progress.set(Standing::NotSent),
            // An answer that could not be written down settles nothing: it has to come again.
            (_, Standing::Final) => operation.progress.set(Standing::Unknown),
            _ => {}
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
                if is_behind {
                    operation.options.deadline = Some(left(engine, start, deadline));
                }
                Begun::Go(kept)
            }
            // It is in the log, and goes on from there.
            Err(error) => waiting(&stored, &error),
        }
    }
}

/// An intent on its way into the store: dropped midway, nobody knows whether it got there.
struct Inserting<'a> {
    log: &'a Log,
    is_over: bool,
}

impl Drop for Inserting<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.log.left_behind.note();
        }
    }
}

/// Whether sending an operation again later cannot help: it would hold up those behind it for ever.
fn needs_a_person(refusal: Refusal) -> bool {
    match refusal {
        Refusal::Request
        | Refusal::Rejected
        | Refusal::NotTaken
        | Refusal::Conflict
        | Refusal::ServerFault
        | Refusal::Unreadable
        | Refusal::Odd
        | Refusal::TooLarge => true,
        Refusal::Unauthorized
        | Refusal::NoCredentials
        | Refusal::Untrusted
        | Refusal::Moved
        | Refusal::Redirected
        | Refusal::NotTheApi => false,
    }
}

fn left(engine: &Engine, start: Duration, deadline: Duration) -> Duration {
    let passed = engine.clock.elapsed().saturating_sub(start);
    deadline.saturating_sub(passed)
}

impl Kept {
    /// How an operation ends that is in the log already, and is not to be sent.
    fn known<T>(
        &self,
        operation: &Operation,
        stored: &Record,
        read: impl Fn(&Answer) -> Reading<T>,
    ) -> Option<Begun<T>> {
        let barred = |kind, message: String| Some(Begun::Barred(Error::new(kind, message)));
        if !stored.is_of(operation) {
            return barred(
                ErrorKind::Conflict,
                "The operation id is in the operation log with another content".to_owned(),
            );
        }
        match stored.stage() {
            Stage::Prepared | Stage::SendStarted | Stage::Unknown => None,
            Stage::Final | Stage::Acknowledged => match stored.stored_answer() {
                Some(answer) => Some(Begun::Settled(settled(operation, answer, read))),
                None => barred(
                    ErrorKind::StorageUnavailable,
                    "The operation is settled, but the operation log does not have its answer"
                        .to_owned(),
                ),
            },
            Stage::Abandoned => {
                let (who, why) = stored.abandoned().unwrap_or_default();
                barred(
                    ErrorKind::Invalid,
                    format!(
                        "The operation was abandoned by {who} ({why}); it is not sent any more"
                    ),
                )
            }
            Stage::Replaced => barred(
                ErrorKind::Invalid,
                "The operation was replaced by its late signing; it is not sent any more"
                    .to_owned(),
            ),
            Stage::Purged => barred(
                ErrorKind::Invalid,
                "The operation ended long ago, and its answer was removed from the operation log"
                    .to_owned(),
            ),
        }
    }

    /// Notes that an attempt may begin from now on.
    pub(super) async fn raise(mut self) -> Result<Self, StoreError> {
        let record = &self.record;
        if record.stage() == Stage::Prepared || record.is_parked() {
            let stage = match record.stage() {
                Stage::Prepared => Stage::SendStarted,
                other => other,
            };
            let mut raised = record.changed_to(stage, self.log.now_unix_ms());
            raised.row.parked = false;
            *self.record = self.log.update(&raised, Durability::Synced).await?;
        }
        Ok(self)
    }

    /// Writes a change of the record that leaves its stage as it is, and lets go of the operation.
    pub(super) async fn write(
        mut self,
        durability: Durability,
        change: impl FnOnce(&mut Record),
    ) -> Result<Record, StoreError> {
        let mut changed = self
            .record
            .changed_to(self.record.stage(), self.log.now_unix_ms());
        change(&mut changed);
        let written = self.log.update(&changed, durability).await?;
        self.let_go(&written);
        Ok(written)
    }

    /// Lets go of an operation whose record was written.
    fn let_go(&mut self, written: &Record) {
        self.is_let_go = true;
        self.log.store.release(written.operation_id());
        let is_in_the_way = !written.is_parked() || self.log.options.strict_order;
        if written.stage().is_open() && is_in_the_way {
            self.log.left_behind.note();
        }
    }

    /// Leaves the operation as it is, to be sent later.
    fn wait<T>(self, reason: &dyn fmt::Display) -> Begun<T> {
        // Dropping it leaves it behind.
        waiting(&self.record, reason)
    }
}

fn waiting<T>(record: &Record, reason: &dyn fmt::Display) -> Begun<T> {
    Begun::Waiting {
        cause: format!("it waits for its turn: {reason}"),
        is_parked: record.is_parked(),
    }
}
