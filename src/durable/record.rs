//! An operation of the log, as the client sees it.

use std::fmt;

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use uuid::Uuid;

use super::details::{Abandoned, AnswerHead, DETAILS_VERSION, Details};
use super::digest::digest;
use super::log::{cashbox_of, is_payment};
use crate::client::{Answered, Completion, Credentials};
use crate::error::{Error, ErrorKind, Result};
use crate::handle::Handle;
use crate::json::fault;
use crate::runtime::{Answer, NotStorable, Operation, Standing, StoredRequest};
use crate::store::{Row, Stage, StoreError, StoreErrorKind};

/// An operation of the log: what was sent, how far it got, and what was answered.
#[derive(Clone)]
pub struct Record {
    pub(super) row: Row,
    pub(super) details: Details,
}

impl Record {
    /// A new record of an operation.
    pub(super) fn new(
        operation: &Operation,
        queue: &str,
        stage: Stage,
        now_unix_ms: i64,
    ) -> std::result::Result<Self, NotStorable> {
        let details = Details {
            version: DETAILS_VERSION,
            request: StoredRequest::of(operation)?,
            digest: digest(operation),
            created_unix_ms: now_unix_ms,
            first_sent_unix_ms: (stage != Stage::Prepared).then_some(now_unix_ms),
            attempts: 0,
            cause: None,
            predecessor: None,
            successor: None,
            handed_over_unix_ms: None,
            abandoned: None,
            answer: None,
        };
        let row = Row {
            sequence: 0,
            operation_id: operation.id,
            queue: queue.to_owned(),
            stage,
            parked: false,
            revision: 1,
            changed_unix_ms: now_unix_ms,
            details: String::new(),
            body: operation.body.clone(),
            answer: None,
            checksum: [0; 32],
        };
        Ok(Self { row, details })
    }

    /// The record of a stored row.
    ///
    /// # Errors
    /// [`StoreErrorKind::Damaged`] if the row is not what was written, and [`StoreErrorKind::TooNew`] if
    /// a later version wrote it.
    pub fn from_row(row: Row) -> std::result::Result<Self, StoreError> {
        let damaged = |what: &dyn fmt::Display| {
            StoreError::new(
                StoreErrorKind::Damaged,
                format!(
                    "Operation {} of the operation log, number {}, is not what was written: {what}",
                    row.operation_id, row.sequence
                ),
            )
        };
        if !row.is_intact() {
            return Err(damaged(&"its checksum is another"));
        }
        #[derive(serde::Deserialize)]
        struct Version {
            version: u32,
        }
        let version: Version =
            serde_json::from_str(&row.details).map_err(|e| damaged(&fault::reason(&e)))?;
        if version.version != DETAILS_VERSION {
            return Err(StoreError::new(
                StoreErrorKind::TooNew,
                format!(
                    "Operation {} of the operation log was written by a later version of this program",
                    row.operation_id
                ),
            ));
        }
        let details =
            serde_json::from_str(&row.details).map_err(|e| damaged(&fault::reason(&e)))?;
        Ok(Self { row, details })
    }

    /// The row to be written for this record.
    pub(super) fn to_row(&self) -> Row {
        let mut row = self.row.clone();
        row.details = serde_json::to_string(&self.details).unwrap_or_default();
        row
    }

    /// This record as it is after a change, to be written in the place of what is stored.
    pub(super) fn changed_to(&self, stage: Stage, now_unix_ms: i64) -> Self {
        let mut changed = self.clone();
        changed.row.stage = stage;
        changed.row.revision = self.row.revision.saturating_add(1);
        changed.row.changed_unix_ms = now_unix_ms;
        let first_sent = &mut changed.details.first_sent_unix_ms;
        match stage {
            // Proved: no attempt before this was one.
            Stage::Prepared => *first_sent = None,
            Stage::SendStarted | Stage::Unknown => {
                first_sent.get_or_insert(now_unix_ms);
            }
            _ => {}
        }
        changed
    }

    /// Whether this, as it is stored, is what was just written for a new operation.
    pub(super) fn is_as_begun(&self, begun: &Self) -> bool {
        self.row.revision == begun.row.revision
            && self.row.stage == begun.row.stage
            && self.details == begun.details
    }

    /// When the server may have seen its id first, in milliseconds since 1970 by this machine's clock.
    pub(super) fn first_sent_unix_ms(&self) -> i64 {
        let first_sent = self.details.first_sent_unix_ms;
        first_sent.unwrap_or(self.details.created_unix_ms)
    }

    /// This record with the answer that settled it.
    pub(super) fn settled(&self, answer: &Answer, credentials: &Credentials) -> Self {
        let mut settled = self.clone();
        let headers = answer.headers.iter().filter_map(|(name, value)| {
            if *name == http::header::SET_COOKIE {
                return None;
            }
            let value = credentials.redacted(value.to_str().ok()?);
            Some((name.as_str().to_owned(), value))
        });
        settled.details.answer = Some(AnswerHead {
            status: answer.status.as_u16(),
            headers: headers.collect(),
        });
        settled.details.cause = None;
        // Should a server repeat the access token, the log holds a hole in its place.
        settled.row.answer = Some(credentials.redacted_body(&answer.body));
        settled
    }

    /// This record without its content.
    pub(super) fn purged(&self, now_unix_ms: i64) -> Self {
        let mut purged = self.changed_to(Stage::Purged, now_unix_ms);
        purged.row.body = None;
        purged.row.answer = None;
        purged
    }

