//! Watching a run: spans and the observer are told of every start and of every end, a dropped future's
//! included.

use std::pin::pin;
use std::time::Duration;

use super::attempt::{self, Attempt};
use super::engine::Engine;
use super::observer::{
    AttemptEnded, AttemptResult, AttemptStarted, Observed, OperationEnded, OperationResult,
};
use super::operation::Operation;
use super::run::Ending;
use super::standing::{Execution, Standing};
use super::trace::Span;
use super::traced_url::TracedUrl;

/// The watch over one run of an operation.
pub(super) struct RunWatch<'a> {
    engine: &'a Engine,
    operation: &'a Operation,
    start: Duration,
    pub(super) span: Span,
    result: OperationResult,
}

/// The watch over one attempt.
struct AttemptWatch<'a> {
    run: &'a RunWatch<'a>,
    attempt: u32,
    start: Duration,
    span: Span,
    result: AttemptResult,
}

impl<'a> RunWatch<'a> {
    pub(super) fn begin(engine: &'a Engine, operation: &'a Operation) -> Self {
        let span = Span::operation(&observed(engine, operation), &engine.server.prefix);
        Self {
            engine,
            operation,
            start: engine.clock.elapsed(),
            span,
            // What it is until it is said to be something else.
            result: OperationResult::Dropped,
        }
    }

    /// Notes how the run ended.
    pub(super) fn end<T>(mut self, ending: &Ending<T>) {
        self.result = match ending {
            Ending::Done { answer, .. } => OperationResult::Answered(answer.execution()),
            Ending::Refused { .. } => OperationResult::Refused,
            Ending::Parked { .. } => OperationResult::Parked,
            Ending::Open { .. } => OperationResult::Pending,
        };
    }

    /// Makes an attempt under watch.
    pub(super) async fn attempt(&self, token: &http::HeaderValue, timeout: Duration) -> Attempt {
        self.operation.progress.begin();
        let mut watch = AttemptWatch::begin(self);
        let span = &watch.span;
        let attempt = attempt::send(self.engine, self.operation, token, timeout, span);
        let attempt = span.around(attempt).await;
        watch.result = result(&attempt);
        attempt
    }

    /// Sends an operation whose answer is passed on unread. The watch ends with the answer's head; `None`
    /// if that does not come in time.
    pub(super) async fn stream(
        mut self,
        token: &http::HeaderValue,
        timeout: Duration,
    ) -> Option<reqwest::Result<reqwest::Response>> {
        let engine = self.engine;
        let request = attempt::request(engine, self.operation, token);
        self.operation.progress.begin();
        let response = {
            let mut watch = AttemptWatch::begin(&self);
            let execute = pin!(engine.http.execute(request));
            let execute = attempt::within(timeout, execute, &*engine.clock);
            let response = watch.span.around(execute).await;
            watch.result = match &response {
                Some(Ok(response)) => {
                    watch.span.answered_in(response.version());
                    AttemptResult::Answered(response.status())
                }
                Some(Err(error)) => failure(error),
                None => AttemptResult::TimedOut,
            };
            response
        };
        if matches!(response, Some(Ok(_))) {
            self.operation.progress.set(Standing::Final);
        }
        self.result = match &response {
            Some(Ok(response)) if response.status().is_success() => {
                OperationResult::Answered(Execution::of(response.status()))
            }
            Some(_) => OperationResult::Refused,
            None => OperationResult::Pending,
        };
        response
    }
}

impl Drop for RunWatch<'_> {
    fn drop(&mut self) {
        let progress = &self.operation.progress;
        let (standing, attempts) = (progress.standing(), progress.attempts());
        self.span.operation_ended(self.result, standing, attempts);
        if let Some(observer) = &self.engine.observer
            && !self.operation.options.is_part
        {
            observer.operation_ended(&OperationEnded {
                operation: observed(self.engine, self.operation),
                attempts,
                elapsed: since(self.engine, self.start),
                result: self.result,
                standing,
            });
        }
    }
}

impl<'a> AttemptWatch<'a> {
    fn begin(run: &'a RunWatch<'a>) -> Self {
        let attempt = run.operation.progress.attempts();
        let operation = observed(run.engine, run.operation);
        if let Some(observer) = &run.engine.observer {
            observer.attempt_started(&AttemptStarted { operation, attempt });
        }
        let url = TracedUrl {
            base_url: &run.engine.base_url,
            template: run.operation.template,
            target: &run.operation.target,
        };
        let prefix = &run.engine.server.prefix;
        Self {
            run,
            attempt,
            start: run.engine.clock.elapsed(),
            span: run.span.attempt(&operation, prefix, url, attempt),
            result: AttemptResult::Dropped,
        }
    }
}

impl Drop for AttemptWatch<'_> {
    fn drop(&mut self) {
        self.span.attempt_ended(self.result);
        let engine = self.run.engine;
        if let Some(observer) = &engine.observer {
            observer.attempt_ended(&AttemptEnded {
                operation: observed(engine, self.run.operation),
                attempt: self.attempt,
                latency: since(engine, self.start),
                result: self.result,
            });
        }
    }
}

fn since(engine: &Engine, start: Duration) -> Duration {
    engine.clock.elapsed().saturating_sub(start)
}

fn observed<'a>(engine: &'a Engine, operation: &'a Operation) -> Observed<'a> {
    Observed {
        operation_id: operation.id,
        operation: &operation.name,
        method: operation.method.as_str(),
        path_template: operation.template,
        server_address: &engine.server.address,
        server_port: engine.server.port,
    }
}

/// An attempt's end in one word. One that had no token was never begun.
fn result(attempt: &Attempt) -> AttemptResult {
    match attempt {
        Attempt::Answered(answer) => AttemptResult::Answered(answer.status),
        Attempt::TimedOut { .. } => AttemptResult::TimedOut,
        Attempt::Failed { error, .. } => failure(error),
        Attempt::NoToken { .. } => AttemptResult::Dropped,
    }
}

/// How an attempt failed.
pub(super) fn failure(error: &reqwest::Error) -> AttemptResult {
    if attempt::is_tls_refusal(error) {
        AttemptResult::Untrusted
    } else if error.is_connect() {
        AttemptResult::NotConnected
    } else {
        AttemptResult::Broken
    }
}
