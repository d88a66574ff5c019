//! What a call leads to.

use crate::handle::Handle;

/// How a call ended that did not fail.
///
/// An operation that may have happened is no failure. One whose answer did not arrive in time is
/// [`Pending`](Self::Pending): go on with it before anything that must come after it. One at which the
/// server fails again and again, and cannot say whether it acted, is [`Parked`](Self::Parked): it is set
/// aside, so that the till need not stand still, and resumed later or looked into by a person. Both carry
/// the same handle: `Outcome::Pending(handle) | Outcome::Parked(handle) => keep(&handle)?`. An error instead
/// would be taken for "not signed", and the sale made a second time.
///
/// | Signal | What is done | Result | Server's side |
/// |---|---|---|---|
/// | connection refused, no such host, connect timeout | sent again until the deadline | `Pending` | not sent |
/// | certificate refused, TLS that does not fit | sent again 2 times | `Untrusted` | not sent |
/// | the credentials provider gives no token | asked again 3 times | `NoCredentials` | not sent |
/// | reset, end of stream | sent again until the deadline, first at once | `Pending` | unknown |
/// | a success whose body is cut | sent again until the deadline, first at once | `Pending` | unknown |
/// | no answer within the attempt timeout, or a slow drip | sent again until the deadline, first at once | `Pending` | unknown |
/// | 201 with the expected document | nothing | `Done` | final |
/// | 200 with the expected document | nothing; it had been executed before | `Done` | final |
/// | 2xx whose `ftState` is the error state | nothing | `FiscalError` | final |
/// | 2xx whose `ftState` is the fail state | nothing | `FiscalFail` | final |
/// | 2xx whose `ftState` is of no active queue | nothing | `QueueNotActive` | final |
/// | 2xx with a readable `ftState` in an odd document | nothing; the error holds the answer | `Unreadable` | final |
/// | 2xx with another document, or none | sent again 3 times | `Unreadable` | unknown |
/// | 2xx larger than the limit | nothing | `Unreadable` | unknown |
/// | 422 without `errors` | asked again until the deadline | `Pending` | unknown |
/// | 422 with `errors` | nothing | `Rejected` | final |
/// | 409 under a fresh id | asked again 3 times | `Conflict` | unknown |
/// | 409 under an id that was given or resumed | nothing | `Conflict` | unknown |
/// | 400 | nothing | `Rejected` | final |
/// | 401 | nothing | `Unauthorized` | not sent |
/// | 401, and the credentials provider has another token | sent again at once with that | `Done` | final |
/// | 403 | nothing | `Unauthorized` | not sent |
/// | 404, 405, 413 and other 4xx | nothing | `NotTaken` | not sent |
/// | 4xx without an error document of the API | sent again 3 times | `NotTheApi` | unknown |
/// | 408, 425 | sent again until the deadline | `Pending` | unknown |
/// | 429 | sent again until the deadline | `Pending` | not sent |
/// | 502, 503, 504, and a content network's 520 to 527, 530 | sent again until the deadline | `Pending` | unknown |
/// | 511 | sent again 3 times | `NotTheApi` | unknown |
/// | 500 and other 5xx; the server's record: failed | sent again 5 times, then the record asked for | `Rejected` | final |
/// | 500 and other 5xx; the server's record: failed, of another request | sent again 5 times, then the record asked for | `Conflict` | unknown |
/// | 500 and other 5xx; the server's record: done | sent again 5 times, then the record asked for, then sent again | `Done` | final |
/// | 500 and other 5xx; the server's record: done, and yet 500 again | sent again 5 times, then the record asked for, then sent again | `Parked` | unknown |
/// | 500 and other 5xx; no such record, or in progress, or unreadable | sent again 5 times, then the record asked for | `Parked` | unknown |
/// | 500 and other 5xx to an operation that was parked; the record: failed | the record asked for | `Rejected` | final |
/// | 500 and other 5xx to an operation that was parked; the record: failed, of another request | the record asked for | `Conflict` | unknown |
/// | 500 and other 5xx to an operation that was parked; the record: done | the record asked for, then sent again | `Done` | final |
/// | 500 and other 5xx to an operation that was parked; the record: done, and yet 500 again | the record asked for, then sent again | `Parked` | unknown |
/// | 500 and other 5xx to an operation that was parked; no such record, or in progress, or unreadable | the record asked for, then sent again 5 times, then the record asked for | `Parked` | unknown |
/// | 500 and other 5xx to a query | sent again 5 times | `ServerFault` | unknown |
/// | 301, 307, 308 | nothing; redirects are never followed | `Redirected` | not sent |
/// | other 3xx | nothing; redirects are never followed | `Redirected` | unknown |
///
/// "Sent again" always means the same id and the same bytes, with a backoff of [`RetryPolicy`] unless it
/// says "at once"; `Retry-After` is honoured, and a [`RetryBudget`] that is used up makes the waits longer.
/// A lifetime is sent with every attempt and ends no operation here: whatever the server makes of it comes
/// back as one of these signals.
/// "The server's side" is what is known after a first attempt like that: a worse one before it sticks, and
/// an id that was given or resumed begins as unknown. The words of the third column are those of `Outcome`
/// and [`ErrorKind`]. The record is `GET /journal/OperationItem/{id}`; nothing asks for it where the
/// document has no such call.
///
/// [`RetryPolicy`]: crate::runtime::RetryPolicy
/// [`RetryBudget`]: crate::runtime::RetryBudget
/// [`ErrorKind`]: crate::ErrorKind
#[must_use = "an open operation must be resumed or reported"]
#[derive(Debug, Clone)]
pub enum Outcome<T> {
    /// The server's answer.
    Done(T),
    /// No answer before the deadline.
    Pending(Handle),
    /// The server failed at it each time, and its own record does not settle it: set it aside, and resume
    /// it later. With an operation log it is set aside there, for this or another reason, and nothing but a
    /// person sends it.
    Parked(Handle),
}

impl<T> Outcome<T> {
    /// The answer, or `None` while the operation is open.
    #[must_use]
    pub fn done(self) -> Option<T> {
        match self {
            Self::Done(answer) => Some(answer),
            Self::Pending(_) | Self::Parked(_) => None,
        }
    }

    /// The handle of an operation that is still open, pending or parked.
    #[must_use]
    pub fn open(&self) -> Option<&Handle> {
        match self {
            Self::Done(_) => None,
            Self::Pending(handle) | Self::Parked(handle) => Some(handle),
        }
    }
}
