//! What can go wrong with one request.

use std::time::Duration;

use bytes::Bytes;
use hyper::header::HeaderValue;
use serde::{Deserialize, Serialize};

use super::latency::Latency;
use super::{body_text, milliseconds};

/// Something that goes wrong with one request.
///
/// `BeforeCommit`: nothing is checked, run or stored, as if a gateway in front had failed.
/// `AfterCommit`: the request is handled in full, only its answer suffers.
/// On a repeat of a finished operation `AfterCommit` breaks the stored answer.
///
/// What has neither in its name happens after commit, unless it says otherwise. Faults that
/// change an answer change it on the wire only: what is stored and what the ledger shows stays
/// whole. In a [`FaultPlan`](crate::FaultPlan) a fault has its name in snake case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is reset (TCP RST), nothing is executed.
    ResetBeforeCommit,
    /// The operation is executed and stored, then the connection is reset (TCP RST).
    ResetAfterCommit,
    /// The answer's body ends after `bytes` bytes although `Content-Length` promises more.
    CutBodyAfterCommit {
        /// Body bytes that arrive; at least one byte of the body is always missing.
        bytes: usize,
    },
    /// No answer ever comes, nothing is executed. The client has to give up.
    HangBeforeCommit,
    /// The operation is executed and stored, but no answer ever comes.
    HangAfterCommit,
    /// A problem with this status, nothing is executed.
    StatusBeforeCommit {
        /// The HTTP status, 200..=599; anything else is sent as 500.
        status: u16,
        /// Seconds in the header `Retry-After`.
        retry_after: Option<u32>,
    },
    /// The operation is executed and stored, but the answer is a problem with this status.
    StatusAfterCommit {
        /// The HTTP status, 200..=599; anything else is sent as 500.
        status: u16,
        /// Seconds in the header `Retry-After`.
        retry_after: Option<u32>,
    },
    /// An answer that is not the API's, such as the page of a proxy; nothing is executed.
    BodyBeforeCommit {
        /// The HTTP status, 200..=599; anything else is sent as 500.
        status: u16,
        /// The media type.
        content_type: String,
        /// The body, of any size.
        #[serde(with = "body_text")]
        body: Bytes,
    },
    /// The operation is executed and stored, but the answer is replaced.
    BodyAfterCommit {
        /// The HTTP status, 200..=599; anything else is sent as 500.
        status: u16,
        /// The media type.
        content_type: String,
        /// The body, of any size.
        #[serde(with = "body_text")]
        body: Bytes,
    },
    /// `/sign` answers with the state `EEEE_EEEE`. No effect on other endpoints and on repeats.
    FiscalError,
    /// `/sign` answers with the state `FFFF_FFFF`. No effect on other endpoints and on repeats.
    FiscalFail,
    /// `/sign` answers as if the queue were not started. No effect on other endpoints and on
    /// repeats.
    QueueNotActive,
    /// A problem with this status and a date in `Retry-After`.
    StatusWithRetryDate {
        /// The HTTP status, 200..=599; anything else is sent as 500.
        status: u16,
        /// How many seconds after the answer's own date the date in `Retry-After` lies.
        retry_in_seconds: u32,
        /// Whether the request is handled before it is answered so.
        executed: bool,
    },
    /// The page of a proxy or a portal instead of an answer.
    HtmlPage {
        /// The HTTP status, 200..=599; anything else is sent as 500.
        status: u16,
        /// Whether the request is handled before it is answered so.
        executed: bool,
    },
    /// The body is the JSON `null`. Status and headers stay.
    NullBody,
    /// `{,` stands before the body, which is no JSON then. Status and headers stay.
    MalformedJson,
    /// The answer says it is something else. Status and body stay.
    WrongContentType {
        /// The media type.
        content_type: String,
    },
    /// The body is one JSON text of this length, made while it is sent. Status and media type
    /// stay.
    HugeBody {
        /// The length in bytes.
        bytes: u64,
    },
    /// The body is compressed with gzip, whether the client asked for it or not, and
    /// `Content-Encoding` says so.
    GzipBody,
    /// Every JSON object of a good answer gets a member that is published nowhere.
    UnknownMembers,
    /// In a good JSON answer, the values of the members that take one of a list of words
    /// (`Protocol`, `LastState` and such) are replaced with a word that is not in it.
    UnknownEnumValues,
    /// The signatures in a good JSON answer get one more, of a format and a type that are
    /// published nowhere.
    UnknownSignatureFormat,
    /// The body comes slowly: a few bytes, a pause, and so on.
    SlowDrip {
        /// The bytes that come at once; 0 counts as 1.
        bytes: usize,
        /// The pause on the simulator's clock.
        #[serde(rename = "interval_ms", with = "milliseconds")]
        interval: Duration,
    },
    /// The request is handled later, on the simulator's clock, also when its client is gone by
    /// then. In a plan, the rules below still apply.
    DelayBeforeHandling(Latency),
    /// The answer comes later, on the simulator's clock. In a plan, the rules below still apply.
    DelayBeforeAnswer(Latency),
    /// The server restarts instead of handling the request: all connections end, this one with a
    /// reset, and operations in progress are lost as if they had never begun.
    Restart {
        /// What becomes of finished operations.
        finished: Finished,
    },
    /// Before the request is handled, operations that were finished some time ago are forgotten:
    /// a repeat of one is executed again. What they did stays.
    RetentionExpired {
        /// The least time since an operation was finished, on the simulator's clock.
        #[serde(rename = "older_than_ms", with = "milliseconds")]
        older_than: Duration,
    },
}

