//! What is known about an operation at the server.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is known about whether the server has acted on an operation.
///
/// The worst of all attempts sticks: after one attempt whose fate is unknown, a later refused
/// connection proves nothing about the earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// Proved: no attempt was executed. None reached the server, or it said so (401, 429).
    NotSent,
    /// At least one attempt may have reached the server, and no answer settled what it did.
    Unknown,
    /// The server's answer settled it.
    Final,
}

impl Standing {
    /// The standing after one more attempt.
    pub(crate) fn worst(self, attempt: Self) -> Self {
        self.max(attempt)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "not sent",
            Self::Unknown => "unknown",
            Self::Final => "final",
        })
    }
}

/// The standing of one operation, shared by everything that holds it: a call that is dropped midway
/// leaves the truth in the handle that was taken before.
#[derive(Clone)]
pub(crate) struct Progress(Arc<Mutex<(Standing, u32)>>);

impl Progress {
    pub(crate) fn new(standing: Standing) -> Self {
        Self(Arc::new(Mutex::new((standing, 0))))
    }

    pub(crate) fn standing(&self) -> Standing {
        self.lock().0
    }

    pub(crate) fn set(&self, standing: Standing) {
        self.lock().0 = standing;
    }

    /// Notes that what settled it is lost: the server knows, and has to be asked again.
    pub(crate) fn unsettle(&self) {
        let mut progress = self.lock();
        if progress.0 == Standing::Final {
            progress.0 = Standing::Unknown;
        }
    }

    /// How many attempts were begun.
    pub(crate) fn attempts(&self) -> u32 {
        self.lock().1
    }

    /// Takes over the number of attempts that were counted earlier.
    pub(crate) fn restore_attempts(&self, attempts: u32) {
        self.lock().1 = attempts;
    }

    /// Notes that an attempt begins: from here on nothing is proved until it has ended.
    pub(crate) fn begin(&self) {
        let mut progress = self.lock();
        progress.0 = progress.0.worst(Standing::Unknown);
        progress.1 = progress.1.saturating_add(1);
    }

    fn lock(&self) -> MutexGuard<'_, (Standing, u32)> {
        // Two plain values, each written whole: a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an answer is the first of its operation or a stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Execution {
    /// Status 201: the operation was executed by this attempt.
    New,
    /// Status 200: it had been executed before, and this is its stored answer.
    Replayed,
}

impl Execution {
    /// 200 is a stored answer, every other success a new one (API facts, section 6.1).
    pub(crate) fn of(status: http::StatusCode) -> Self {
        if status == http::StatusCode::OK {
            Self::Replayed
        } else {
            Self::New
        }
    }
}

impl fmt::Display for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "new",
            Self::Replayed => "replayed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_that_begins_is_in_doubt_and_counted() {
        let progress = Progress::new(Standing::NotSent);
        let shared = progress.clone();
        progress.begin();
        assert_eq!(
            (shared.standing(), shared.attempts()),
            (Standing::Unknown, 1)
        );
        progress.set(Standing::NotSent);
        assert_eq!(
            (shared.standing(), shared.attempts()),
            (Standing::NotSent, 1)
        );
        progress.begin();
        progress.set(Standing::Final);
        progress.begin();
        // What is settled stays settled.
        assert_eq!((shared.standing(), shared.attempts()), (Standing::Final, 3));
    }

    #[test]
    fn what_settled_it_can_be_lost_and_nothing_else() {
        use Standing::{Final, NotSent, Unknown};
        for (before, after) in [(Final, Unknown), (Unknown, Unknown), (NotSent, NotSent)] {
            let progress = Progress::new(before);
            progress.unsettle();
            assert_eq!(progress.standing(), after);
        }
    }

    #[test]
    fn attempts_are_counted_on_from_what_was_stored() {
        let progress = Progress::new(Standing::Unknown);
        progress.restore_attempts(7);
        progress.begin();
        assert_eq!(progress.attempts(), 8);
    }

    #[test]
    fn the_worst_sticks() {
        use Standing::{Final, NotSent, Unknown};
        for (before, attempt, worst) in [
            (NotSent, NotSent, NotSent),
            (NotSent, Unknown, Unknown),
            (Unknown, NotSent, Unknown),
            (Unknown, Final, Final),
        ] {
            assert_eq!(before.worst(attempt), worst);
        }
    }

    #[test]
    fn each_has_its_words() {
        let words = [Standing::NotSent, Standing::Unknown, Standing::Final].map(|s| s.to_string());
        assert_eq!(words, ["not sent", "unknown", "final"]);
        let words = [200, 201, 204]
            .map(|status| Execution::of(http::StatusCode::from_u16(status).unwrap()).to_string());
        assert_eq!(words, ["replayed", "new", "new"]);
    }
}
