//! Why a store failed.

use std::error::Error as StdError;
use std::fmt;

/// Why a store failed. Its text is one sentence a help desk can work with.
pub struct StoreError {
    kind: StoreErrorKind,
    is_unwritten: bool,
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
    /// The store is on a server that is away, busy, or not fit to be trusted now. Nothing was written; the
    /// store connects again by itself for the next call.
    Unavailable,
    /// The server of the store did not say what became of a commit: it is not known what was written. The
    /// store connects again by itself for the next call, which finds what is there.
    InDoubt,
    /// Reading or writing failed, and it is not known what was written: the store has to be opened again.
    /// Calls that are made before that fail in the same way, and write nothing.
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
            is_unwritten: false,
            message: message.into(),
            source: None,
        }
    }

    /// For a failure of a kind that leaves open what was written, where it is proved that nothing was: a
    /// store that failed before does not begin another write.
    #[must_use]
    pub fn with_nothing_written(mut self) -> Self {
        self.is_unwritten = true;
        self
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

    /// Whether it is proved that a [commit](super::OperationStore::commit) has written nothing, so that
    /// nobody ever finds what it was to write: true of [`Held`](StoreErrorKind::Held), [`Outdated`](StoreErrorKind::Outdated),
    /// [`Missing`](StoreErrorKind::Missing), [`InUse`](StoreErrorKind::InUse),
    /// [`Full`](StoreErrorKind::Full) and [`Unavailable`](StoreErrorKind::Unavailable), and of any error
    /// [that says so](Self::with_nothing_written).
    ///
    /// Otherwise it is not known: an intent may stand in the store and be sent by whoever finds it there,
    /// although the commit that was to write it has failed.
    #[must_use]
    pub fn wrote_nothing(&self) -> bool {
        match self.kind {
            StoreErrorKind::Held
            | StoreErrorKind::Outdated
            | StoreErrorKind::Missing
            | StoreErrorKind::InUse
            | StoreErrorKind::Full
            | StoreErrorKind::Unavailable => true,
            StoreErrorKind::InDoubt
            | StoreErrorKind::Failed
            | StoreErrorKind::Damaged
            | StoreErrorKind::TooNew => self.is_unwritten,
        }
    }

    /// Whether nothing can be written any more before the store was opened again, be it another one, or by
    /// another version of this program: true of [`Failed`](StoreErrorKind::Failed),
    /// [`Damaged`](StoreErrorKind::Damaged) and [`TooNew`](StoreErrorKind::TooNew).
    ///
    /// A store on a server that is away is not lost: it can be asked again.
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
            .field("wrote_nothing", &self.wrote_nothing())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Of each kind: whether nothing was written, and whether the store has to be opened again.
    const KINDS: [(StoreErrorKind, bool, bool); 10] = [
        (StoreErrorKind::Held, true, false),
        (StoreErrorKind::Outdated, true, false),
        (StoreErrorKind::Missing, true, false),
        (StoreErrorKind::InUse, true, false),
        (StoreErrorKind::Full, true, false),
        (StoreErrorKind::Unavailable, true, false),
        (StoreErrorKind::InDoubt, false, false),
        (StoreErrorKind::Failed, false, true),
        (StoreErrorKind::Damaged, false, true),
        (StoreErrorKind::TooNew, false, true),
    ];

    #[test]
    fn a_kind_says_what_was_written_and_whether_the_store_goes_on() {
        for (kind, wrote_nothing, is_fatal) in KINDS {
            let error = StoreError::new(kind, "the test has it so");
            assert_eq!(error.wrote_nothing(), wrote_nothing, "{error:?}");
            assert_eq!(error.is_fatal(), is_fatal, "{error:?}");
        }
    }

    #[test]
    fn what_is_proved_counts_for_more_than_the_kind() {
        for (kind, _, is_fatal) in KINDS {
            let error = StoreError::new(kind, "the test has it so").with_nothing_written();
            assert!(error.wrote_nothing(), "{error:?}");
            assert_eq!(error.is_fatal(), is_fatal, "{error:?}");
        }
    }
}
