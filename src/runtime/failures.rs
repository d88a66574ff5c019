//! How often a run has failed so far, and in what way.

use super::policy::Pace;
use super::verdict::Refusal;

/// The failures of a run so far: each kind of trouble has an allowance of its own, and polls do not
/// lengthen the waits after lost connections.
#[derive(Default)]
pub(super) struct Failures {
    limited: Vec<Refusal>,
    polls: u32,
    others: u32,
}

impl Failures {
    /// Counts a failure with an allowance.
    pub(super) fn count(&mut self, refusal: Refusal) -> u32 {
        self.limited.push(refusal);
        let times = self.limited.iter().filter(|kind| **kind == refusal).count();
        u32::try_from(times).unwrap_or(u32::MAX)
    }

    /// Counts a failure by its pace.
    pub(super) fn paced(&mut self, pace: Pace) -> u32 {
        let counter = match pace {
            Pace::Poll => &mut self.polls,
            Pace::AtOnceThenBackoff | Pace::Backoff => &mut self.others,
        };
        *counter = counter.saturating_add(1);
        *counter
    }
}
