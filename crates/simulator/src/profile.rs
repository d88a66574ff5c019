//! Which of the known servers the simulator behaves like.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::wire::route::{Action, Endpoint, Question};

/// The server that is simulated. They differ in how they answer repeats and failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// The cloud as its documentation describes it now (the default): a repeat of a running
    /// operation blocks until the operation is finished.
    #[default]
    Cloud21,
    /// The cloud of version 2.0: a repeat of a running operation is answered 422 at once.
    Spec20,
    /// The local server: 422 while running, errors as `application/json`, stored failures with
    /// the title `Error` and a detail that is encoded twice.
    ///
    /// Everything but `/echo`, `/sign` and the journal answers as [`Profile::Cloud21`], because the
    /// local server hands it on to the cloud.
    Local,
    /// The server of an unpublished draft: errors as `{error, message, details}`, 422 for another
    /// body under a known id and for a repeat of a running operation.
    Draft,
}

/// A text that names no profile.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown profile {name:?}, expected cloud21, spec20, local or draft")]
pub struct UnknownProfile {
    name: String,
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().as_str() {
            "cloud21" => Ok(Self::Cloud21),
            "spec20" => Ok(Self::Spec20),
            "local" => Ok(Self::Local),
            "draft" => Ok(Self::Draft),
            _ => Err(UnknownProfile { name: name.into() }),
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Cloud21 => "cloud21",
            Self::Spec20 => "spec20",
            Self::Local => "local",
            Self::Draft => "draft",
        })
    }
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 4] = [Self::Cloud21, Self::Spec20, Self::Local, Self::Draft];

    /// The profile whose rules answer `endpoint`.
    pub(crate) fn answering(self, endpoint: &Endpoint) -> Self {
        let served_locally = match endpoint {
            Endpoint::Operation(action) => matches!(action, Action::Echo | Action::Sign),
            Endpoint::Question(question) => matches!(
                question,
                Question::Journal
                    | Question::OperationItem(_)
                    | Question::OperationItems { .. }
                    | Question::PeekJournalItem { .. }
            ),
        };
        match self {
            Self::Local if !served_locally => Self::Cloud21,
            _ => self,
        }
    }

    /// Whether a repeat waits for the running operation instead of being answered 422.
    pub(crate) fn blocks_while_running(self) -> bool {
        self == Self::Cloud21
    }

    /// Whether an operation id that comes back at another endpoint is a conflict. The local server
    /// compares bodies only; of the others nothing is known, and an answer of one endpoint is no
    /// answer of another (facts 6.1).
    pub(crate) fn tells_endpoints_apart(self) -> bool {
        self != Self::Local
    }

    /// Whether finished operations carry `Location`.
    pub(crate) fn names_location(self) -> bool {
        self != Self::Local
    }
}
