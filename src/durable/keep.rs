//! Keeping one operation: that it may be sent, and how it ended, is written before anybody is told.

use std::sync::Arc;

use super::log::{Log, cashbox_of};
use super::record::Record;
use crate::client::cause;
use crate::runtime::{Attempt, Ending, Engine, Operation, Refusal, Standing};
use crate::store::{Durability, Stage, StoreError};

/// An operation that is written down and may be sent. Dropped midway, it is left behind, and found again.
#[must_use = "the end of an operation has to be written down"]
pub(crate) struct Kept {
    log: Arc<Log>,
    // Boxed: it is handed from step to step.
    record: Box<Record>,
    was_stored: bool,
    is_let_go: bool,
    /// Its end is being written: dropped now, nobody is told whether it was.
    is_ending: bool,
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
            // Nothing else is known of what is found in a store.
            was_stored: true,
            is_let_go: false,
            is_ending: false,
        }
    }

    /// Whether it was in the log before this call.
    pub(super) fn stored_before(mut self, was_stored: bool) -> Self {
        self.was_stored = was_stored;
        self
    }

    /// Whether somebody else may have begun it before.
    pub(crate) fn was_stored(&self) -> bool {
        self.was_stored
    }

    /// Whether it belongs to the cash box of the log.
    pub(super) fn is_of_this_log(&self) -> bool {
        self.record.queue() == cashbox_of(&self.log.queue)
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
        self.is_ending = true;
        let written = self.log.update(&end.record, end.durability).await?;
        self.let_go(&written);
        if written.stage() == Stage::Final {
            self.log.note_settled(&written);
            if end.asker == Asker::Call {
                self.log.give(written.clone());
            }
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
            let mut record = settled.settled(answer, &engine.credentials);
            record.row.parked = false;
            record.details.attempts = attempts;
            return End {
                record,
                durability: Durability::Synced,
                asker,
            };
        }
        let stage = match (standing, self.record.stage()) {
            // A doubt that was written down stays.
            (Standing::NotSent, Stage::Unknown) => Stage::Unknown,
            (Standing::NotSent, _) => Stage::Prepared,
            (Standing::Unknown | Standing::Final, _) => Stage::Unknown,
        };
        let last = match ending {
            Ending::Open { last } => last.as_ref(),
            Ending::Refused { last, .. } | Ending::Parked { last, .. } => Some(last),
            Ending::Done { .. } => None,
        };
        let mut record = self.record.changed_to(stage, now);
        record.details.attempts = attempts;
        record.details.cause = last.map(|last| engine.credentials.redacted(&cause(engine, last)));
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
            if self.is_ending {
                // It may have ended all the same.
                self.log.told.note(self.record.operation_id());
                self.log.forget_settled();
            }
            self.log.note_left_behind(&self.record.row.queue);
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

impl Kept {
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
        self.is_ending = true;
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
            self.log.note_left_behind(&written.row.queue);
        }
    }
}
