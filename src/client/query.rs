//! A question that was put and not yet awaited.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::answer::Misread;
use super::refusal::{cause, refused};
use crate::error::{Error, ErrorKind, Result};
use crate::runtime::{Answer, Attempt, Ending, Engine, Operation, Reading, Refusal};

/// Reads a successful answer.
pub(super) type Read<T> = fn(&Operation, &Answer) -> std::result::Result<T, Misread>;

/// A question: it changes nothing at the server, so it needs no id and leaves no handle behind.
///
/// It is asked again as an operation is sent again, until it is answered or its deadline is reached;
/// then it is an [`ErrorKind::NoAnswer`], and can be asked anew.
#[must_use = "nothing is sent before `.await`"]
pub struct QueryCall<T> {
    engine: Arc<Engine>,
    prepared: Result<Operation>,
    read: Read<T>,
    /// What an id means that the server does not know.
    missing: Option<fn() -> T>,
}

impl<T> QueryCall<T> {
    pub(super) fn new(engine: Arc<Engine>, prepared: Result<Operation>, read: Read<T>) -> Self {
        Self {
            engine,
            prepared,
            read,
            missing: None,
        }
    }

    /// Answers so when the server says that it knows nothing of the kind.
    pub(super) fn or_missing(mut self, missing: fn() -> T) -> Self {
        self.missing = Some(missing);
        self
    }

    /// How long to ask. Default: the client's deadline.
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        if let Ok(operation) = &mut self.prepared {
            operation.options.deadline = Some(deadline);
        }
        self
    }

    /// How long one attempt may take. Default: the client's.
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        if let Ok(operation) = &mut self.prepared {
            operation.options.attempt_timeout = Some(timeout);
        }
        self
    }

    async fn send(self) -> Result<T> {
        let operation = self.prepared?;
        let engine = &*self.engine;
        let read = |answer: &Answer| match (self.read)(&operation, answer) {
            Ok(value) => Reading::Value(value),
            Err(_) => Reading::Unreadable,
        };
        match engine.run(&operation, read).await {
            Ending::Done { value, .. } => Ok(value),
            Ending::Refused { refusal, last, .. } => {
                match (is_missing(refusal, &last), self.missing) {
                    (true, Some(missing)) => Ok(missing()),
                    (true, None) => Err(not_found(engine, &last)),
                    (false, _) => {
                        let reason = match &last {
                            Attempt::Answered(answer) if answer.status.is_success() => {
                                (self.read)(&operation, answer).err()
                            }
                            _ => None,
                        };
                        let reason = reason.map(Misread::into_reason).unwrap_or_default();
                        Err(refused(engine, &operation, refusal, last, reason))
                    }
                }
            }
            Ending::Open { last } => Err(no_answer(engine, last.as_ref())),
            Ending::Parked { last, .. } => Err(no_answer(engine, Some(&last))),
        }
    }
}

impl<T: Send + 'static> IntoFuture for QueryCall<T> {
    type Output = Result<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<T> fmt::Debug for QueryCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryCall")
            .field("operation", &self.prepared)
            .finish_non_exhaustive()
    }
}

/// Whether the server said that what was asked for does not exist.
pub(super) fn is_missing(refusal: Refusal, last: &Attempt) -> bool {
    refusal == Refusal::NotTaken
        && matches!(last, Attempt::Answered(answer) if answer.status == StatusCode::NOT_FOUND)
}

/// The error for what does not exist.
pub(super) fn not_found(engine: &Engine, last: &Attempt) -> Error {
    let error = Error::new(
        ErrorKind::NotFound,
        "The server knows nothing under the ids that were asked for",
    );
    match last {
        Attempt::Answered(answer) => error.with_problem(engine.problem(answer)),
        _ => error,
    }
}

/// The error for a question without an answer.
pub(super) fn no_answer(engine: &Engine, last: Option<&Attempt>) -> Error {
    let mut message = "No answer before the deadline; ask again".to_owned();
    if let Some(last) = last {
        message.push_str(": ");
        message.push_str(&cause(engine, last));
    }
    Error::new(ErrorKind::NoAnswer, message)
}
