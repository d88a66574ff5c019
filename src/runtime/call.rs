//! What a generated client carries through its hooks.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use progenitor_client::OperationInfo;
use uuid::Uuid;

use super::attempt::{self, Answer, Attempt};
use super::engine::Engine;
use super::operation::{CallOptions, Operation};
use super::run::Ending;
use super::spec::{AnswerKind, Class, OperationSpec};
use super::standing::{Execution, Standing};
use super::verdict::Reading;
use super::watch::RunWatch;
use crate::client::{TokenNeed, terminal_header, untyped};
use crate::durable::{Asker, Begun, Kept, Log};
use crate::error;
use crate::handle::Handle;

/// The value inside a generated client: what its hooks need to send a call safely.
///
/// A clone shares the report of the last call: take one for one call at a time.
#[derive(Clone)]
pub struct Call {
    engine: Arc<Engine>,
    options: CallOptions,
    id: Option<Uuid>,
    state: Arc<Mutex<State>>,
    freezing: bool,
}

#[derive(Default)]
struct State {
    frozen: Option<Operation>,
    operation: Option<Operation>,
    execution: Option<Execution>,
}

/// How the last call through a generated client went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The id it was sent under.
    pub operation_id: Uuid,
    /// How many attempts it took.
    pub attempts: u32,
    /// What is known about the server's side.
    pub standing: Standing,
    /// New or replayed; `None` without a successful answer.
    pub execution: Option<Execution>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("engine", &self.engine)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Call {
    /// For a generated client whose calls are sent.
    pub(crate) fn sending(engine: Arc<Engine>) -> Self {
        Self {
            engine,
            options: CallOptions::default(),
            id: None,
            state: Arc::default(),
            freezing: false,
        }
    }

    /// For a generated client whose next call is only written down.
    pub(crate) fn freezing(engine: Arc<Engine>, id: Uuid) -> Self {
        Self {
            id: Some(id),
            freezing: true,
            ..Self::sending(engine)
        }
    }

    /// The call that was written down.
    pub(crate) fn take_frozen(&self) -> Option<Operation> {
        self.lock().frozen.take()
    }

    /// How the last call went; `None` before the first.
    #[must_use]
    pub fn report(&self) -> Option<Report> {
        let state = self.lock();
        let operation = state.operation.as_ref()?;
        Some(Report {
            operation_id: operation.id,
            attempts: operation.progress.attempts(),
            standing: operation.progress.standing(),
            execution: state.execution,
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // The state is replaced as a whole: a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the next call under this id instead of a fresh one, as `/PayResponse` needs it. Nothing is
    /// proved about an id that may have been used before.
    #[must_use]
    pub fn with_operation_id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    /// How long a call tries. Default: the client's; for a payment that may have reached the server 15
    /// minutes.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }

    /// How long one attempt may take. Default: the client's; 90 s for a payment.
    #[must_use]
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = Some(timeout);
        self
    }

    /// Sends `x-operation-lifetime` with every attempt, in whole milliseconds. Default: not sent.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.options.lifetime = Some(lifetime);
        self
    }

    /// Sends `x-terminal-id` with every attempt. Default: not sent. A body that names another terminal is
    /// refused by servers.
    ///
    /// The generated calls have errors of their own and no room for this one, so it is given here and
    /// not, as by [`OperationCall`](crate::client::OperationCall::with_terminal), when the call is awaited.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a terminal that is empty or that no header can
    /// carry. Nothing was sent then.
    pub fn with_terminal(mut self, terminal: &str) -> error::Result<Self> {
        self.options.terminal = Some(terminal_header(terminal)?);
        Ok(self)
    }

    /// The operation of the last call, with what is known about it; `None` before the first.
    #[must_use]
    pub fn handle(&self) -> Option<Handle> {
        let operation = self.lock().operation.clone()?;
        Some(Handle::new(operation, None))
    }

    fn freeze(
        &self,
        request: &reqwest::Request,
        info: &OperationInfo,
        table: &[OperationSpec],
        id: Uuid,
    ) -> Option<Operation> {
        // A call that is not in the table is treated as the most careful class.
        let unlisted =
            OperationSpec::new(info.operation_id, "", "", Class::Effect, AnswerKind::Bytes);
        let spec = table
            .iter()
            .find(|spec| spec.id == info.operation_id)
            .unwrap_or(&unlisted);
        let base_url = &self.engine.base_url;
        let options = CallOptions {
            answers_before: self.engine.answers_given(),
            ..self.options.clone()
        };
        let operation = Operation::freeze(spec, id, request, base_url, options)?;
        if self.id.is_some() && !self.freezing {
            operation.progress.set(Standing::Unknown);
        }
        Some(operation)
    }

    /// The `pre` hook: refuses what cannot be sent. In a client that only writes calls down, this is
    /// where they end.
    ///
    /// # Errors
    /// [`progenitor_client::Error::Custom`] to stop a call that is only written down, and
    /// [`progenitor_client::Error::InvalidRequest`] for a request that leaves the path of its call.
    #[doc(hidden)]
    #[expect(clippy::result_large_err, reason = "the type of the generator's hook")]
    pub fn pre<E>(
        &self,
        request: &reqwest::Request,
        info: &OperationInfo,
        table: &[OperationSpec],
    ) -> Result<(), progenitor_client::Error<E>> {
        // An id is given by the call that sends; here it is only needed in a client that freezes.
        let id = self.id.unwrap_or_default();
        let Some(operation) = self.freeze(request, info, table, id) else {
            return Err(progenitor_client::Error::InvalidRequest(
                "the request leaves the path of its call, or its body cannot be sent twice".into(),
            ));
        };
        if self.freezing {
            self.lock().frozen = Some(operation);
            return Err(progenitor_client::Error::Custom(String::new()));
        }
        Ok(())
    }

    /// The `exec` hook: sends the call until it is settled or its deadline is reached.
    ///
    /// The response that comes back is rebuilt from the answer's bytes. An error answer that is no
    /// problem document is rebuilt as one, so that the generated client can read it; and a success that
    /// settles nothing comes back as 502.
    ///
    /// # Errors
    /// The transport error of the last attempt, if that is how the call ended.
    #[doc(hidden)]
    pub async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
        table: &[OperationSpec],
    ) -> reqwest::Result<reqwest::Response> {
        let id = self.id.unwrap_or_else(|| self.engine.chance.operation_id());
        let Some(mut operation) = self.freeze(&request, info, table, id) else {
            // `pre` refuses such a request before it gets here.
            return Ok(rebuilt(&self.engine, undecided("The call cannot be sent")));
        };
        {
            let mut state = self.lock();
            state.operation = Some(operation.clone());
            state.execution = None;
        }
        if operation.class == Class::Stream {
            return self.stream(&operation).await;
        }
        let kept = match self.begin(&mut operation).await {
            Ok(kept) => kept,
            Err(end) => return end.map(|answer| rebuilt(&self.engine, answer)),
        };
        let is_resumed = kept.as_ref().is_some_and(Kept::was_stored);
        let ending = untyped(&self.engine, &operation, is_resumed).await;
        if let Some(kept) = kept {
            let end = kept.end(&self.engine, &operation, &ending, Asker::Call);
            if Box::pin(kept.finish(end)).await.is_err() {
                operation.progress.unsettle();
                let title = "The answer cannot be written to the operation log";
                return Ok(rebuilt(&self.engine, undecided(title)));
            }
        }
        self.given(ending)
            .map(|answer| rebuilt(&self.engine, answer))
    }

    /// Writes the operation down, where operations are kept; or the end of a call that is not made.
    async fn begin(
        &self,
        operation: &mut Operation,
    ) -> Result<Option<Kept>, reqwest::Result<Answer>> {
        let log = self.engine.log.as_ref();
        let Some(log) = log.filter(|_| Log::keeps(operation)) else {
            return Ok(None);
        };
        let kept = operation.clone();
        let read = |answer: &Answer| kept.raw_reading(answer);
        match Box::pin(log.begin(&self.engine, operation, false, read)).await {
            Begun::Go(kept) => Ok(Some(kept)),
            Begun::Settled(ending) => Err(self.given(ending)),
            Begun::Waiting { .. } => Err(Ok(undecided("Operations before it are open"))),
            Begun::Barred(error) => Err(Ok(Answer {
                body: error.to_string().into(),
                ..undecided("")
            })),
        }
    }

    /// What the generated client gets for an end.
    fn given(&self, ending: Ending<()>) -> reqwest::Result<Answer> {
        let last = match ending {
            Ending::Done { answer, .. } => {
                self.lock().execution = Some(answer.execution());
                return Ok(answer);
            }
            Ending::Refused { last, .. } | Ending::Parked { last, .. } => Some(last),
            Ending::Open { last } => last,
        };
        let title = match last {
            Some(Attempt::Answered(answer)) if !answer.status.is_success() => {
                return Ok(answer);
            }
            Some(Attempt::Failed { error, .. }) => return Err(error),
            Some(Attempt::Answered(_)) => "The answer cannot be used",
            Some(Attempt::NoToken { .. }) => "There is no access token",
            Some(Attempt::TimedOut { .. }) | None => "No answer before the deadline",
        };
        Ok(undecided(title))
    }

    /// Sends a call once whose answer is passed on unread. The attempt timeout is for its beginning.
    async fn stream(&self, operation: &Operation) -> reqwest::Result<reqwest::Response> {
        let timeout = self.options.attempt_timeout;
        let timeout = timeout.unwrap_or(self.engine.attempt_timeout);
        let need = TokenNeed::NextAttempt;
        let Ok(token) = attempt::token(&self.engine, need, timeout).await else {
            return Ok(rebuilt(&self.engine, undecided("There is no access token")));
        };
        let watch = RunWatch::begin(&self.engine, operation);
        match watch.stream(&token, timeout).await {
            Some(response) => response,
            None => Ok(rebuilt(
                &self.engine,
                undecided("No answer within the attempt timeout"),
            )),
        }
    }
}

