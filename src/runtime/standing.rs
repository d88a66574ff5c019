//! What is known about an operation at the server.

use std::fmt;

/// What is known about whether the server has acted on an operation.
///
/// The worst of all attempts sticks: after one attempt whose fate is unknown, a later refused
/// connection proves nothing about the earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Standing {
    /// Proved: no attempt reached the server. Nothing happened there.
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

/// Whether an answer is the first of its operation or a stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Execution {
    /// Status 201: the operation was executed by this attempt.
    New,
    /// Status 200: it had been executed before, and this is its stored answer.
    Replayed,
}

impl fmt::Display for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "new",
            Self::Replayed => "replayed",
        })
    }
}
