//! What a generated client carries through its hooks.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use http::StatusCode;
use progenitor_client::OperationInfo;
use uuid::Uuid;

use super::attempt::{self, Answer, Attempt};
use super::engine::Engine;
use super::operation::{CallOptions, Operation};
use super::run::{Ending, Open};
use super::spec::{AnswerKind, Class, OperationSpec};
use super::standing::{Execution, Standing};
use super::verdict::Reading;
use crate::problem::Problem;

/// The value inside a generated client: what its hooks need to send a call safely.
///
/// A clone shares the report of the last call.
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
    report: Option<Report>,
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
        self.lock().report
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // The state is replaced as a whole: a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn freeze(
        &self,
        request: &reqwest::Request,
        info: &OperationInfo,
        table: &[OperationSpec],
    ) -> Operation {
        // A call that is not in the table is treated as the most careful class.
        let unlisted =
            OperationSpec::new(info.operation_id, "", "", Class::Effect, AnswerKind::Bytes);
        let spec = table
            .iter()
            .find(|spec| spec.id == info.operation_id)
            .unwrap_or(&unlisted);
        let id = self.id.unwrap_or_else(|| self.engine.chance.operation_id());
        Operation::freeze(
            spec,
            id,
            request,
            &self.engine.base_url,
            self.options.clone(),
        )
    }

    /// The `pre` hook: in a client that only writes down, this is where the call ends.
    ///
    /// # Errors
    /// [`progenitor_client::Error::Custom`] to stop a call that is only written down.
    #[expect(clippy::result_large_err, reason = "the type of the generator's hook")]
    pub fn pre<E>(
        &self,
        request: &reqwest::Request,
        info: &OperationInfo,
        table: &[OperationSpec],
    ) -> Result<(), progenitor_client::Error<E>> {
        if !self.freezing {
            return Ok(());
        }
        let operation = self.freeze(request, info, table);
        self.lock().frozen = Some(operation);
        Err(progenitor_client::Error::Custom(String::new()))
    }

    /// The `exec` hook: sends the call until it is settled or its deadline is reached.
    ///
    /// The response that comes back is rebuilt from the answer's bytes. An error answer that is no
    /// JSON is rebuilt as a problem document, so that the generated client can read it.
    ///
    /// # Errors
    /// The last transport error, if no attempt got an answer.
    pub async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
        table: &[OperationSpec],
    ) -> reqwest::Result<reqwest::Response> {
        let operation = self.freeze(&request, info, table);
        if operation.class == Class::Stream {
            let request = attempt::request(&self.engine, &operation)?;
            return self.engine.http.execute(request).await;
        }
        let read = |answer: &Answer| match operation.answer {
            AnswerKind::Json if !is_json(answer) => Reading::Unreadable("not JSON".into()),
            _ => Reading::Value(()),
        };
        let completion = self.engine.run(&operation, Standing::NotSent, read).await;
        let (report, last) = match completion {
            Ending::Done {
                answer, attempts, ..
            } => {
                let report = Report {
                    operation_id: operation.id,
                    attempts,
                    standing: Standing::Final,
                    execution: Some(answer.execution()),
                };
                (report, Some(Attempt::Answered(answer)))
            }
            Ending::Refused {
                standing,
                last,
                attempts,
                ..
            } => (open_report(&operation, attempts, standing), Some(last)),
            Ending::Open(Open {
                standing,
                last,
                attempts,
            }) => (open_report(&operation, attempts, standing), last),
        };
        self.lock().report = Some(report);
        match last {
            Some(Attempt::Answered(answer)) => Ok(rebuilt(answer)),
            Some(Attempt::Failed { error, .. }) => Err(error),
            Some(Attempt::TimedOut { .. }) | None => Ok(rebuilt(Answer {
                status: StatusCode::GATEWAY_TIMEOUT,
                headers: http::HeaderMap::new(),
                body: bytes::Bytes::from_static(
                    br#"{"title":"No answer before the deadline","status":504}"#,
                ),
                whole: true,
            })),
        }
    }
}

fn open_report(operation: &Operation, attempts: u32, standing: Standing) -> Report {
    Report {
        operation_id: operation.id,
        attempts,
        standing,
        execution: None,
    }
}

/// Whether the body is a JSON document that says something.
fn is_json(answer: &Answer) -> bool {
    serde_json::from_slice::<Option<serde::de::IgnoredAny>>(&answer.body)
        .is_ok_and(|value| value.is_some())
}

/// The answer as the generated client expects it.
fn rebuilt(answer: Answer) -> reqwest::Response {
    let is_error = answer.status.is_client_error() || answer.status.is_server_error();
    let body = if is_error && !Problem::is_one(&answer.body) {
        Problem::read(answer.status, &answer.body).to_json().into()
    } else {
        answer.body
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    // The body is whole here, whatever its length was on the wire.
    response.headers_mut().remove(http::header::CONTENT_LENGTH);
    response
        .headers_mut()
        .remove(http::header::TRANSFER_ENCODING);
    reqwest::Response::from(response)
}

impl Answer {
    /// 200 is a stored answer, every other success a new one (API facts, section 6.1).
    pub(crate) fn execution(&self) -> Execution {
        if self.status == StatusCode::OK {
            Execution::Replayed
        } else {
            Execution::New
        }
    }
}
