//! Why a store failed.

use std::error::Error as StdError;
use std::fmt;

/// Why a store failed. Its text is one sentence a help desk can work with.
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What sort of failure a [`StoreError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Somebody else works on the row.
    Held,
    /// The row was changed by somebody else meanwhile.
    Outdated,
    /// There is no such row.
    Missing,
    /// The store is open in another process.
    InUse,
    /// There is no room, or writing is not allowed. Nothing was written; it can be tried again.
    Full,
    /// Reading or writing failed, and what is on stable storage is not known: the store has to be opened
    /// again. One on a server connects again by itself for the next call.
    Failed,
    /// Something stored is not what was written.
    Damaged,
    /// The store was written by a later version of this program.
    TooNew,
}

impl StoreError {
    /// An error with its sentence.
    #[must_use]
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// With what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What sort of failure it is.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Whether nothing can be written any more before the store was opened again.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(
            self.kind,
            StoreErrorKind::Failed | StoreErrorKind::Damaged | StoreErrorKind::TooNew
        )
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreError")
            .field("kind", &self.kind)
            .field("message", &self.message)
            .field("source", &self.source)
            .finish()
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
