//! The loop: attempts with the same id and bytes, until an answer or the deadline.

use std::time::Duration;

use http::{HeaderValue, StatusCode};

use super::attempt::{self, Answer, Attempt};
use super::budget::Cost;
use super::engine::Engine;
use super::failures::Failures;
use super::observer::AttemptResult;
use super::operation::{Ends, Operation};
use super::policy::Pace;
use super::recorded::{self, Recorded};
use super::spec::Class;
use super::standing::Standing;
use super::verdict::{Reading, Refusal, Resend, Verdict, judge};
use super::watch::{RunWatch, failure};
use crate::client::TokenNeed;

/// The least time a further attempt is worth: cut off while connecting, it would turn what is known
/// into a doubt. Less where the whole deadline is short.
const SHORTEST_ATTEMPT: Duration = Duration::from_secs(1);

/// How a run ended. What is known by then, and the number of attempts, stand in the operation.
#[derive(Debug)]
pub(crate) enum Ending<T> {
    /// With a usable answer.
    Done { value: T, answer: Answer },
    /// With a reason not to go on.
    Refused {
        refusal: Refusal,
        last: Attempt,
        /// The server's answer settled an operation about which nothing was known before.
        after_unknown: bool,
    },
    /// At the deadline, with the most telling attempt; `None` if there was no time for one.
    Open { last: Option<Attempt> },
    /// The server failed each time, and what it has recorded does not settle the operation either.
    Parked {
        last: Attempt,
        recorded: &'static str,
    },
}

impl<T> Ending<T> {
    /// The same end, without what was read.
    pub(crate) fn without_value(self) -> Ending<()> {
        match self {
            Self::Done { answer, .. } => Ending::Done { value: (), answer },
            Self::Refused {
                refusal,
                last,
                after_unknown,
            } => Ending::Refused {
                refusal,
                last,
                after_unknown,
            },
            Self::Open { last } => Ending::Open { last },
            Self::Parked { last, recorded } => Ending::Parked { last, recorded },
        }
    }
}

impl Engine {
    /// Sends `operation` until it is settled or its deadline is reached.
    pub(crate) async fn run<T>(
        &self,
        operation: &Operation,
        read: impl Fn(&Answer) -> Reading<T>,
    ) -> Ending<T> {
        let watch = RunWatch::begin(self, operation);
        let span = watch.span.clone();
        let mut run = Run::new(self, operation, &watch);
        let ending = span.around(run.until_settled(&read)).await;
        watch.end(&ending);
        ending
    }

    /// Watches a run that is made of several: its parts tell of their attempts, and it of the end.
    pub(crate) async fn watched<T>(
        &self,
        operation: &Operation,
        run: impl Future<Output = Ending<T>>,
    ) -> Ending<T> {
        let watch = RunWatch::begin(self, operation);
        let ending = watch.span.clone().around(run).await;
        watch.end(&ending);
        ending
    }

    /// How often an operation is resent before it is reported with this refusal.
    fn resends(&self, refusal: Refusal) -> u32 {
        match refusal {
            Refusal::ServerFault => self.policy.server_fault_resends,
            Refusal::Untrusted => self.policy.tls_resends,
            Refusal::NoCredentials => self.policy.credentials_resends,
            _ => self.policy.unreadable_resends,
        }
    }
}

/// One run of an operation.
struct Run<'a> {
    engine: &'a Engine,
    operation: &'a Operation,
    watch: &'a RunWatch<'a>,
    start: Duration,
    deadline: Duration,
    attempt_timeout: Duration,
    failures: Failures,
    /// The most telling attempt so far.
    last: Option<Attempt>,
    /// The token that takes the place of a refused one.
    renewed: Option<HeaderValue>,
    /// Whether the server has recorded that the operation is done.
    is_recorded_done: bool,
}

/// What follows a failed attempt.
enum Next {
    /// Another one after its wait.
    Wait,
    /// Another one without a wait.
    AtOnce,
    /// None: there were too many of this kind, or the id belongs to another request.
    Refuse(Refusal),
    /// None: the server has recorded that the operation failed with this answer.
    Failed(Answer),
    /// None: what the server has recorded, in a word, does not settle the operation.
    Park(&'static str),
    /// None: there is no time left for it.
    Open,
}

impl<'a> Run<'a> {
    fn new(engine: &'a Engine, operation: &'a Operation, watch: &'a RunWatch<'a>) -> Self {
        let options = &operation.options;
        Self {
            engine,
            operation,
            watch,
            start: engine.clock.elapsed(),
            deadline: options.deadline.unwrap_or(engine.deadline),
            attempt_timeout: options.attempt_timeout.unwrap_or(engine.attempt_timeout),
            failures: Failures::default(),
            last: None,
            renewed: None,
            is_recorded_done: false,
        }
    }

