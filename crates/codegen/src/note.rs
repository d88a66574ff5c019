//! What each stage changed, so that nothing happens to a document unseen.

use std::fmt;

/// The stage of the pipeline a [`Note`] comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Reading the text.
    Load,
    /// Applying `overlay.yaml`.
    Overlay,
    /// Rules that rewrite what the generator cannot take.
    Normalise,
    /// Canonical names for operations and schemas.
    Name,
    /// Emitting code.
    Generate,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Load => "load",
            Self::Overlay => "overlay",
            Self::Normalise => "normalise",
            Self::Name => "name",
            Self::Generate => "generate",
        })
    }
}

/// One change made to the document on its way to code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where in the pipeline.
    pub stage: Stage,
    /// The rule, in a few words.
    pub rule: &'static str,
    /// What it touched: an operation, a schema or a target.
    pub subject: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.stage, self.rule, self.subject)
    }
}

/// The notes of one run, in order.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<Note>);

impl Notes {
    pub(crate) fn add(&mut self, stage: Stage, rule: &'static str, subject: impl Into<String>) {
        self.0.push(Note {
            stage,
            rule,
            subject: subject.into(),
        });
    }

    pub(crate) fn into_vec(self) -> Vec<Note> {
        self.0
    }
}
