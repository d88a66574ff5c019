//! What a call leads to.

use std::fmt;

use uuid::Uuid;

use crate::runtime::{Operation, Standing};

/// How a call ended that did not fail.
///
/// A deadline is not a failure: an operation whose answer did not arrive in time is
/// [`Pending`](Self::Pending), and [`Client::resume`](crate::Client::resume) goes on with it.
///
/// | Signal | What is done | What is known |
/// |---|---|---|
/// | connection refused, no such host, TLS failure | sent again with backoff | not sent |
/// | reset, end of stream, cut answer | sent again at once, then with backoff | unknown |
/// | attempt timeout | sent again at once, then with backoff | unknown |
/// | 201, 200 with the expected document | done, new or replayed; `ftState` decides | final |
/// | 2xx with another document | sent again 3 times, then an error | unknown |
/// | 422 without `errors` | asked again, the server is still working on it | unknown |
/// | 408, 425, 502, 503, 504 | sent again with backoff | unknown |
/// | 429 | sent again with backoff | not sent |
/// | 500 and other 5xx | sent again 5 times, then an error | unknown |
/// | 400, 404, 422 with `errors`, other 4xx | an error | final |
/// | the same without a JSON body (a proxy's page) | sent again 3 times, then an error | unknown |
/// | 401, 403 | an error; the operation can be resumed with other credentials | not sent |
/// | 409 | an error: the id belongs to another body | final |
/// | 3xx | an error; redirects are never followed | not sent |
///
/// "Sent again" always means the same id and the same bytes, and `Retry-After` is honoured. What is
/// known is never better than after the worst attempt so far.
#[must_use = "a pending operation must be resumed or reported"]
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome<T> {
    /// The server's answer.
    Done(T),
    /// No answer before the deadline.
    Pending(Handle),
}

impl<T> Outcome<T> {
    /// The answer, or `None` while pending.
    #[must_use]
    pub fn done(self) -> Option<T> {
        match self {
            Self::Done(answer) => Some(answer),
            Self::Pending(_) => None,
        }
    }
}

/// An operation that is not settled, to be resumed.
#[derive(Clone)]
pub struct Handle {
    // Boxed: an outcome is mostly an answer.
    pub(crate) operation: Box<Operation>,
    pub(crate) standing: Standing,
    pub(crate) attempts: u32,
    pub(crate) cause: Option<String>,
}

impl Handle {
    /// The id it is sent under.
    #[must_use]
    pub fn operation_id(&self) -> Uuid {
        self.operation.id()
    }

    /// The operation itself: its id and its exact bytes.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// [`Standing::NotSent`] if no attempt reached the server, [`Standing::Unknown`] otherwise.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// How many attempts were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Why the last attempt did not settle it, in words.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("operation", &self.operation)
            .field("standing", &self.standing)
            .field("attempts", &self.attempts)
            .field("cause", &self.cause)
            .finish()
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sent = match self.standing {
            Standing::NotSent => "has not reached the server",
            _ => "may have reached the server",
        };
        write!(
            f,
            "operation {} {sent} ({} attempts)",
            self.operation_id(),
            self.attempts
        )?;
        match &self.cause {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}