    /// The end at which nothing is settled.
    fn open<T>(&mut self) -> Ending<T> {
        Ending::Open {
            last: self.last.take(),
        }
    }

    /// The time until the deadline.
    fn left(&self) -> Duration {
        let passed = self.engine.clock.elapsed().saturating_sub(self.start);
        self.deadline.saturating_sub(passed)
    }

    /// The time for which a further attempt may begin, as long as none was executed.
    fn left_unsent(&self) -> Duration {
        let deadline = match self.operation.options.unsent_deadline {
            Some(deadline) if self.operation.progress.standing() == Standing::NotSent => deadline,
            _ => return Duration::MAX,
        };
        let passed = self.engine.clock.elapsed().saturating_sub(self.start);
        deadline.saturating_sub(passed)
    }

    /// How long the next attempt may take; `None` if there is too little time for one.
    fn timeout(&self) -> Option<Duration> {
        let timeout = self.attempt_timeout.min(self.left());
        let worthwhile = if self.last.is_some() {
            SHORTEST_ATTEMPT
                .min(self.attempt_timeout)
                .min(self.deadline / 8)
        } else {
            Duration::from_nanos(1)
        };
        (timeout >= worthwhile).then_some(timeout)
    }

    async fn until_settled<T>(&mut self, read: &impl Fn(&Answer) -> Reading<T>) -> Ending<T> {
        let progress = &self.operation.progress;
        // An id that may have been used before proves nothing about a conflict.
        let is_fresh = progress.standing() == Standing::NotSent;
        loop {
            let Some(timeout) = self.timeout() else {
                return self.open();
            };
            let before = progress.standing();
            let replaced = self.renewed.take();
            let is_renewed = replaced.is_some();
            let token = match replaced {
                Some(token) => Ok(token),
                // Nothing is under way while it is asked for.
                None => attempt::token(self.engine, TokenNeed::NextAttempt, timeout).await,
            };
            // Asking a provider for it took its part of the time.
            let left = match self.engine.credentials.fixed() {
                Some(_) => Some(timeout),
                None => self.timeout(),
            };
            let Some(timeout) = left else {
                self.last = token.err().or(self.last.take());
                return self.open();
            };
            let (attempt, token) = match token {
                Ok(token) => (self.watch.attempt(&token, timeout).await, Some(token)),
                Err(attempt) => (attempt, None),
            };
            let (resend, failed) = match judge(attempt, is_fresh, read) {
                Verdict::Done { value, answer } => {
                    progress.set(Standing::Final);
                    self.engine.budget.earn();
                    return Ending::Done { value, answer };
                }
                Verdict::Refused { refusal, last } => {
                    let proof = refusal.proof();
                    progress.set(before.worst(proof));
                    if let (false, true, Some(token)) = (is_renewed, is_unauthorized(&last), token)
                        && self.renew(&token).await
                    {
                        self.last = Some(last);
                        continue;
                    }
                    if proof == Standing::Final {
                        self.engine.budget.earn();
                    }
                    return Ending::Refused {
                        refusal,
                        last,
                        after_unknown: before == Standing::Unknown && proof == Standing::Final,
                    };
                }
                Verdict::Again { resend, last } => (resend, last),
            };
            progress.set(before.worst(resend.standing));
            let is_at_end = match self.operation.options.ends {
                Ends::AtDeadline => false,
                Ends::WhenUnknown => resend.standing == Standing::Unknown,
                Ends::WhenInProgress => resend.pace == Pace::Poll,
            };
            if is_at_end {
                self.keep(failed, timeout);
                return self.open();
            }
            let next = match resend.limited {
                Some(refusal) => self.allowed(refusal, token.as_ref()).await,
                None => Next::Wait,
            };
            let wait = match next {
                Next::Wait => self.wait(&resend, &failed),
                Next::AtOnce => Duration::ZERO,
                Next::Refuse(refusal) => {
                    return Ending::Refused {
                        refusal,
                        last: failed,
                        after_unknown: false,
                    };
                }
                Next::Failed(answer) => {
                    progress.set(Standing::Final);
                    return Ending::Refused {
                        refusal: Refusal::Rejected,
                        last: Attempt::Answered(answer),
                        // What failed may have done a part of its work.
                        after_unknown: true,
                    };
                }
                Next::Park(recorded) => {
                    return Ending::Parked {
                        last: failed,
                        recorded,
                    };
                }
                Next::Open => {
                    self.keep(failed, timeout);
                    return self.open();
                }
            };
            self.watch.span.resent(reason(&failed), wait);
            self.keep(failed, timeout);
            if wait >= self.left().min(self.left_unsent()) {
                return self.open();
            }
            if !self.operation.waited(wait, &*self.engine.clock).await {
                return self.open();
            }
        }
    }

