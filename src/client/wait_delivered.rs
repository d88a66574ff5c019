//! `GET /BlockIssueRequest/{queue}/{item}/WhileDelivered`: waiting until the customer has the document.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use super::delivered::is_delivered;
use super::issued_item::IssuedItem;
use super::query::{is_missing, no_answer, not_found};
use super::refusal::refused;
use crate::error::Result;
use crate::raw::operations;
use crate::runtime::{Answer, Attempt, Ending, Ends, Engine, Operation, Pace, Reading, Refusal};

/// How long to wait where the caller says nothing.
const DEADLINE: Duration = Duration::from_secs(10 * 60);

/// How long a server may hold a question back: none is known to hold one for more than half of it.
const LONG_POLL: Duration = Duration::from_secs(60);

/// A wait for the delivery of a document; see [`Client::wait_delivered`].
#[must_use = "nothing is sent before `.await`"]
pub struct DeliveryWait {
    engine: Arc<Engine>,
    long_poll: Result<Operation>,
    poll: Result<Operation>,
    deadline: Duration,
    attempt_timeout: Duration,
}

impl DeliveryWait {
    /// How long to wait. Default 10 minutes.
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How long the server may hold one question back. Default 60 s.
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    async fn wait(self) -> Result<bool> {
        let engine = &*self.engine;
        let (mut long_poll, mut poll) = (self.long_poll?, self.poll?);
        let start = engine.clock.elapsed();
        let left = || {
            let passed = engine.clock.elapsed().saturating_sub(start);
            self.deadline.saturating_sub(passed)
        };
        for question in [&mut long_poll, &mut poll] {
            // A failure is for the other question, or for the next one: this loop does the waiting.
            question.options.ends = Ends::WhenUnknown;
        }
        long_poll.options.attempt_timeout = Some(self.attempt_timeout);
        let mut long_polls = true;
        let mut asked = 0_u32;
        let mut failed = None;
        while !left().is_zero() {
            let question = if long_polls {
                &mut long_poll
            } else {
                &mut poll
            };
            question.options.deadline = Some(left());
            let ending = engine.run(question, |answer| read(question, answer)).await;
            match ending {
                Ending::Done { value: true, .. } => return Ok(true),
                Ending::Done { .. } => failed = None,
                // Held back for as long as we let it: that is what it is for.
                Ending::Open {
                    last: Some(Attempt::TimedOut { .. }),
                } if long_polls => {
                    failed = None;
                    continue;
                }
                Ending::Refused { refusal, last, .. }
                    if !long_polls || !is_of_the_endpoint(refusal) =>
                {
                    return Err(if is_missing(refusal, &last) {
                        not_found(engine, &last)
                    } else {
                        refused(engine, question, refusal, last, String::new())
                    });
                }
                Ending::Refused { last, .. } | Ending::Parked { last, .. } => {
                    // No such endpoint, or none that works: ask the plain question from now on.
                    long_polls = false;
                    failed = Some(last);
                    continue;
                }
                // Cut short by the deadline: what was heard before still holds.
                Ending::Open {
                    last: None | Some(Attempt::TimedOut { .. }),
                } if left().is_zero() => break,
                Ending::Open { last } => {
                    failed = last;
                    if long_polls {
                        long_polls = false;
                        continue;
                    }
                }
            }
            asked = asked.saturating_add(1);
            let fraction = engine.chance.fraction();
            let wait = engine.policy.wait(Pace::Poll, asked, fraction, None);
            engine.clock.sleep(wait.min(left())).await;
        }
        match failed {
            // The last that was heard is not "not yet".
            Some(last) => Err(no_answer(engine, Some(&last))),
            None => Ok(false),
        }
    }
}

fn read(question: &Operation, answer: &Answer) -> Reading<bool> {
    match is_delivered(question, answer) {
        Ok(value) => Reading::Value(value),
        Err(_) => Reading::Unreadable,
    }
}

/// Whether a refusal may be one of the endpoint, so that another question can do better.
fn is_of_the_endpoint(refusal: Refusal) -> bool {
    !matches!(
        refusal,
        Refusal::Unauthorized | Refusal::NoCredentials | Refusal::Untrusted | Refusal::Request
    )
}

impl IntoFuture for DeliveryWait {
    type Output = Result<bool>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.wait())
    }
}

impl fmt::Debug for DeliveryWait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeliveryWait")
            .field("deadline", &self.deadline)
            .field("attempt_timeout", &self.attempt_timeout)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Waits until the document was delivered, or until the deadline: then it is `false`, and can be
    /// waited for again.
    ///
    /// The server is asked by a question that it holds back until there is something to say. Where that
    /// one fails, or the server does not have it, the plain question of [`delivered`](Self::delivered) is
    /// asked again and again, at the pace of [`RetryPolicy::longest_poll`] on the client's clock (API
    /// facts, sections 3.4 and 6.7). There are no callbacks.
    ///
    /// [`RetryPolicy::longest_poll`]: crate::runtime::RetryPolicy::longest_poll
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::NotFound`] if no document was issued under these ids,
    /// [`ErrorKind::NoAnswer`] if the last question of the time had no answer; otherwise what
    /// [`ErrorKind`] lists.
    ///
    /// [`ErrorKind`]: crate::ErrorKind
    /// [`ErrorKind::NotFound`]: crate::ErrorKind::NotFound
    /// [`ErrorKind::NoAnswer`]: crate::ErrorKind::NoAnswer
    pub fn wait_delivered(&self, item: impl Into<IssuedItem>) -> DeliveryWait {
        let item = item.into();
        DeliveryWait {
            engine: Arc::clone(&self.engine),
            long_poll: self.asked_for_delivery(&operations::WAIT_DELIVERED, item),
            poll: self.asked_for_delivery(&operations::DELIVERED, item),
            deadline: DEADLINE,
            attempt_timeout: LONG_POLL,
        }
    }
}
