//! A call that was made and not yet awaited.

use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::answer::{Misread, misread, reading};
use super::completion::Completion;
use super::refusal::{cause, refused};
use super::terminal::terminal_header;
use crate::durable::{Asker, Begun, Log};
use crate::error::{Error, ErrorKind, Result};
use crate::handle::Handle;
use crate::outcome::Outcome;
use crate::problem::{Problem, one_line};
use crate::runtime::{Answer, CallOptions, Ending, Engine, Operation, Progress, Standing};

/// What an operation answers with: [`Echoed`](super::Echoed), [`Signed`](super::Signed),
/// [`Paid`](super::Paid), [`Issued`](super::Issued), [`Updated`](super::Updated) or
/// [`Paired`](super::Paired).
///
/// Sealed: the answers are this crate's.
pub trait Answered: sealed::Sealed + Sized + Send + 'static {}

impl<T: sealed::Sealed + Sized + Send + 'static> Answered for T {}

pub(super) mod sealed {
    use super::{
        Answer, Completion, Duration, Ending, Engine, Misread, Operation, Result, reading,
    };

    pub trait Sealed: Sized + Send + 'static {
        /// What is read from a successful answer.
        type Document: Send;
        /// The operation it belongs to, by its name in the table.
        const OPERATION: &'static str;
        /// How long to try where the caller says nothing. `None` for the client's deadline.
        const DEADLINE: Option<Duration> = None;
        /// How long one attempt may take where the caller says nothing. `None` for the client's.
        const ATTEMPT_TIMEOUT: Option<Duration> = None;
        /// What is to be done about an operation that is set aside.
        const ADVICE: Option<&'static str> = None;

        /// Reads a successful answer. It has to be the answer to `operation`, not merely some JSON object.
        fn read(
            operation: &Operation,
            answer: &Answer,
        ) -> std::result::Result<Self::Document, Misread>;

        /// Sends the operation until it is settled or its deadline is reached. `is_resumed` for one
        /// that may have been sent by somebody else before.
        fn run(
            engine: &Engine,
            operation: &Operation,
            _is_resumed: bool,
        ) -> impl Future<Output = Ending<Self::Document>> + Send {
            engine.run(operation, |answer| reading::<Self>(operation, answer))
        }

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
/// Dropping its future at any point leaves an operation that can be sent again: take a
/// [`handle`](Self::handle) before, and it knows afterwards whether anything was sent.
#[must_use = "nothing is sent before `.await`"]
#[derive(Debug)]
pub struct OperationCall<T> {
    engine: Arc<Engine>,
    prepared: Result<Operation>,
    resumed: bool,
    answer: PhantomData<fn() -> T>,
}

impl<T: Answered> OperationCall<T> {
    pub(super) fn new(engine: Arc<Engine>, mut prepared: Result<Operation>) -> Self {
        if let Ok(operation) = &mut prepared {
            let options = &mut operation.options;
            options.answers_before = engine.answers_given();
            options.deadline = options.deadline.or(T::DEADLINE);
            options.attempt_timeout = options.attempt_timeout.or(T::ATTEMPT_TIMEOUT);
        }
        Self {
            engine,
            prepared,
            resumed: false,
            answer: PhantomData,
        }
    }

