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

    /// How many attempts were begun.
    pub(crate) fn attempts(&self) -> u32 {
        self.lock().1
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
