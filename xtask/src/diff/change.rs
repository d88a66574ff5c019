//! One difference between two documents, and all of them together.

use std::collections::BTreeSet;
use std::fmt;

use super::Verdict;

/// Which way the thing that changed travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The operation itself.
    Call,
    /// From the caller to the server.
    Request,
    /// From the server to the caller.
    Response,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Call => "call",
            Self::Request => "request",
            Self::Response => "response",
        })
    }
}

/// One difference, as a caller sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Change {
    /// What it means.
    pub verdict: Verdict,
    /// Which way the thing travels.
    pub direction: Direction,
    /// An operation, or a component and member.
    pub place: String,
    /// What happened there.
    pub what: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            verdict,
            direction,
            place,
            what,
        } = self;
        write!(f, "{verdict:<8}  {direction:<8}  {place}: {what}")
    }
}

/// All differences, the worst first, then by direction and place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    changes: BTreeSet<(std::cmp::Reverse<Verdict>, Change)>,
}

impl Changes {
    pub(super) fn add(
        &mut self,
        verdict: Verdict,
        direction: Direction,
        place: &str,
        what: impl Into<String>,
    ) {
        // Names come from outside: one that breaks the line must not look like a verdict.
        let line = |text: &str| text.replace(char::is_control, " ");
        let change = Change {
            verdict,
            direction,
            place: line(place),
            what: line(&what.into()),
        };
        self.changes.insert((std::cmp::Reverse(verdict), change));
    }

    /// The changes, the worst first.
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().map(|(_, change)| change)
    }

    /// The worst of them.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.iter()
            .next()
            .map_or(Verdict::None, |change| change.verdict)
    }
}

/// A line for each change, and the verdict as the last one.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in self.iter() {
            writeln!(f, "{change}")?;
        }
        write!(f, "verdict: {}", self.verdict())
    }
}
