//! The end of an operation that was settled before.

use super::attempt::{Answer, Attempt};
use super::operation::Operation;
use super::run::Ending;
use super::standing::Standing;
use super::verdict::{Reading, Refusal, Verdict, judge};

/// The end that a stored answer means for its operation. Nothing is sent.
pub(crate) fn settled<T>(
    operation: &Operation,
    answer: Answer,
    read: impl FnOnce(&Answer) -> Reading<T>,
) -> Ending<T> {
    operation.progress.set(Standing::Final);
    let refused = |refusal, last| Ending::Refused {
        refusal,
        last,
        after_unknown: false,
    };
    let is_success = answer.status.is_success();
    match judge(Attempt::Answered(answer), true, read) {
        Verdict::Done { value, answer } => Ending::Done { value, answer },
        Verdict::Refused { refusal, last } if is_success => refused(refusal, last),
        // It is read as another call than the one that made it.
        Verdict::Again { last, .. } if is_success => refused(Refusal::Unreadable, last),
        // Whatever its status, it was the server's last word.
        Verdict::Refused { last, .. } | Verdict::Again { last, .. } => {
            refused(Refusal::Rejected, last)
        }
    }
}