    /// Asks for another token after one was refused. Whether there is one.
    async fn renew(&mut self, refused: &HeaderValue) -> bool {
        if self.engine.credentials.fixed().is_some() {
            return false;
        }
        let timeout = self.attempt_timeout.min(self.left());
        match attempt::token(self.engine, TokenNeed::Invalidated, timeout).await {
            Ok(token) if token != *refused => {
                self.watch.span.renewed();
                self.renewed = Some(token);
                true
            }
            _ => false,
        }
    }

    /// What follows a failure that is resent a limited number of times.
    async fn allowed(&mut self, refusal: Refusal, token: Option<&HeaderValue>) -> Next {
        let times = self.failures.count(refusal);
        let is_last = times > self.engine.resends(refusal);
        match (refusal, self.operation.class) {
            (Refusal::ServerFault, Class::Effect) => self.faulted(times, is_last, token).await,
            _ if !is_last => Next::Wait,
            // Its record would hold the secret.
            (Refusal::ServerFault, Class::Secret) => Next::Park("not asked for"),
            _ => Next::Refuse(refusal),
        }
    }

    /// What follows when the server failed these `times` at an operation that it keeps a record of.
    async fn faulted(&mut self, times: u32, is_last: bool, token: Option<&HeaderValue>) -> Next {
        if self.is_recorded_done {
            return Next::Park("done");
        }
        // A server that failed at it all through an earlier run may have an end on record by now.
        let is_early = self.operation.options.was_parked && times == 1;
        if !is_last && !is_early {
            return Next::Wait;
        }
        let (Some(token), Some(timeout)) = (token, self.timeout()) else {
            return Next::Open;
        };
        // Rarely asked: kept out of the future of every call.
        let asking = recorded::ask(self.engine, self.operation, token, timeout);
        let recorded = Box::pin(asking).await;
        self.watch.span.asked(recorded.as_str());
        match recorded {
            Recorded::Done => {
                self.is_recorded_done = true;
                Next::AtOnce
            }
            Recorded::Failed(answer) => Next::Failed(answer),
            Recorded::FailedOther => Next::Refuse(Refusal::Conflict),
            Recorded::Open(recorded) if is_last => Next::Park(recorded),
            Recorded::Open(_) => Next::Wait,
        }
    }

    /// How long to wait before the next attempt.
    fn wait(&mut self, resend: &Resend, failed: &Attempt) -> Duration {
        let engine = self.engine;
        let fraction = engine.chance.fraction();
        let own = engine.policy.wait(
            resend.pace,
            self.failures.paced(resend.pace),
            fraction,
            resend.retry_after,
        );
        let budget = match (resend.pace, failed) {
            // Nobody is in trouble: the server works on it, or there was nothing to send.
            (Pace::Poll, _) | (_, Attempt::NoToken { .. }) => Duration::ZERO,
            (_, Attempt::TimedOut { .. }) => engine.budget.pay(Cost::Timeout, fraction),
            _ => engine.budget.pay(Cost::Failure, fraction),
        };
        own.max(budget)
    }

    /// Keeps the attempt if it tells more than the one before: one that the deadline cut short does not.
    fn keep(&mut self, attempt: Attempt, timeout: Duration) {
        let is_cut_short =
            timeout < self.attempt_timeout && matches!(attempt, Attempt::TimedOut { .. });
        if !(is_cut_short && self.last.is_some()) {
            self.last = Some(attempt);
        }
    }
}

/// Whether the access token was refused: another one may do.
fn is_unauthorized(attempt: &Attempt) -> bool {
    matches!(attempt, Attempt::Answered(answer) if answer.status == StatusCode::UNAUTHORIZED)
}

/// Why an operation is sent again, in a word.
fn reason(attempt: &Attempt) -> &str {
    match attempt {
        Attempt::NoToken { .. } => "no_credentials",
        Attempt::Answered(answer) => answer.status.as_str(),
        Attempt::TimedOut { .. } => "timeout",
        Attempt::Failed { error, .. } => match failure(error) {
            AttemptResult::Untrusted => "untrusted",
            AttemptResult::NotConnected => "not_connected",
            _ => "broken",
        },
    }
}
