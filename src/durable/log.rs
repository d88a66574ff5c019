//! The operation log of one client: a store, whose rules it keeps.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::left_behind::LeftBehind;
use super::options::LogOptions;
use super::record::Record;
use super::sending::Sending;
use super::told::Told;
#[cfg(operation = "sign")]
use super::zero_receipt::LateSigned;
use crate::error::{Error, ErrorKind};
use crate::runtime::{Class, Clock, Operation};
use crate::store::{Durability, OperationStore, Stage, StoreError, StoreErrorKind, Write};

/// The operation log of one client.
pub(crate) struct Log {
    pub(super) store: Arc<dyn OperationStore>,
    pub(super) options: LogOptions,
    /// The cash box, whose operations keep their order.
    pub(super) queue: String,
    /// The payments of the cash box, which wait for nothing and keep nothing waiting.
    pub(super) payments: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) left_behind: LeftBehind,
    pub(super) payments_left_behind: LeftBehind,
    /// What the log sends by itself.
    pub(super) sending: Arc<Sending>,
    pub(super) told: Told,
    #[cfg(operation = "sign")]
    pub(super) late_signed: LateSigned,
    /// Held while what was left behind is sent: one at a time keeps the order.
    pub(super) turn: tokio::sync::Mutex<()>,
    given: Mutex<Given>,
}

/// Answers that were given to the program, and are acknowledged by an operation that it begins after them.
#[derive(Default)]
struct Given {
    /// How many were given, ever.
    count: u64,
    /// Those that are not acknowledged, each with its number.
    records: Vec<(u64, Record)>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log")
            .field("store", &self.store)
            .field("queue", &self.queue)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Log {
    pub(crate) fn new(
        store: Arc<dyn OperationStore>,
        options: LogOptions,
        cashbox_id: Uuid,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            store,
            options,
            queue: cashbox_id.to_string(),
            payments: payments_of(&cashbox_id.to_string()),
            clock,
            left_behind: LeftBehind::unknown(),
            payments_left_behind: LeftBehind::unknown(),
            sending: Arc::default(),
            told: Told::default(),
            #[cfg(operation = "sign")]
            late_signed: LateSigned::default(),
            turn: tokio::sync::Mutex::new(()),
            given: Mutex::default(),
        }
    }

    /// Whether an operation is kept here: what changes something at the server and carries no secret. An
    /// echo is not: nobody wants yesterday's, least of all one that restarts the server.
    pub(crate) fn keeps(operation: &Operation) -> bool {
        operation.class == Class::Effect
            && !operation.target.starts_with("/echo")
            && !operation.options.anonymous
            && operation.options.unread.is_none()
    }

    /// What the order of an operation belongs to.
    pub(super) fn queue_of(&self, operation: &Operation) -> &str {
        if is_payment(operation.path()) {
            &self.payments
        } else {
            &self.queue
        }
    }

    /// Without receipts none is due.
    #[cfg(not(operation = "sign"))]
    #[expect(clippy::unused_async, reason = "nothing is signed")]
    pub(super) async fn is_zero_receipt_due(&self) -> bool {
        false
    }

    /// Takes note of an operation that was settled.
    pub(super) fn note_settled(&self, settled: &Record) {
        #[cfg(operation = "sign")]
        self.late_signed.note(settled);
        #[cfg(not(operation = "sign"))]
        let _ = settled;
    }

    /// Takes note that an operation may have been settled unseen.
    pub(super) fn forget_settled(&self) {
        #[cfg(operation = "sign")]
        self.late_signed.forget();
    }

    /// Notes that an operation of this queue was left behind.
    pub(super) fn note_left_behind(&self, queue: &str) {
        if queue == self.payments {
            self.payments_left_behind.note();
        } else {
            self.left_behind.note();
        }
    }

    /// The present, as it is written down.
    pub(super) fn now_unix_ms(&self) -> i64 {
        self.clock.now().timestamp_millis()
    }

    /// Whether an operation may be open that no call is working on.
    pub(super) fn may_be_behind(&self) -> bool {
        self.store.is_shared() || self.left_behind.is_any()
    }

    /// How many answers were given to the program so far.
    pub(crate) fn answers_given(&self) -> u64 {
        self.given().count
    }

    /// Writes a new record down, with the acknowledgement of the answers that were given before it was begun:
    /// `answers_before` of them.
    pub(super) async fn insert(
        &self,
        record: &Record,
        answers_before: u64,
    ) -> Result<Record, StoreError> {
        let mut taken = Taken::by(self, answers_before);
        let mut written = self.insert_with(record, &taken.records).await;
        if written.as_ref().is_err_and(is_outdated) && !taken.records.is_empty() {
            // Somebody else acknowledged one of them.
            taken.records = self.still_given(&taken.records).await?;
            written = self.insert_with(record, &taken.records).await;
        }
        match written {
            // Once more, or another worker holds one of them, be it dead: they are acknowledged later. The
            // intent is what counts.
            Err(error)
                if !taken.records.is_empty()
                    && (is_outdated(&error) || error.kind() == StoreErrorKind::Held) =>
            {
                self.insert_with(record, &[]).await
            }
            Err(error) => Err(error),
            Ok(written) => {
                taken.records.clear();
                Ok(written)
            }
        }
    }