    pub(super) fn resumed(engine: Arc<Engine>, handle: Handle) -> Self {
        let mut operation = handle.into_operation();
        // How long to try is a matter of each call, not of the operation.
        operation.options.deadline = T::DEADLINE;
        operation.options.attempt_timeout = T::ATTEMPT_TIMEOUT;
        let prepared = match operation_of::<T>(&operation) {
            Ok(()) => Ok(operation),
            Err(error) => Err(error.with_operation(operation)),
        };
        Self {
            resumed: true,
            ..Self::new(engine, prepared)
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
        self.operation()
            .map(|operation| Handle::new(operation.clone(), None))
    }

    /// Sends it under this id instead of a fresh one.
    ///
    /// The same id with the same bytes is the same operation: the server executes it once. With other
    /// bytes it is refused as [`ErrorKind::Conflict`]. As the id may have been used before, nothing is
    /// proved about the operation, and it starts as [`Standing::Unknown`]. With an operation log, what stands
    /// there under the id counts: a payment that may have been sent is asked for, never paid again. For an id
    /// that was never sent: [`with_fresh_operation_id`](Self::with_fresh_operation_id).
    ///
    /// A resumed operation keeps its id: another one is refused as [`ErrorKind::Invalid`].
    pub fn with_operation_id(self, id: Uuid) -> Self {
        self.under(id, Standing::Unknown)
    }

    /// Sends it under this id, which was made for this very call and never sent: for a till that stores its own
    /// ids before it sends. As much is proved of it as of an id that is made here, so that a sale without a
    /// network can be signed late. With an operation log, what stands there under the id counts for more.
    ///
    /// For an id that may have been sent, and for a resumed operation: [`with_operation_id`](Self::with_operation_id).
    pub fn with_fresh_operation_id(self, id: Uuid) -> Self {
        self.under(id, Standing::NotSent)
            .with_options(|options| options.has_given_id = true)
    }

    fn under(mut self, id: Uuid, standing: Standing) -> Self {
        if self.resumed {
            if self.operation_id() == Some(id) {
                return self;
            }
            return self.refuse(Error::new(
                ErrorKind::Invalid,
                "A resumed operation keeps its id; the same content under another id would be a second \
                 operation",
            ));
        }
        if let Ok(operation) = &mut self.prepared {
            operation.id = id;
            operation.progress = Progress::new(standing);
        }
        self
    }

    /// Sends `x-operation-lifetime` with every attempt, in whole milliseconds. Default: not sent. What
    /// a server does at its end is not documented; the client never gives up because of it (API facts,
    /// section 6.4).
    pub fn with_lifetime(self, lifetime: Duration) -> Self {
        self.with_options(|options| options.lifetime = Some(lifetime))
    }

    /// How long to try before the operation is handed back as pending. Default: the client's; 15 minutes
    /// for payments that may have reached the server. With an operation log, sending what was left behind
    /// before it is part of it.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        self.with_options(|options| options.deadline = Some(deadline))
    }

    /// How long one attempt may take. Default: the client's; 90 s for payments.
    pub fn with_attempt_timeout(self, timeout: Duration) -> Self {
        self.with_options(|options| options.attempt_timeout = Some(timeout))
    }

    /// Sends the header `x-terminal-id` alone. Default: not sent. A body that names another terminal is refused by
    /// servers. Money takes `Payment::terminal` or `Reversal::terminal`, which write header and body.
    pub fn with_terminal(self, terminal: &str) -> Self {
        match terminal_header(terminal) {
            Ok(value) => self.with_options(|options| options.terminal = Some(value)),
            Err(error) => self.refuse(error),
        }
    }

    /// The call with its handle, or why it cannot be sent.
    pub(crate) fn checked(self) -> Result<(Handle, Self)> {
        let operation = self.prepared?;
        let handle = Handle::new(operation.clone(), None);
        let prepared = Ok(operation);
        Ok((handle, Self { prepared, ..self }))
    }

    /// Makes this a call that cannot be sent. The operation, with what is known about it, stays with
    /// the error.
    fn refuse(mut self, error: Error) -> Self {
        if let Ok(operation) = self.prepared {
            self.prepared = Err(error.with_operation(operation));
        }
        self
    }

    fn with_options(mut self, set: impl FnOnce(&mut CallOptions)) -> Self {
        if let Ok(operation) = &mut self.prepared {
            set(&mut operation.options);
        }
        self
    }