/// What becomes of finished operations when the server restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finished {
    /// A repeat is answered with what is stored.
    Kept,
    /// A repeat is executed again. What the operations did stays.
    Forgotten,
}

impl Fault {
    /// The member that makes no sense, and why.
    pub(super) fn check(&self) -> Result<(), (String, String)> {
        match self {
            Self::StatusBeforeCommit { status, .. }
            | Self::StatusAfterCommit { status, .. }
            | Self::BodyBeforeCommit { status, .. }
            | Self::BodyAfterCommit { status, .. }
            | Self::StatusWithRetryDate { status, .. }
            | Self::HtmlPage { status, .. }
                if !(200..=599).contains(status) =>
            {
                let reason = format!("{status} is not between 200 and 599");
                Err((format!("{}.status", self.name()), reason))
            }
            Self::BodyBeforeCommit { content_type, .. }
            | Self::BodyAfterCommit { content_type, .. }
            | Self::WrongContentType { content_type }
                if HeaderValue::from_str(content_type).is_err() =>
            {
                let reason = "cannot stand in an HTTP header".to_owned();
                Err((format!("{}.content_type", self.name()), reason))
            }
            Self::SlowDrip { bytes: 0, .. } => {
                Err((format!("{}.bytes", self.name()), "is 0".to_owned()))
            }
            Self::DelayBeforeHandling(latency) | Self::DelayBeforeAnswer(latency) => latency
                .check()
                .map_err(|(member, reason)| (format!("{}.{member}", self.name()), reason)),
            _ => Ok(()),
        }
    }

    /// As in a plan.
    fn name(&self) -> &'static str {
        match self {
            Self::ResetBeforeCommit => "reset_before_commit",
            Self::ResetAfterCommit => "reset_after_commit",
            Self::CutBodyAfterCommit { .. } => "cut_body_after_commit",
            Self::HangBeforeCommit => "hang_before_commit",
            Self::HangAfterCommit => "hang_after_commit",
            Self::StatusBeforeCommit { .. } => "status_before_commit",
            Self::StatusAfterCommit { .. } => "status_after_commit",
            Self::BodyBeforeCommit { .. } => "body_before_commit",
            Self::BodyAfterCommit { .. } => "body_after_commit",
            Self::FiscalError => "fiscal_error",
            Self::FiscalFail => "fiscal_fail",
            Self::QueueNotActive => "queue_not_active",
            Self::StatusWithRetryDate { .. } => "status_with_retry_date",
            Self::HtmlPage { .. } => "html_page",
            Self::NullBody => "null_body",
            Self::MalformedJson => "malformed_json",
            Self::WrongContentType { .. } => "wrong_content_type",
            Self::HugeBody { .. } => "huge_body",
            Self::GzipBody => "gzip_body",
            Self::UnknownMembers => "unknown_members",
            Self::UnknownEnumValues => "unknown_enum_values",
            Self::UnknownSignatureFormat => "unknown_signature_format",
            Self::SlowDrip { .. } => "slow_drip",
            Self::DelayBeforeHandling(_) => "delay_before_handling",
            Self::DelayBeforeAnswer(_) => "delay_before_answer",
            Self::Restart { .. } => "restart",
            Self::RetentionExpired { .. } => "retention_expired",
        }
    }
}