    async fn insert_with(
        &self,
        record: &Record,
        given: &[(u64, Record)],
    ) -> Result<Record, StoreError> {
        let acknowledged = given.iter().map(|(_, record)| {
            let acknowledged = record.changed_to(Stage::Acknowledged, self.now_unix_ms());
            Write::Update(acknowledged.to_row())
        });
        let writes = acknowledged
            .chain([Write::Insert(record.to_row())])
            .collect();
        let written = self.store.commit(writes, Durability::Synced).await?;
        let row = written.into_iter().next_back();
        let row = row.ok_or_else(nothing_written)?;
        let operation_id = row.operation_id;
        // What cannot be read is held for nobody.
        Record::from_row(row).inspect_err(|_| self.store.release(operation_id))
    }

    /// Those of the answers that nobody else took note of.
    async fn still_given(&self, given: &[(u64, Record)]) -> Result<Vec<(u64, Record)>, StoreError> {
        let mut still = Vec::with_capacity(given.len());
        for (number, record) in given {
            let row = self.store.row(record.operation_id()).await?;
            if let Some(row) = row.filter(|row| row.stage == Stage::Final) {
                still.push((*number, Record::from_row(row)?));
            }
        }
        Ok(still)
    }

    /// Writes a changed record in the place of what is stored.
    pub(super) async fn update(
        &self,
        record: &Record,
        durability: Durability,
    ) -> Result<Record, StoreError> {
        let update = vec![Write::Update(record.to_row())];
        let written = self.store.commit(update, durability).await?;
        let row = written.into_iter().next_back();
        Record::from_row(row.ok_or_else(nothing_written)?)
    }

    /// Notes that an answer was given to the program.
    pub(super) fn give(&self, record: Record) {
        if self.options.explicit_acknowledgement {
            return;
        }
        let mut given = self.given();
        // Given twice, it is acknowledged once.
        (given.records).retain(|(_, earlier)| earlier.operation_id() != record.operation_id());
        given.count += 1;
        let number = given.count;
        given.records.push((number, record));
    }

    fn given(&self) -> MutexGuard<'_, Given> {
        // A list that is changed as a whole: a panic elsewhere leaves nothing half done.
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What comes after the cash box in the name of the queue of its payments.
const PAYMENTS: &str = "/pay";

fn payments_of(cashbox: &str) -> String {
    format!("{cashbox}{PAYMENTS}")
}

/// The cash box of a queue.
pub(super) fn cashbox_of(queue: &str) -> &str {
    queue.strip_suffix(PAYMENTS).unwrap_or(queue)
}

/// Whether a call moves money at a terminal, where a customer has to stand.
pub(super) fn is_payment(path: &str) -> bool {
    path.to_ascii_lowercase().starts_with(PAYMENTS)
}

/// Answers on their way to being acknowledged: they stay given if they do not get there.
struct Taken<'a> {
    log: &'a Log,
    records: Vec<(u64, Record)>,
}

impl<'a> Taken<'a> {
    /// Those with a number up to this.
    fn by(log: &'a Log, last: u64) -> Self {
        let records = log
            .given()
            .records
            .extract_if(.., |(number, _)| *number <= last)
            .collect();
        Self { log, records }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mut given = self.log.given();
        for (number, record) in self.records.drain(..) {
            let id = record.operation_id();
            // It may have been given again meanwhile: twice in one commit, it could never be acknowledged.
            if (given.records.iter()).all(|(_, other)| other.operation_id() != id) {
                given.records.push((number, record));
            }
        }
    }
}

/// Whether a row was not what it was taken for.
pub(super) fn is_outdated(error: &StoreError) -> bool {
    matches!(
        error.kind(),
        StoreErrorKind::Outdated | StoreErrorKind::Missing
    )
}

fn nothing_written() -> StoreError {
    StoreError::new(
        StoreErrorKind::Failed,
        "The operation log did not say what it has written",
    )
}

/// The error of a log that cannot be used.
pub(crate) fn unavailable(error: StoreError) -> Error {
    let message = match error.kind() {
        StoreErrorKind::Held | StoreErrorKind::Outdated => "Try again in a moment",
        StoreErrorKind::Full => "There is no room for the operation log, or it must not be written",
        StoreErrorKind::Damaged => "The operation log is damaged",
        StoreErrorKind::TooNew => "The operation log was written by a later version",
        StoreErrorKind::InUse => "The operation log is in use by another process",
        StoreErrorKind::Unavailable => "The operation log cannot be reached, or takes nothing now",
        StoreErrorKind::InDoubt => "It is not known whether the operation log was written",
        _ => "The operation log cannot be used",
    };
    Error::new(ErrorKind::StorageUnavailable, format!("{message}: {error}")).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_help_desk_reads_what_is_wrong_with_the_log() {
        for (kind, said) in [
            (StoreErrorKind::Held, "in a moment"),
            (StoreErrorKind::Full, "no room"),
            (StoreErrorKind::InUse, "in use by another process"),
            (StoreErrorKind::Unavailable, "cannot be reached"),
            (StoreErrorKind::InDoubt, "not known"),
            (StoreErrorKind::Failed, "cannot be used"),
            (StoreErrorKind::Damaged, "damaged"),
            (StoreErrorKind::TooNew, "later version"),
        ] {
            let error = unavailable(StoreError::new(kind, "the store's own words"));
            let message = error.to_string();
            assert!(message.contains(said), "{message}");
            assert!(message.contains("the store's own words"), "{message}");
        }
    }
}
