//! A call that was made and not yet awaited.

use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::completion::Completion;
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::{Handle, Outcome};
use crate::problem::Problem;
use crate::runtime::{
    Answer, Attempt, CallOptions, Ending, Engine, Open, Operation, Reading, Refusal, Standing,
};

/// What a call answers with: [`Echoed`](super::Echoed), [`Signed`](super::Signed) or
/// [`Issued`](super::Issued).
///
/// Sealed: the answers are this crate's.
pub trait Answered: sealed::Sealed + Sized + Send + 'static {}

impl<T: sealed::Sealed + Sized + Send + 'static> Answered for T {}

pub(super) mod sealed {
    use super::{Completion, DeserializeOwned, Operation, Result};

    pub trait Sealed: Sized {
        /// The document of a successful answer.
        type Document: DeserializeOwned + Send;
        /// The operation it belongs to, by its name in the table.
        const OPERATION: &'static str;

        /// Judges a readable answer.
        fn judged(
            operation: &Operation,
            document: Self::Document,
            completion: Completion,
        ) -> Result<Self>;
    }
}

/// A call with its operation: the id is made, the bytes are frozen, nothing is sent before `.await`.
///
/// Dropping its future at any point leaves an operation that can be sent again: keep
/// [`handle`](Self::handle) to resume it.
#[must_use = "nothing is sent before `.await`"]
#[derive(Debug)]
pub struct OperationCall<T> {
    engine: Arc<Engine>,
    prepared: Result<Operation>,
    before: Standing,
    attempts_before: u32,
    answer: PhantomData<fn() -> T>,
}

impl<T: Answered> OperationCall<T> {
    pub(super) fn new(engine: Arc<Engine>, prepared: Result<Operation>) -> Self {
        Self {
            engine,
            prepared,
            before: Standing::NotSent,
            attempts_before: 0,
            answer: PhantomData,
        }
    }

    pub(super) fn resumed(engine: Arc<Engine>, handle: Handle) -> Self {
        let prepared = if handle.operation.name() == T::OPERATION {
            Ok(*handle.operation)
        } else {
            Err(Error::new(
                ErrorKind::Invalid,
                format!(
                    "The operation is a call of {}, not of {}",
                    handle.operation.name(),
                    T::OPERATION
                ),
            ))
        };
        Self {
            engine,
            prepared,
            before: handle.standing,
            attempts_before: handle.attempts,
            answer: PhantomData,
        }
    }

    /// The id of the operation, or `None` for a call that cannot be sent.
    #[must_use]
    pub fn operation_id(&self) -> Option<Uuid> {
        self.operation().map(Operation::id)
    }

    /// The operation, or `None` for a call that cannot be sent; awaiting it says why.
    #[must_use]
    pub fn operation(&self) -> Option<&Operation> {
        self.prepared.as_ref().ok()
    }

    /// What is needed to send this operation again, from here or from elsewhere.
    #[must_use]
    pub fn handle(&self) -> Option<Handle> {
        self.operation().map(|operation| Handle {
            operation: Box::new(operation.clone()),
            standing: self.before,
            attempts: self.attempts_before,
            cause: None,
        })
    }

    /// Sends it under this id instead of a fresh one.
    ///
    /// The same id with the same bytes is the same operation: the server executes it once. With other
    /// bytes it is refused as [`ErrorKind::Conflict`].
    pub fn with_operation_id(mut self, id: Uuid) -> Self {
        if let Ok(operation) = &mut self.prepared {
            operation.id = id;
        }
        self
    }

    /// Sends `x-operation-lifetime` with every attempt, in whole milliseconds. Default: not sent. What
    /// a server does at its end is not documented; the client never gives up because of it (API facts,
    /// section 6.4).
    pub fn with_lifetime(self, lifetime: Duration) -> Self {
        self.with_options(|options| options.lifetime = Some(lifetime))
    }

