//! What was left behind is sent in its order.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::keep::{Asker, Kept};
use super::log::Log;
use super::record::Record;
use crate::client::replay;
use crate::runtime::{Attempt, Engine, Pace, within};
use crate::store::{Claim, Durability, Row, Selection, Stage, StoreError, StoreErrorKind};

/// How far a clock may have gone back before the ages it shows mean nothing.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(24 * 60 * 60);

/// How many rows are read at a time.
const PAGE: u32 = 100;

/// What became of the first operation that was left behind.
#[derive(Debug)]
pub(crate) enum Step {
    /// There is none.
    Clear,
    /// It is settled.
    Settled(Record),
    /// It was set aside; those behind it go on.
    Parked(Record),
    /// It is as open as before; those behind it wait.
    Open(Record),
    /// Another holder of the store is at it.
    Held(String),
    /// It was set aside, and the order is strict.
    Blocked(String),
}

/// Where sending what was left behind came to a stop.
#[derive(Debug)]
pub(super) enum Stop {
    /// Nothing is left.
    Clear,
    /// At an operation that stays open, in words.
    At(String),
}

impl Log {
    /// Whether an operation has to wait for others. Also learns whether anything was left behind.
    pub(super) async fn is_behind(&self, operation_id: Uuid) -> Result<bool, StoreError> {
        if !self.may_be_behind() {
            return Ok(false);
        }
        let Ok(_turn) = self.turn.try_lock() else {
            return Ok(true);
        };
        let noted = self.left_behind.noted();
        match self.store.claim(self.next(None)).await {
            Ok(Some(row)) => {
                self.store.release(row.operation_id);
                Ok(row.operation_id != operation_id
                    || self.is_held_up(Some(row.sequence)).await?.is_some())
            }
            Ok(None) if self.is_held_up(None).await?.is_some() => Ok(true),
            Ok(None) => {
                self.left_behind.clear(noted);
                Ok(false)
            }
            Err(error) if error.kind() == StoreErrorKind::Held => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Sends what was left behind, up to an operation, until one stays open.
    pub(super) async fn send_left_behind(
        self: &Arc<Self>,
        engine: &Engine,
        before: Option<u64>,
        deadline: Duration,
    ) -> Result<Stop, StoreError> {
        let start = engine.clock.elapsed();
        let Some(_turn) = within(deadline, pin!(self.turn.lock()), &*engine.clock).await else {
            let reason = "operations before it are still being sent";
            return Ok(Stop::At(reason.to_owned()));
        };
        let mut held = 0_u32;
        loop {
            let passed = engine.clock.elapsed().saturating_sub(start);
            let left = deadline.saturating_sub(passed);
            match self.go_on(engine, before, left).await? {
                Step::Clear => return Ok(Stop::Clear),
                Step::Settled(record) | Step::Parked(record) => {
                    self.told.note(record.operation_id());
                    held = 0;
                }
                // It is most likely done in a moment.
                Step::Held(_) if !left.is_zero() => {
                    held = held.saturating_add(1);
                    let fraction = engine.chance.fraction();
                    let wait = engine.policy.wait(Pace::Poll, held, fraction, None);
                    engine.clock.sleep(wait.min(left)).await;
                }
                Step::Held(reason) => return Ok(Stop::At(reason)),
                Step::Open(record) => return Ok(Stop::At(format!("{record}"))),
                Step::Blocked(reason) => return Ok(Stop::At(reason)),
            }
        }
    }

    /// Goes on with the first operation that was left behind, if it stands before `before`. The caller
    /// has the turn.
    pub(super) async fn go_on(
        self: &Arc<Self>,
        engine: &Engine,
        before: Option<u64>,
        deadline: Duration,
    ) -> Result<Step, StoreError> {
        let noted = self.left_behind.noted();
        let row = match self.store.claim(self.next(before)).await {
            Ok(Some(row)) => {
                let claimed = Claimed {
                    log: self,
                    operation_id: Some(row.operation_id),
                };
                match self.is_held_up(Some(row.sequence)).await {
                    Ok(None) => {
                        claimed.taken();
                        row
                    }
                    held_up => {
                        return held_up.map(|reason| Step::Blocked(reason.unwrap_or_default()));
                    }
                }
            }
            Ok(None) => {
                if let Some(reason) = self.is_held_up(before).await? {
                    return Ok(Step::Blocked(reason));
                }
                if before.is_none() {
                    self.left_behind.clear(noted);
                }
                return Ok(Step::Clear);
            }
            Err(error) if error.kind() == StoreErrorKind::Held => {
                return Ok(Step::Held(error.to_string()));
            }
            Err(error) => return Err(error),
        };
        self.send(engine, row, deadline).await
    }

    /// Goes on with a payment that was left behind. The order of receipts has nothing to do with it.
    pub(super) async fn go_on_with_payment(
        self: &Arc<Self>,
        engine: &Engine,
        operation_id: Uuid,
        deadline: Duration,
    ) -> Result<Step, StoreError> {
        match self.store.claim(Claim::Operation(operation_id)).await {
            Ok(Some(row)) if !row.parked => self.send(engine, row, deadline).await,
            Ok(Some(row)) => {
                self.store.release(row.operation_id);
                Ok(Step::Clear)
            }
            Ok(None) => Ok(Step::Clear),
            Err(error) if error.kind() == StoreErrorKind::Held => Ok(Step::Held(error.to_string())),
            Err(error) => Err(error),
        }
    }

    /// Sends a claimed operation as its call would have.
    async fn send(
        self: &Arc<Self>,
        engine: &Engine,
        row: Row,
        deadline: Duration,
    ) -> Result<Step, StoreError> {
        // Ends after the operation was let go of.
        let sent = self.sending.begin(row.operation_id);
        let operation_id = row.operation_id;
        let record = Record::from_row(row).inspect_err(|_| self.store.release(operation_id))?;
        let kept = Kept::new(self, record.clone());
        if let Some(reason) = self.must_be_asked_about(&record) {
            return Ok(Step::Parked(kept.park(reason).await?));
        }
        let mut operation = match record.operation() {
            Ok(operation) => operation,
            Err(error) => return Ok(Step::Parked(kept.park(error.to_string()).await?)),
        };
        operation.options.deadline = Some(deadline);
        operation.options.gives_way = Some(sent.gives_way());
        let kept = kept.raise().await?;
        let ending = Box::pin(replay(engine, &operation)).await;
        let end = kept.end(engine, &operation, &ending, Asker::Log);
        let written = kept.finish(end).await?;
        Ok(match written.stage() {
            stage if !stage.is_open() => Step::Settled(written),
            _ if written.is_parked() => Step::Parked(written),
            // Whoever wanted it goes on with it.
            _ if sent.is_wanted() => Step::Held(written.to_string()),
            _ => Step::Open(written),
        })
    }

    fn next(&self, before: Option<u64>) -> Claim {
        Claim::Next {
            queue: self.queue.clone(),
            before,
        }
    }

    /// Why nothing of the queue may be sent, where the order is strict: an operation was set aside.
    async fn is_held_up(&self, before: Option<u64>) -> Result<Option<String>, StoreError> {
        if !self.options.strict_order {
            return Ok(None);
        }
        let mut after = 0;
        loop {
            let queue = Some(self.queue.clone());
            let selection = Selection::Open { queue };
            let rows = self.store.page(selection, after, PAGE).await?;
            for row in &rows {
                if before.is_some_and(|before| row.sequence >= before) {
                    return Ok(None);
                }
                if row.parked {
                    let reason = format!("operation {} was set aside", row.operation_id);
                    return Ok(Some(reason));
                }
                after = row.sequence;
            }
            if rows.is_empty() {
                return Ok(None);
            }
        }
    }

    /// Why the log does not send an operation by itself, without asking a person.
    fn must_be_asked_about(&self, record: &Record) -> Option<String> {
        if record.stage() == Stage::Prepared && record.is_payment() {
            return Some("money is not moved without the customer".to_owned());
        }
        self.in_doubt_for_too_long(record)
    }

    /// Why the server cannot be trusted to know the id of an operation any more; nothing if it can be, or
    /// never had it.
    pub(super) fn in_doubt_for_too_long(&self, record: &Record) -> Option<String> {
        if record.stage() == Stage::Prepared {
            return None;
        }
        match self.age(record) {
            Some(age) if age > self.options.id_retention => Some(format!(
                "it may have been executed, and was first sent more than {} ago: the server may have \
                 forgotten its id, and would execute it again",
                in_words(self.options.id_retention)
            )),
            Some(_) => None,
            None => Some(
                "it may have been executed, and its age is not known: this machine's clock has gone back"
                    .to_owned(),
            ),
        }
    }

    /// Whether an operation is set aside that the server answers, but never settles.
    pub(super) fn is_given_up(&self, record: &Record, last: Option<&Attempt>) -> bool {
        record.stage() == Stage::Unknown
            && matches!(last, Some(Attempt::Answered(_)))
            && self
                .age(record)
                .is_some_and(|age| age > self.options.max_age)
    }

    /// How long ago an operation was sent first, by this machine's clock; `None` if that has gone back since.
    fn age(&self, record: &Record) -> Option<Duration> {
        let age = self
            .now_unix_ms()
            .saturating_sub(record.first_sent_unix_ms());
        match u64::try_from(age) {
            Ok(age) => Some(Duration::from_millis(age)),
            Err(_) => (Duration::from_millis(age.unsigned_abs()) <= CLOCK_TOLERANCE)
                .then_some(Duration::ZERO),
        }
    }
}

/// An operation that was claimed and is not worked on yet: dropped, it is let go of.
struct Claimed<'a> {
    log: &'a Log,
    operation_id: Option<Uuid>,
}

impl Claimed<'_> {
    /// Somebody works on it from here on.
    fn taken(mut self) {
        self.operation_id = None;
    }
}

impl Drop for Claimed<'_> {
    fn drop(&mut self) {
        if let Some(operation_id) = self.operation_id {
            self.log.store.release(operation_id);
        }
    }
}

/// A duration as a person says it, in the largest unit that fits.
fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (count, unit) = match seconds {
        _ if duration.subsec_nanos() > 0 => return format!("{} seconds", duration.as_secs_f64()),
        0 => (0, "second"),
        _ if seconds.is_multiple_of(3600) => (seconds / 3600, "hour"),
        _ if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

impl Kept {
    /// Sets the operation aside.
    pub(super) async fn park(self, reason: String) -> Result<Record, StoreError> {
        self.write(Durability::Synced, |record| {
            record.row.parked = true;
            record.details.cause = Some(reason);
        })
        .await
    }
}
