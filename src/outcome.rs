//! What a call leads to.

use crate::handle::Handle;

/// How a call ended that did not fail.
///
/// A deadline is not a failure: an operation whose answer did not arrive in time is
/// [`Pending`](Self::Pending), and [`Client::resume`](crate::Client::resume) goes on with it.
///
/// | Signal | What is done | What is known |
/// |---|---|---|
/// | connection refused, no such host, TLS failure | sent again with backoff | not executed |
/// | reset, end of stream, cut answer | sent again at once, then with backoff | unknown |
/// | attempt timeout | sent again at once, then with backoff | unknown |
/// | 201, 200 with the expected document | done, new or replayed; `ftState` decides | final |
/// | 200, 201 with a readable `ftState` in an odd document | an error with the whole answer | final |
/// | 2xx with another document | sent again 3 times, then an error | unknown |
/// | 2xx larger than the limit | an error | unknown |
/// | 422 without `errors` | asked again, the server is still working on it | unknown |
/// | 409 under a fresh id | asked again 3 times, then an error | unknown |
/// | 409 under an id given or resumed | an error: the id belongs to another body | as before |
/// | 408, 425, 502, 503, 504 | sent again with backoff | unknown |
/// | 429 | sent again with backoff | not executed |
/// | 500 and other 5xx | sent again 5 times, then an error | unknown |
/// | 400, 422 with `errors` | an error, stored under the id | final |
/// | 404, 405, 413 and other 4xx | an error: the request was not taken | not executed |
/// | 4xx without an error document of the API (a proxy's page) | sent again 3 times, then an error | unknown |
/// | 401, 403 | an error; the operation can be resumed with other credentials | not executed |
/// | 301, 307, 308 | an error; redirects are never followed | not executed |
/// | other 3xx | an error; redirects are never followed | unknown |
///
/// "Sent again" always means the same id and the same bytes, and `Retry-After` is honoured. What is
/// known is never better than after the worst attempt so far.
#[must_use = "a pending operation must be resumed or reported"]
#[derive(Debug, Clone)]
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
