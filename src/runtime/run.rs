//! The loop: attempts with the same id and bytes, until an answer or the deadline.

use std::time::Duration;

use super::attempt::{self, Answer, Attempt};
use super::engine::Engine;
use super::operation::Operation;
use super::standing::Standing;
use super::verdict::{Reading, Refusal, Verdict, judge};

/// The least time a further attempt is worth: cut off while connecting, it would turn what is known
/// into a doubt.
const SHORTEST_ATTEMPT: Duration = Duration::from_secs(1);

/// How a run ended.
#[derive(Debug)]
pub(crate) enum Ending<T> {
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
    ) -> Ending<T> {
        let start = self.clock.elapsed();
        let deadline = operation.options.deadline.unwrap_or(self.deadline);
        let attempt_timeout = operation
            .options
            .attempt_timeout
            .unwrap_or(self.attempt_timeout);
        let left = || deadline.saturating_sub(self.clock.elapsed().saturating_sub(start));
        let mut standing = before;
        let mut attempts = 0_u32;
        let mut spent: Vec<Refusal> = Vec::new();
        let mut last = None;
        loop {
            let timeout = attempt_timeout.min(left());
            let is_first = attempts == 0;
            if timeout.is_zero() || (!is_first && timeout < SHORTEST_ATTEMPT.min(attempt_timeout)) {
                return Ending::Open(Open {
                    standing,
                    last,
                    attempts,
                });
            }
            let attempt = attempt::send(self, operation, timeout).await;
            attempts = attempts.saturating_add(1);
            let (resend, failed) = match judge(attempt, &read) {
                Verdict::Done { value, answer } => {
                    return Ending::Done {
                        value,
                        answer,
                        attempts,
                    };
                }
                Verdict::Refused { refusal, last } => {
                    return Ending::Refused {
                        refusal,
                        standing: standing.worst(settled(refusal)),
                        last,
                        attempts,
                    };
                }
                Verdict::Again { resend, last } => (resend, last),
            };
            standing = standing.worst(resend.standing);
            if let Some(refusal) = resend.limited {
                spent.push(refusal);
                // Each kind of trouble has an allowance of its own.
                let times = spent.iter().filter(|kind| **kind == refusal).count();
                if times > self.resends(refusal) as usize {
                    return Ending::Refused {
                        refusal,
                        standing,
                        last: failed,
                        attempts,
                    };
                }
            }
            let wait = self.policy.wait(
                resend.pace,
                attempts,
                self.chance.fraction(),
                resend.retry_after,
            );
            // An attempt that the deadline cut short tells less than the one before it.
            let cut_short = timeout < attempt_timeout && matches!(failed, Attempt::TimedOut { .. });
            if !(cut_short && last.is_some()) {
                last = Some(failed);
            }
            if wait >= left() {
                return Ending::Open(Open {
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
