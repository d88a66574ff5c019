//! The loop: attempts with the same id and bytes, until an answer or the deadline.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::attempt::{self, Answer, Attempt};
use super::chance::Chance;
use super::clock::Clock;
use super::limits::Limits;
use super::operation::Operation;
use super::policy::RetryPolicy;
use super::standing::Standing;
use super::verdict::{Allowance, Reading, Verdict, judge};
use crate::client::Credentials;

/// Everything the operations of one client share.
pub(crate) struct Engine {
    pub(crate) http: reqwest::Client,
    /// With the version prefix, without a trailing slash.
    pub(crate) base_url: String,
    pub(crate) credentials: Credentials,
    pub(crate) policy: RetryPolicy,
    pub(crate) limits: Limits,
    pub(crate) deadline: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("base_url", &self.base_url)
            .field("credentials", &self.credentials)
            .field("policy", &self.policy)
            .field("deadline", &self.deadline)
            .field("attempt_timeout", &self.attempt_timeout)
            .finish_non_exhaustive()
    }
}

/// Why sending an operation again as it is does not help, or not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The request cannot be put on the wire.
    Request,
    /// The server refused the content.
    Rejected,
    /// The server does not accept the credentials.
    Unauthorized,
    /// The id belongs to another body.
    Conflict,
    /// Something answered with a redirect, which is never followed.
    Redirected,
    /// What answered is not the API.
    NotTheApi,
    /// The server failed each time.
    ServerFault,
    /// The answer is no document of the expected kind.
    Unreadable,
    /// The answer is larger than the limit.
    TooLarge,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) enum Completion<T> {
    /// With a usable answer.
    Done {
        value: T,
        answer: Answer,
        attempts: u32,
    },
    /// With a reason not to go on.
    Refused {
        refusal: Refusal,
        /// What is known about the server's side.
        standing: Standing,
        last: Attempt,
        attempts: u32,
    },
    /// At the deadline.
    Open(Open),
}

/// An operation that was not settled within its deadline.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) standing: Standing,
    /// The last attempt; `None` if there was no time for one.
    pub(crate) last: Option<Attempt>,
    pub(crate) attempts: u32,
}

impl Engine {
    /// Sends `operation` until it is settled or its deadline is reached.
    ///
    /// `before` is what earlier runs left behind: a resumed operation keeps its worst standing.
    pub(crate) async fn run<T>(
        &self,
        operation: &Operation,
        before: Standing,
        read: impl Fn(&Answer) -> Reading<T>,
    ) -> Completion<T> {
        let start = self.clock.elapsed();
        let deadline = operation.options.deadline.unwrap_or(self.deadline);
        let attempt_timeout = operation
            .options
            .attempt_timeout
            .unwrap_or(self.attempt_timeout);
        let left = || deadline.saturating_sub(self.clock.elapsed().saturating_sub(start));
        let mut standing = before;
        let mut attempts = 0_u32;
        let mut limited_failures = 0_u32;
        let mut last = None;
        loop {
            let timeout = attempt_timeout.min(left());
            if timeout.is_zero() {
                return Completion::Open(Open {
                    standing,
                    last,
                    attempts,
                });
            }
            let attempt = attempt::send(self, operation, timeout).await;
            attempts = attempts.saturating_add(1);
            let (pace, retry_after) = match judge(&attempt, &read) {
                Verdict::Done(value) => {
                    if let Attempt::Answered(answer) = attempt {
                        return Completion::Done {
                            value,
                            answer,
                            attempts,
                        };
                    }
                    // Only an answer is ever judged as done.
                    (super::policy::Pace::Backoff, None)
                }
                Verdict::Refused(refusal) => {
                    return Completion::Refused {
                        refusal,
                        standing: standing.worst(settled(refusal)),
                        last: attempt,
                        attempts,
                    };
                }
                Verdict::Again {
                    standing: now,
                    pace,
                    retry_after,
                    allowance,
                } => {
                    standing = standing.worst(now);
                    if let Allowance::Resends(refusal) = allowance {
                        limited_failures += 1;
                        if limited_failures > self.resends(refusal) {
                            return Completion::Refused {
                                refusal,
                                standing,
                                last: attempt,
                                attempts,
                            };
                        }
                    }
                    (pace, retry_after)
                }
            };
            let wait = self
                .policy
                .wait(pace, attempts, self.chance.fraction(), retry_after);
            last = Some(attempt);
            if wait >= left() {
                return Completion::Open(Open {
                    standing,
                    last,
                    attempts,
                });
            }
            if !wait.is_zero() {
                self.clock.sleep(wait).await;
            }
        }
    }

    /// How often an operation is resent before it is reported with this refusal.
    fn resends(&self, refusal: Refusal) -> u32 {
        match refusal {
            Refusal::ServerFault => self.policy.server_fault_resends,
            Refusal::TooLarge => 1,
            _ => self.policy.unreadable_resends,
        }
    }
}

/// What a refusal by itself proves: a rejection settles the operation, wrong credentials or a
/// redirect mean that it was not executed.
fn settled(refusal: Refusal) -> Standing {
    match refusal {
        Refusal::Rejected | Refusal::Conflict => Standing::Final,
        Refusal::Request | Refusal::Unauthorized | Refusal::Redirected => Standing::NotSent,
        Refusal::NotTheApi | Refusal::ServerFault | Refusal::Unreadable | Refusal::TooLarge => {
            Standing::Unknown
        }
    }
}
