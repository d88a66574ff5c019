//! What a program can watch: each attempt, and how each operation ended.

use std::time::Duration;

use http::StatusCode;
use uuid::Uuid;

use super::standing::{Execution, Standing};

/// Watches the operations of a client, as for metrics. Set by
/// [`ClientBuilder::with_observer`](crate::client::ClientBuilder::with_observer).
///
/// Everything it is told is safe to show: no body, no token, no text of a server. It is called where the
/// operation runs, so it must be quick and must not panic. Every start is followed by an end, also if
/// the call's future is dropped.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use pos_system_api::runtime::{AttemptEnded, Observer};
///
/// #[derive(Default)]
/// struct Resends(AtomicU64);
///
/// impl Observer for Resends {
///     fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
///         if attempt.attempt > 1 {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Observer: Send + Sync {
    /// An attempt goes out.
    fn attempt_started(&self, attempt: &AttemptStarted<'_>) {
        let _ = attempt;
    }

    /// An attempt is over.
    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        let _ = attempt;
    }

    /// A run of an operation is over. One that is resumed ends once more.
    fn operation_ended(&self, operation: &OperationEnded<'_>) {
        let _ = operation;
    }
}

/// Which operation it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observed<'a> {
    /// The id it is sent under.
    pub operation_id: Uuid,
    /// The name of the call, such as `sign`.
    pub operation: &'a str,
    /// The HTTP method.
    pub method: &'a str,
    /// The path with its placeholders, such as `/issue/{QueueId}/{QueueItemId}`: few values, no ids.
    pub path_template: &'a str,
    /// The host of the server.
    pub server_address: &'a str,
    /// The port of the server.
    pub server_port: u16,
}

/// An attempt that goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptStarted<'a> {
    /// Its operation.
    pub operation: Observed<'a>,
    /// Its number, counted from 1 over all runs of the operation in this process.
    pub attempt: u32,
}

/// An attempt that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptEnded<'a> {
    /// Its operation.
    pub operation: Observed<'a>,
    /// Its number, counted from 1 over all runs of the operation in this process.
    pub attempt: u32,
    /// How long it took, on the client's clock.
    pub latency: Duration,
    /// How it ended.
    pub result: AttemptResult,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttemptResult {
    /// With an answer, whatever it says.
    Answered(StatusCode),
    /// Without one in time.
    TimedOut,
    /// There was no connection.
    NotConnected,
    /// The server's certificate was refused, or its TLS does not fit.
    Untrusted,
    /// The connection broke.
    Broken,
    /// The call's future was dropped meanwhile.
    Dropped,
}

impl AttemptResult {
    /// The `error.type` of OpenTelemetry: `None` for a success, a status, or a word.
    #[must_use]
    pub fn error_type(&self) -> Option<&str> {
        match self {
            Self::Answered(status) if status.is_success() => None,
            Self::Answered(status) => Some(status.as_str()),
            Self::TimedOut => Some("timeout"),
            Self::NotConnected => Some("not_connected"),
            Self::Untrusted => Some("untrusted"),
            Self::Broken => Some("broken"),
            Self::Dropped => Some("dropped"),
        }
    }
}

/// A run of an operation that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationEnded<'a> {
    /// The operation.
    pub operation: Observed<'a>,
    /// How many attempts were begun, over all runs of the operation in this process.
    pub attempts: u32,
    /// How long this run took, waits included, on the client's clock.
    pub elapsed: Duration,
    /// How it ended.
    pub result: OperationResult,
    /// What is known about the server's side.
    pub standing: Standing,
}

/// How a run of an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationResult {
    /// With a readable answer. A receipt may still be refused in it, by its `ftState`.
    Answered(Execution),
    /// With an error.
    Refused,
    /// As [`Outcome::Pending`](crate::Outcome::Pending).
    Pending,
    /// As [`Outcome::Parked`](crate::Outcome::Parked).
    Parked,
    /// The call's future was dropped.
    Dropped,
}

impl OperationResult {
    /// A stable name, such as `parked`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Answered(_) => "answered",
            Self::Refused => "refused",
            Self::Pending => "pending",
            Self::Parked => "parked",
            Self::Dropped => "dropped",
        }
    }
}
