//! How a payment comes to its end where the document has `/PayResponse`: paid once, asked for as often as
//! needed.

use std::time::Duration;

use http::StatusCode;

use super::paid::{ATTEMPT_TIMEOUT, DEADLINE};
use crate::client::TokenNeed;
use crate::client::fixed::fixed;
use crate::raw::operations;
use crate::runtime::{
    Answer, Attempt, Ending, Ends, Engine, Operation, Pace, Reading, Recorded, Refusal, Standing,
    ask, token,
};

/// How often a server that knows no such payment is asked again: the request may still be on its way
/// to it.
const ASKED_AGAIN: u32 = 3;

/// Sends the payment until it may have reached the server, then asks for its end. To whoever watches it is one
/// run.
pub(crate) async fn settle<D>(
    engine: &Engine,
    operation: &Operation,
    is_resumed: bool,
    read: impl Fn(&Answer) -> Reading<D>,
) -> Ending<D> {
    engine
        .watched(operation, in_parts(engine, operation, is_resumed, read))
        .await
}

async fn in_parts<D>(
    engine: &Engine,
    operation: &Operation,
    is_resumed: bool,
    read: impl Fn(&Answer) -> Reading<D>,
) -> Ending<D> {
    let inquiry = Inquiry::new(engine, operation);
    // Whoever resumes an operation that may have been sent does not send it.
    if is_resumed && operation.progress.standing() == Standing::Unknown {
        return inquiry.until_settled(None, read).await;
    }
    let mut once = operation.clone();
    once.options.ends = Ends::WhenUnknown;
    once.options.is_part = true;
    once.options.deadline = Some(inquiry.deadline);
    once.options.attempt_timeout = Some(inquiry.attempt_timeout);
    // Nobody stands at a terminal for minutes that was never reached.
    once.options.unsent_deadline = Some(operation.options.deadline.unwrap_or(engine.deadline));
    match engine.run(&once, &read).await {
        Ending::Open { last } if operation.progress.standing() == Standing::Unknown => {
            inquiry.until_settled(last, read).await
        }
        ending => ending,
    }
}

/// The questions about one payment.
struct Inquiry<'a> {
    engine: &'a Engine,
    operation: &'a Operation,
    start: Duration,
    deadline: Duration,
    attempt_timeout: Duration,
}

/// What is known about a payment that `/PayResponse` did not tell of.
enum Known {
    /// It has this end.
    Ended(Attempt),
    /// It is done: its answer is stored.
    Done,
    /// It goes on.
    Running,
    /// Its id belongs to another payment.
    Another,
    /// Nothing, in a word.
    Nothing(&'static str),
}

impl<'a> Inquiry<'a> {
    fn new(engine: &'a Engine, operation: &'a Operation) -> Self {
        let options = &operation.options;
        Self {
            engine,
            operation,
            start: engine.clock.elapsed(),
            deadline: options.deadline.unwrap_or(DEADLINE),
            attempt_timeout: options.attempt_timeout.unwrap_or(ATTEMPT_TIMEOUT),
        }
    }

    fn left(&self) -> Duration {
        let passed = self.engine.clock.elapsed().saturating_sub(self.start);
        self.deadline.saturating_sub(passed)
    }

