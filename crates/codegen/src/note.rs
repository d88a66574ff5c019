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
    is_warning: bool,
}

impl Note {
    /// Whether a line of the overlay or of the names had no effect on this document, so that one of
    /// the two may need a repair.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        self.is_warning
    }
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
        self.push(stage, rule, subject.into(), false);
    }

    /// As [`add`](Self::add), for what asks for a repair.
    pub(crate) fn warn(&mut self, stage: Stage, rule: &'static str, subject: impl Into<String>) {
        self.push(stage, rule, subject.into(), true);
    }

    fn push(&mut self, stage: Stage, rule: &'static str, subject: String, is_warning: bool) {
        self.0.push(Note {
            stage,
            rule,
            subject,
            is_warning,
        });
    }

    pub(crate) fn into_vec(self) -> Vec<Note> {
        self.0
    }
}
