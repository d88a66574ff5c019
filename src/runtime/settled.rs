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
    match judge(Attempt::Answered(answer), true, read) {
        Verdict::Done { value, answer } => Ending::Done { value, answer },
        Verdict::Refused { refusal, last } => refused(refusal, last),
        // A failure that the server had recorded as its last word.
        Verdict::Again { last, .. } => refused(Refusal::Rejected, last),
    }
}