    /// The operation, to be sent again. What was proved of it stands in the log.
    pub(super) fn operation(&self) -> std::result::Result<Operation, NotStorable> {
        let standing = match self.row.stage {
            Stage::Prepared => Standing::NotSent,
            Stage::Final | Stage::Acknowledged => Standing::Final,
            _ => Standing::Unknown,
        };
        let body = self.row.body.clone();
        let request = self.details.request.clone();
        let operation = request.operation(self.row.operation_id, body, standing)?;
        operation.progress.restore_attempts(self.details.attempts);
        Ok(operation)
    }

    /// The answer that settled it.
    pub(super) fn stored_answer(&self) -> Option<Answer> {
        let head = self.details.answer.as_ref()?;
        let mut headers = HeaderMap::with_capacity(head.headers.len());
        for (name, value) in &head.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                headers.append(name, value);
            }
        }
        Some(Answer {
            status: StatusCode::from_u16(head.status).ok()?,
            headers,
            body: self.row.answer.clone()?,
            whole: true,
        })
    }

    /// Whether it moves money at a terminal, where a customer has to stand.
    pub(super) fn is_payment(&self) -> bool {
        is_payment(&self.details.request.path)
    }

    /// Whether this is what the record was made of.
    pub(super) fn is_of(&self, operation: &Operation) -> bool {
        self.details.digest == digest(operation)
    }

    /// Its number in the log: from 1, in the order in which operations were begun.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.row.sequence
    }

    /// The id it is sent under.
    #[must_use]
    pub fn operation_id(&self) -> Uuid {
        self.row.operation_id
    }

    /// The name of the call, such as `sign`; `pay` for `refund` and `cancel` too, as all three are calls of
    /// `/pay`: [`Paid::charged`](crate::client::Paid::charged) of these two is negative.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.details.request.name
    }

    /// The cash box it belongs to.
    #[must_use]
    pub fn queue(&self) -> &str {
        cashbox_of(&self.row.queue)
    }

    /// How far it got.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.row.stage
    }

    /// Whether it was set aside: nothing sends it but a person.
    #[must_use]
    pub fn is_parked(&self) -> bool {
        self.row.parked
    }

    /// When it was begun, by this machine's clock; `None` if that showed no date at all.
    #[must_use]
    pub fn created(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.details.created_unix_ms)
    }

    /// When it was written last, by this machine's clock.
    #[must_use]
    pub fn changed(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.row.changed_unix_ms)
    }

    /// How many attempts were counted; those of a run that was cut off are not.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.details.attempts
    }

    /// Why the last attempt did not settle it, in words.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.details.cause.as_deref()
    }

    /// The operation whose place it took: the sale it signs late.
    #[must_use]
    pub fn predecessor(&self) -> Option<Uuid> {
        self.details.predecessor
    }

    /// The operation that took its place.
    #[must_use]
    pub fn successor(&self) -> Option<Uuid> {
        self.details.successor
    }

    /// When the customer left with an offline receipt, by this machine's clock.
    #[must_use]
    pub fn handed_over_offline(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.details.handed_over_unix_ms?)
    }

    /// Who gave it up, and why.
    #[must_use]
    pub fn abandoned(&self) -> Option<(&str, &str)> {
        let Abandoned { who, why } = self.details.abandoned.as_ref()?;
        Some((who, why))
    }

    /// The exact bytes of the request; empty for a call without a body, and after its content was purged.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.row.body.as_deref().unwrap_or_default()
    }

    /// The exact bytes of the answer that settled it.
    #[must_use]
    pub fn answer(&self) -> Option<&[u8]> {
        self.row.answer.as_deref()
    }

    /// What is needed to go on with it: [`Client::resume`](crate::Client::resume). `None` if its content
    /// was purged.
    #[must_use]
    pub fn handle(&self) -> Option<Handle> {
        if self.row.stage == Stage::Purged {
            return None;
        }
        let operation = self.operation().ok()?;
        let cause = self.details.cause.clone();
        Some(if self.row.parked {
            Handle::parked(operation, cause.unwrap_or_default())
        } else {
            Handle::new(operation, cause)
        })
    }

    /// The answer, read as `T`, such as [`Signed`](crate::client::Signed) for a call of `sign`.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] if it is not settled, or was a call of another kind; otherwise what the call
    /// itself would have given: a fiscal error, a rejection.
    pub fn read<T: Answered>(&self) -> Result<T> {
        let operation = self
            .operation()
            .map_err(|error| Error::new(ErrorKind::Invalid, error.to_string()))?;
        let Some(answer) = self.stored_answer() else {
            let message = "The operation is not settled: there is no answer to be read";
            return Err(Error::new(ErrorKind::Invalid, message).with_operation(operation));
        };
        crate::client::read_stored(operation, answer)
    }

    /// How it was answered; `None` as long as it is not settled.
    #[must_use]
    pub fn completion(&self) -> Option<Completion> {
        Some(Completion::new(
            &self.operation().ok()?,
            self.stored_answer()?,
        ))
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Body and answer may hold customer data.
        f.debug_struct("Record")
            .field("sequence", &self.sequence())
            .field("operation_id", &self.operation_id())
            .field("name", &self.name())
            .field("stage", &self.stage())
            .field("parked", &self.is_parked())
            .field("attempts", &self.attempts())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fate = match self.stage() {
            Stage::Prepared => "was not executed yet",
            Stage::SendStarted | Stage::Unknown => "may have been executed",
            Stage::Final | Stage::Acknowledged => "is settled",
            Stage::Abandoned => "was given up",
            Stage::Replaced => "was replaced by its late signing",
            Stage::Purged => "ended long ago",
        };
        write!(f, "{} {} {fate}", self.name(), self.operation_id())?;
        if self.is_parked() {
            f.write_str(", and is set aside")?;
        }
        match self.cause() {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}
