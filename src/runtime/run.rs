//! The loop: attempts with the same id and bytes, until an answer or the deadline.

use std::time::Duration;

use super::attempt::{self, Answer, Attempt};
use super::engine::Engine;
use super::operation::Operation;
use super::policy::Pace;
use super::standing::Standing;
use super::verdict::{Reading, Refusal, Verdict, judge};

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
}

impl Engine {
    /// Sends `operation` until it is settled or its deadline is reached.
    pub(crate) async fn run<T>(
        &self,
        operation: &Operation,
        read: impl Fn(&Answer) -> Reading<T>,
    ) -> Ending<T> {
        let start = self.clock.elapsed();
        let deadline = operation.options.deadline.unwrap_or(self.deadline);
        let attempt_timeout = operation
            .options
            .attempt_timeout
            .unwrap_or(self.attempt_timeout);
        let left = || deadline.saturating_sub(self.clock.elapsed().saturating_sub(start));
        let progress = &operation.progress;
        // An id that may have been used before proves nothing about a conflict.
        let is_fresh = progress.standing() == Standing::NotSent;
        let mut failures = Failures::default();
        let mut last = None;
        loop {
            let timeout = attempt_timeout.min(left());
            let worthwhile = if last.is_some() {
                SHORTEST_ATTEMPT.min(attempt_timeout).min(deadline / 8)
            } else {
                Duration::from_nanos(1)
            };
            if timeout < worthwhile {
                return Ending::Open { last };
            }
            let before = progress.standing();
            progress.begin();
            let attempt = attempt::send(self, operation, timeout).await;
            let (resend, failed) = match judge(attempt, is_fresh, &read) {
                Verdict::Done { value, answer } => {
                    progress.set(Standing::Final);
                    return Ending::Done { value, answer };
                }
                Verdict::Refused { refusal, last } => {
                    let proof = refusal.proof();
                    progress.set(before.worst(proof));
                    return Ending::Refused {
                        refusal,
                        last,
                        after_unknown: before == Standing::Unknown && proof == Standing::Final,
                    };
                }
                Verdict::Again { resend, last } => (resend, last),
            };
            progress.set(before.worst(resend.standing));
            if let Some(refusal) = resend.limited {
                let times = failures.count(refusal);
                if times > self.resends(refusal) {
                    return Ending::Refused {
                        refusal,
                        last: failed,
                        after_unknown: false,
                    };
                }
            }
            let wait = self.policy.wait(
                resend.pace,
                failures.paced(resend.pace),
                self.chance.fraction(),
                resend.retry_after,
            );
            // An attempt that the deadline cut short tells less than the one before it.
            let cut_short = timeout < attempt_timeout && matches!(failed, Attempt::TimedOut { .. });
            if !(cut_short && last.is_some()) {
                last = Some(failed);
            }
            if wait >= left() {
                return Ending::Open { last };
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
            _ => self.policy.unreadable_resends,
        }
    }
}

/// The failures of a run so far: each kind of trouble has an allowance of its own, and polls do not
/// lengthen the waits after lost connections.
#[derive(Default)]
struct Failures {
    limited: Vec<Refusal>,
    polls: u32,
    others: u32,
}

impl Failures {
    /// Counts a failure with an allowance.
    fn count(&mut self, refusal: Refusal) -> u32 {
        self.limited.push(refusal);
        let times = self.limited.iter().filter(|kind| **kind == refusal).count();
        u32::try_from(times).unwrap_or(u32::MAX)
    }

    /// Counts a failure by its pace.
    fn paced(&mut self, pace: Pace) -> u32 {
        let counter = match pace {
            Pace::Poll => &mut self.polls,
            Pace::AtOnceThenBackoff | Pace::Backoff => &mut self.others,
        };
        *counter = counter.saturating_add(1);
        *counter
    }
}