    async fn until_settled<D>(
        self,
        mut last: Option<Attempt>,
        read: impl Fn(&Answer) -> Reading<D>,
    ) -> Ending<D> {
        let progress = &self.operation.progress;
        let (mut asked, mut unknown) = (0_u32, 0);
        while !self.left().is_zero() {
            let Some(question) = self.question() else {
                break;
            };
            // An amount that was asked for stands in the payment, not in the question: it is read as its answer.
            let failed = match self.engine.run(&question, &read).await {
                // "In progress", or in the words of some servers "unknown".
                Ending::Open {
                    last: Some(heard @ Attempt::Answered(_)),
                } if !self.left().is_zero() => heard,
                Ending::Open { last: heard } => {
                    last = heard.or(last);
                    break;
                }
                Ending::Refused { refusal, last, .. } if may_know_more(refusal) => {
                    // The question was refused; of the payment, nothing is proved by that.
                    progress.set(Standing::Unknown);
                    last
                }
                ending => return ending,
            };
            match self.known(stored_failure(&failed)).await {
                Known::Ended(attempt) => {
                    progress.set(Standing::Final);
                    return Ending::Refused {
                        refusal: Refusal::Rejected,
                        last: attempt,
                        after_unknown: true,
                    };
                }
                Known::Done => {
                    // The server's own record says that it holds the answer: the same bytes under
                    // the same id fetch it, and move nothing.
                    let mut again = self.operation.clone();
                    again.options.deadline = Some(self.left());
                    again.options.attempt_timeout = Some(self.attempt_timeout);
                    again.options.is_part = true;
                    return self.engine.run(&again, &read).await;
                }
                Known::Running => {}
                Known::Another => {
                    return Ending::Refused {
                        refusal: Refusal::Conflict,
                        last: failed,
                        after_unknown: false,
                    };
                }
                Known::Nothing(recorded) if unknown == ASKED_AGAIN => {
                    return Ending::Parked {
                        last: failed,
                        recorded,
                    };
                }
                Known::Nothing(_) => unknown += 1,
            }
            last = Some(failed);
            asked = asked.saturating_add(1);
            let fraction = self.engine.chance.fraction();
            let wait = self.engine.policy.wait(Pace::Poll, asked, fraction, None);
            if !self
                .operation
                .waited(wait.min(self.left()), &*self.engine.clock)
                .await
            {
                break;
            }
        }
        Ending::Open { last }
    }

    /// `/PayResponse` under the payment's own id: what is learnt is learnt about the payment.
    fn question(&self) -> Option<Operation> {
        let mut question = fixed(
            &operations::PAY_RESPONSE,
            &[],
            "application/json",
            None,
            self.operation.id,
        )
        .ok()?;
        question.progress = self.operation.progress.clone();
        question.options = self.operation.options.clone();
        question.options.deadline = Some(self.left());
        question.options.ends = Ends::WhenInProgress;
        question.options.is_part = true;
        question.options.attempt_timeout = Some(self.attempt_timeout);
        Some(question)
    }

    /// Asks for the server's record. `problem` is what it said before.
    async fn known(&self, problem: Option<Attempt>) -> Known {
        let timeout = self.attempt_timeout.min(self.left());
        let Ok(token) = token(self.engine, TokenNeed::NextAttempt, timeout).await else {
            return Known::Nothing("cannot be asked for");
        };
        match ask(self.engine, self.operation, &token, timeout).await {
            Recorded::Done => Known::Done,
            // The first answer says why in better words than the record.
            Recorded::Failed(answer) => Known::Ended(problem.unwrap_or(Attempt::Answered(answer))),
            Recorded::FailedOther => Known::Another,
            recorded if recorded.is_in_progress() => Known::Running,
            Recorded::Open(recorded) => Known::Nothing(recorded),
        }
    }
}

/// An answer that can be the stored failure of a payment.
fn stored_failure(attempt: &Attempt) -> Option<Attempt> {
    match attempt {
        Attempt::Answered(answer)
            if answer.status.is_client_error() && answer.status != StatusCode::NOT_FOUND =>
        {
            Some(Attempt::Answered(answer.clone()))
        }
        _ => None,
    }
}

/// Whether the record of the operation can say more than this answer. An unknown id is answered 400,
/// 404 or 422, a stored failure with its own status (API facts, section 7, row 4).
fn may_know_more(refusal: Refusal) -> bool {
    matches!(
        refusal,
        Refusal::Rejected
            | Refusal::NotTaken
            | Refusal::ServerFault
            | Refusal::NotTheApi
            | Refusal::Unreadable
    )
}