    /// Sends the operation until it is settled or its deadline is reached.
    async fn send(self) -> Result<Outcome<T>> {
        let mut operation = self.prepared?;
        let engine = &*self.engine;
        let log = engine.log.as_ref().filter(|_| Log::keeps(&operation));
        let ending = match log {
            None => T::run(engine, &operation, self.resumed).await,
            Some(log) => match Box::pin(kept::<T>(engine, log, &mut operation, self.resumed)).await
            {
                Ok(ending) => ending,
                Err(Unsent::Waiting(cause)) => {
                    return Ok(Outcome::Pending(Handle::new(operation, Some(cause))));
                }
                Err(Unsent::Parked(cause)) => {
                    return Ok(Outcome::Parked(Handle::parked(operation, cause)));
                }
                Err(Unsent::Barred(error)) => return Err(error.with_operation(operation)),
            },
        };
        concluded(engine, operation, ending)
    }
}

/// Why a kept operation has no end that can be told.
enum Unsent {
    /// It is open; the words say why.
    Waiting(String),
    /// It is still set aside; the words say why.
    Parked(String),
    /// It was not sent.
    Barred(Error),
}

/// Why an operation is set aside at which the server was not heard in this run.
const GIVEN_UP: &str = "the server has not settled it for too long";

/// Sends an operation that is written down before, and its end after.
async fn kept<T: Answered>(
    engine: &Engine,
    log: &Arc<Log>,
    operation: &mut Operation,
    is_resumed: bool,
) -> std::result::Result<Ending<T::Document>, Unsent> {
    let asked = operation.clone();
    let read = |answer: &Answer| reading::<T>(&asked, answer);
    let kept = match log.begin(engine, operation, is_resumed, read).await {
        Begun::Go(kept) => kept,
        Begun::Settled(ending) => return Ok(ending),
        Begun::Waiting { cause, is_parked } if is_parked => return Err(Unsent::Parked(cause)),
        Begun::Waiting { cause, .. } => return Err(Unsent::Waiting(cause)),
        Begun::Barred(error) => return Err(Unsent::Barred(error)),
    };
    // The log may know of an earlier call that this one does not.
    let is_resumed = is_resumed || kept.was_stored();
    let ending = T::run(engine, operation, is_resumed).await;
    let end = kept.end(engine, operation, &ending, Asker::Call);
    match kept.finish(end).await {
        // Told to be pending, nobody would look after it.
        Ok(written) if written.is_parked() && matches!(ending, Ending::Open { .. }) => Err(
            Unsent::Parked(written.cause().unwrap_or(GIVEN_UP).to_owned()),
        ),
        Ok(_) => Ok(ending),
        // Success that is not written down is not told: after the power fails nobody would know of it.
        Err(error) => {
            operation.progress.unsettle();
            Err(Unsent::Waiting(format!(
                "what the server answered cannot be written to the operation log: {error}"
            )))
        }
    }
}

/// What an end means to the caller.
fn concluded<T: Answered>(
    engine: &Engine,
    operation: Operation,
    ending: Ending<T::Document>,
) -> Result<Outcome<T>> {
    match ending {
        Ending::Done { value, answer } => {
            let completion = Completion::new(&operation, answer);
            T::judged(&operation, value, completion).map(Outcome::Done)
        }
        Ending::Refused {
            refusal,
            last,
            after_unknown,
        } => {
            let reason = misread::<T>(&operation, &last);
            Err(refused(engine, &operation, refusal, last, reason)
                .with_after_unknown(after_unknown)
                .with_operation(operation))
        }
        Ending::Parked { last, recorded } => {
            let cause = cause(engine, &last);
            let mut cause = format!("{cause}; by the server's own record it is {recorded}");
            if let Some(advice) = T::ADVICE {
                cause.push_str("; ");
                cause.push_str(advice);
            }
            Ok(Outcome::Parked(Handle::parked(operation, cause)))
        }
        Ending::Open { last } => {
            let cause = last.as_ref().map(|last| cause(engine, last));
            Ok(Outcome::Pending(Handle::new(operation, cause)))
        }
    }
}

/// An answer of the operation log, read as what the call itself would have given.
pub(crate) fn read_stored<T: Answered>(operation: Operation, answer: Answer) -> Result<T> {
    operation_of::<T>(&operation)?;
    let completion = |answer| Completion::new(&operation, answer);
    if answer.status.is_success() {
        return match T::read(&operation, &answer) {
            Ok(document) => T::judged(&operation, document, completion(answer)),
            Err(misread) => {
                let message = format!(
                    "The server's answer cannot be read ({})",
                    one_line(&misread.into_reason())
                );
                Err(Error::new(ErrorKind::Unreadable, message)
                    .with_answer(completion(answer))
                    .with_operation(operation))
            }
        };
    }
    let problem = Problem::read(answer.status, &answer.body);
    Err(
        Error::new(ErrorKind::Rejected, "The server refused the request")
            .with_problem(problem)
            .with_answer(completion(answer))
            .with_operation(operation),
    )
}

/// Whether an operation is a call that answers with `T`.
fn operation_of<T: Answered>(operation: &Operation) -> Result<()> {
    if operation.name() == T::OPERATION {
        return Ok(());
    }
    let message = format!(
        "The operation is a call of {}, not of {}",
        operation.name(),
        T::OPERATION
    );
    Err(Error::new(ErrorKind::Invalid, message))
}

impl<T: Answered> IntoFuture for OperationCall<T> {
    type Output = Result<Outcome<T>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
