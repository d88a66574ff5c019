//! Why a call failed.

use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;
use uuid::Uuid;

use crate::client::Completion;
#[cfg(operation = "sign")]
use crate::client::Signed;
use crate::handle::Handle;
use crate::problem::Problem;
use crate::runtime::{Operation, Standing};

/// Why a call failed.
///
/// [`outcome`](Self::outcome) says whether the server may have acted all the same,
/// [`is_retryable`](Self::is_retryable) whether sending the same operation again can help. The text is
/// one sentence a help desk can work with; it holds no secrets.
pub struct Error(Box<Details>);

struct Details {
    kind: ErrorKind,
    message: String,
    after_unknown: bool,
    operation: Option<Operation>,
    answer: Option<Completion>,
    problem: Option<Problem>,
    #[cfg(operation = "sign")]
    signed: Option<Signed>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What sort of failure an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client is set up wrongly: a missing credential, a bad URL, plain http to another host.
    Configuration,
    /// The call's own content cannot be sent: a missing member, an empty reference. Nothing was sent.
    Invalid,
    /// The server refused the content (400, 422 with `errors`), or its record says that the operation
    /// failed. This is stored under the id: correct the content and use a new operation.
    Rejected,
    /// The server does not take this request at all (404, 405, 413 and others): the base URL or the
    /// version is wrong, or the request is too large. It was not executed.
    NotTaken,
    /// The server does not accept the credentials (401, 403). The operation was not executed and can
    /// be resumed by a client with other credentials.
    Unauthorized,
    /// The credentials provider gave no token that can be sent. Its own error is the
    /// [`source`](std::error::Error::source).
    NoCredentials,
    /// The server's certificate was refused, or there is no TLS that suits both sides: a wrong clock, a
    /// wrong host, something in between. Nothing was sent.
    Untrusted,
    /// The operation id belongs to another body (409).
    Conflict,
    /// The queue answered with an error state: nothing was signed, no number was used. Correct the
    /// receipt and sign it as a new operation.
    FiscalError,
    /// The queue answered with the fail state: nothing was stored.
    FiscalFail,
    /// The queue was not started or has been stopped: the receipt was not signed.
    QueueNotActive,
    /// A redirect, which is never followed: the base URL is wrong, or something is in between.
    Redirected,
    /// What answered is not the API: a proxy, a captive portal, a wrong port.
    NotTheApi,
    /// The server failed at a query each time (500). An operation that changes something is
    /// [`Outcome::Parked`](crate::Outcome::Parked) instead.
    ServerFault,
    /// The server answered with success, but its answer cannot be read. [`Error::outcome`] says whether
    /// it settles the operation, [`Error::answer`] holds its bytes.
    Unreadable,
    /// The server knows nothing under the id that was asked for (404).
    NotFound,
    /// A question got no answer before its deadline. It changes nothing: ask again. An operation is
    /// [`Outcome::Pending`](crate::Outcome::Pending) instead.
    NoAnswer,
    /// An export broke off, or stood still for too long: what came so far is not all of it.
    Interrupted,
    /// The operation log of a durable client cannot be used: no room, a disk that fails, damage. Nothing
    /// was sent that had not been sent before. The store's own error is the
    /// [`source`](std::error::Error::source).
    ///
    /// For a call such as `sign` with [`Error::outcome`] [`Standing::NotSent`], the operation is not in the log
    /// either. If the customer waits, mend the disk and resume it. If the customer left with an offline receipt,
    /// sign that late afterwards
    /// ([`Receipt::late_signing_of`](crate::receipt::Receipt::late_signing_of)), and do not resume it as well.
    ///
    /// With [`Standing::Unknown`] it may be in the log, and is sent as soon as that can be used again: mend the
    /// disk and resume it under its id, or look for it with [`Client::recorded`](crate::Client::recorded); never
    /// sell the same goods under another id before.
    StorageUnavailable,
    /// An export cannot be written to where it should go. The I/O error is the
    /// [`source`](std::error::Error::source).
    NotWritten,
}

