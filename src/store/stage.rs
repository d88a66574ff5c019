//! How far an operation got.

use std::fmt;

/// How far an operation got, as it stands in the store.
///
/// `Prepared -> SendStarted -> Unknown -> Final -> Acknowledged -> Purged`, where an attempt that is proved
/// not to have been executed leads back to `Prepared`, and an open operation can be abandoned or replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Proved: no attempt was executed by the server.
    Prepared,
    /// An attempt may be under way, or was when the power failed.
    SendStarted,
    /// All attempts have ended, and one of them may have been executed.
    Unknown,
    /// Settled; nobody has taken note of the answer yet.
    Final,
    /// Settled, and its answer was taken.
    Acknowledged,
    /// Given up by a person, or by the program.
    Abandoned,
    /// Replaced by a late signing, before the server executed it.
    Replaced,
    /// Ended, with its content removed: body and answer are gone, and its id, its digest, its dates and what
    /// the log says of it are left.
    Purged,
}

impl Stage {
    /// All, as they follow each other.
    pub const ALL: [Self; 8] = [
        Self::Prepared,
        Self::SendStarted,
        Self::Unknown,
        Self::Final,
        Self::Acknowledged,
        Self::Abandoned,
        Self::Replaced,
        Self::Purged,
    ];

    /// Whether something is left to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Prepared | Self::SendStarted | Self::Unknown)
    }

    /// Whether nothing is left to be done, and nothing to be told.
    #[must_use]
    pub const fn is_ended(self) -> bool {
        matches!(
            self,
            Self::Acknowledged | Self::Abandoned | Self::Replaced | Self::Purged
        )
    }

    /// The word it is stored as, such as `send-started`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::SendStarted => "send-started",
            Self::Unknown => "unknown",
            Self::Final => "final",
            Self::Acknowledged => "acknowledged",
            Self::Abandoned => "abandoned",
            Self::Replaced => "replaced",
            Self::Purged => "purged",
        }
    }

    /// The stage of a stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
