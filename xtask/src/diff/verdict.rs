//! How much a change costs those who use a client of the document.

use std::fmt;

/// What a change means for the users of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nobody has to do anything, and nobody can do anything new.
    None,
    /// Something new can be used; what worked goes on working.
    Additive,
    /// What worked may fail to compile or to be accepted.
    Breaking,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Additive => "additive",
            Self::Breaking => "breaking",
        })
    }
}