impl ErrorKind {
    /// A stable name in kebab case, for logs and programs, such as `not-the-api`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Invalid => "invalid",
            Self::Rejected => "rejected",
            Self::NotTaken => "not-taken",
            Self::Unauthorized => "unauthorized",
            Self::NoCredentials => "no-credentials",
            Self::Untrusted => "untrusted",
            Self::Conflict => "conflict",
            Self::FiscalError => "fiscal-error",
            Self::FiscalFail => "fiscal-fail",
            Self::QueueNotActive => "queue-not-active",
            Self::Redirected => "redirected",
            Self::NotTheApi => "not-the-api",
            Self::ServerFault => "server-fault",
            Self::Unreadable => "unreadable",
            Self::NotFound => "not-found",
            Self::NoAnswer => "no-answer",
            Self::Interrupted => "interrupted",
            Self::StorageUnavailable => "storage-unavailable",
            Self::NotWritten => "not-written",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A result with this crate's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            after_unknown: false,
            operation: None,
            answer: None,
            problem: None,
            #[cfg(operation = "sign")]
            signed: None,
            source: None,
        }))
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds to what it says.
    pub(crate) fn with_more(mut self, more: &str) -> Self {
        self.0.message.push_str("; ");
        self.0.message.push_str(more);
        self
    }

    pub(crate) fn with_operation(mut self, operation: Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_answer(mut self, answer: Completion) -> Self {
        self.0.answer = Some(answer);
        self
    }

    pub(crate) fn with_after_unknown(mut self, after_unknown: bool) -> Self {
        self.0.after_unknown = after_unknown;
        self
    }

    pub(crate) fn with_problem(mut self, problem: Problem) -> Self {
        self.0.problem = Some(problem);
        self
    }

    #[cfg(operation = "sign")]
    pub(crate) fn with_signed(mut self, signed: Signed) -> Self {
        self.0.signed = Some(signed);
        self
    }

    /// What sort of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What is known about the server's side. [`Standing::Unknown`] means that it may have acted:
    /// never start the same business again under a new id then.
    #[must_use]
    pub fn outcome(&self) -> Standing {
        self.operation()
            .map_or(Standing::NotSent, |operation| operation.progress.standing())
    }

    /// Whether the server settled the operation only after an attempt whose fate was unknown. Its word
    /// is final for this id; look the receipt up all the same before selling the same goods again.
    #[must_use]
    pub fn is_after_unknown(&self) -> bool {
        self.0.after_unknown
    }

    /// Whether resuming the same operation, later or with other credentials, can still succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.operation().is_some()
            && self.outcome() != Standing::Final
            && self.0.kind != ErrorKind::Invalid
    }

    /// Whether the queue answered, but did not sign: an error state, the fail state or no active
    /// queue.
    #[must_use]
    pub fn is_fiscal(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::FiscalError | ErrorKind::FiscalFail | ErrorKind::QueueNotActive
        )
    }

    /// The id the operation was sent under; `None` if there was no operation yet.
    #[must_use]
    pub fn operation_id(&self) -> Option<Uuid> {
        self.operation().map(Operation::id)
    }

    /// The operation, to be kept or resumed.
    #[must_use]
    pub fn operation(&self) -> Option<&Operation> {
        self.0.operation.as_ref()
    }

    /// What is needed to send the same operation again with
    /// [`Client::resume`](crate::Client::resume); `None` if there was no operation yet.
    #[must_use]
    pub fn handle(&self) -> Option<Handle> {
        self.operation()
            .map(|operation| Handle::new(operation.clone(), Some(self.to_string())))
    }

    /// How many attempts were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.operation()
            .map_or(0, |operation| operation.progress.attempts())
    }

    /// The HTTP status of the last answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        let answered = self.answer().map(|answer| answer.status);
        answered.or_else(|| self.0.problem.as_ref().map(|problem| problem.status))
    }

    /// The last answer with its exact bytes, if there was one that ended the call.
    #[must_use]
    pub fn answer(&self) -> Option<&Completion> {
        self.0.answer.as_ref()
    }

    /// What the server said, if it answered with an error.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        self.0.problem.as_ref()
    }

    /// The queue's answer, if the error is a fiscal one.
    #[cfg(operation = "sign")]
    #[must_use]
    pub fn fiscal_answer(&self) -> Option<&Signed> {
        self.0.signed.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(problem) = &self.0.problem {
            write!(f, ": {problem}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("outcome", &self.outcome())
            .field("attempts", &self.attempts())
            .field("operation", &self.0.operation)
            .field("status", &self.status())
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