/// Whether the body is a JSON document that says something.
fn is_json(answer: &Answer) -> bool {
    serde_json::from_slice::<Option<serde::de::IgnoredAny>>(&answer.body)
        .is_ok_and(|value| value.is_some())
}

/// What the generated client gets in the place of an answer that settles nothing.
fn undecided(title: &'static str) -> Answer {
    Answer {
        status: StatusCode::BAD_GATEWAY,
        headers: http::HeaderMap::new(),
        body: title.into(),
        whole: true,
    }
}

/// The answer as the generated client expects it.
fn rebuilt(engine: &Engine, answer: Answer) -> reqwest::Response {
    let body = if answer.status.is_success() {
        answer.body
    } else {
        engine.problem(&answer).to_json().into()
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    // The body is whole here, whatever its length was on the wire.
    for framing in [
        http::header::CONTENT_LENGTH,
        http::header::TRANSFER_ENCODING,
    ] {
        response.headers_mut().remove(framing);
    }
    reqwest::Response::from(response)
}

impl Operation {
    /// Whether an answer is what the document says, as far as that can be told without its type.
    pub(crate) fn raw_reading(&self, answer: &Answer) -> Reading<()> {
        match self.answer {
            AnswerKind::Json if !is_json(answer) => Reading::Unreadable,
            _ => Reading::Value(()),
        }
    }
}

impl Answer {
    /// Whether it is the operation's first answer.
    pub(crate) fn execution(&self) -> Execution {
        Execution::of(self.status)
    }
}
