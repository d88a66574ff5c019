//! What came of a run.

use serde::Serialize;

use crate::exchange::Exchange;

/// How a scenario ended.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
#[non_exhaustive]
pub enum Verdict {
    /// Every answer was as expected.
    AsExpected,
    /// An answer was not.
    Differs(Difference),
    /// It was not run, and why.
    Skipped {
        /// Why not.
        reason: String,
    },
}

/// The first answer of a scenario that is not as expected.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The step.
    pub step: String,
    /// What was expected and what came, one sentence each.
    pub reasons: Vec<String>,
    /// The requests of the scenario until then, without credentials.
    pub exchanges: Vec<Exchange>,
}

/// One scenario and how it ended.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The scenario's name.
    pub scenario: String,
    /// The sentence it stands for.
    pub about: String,
    /// The section of the fact sheet it rests on.
    pub facts: String,
    /// How it ended.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl Report {
    /// Whether an answer differed.
    pub fn differs(&self) -> bool {
        matches!(self.verdict, Verdict::Differs(_))
    }
}