    /// How long to try before the operation is handed back as pending. Default: the client's.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        self.with_options(|options| options.deadline = Some(deadline))
    }

    /// How long one attempt may take. Default: the client's.
    pub fn with_attempt_timeout(self, timeout: Duration) -> Self {
        self.with_options(|options| options.attempt_timeout = Some(timeout))
    }

    /// Sends `x-terminal-id`. Default: not sent. A body that names another terminal is refused by
    /// servers.
    pub fn with_terminal(mut self, terminal: &str) -> Self {
        match HeaderValue::from_str(terminal) {
            Ok(value) => self.with_options(|options| options.terminal = Some(value)),
            Err(source) => {
                if self.prepared.is_ok() {
                    self.prepared = Err(Error::new(
                        ErrorKind::Invalid,
                        format!("The terminal {terminal:?} cannot be sent as a header"),
                    )
                    .with_source(source));
                }
                self
            }
        }
    }

    fn with_options(mut self, set: impl FnOnce(&mut CallOptions)) -> Self {
        if let Ok(operation) = &mut self.prepared {
            set(&mut operation.options);
        }
        self
    }

    /// Sends the operation until it is settled or its deadline is reached.
    async fn send(self) -> Result<Outcome<T>> {
        let operation = self.prepared?;
        let total = |attempts: u32| attempts.saturating_add(self.attempts_before);
        match self.engine.run(&operation, self.before, read::<T>).await {
            Ending::Done {
                value,
                answer,
                attempts,
            } => {
                let completion = Completion::new(operation.id, answer, total(attempts));
                T::judged(&operation, value, completion).map(Outcome::Done)
            }
            Ending::Refused {
                refusal,
                standing,
                last,
                attempts,
            } => Err(refused::<T>(refusal, &last).with_operation(
                operation,
                standing,
                total(attempts),
            )),
            Ending::Open(Open {
                standing,
                last,
                attempts,
            }) => Ok(Outcome::Pending(Handle {
                operation: Box::new(operation),
                standing,
                attempts: total(attempts),
                cause: last.as_ref().map(cause),
            })),
        }
    }
}

impl<T: Answered> IntoFuture for OperationCall<T> {
    type Output = Result<Outcome<T>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Reads the document of an answer; the path of the member at fault is part of the reason.
fn read<T: Answered>(answer: &Answer) -> Reading<T::Document> {
    let mut deserializer = serde_json::Deserializer::from_slice(&answer.body);
    match serde_path_to_error::deserialize(&mut deserializer) {
        Ok(document) => match deserializer.end() {
            Ok(()) => Reading::Value(document),
            Err(error) => Reading::Unreadable(error.to_string()),
        },
        Err(error) => Reading::Unreadable(error.to_string()),
    }
}

/// The error of a refusal.
fn refused<T: Answered>(refusal: Refusal, last: &Attempt) -> Error {
    let (kind, message) = match refusal {
        Refusal::Request => (ErrorKind::Invalid, "The request cannot be written"),
        Refusal::Rejected => (ErrorKind::Rejected, "The server refused the request"),
        Refusal::Unauthorized => (
            ErrorKind::Unauthorized,
            "The server does not accept the cash box id or its access token",
        ),
        Refusal::Conflict => (
            ErrorKind::Conflict,
            "The operation id was used before with another content",
        ),
        Refusal::Redirected => (
            ErrorKind::Redirected,
            "The server redirects elsewhere, which is not followed; check the base URL",
        ),
        Refusal::NotTheApi => (
            ErrorKind::NotTheApi,
            "What answered is not the POS System API; check the base URL and the network",
        ),
        Refusal::ServerFault => (
            ErrorKind::ServerFault,
            "The server failed each time; it may have acted, so resume this operation later",
        ),
        Refusal::Unreadable => (
            ErrorKind::Unreadable,
            "The server's answer cannot be read; it may have acted, so resume this operation later",
        ),
        Refusal::TooLarge => (
            ErrorKind::Unreadable,
            "The server's answer is larger than allowed; it may have acted, so resume this \
             operation later",
        ),
    };
    match last {
        Attempt::Answered(answer) if answer.status.is_success() => {
            let reason = match read::<T>(answer) {
                Reading::Unreadable(reason) if refusal == Refusal::Unreadable => {
                    format!("{message} ({reason})")
                }
                _ => message.to_owned(),
            };
            Error::new(kind, reason).with_problem(Problem::read(answer.status, &answer.body))
        }
        Attempt::Answered(answer) => {
            Error::new(kind, message).with_problem(Problem::read(answer.status, &answer.body))
        }
        _ => Error::new(kind, message),
    }
}

/// Why an attempt did not settle its operation, in words.
fn cause(attempt: &Attempt) -> String {
    match attempt {
        Attempt::Answered(answer) => Problem::read(answer.status, &answer.body).to_string(),
        Attempt::TimedOut { after } => format!("no answer within {after:?}"),
        Attempt::Failed { error, .. } => {
            // The innermost source says what happened, the outer ones only where.
            let mut innermost: &dyn std::error::Error = error;
            while let Some(source) = innermost.source() {
                innermost = source;
            }
            let place = if error.is_connect() {
                "cannot connect"
            } else {
                "the connection broke"
            };
            format!("{place}: {innermost}")
        }
    }
}
