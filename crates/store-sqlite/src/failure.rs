//! What went wrong, in the words of the contract.

use std::error::Error as StdError;
use std::io;
use std::path::Path;
use std::sync::Arc;

use pos_system_api::store::{StoreError, StoreErrorKind};
use rusqlite::ErrorCode;

/// A failure that several callers can be told.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) kind: StoreErrorKind,
    pub(crate) message: String,
    /// Whether it is proved that nothing of what was asked for was written.
    is_unwritten: bool,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

/// SQLite's code for a statement that does not fit the tables. All statements here are fixed.
const ERROR: i32 = 1;

/// SQLite's code for a database file that was moved or deleted while it is open.
const READONLY_DBMOVED: i32 = 1032;

/// SQLite's code for an index of the log that cannot be made or made larger.
const IOERR_SHMSIZE: i32 = 4874;

impl Failure {
    pub(crate) fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            is_unwritten: false,
            cause: None,
        }
    }

    pub(crate) fn damaged(message: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Damaged, message)
    }

    /// A file could not be made, read or written.
    pub(crate) fn of_file(what: &str, path: &Path, error: io::Error) -> Self {
        let kind = if is_without_room(&error) {
            StoreErrorKind::Full
        } else {
            StoreErrorKind::Failed
        };
        Self {
            kind,
            message: format!("Cannot {what} {}: {error}", path.display()),
            is_unwritten: false,
            cause: Some(Arc::new(error)),
        }
    }

    /// What it is while the store is opened. Later, SQLite may have committed before it finds that there is no
    /// room for the index of its log.
    pub(crate) fn before_any_call(mut self) -> Self {
        let error = self.cause.as_ref().and_then(|cause| cause.downcast_ref());
        if let Some(rusqlite::Error::SqliteFailure(failure, _)) = error
            && failure.extended_code == IOERR_SHMSIZE
        {
            self.kind = StoreErrorKind::Full;
            self.message = format!("There may be no room for the store: {}", self.message);
        }
        self
    }

    /// What came before anything was written.
    pub(crate) fn with_nothing_written(mut self) -> Self {
        self.is_unwritten = true;
        self
    }

    /// With the store it is about, for whoever wanted to open it.
    pub(crate) fn opening(mut self, path: &Path) -> Self {
        self.message = format!("Cannot open the store {}: {}", path.display(), self.message);
        self
    }

    /// Whether only what was asked for is refused, and everything else goes on.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(
            self.kind,
            StoreErrorKind::Held | StoreErrorKind::Outdated | StoreErrorKind::Missing
        )
    }

    /// What every call is told after this.
    pub(crate) fn lasting(&self) -> Self {
        let kind = match self.kind {
            StoreErrorKind::Damaged => StoreErrorKind::Damaged,
            _ => StoreErrorKind::Failed,
        };
        Self {
            kind,
            message: format!(
                "The store failed and has to be opened again: {}",
                self.message
            ),
            is_unwritten: true,
            cause: self.cause.clone(),
        }
    }
}

/// Whether a write was refused for want of room or of permission.
pub(crate) fn is_without_room(error: &io::Error) -> bool {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(
        error.kind(),
        PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | StorageFull
    )
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        use StoreErrorKind::{Damaged, Failed, Full, InUse};
        let (kind, what) = match &error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => (Full, "There is no room for the store"),
                ErrorCode::ReadOnly if failure.extended_code != READONLY_DBMOVED => {
                    (Full, "The store cannot be written to")
                }
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                    (InUse, "Another program is writing to the store")
                }
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                    (Damaged, "The store's database is damaged")
                }
                _ if failure.extended_code & 0xff == ERROR => {
                    (Damaged, "The store's database is damaged")
                }
                _ => (Failed, "The store's database failed"),
            },
            // What was read is not what this program writes.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..)
            | rusqlite::Error::QueryReturnedNoRows => (Damaged, "The store's database is damaged"),
            _ => (Failed, "The store's database failed"),
        };
        Self {
            kind,
            message: format!("{what}: {error}"),
            is_unwritten: false,
            cause: Some(Arc::new(error)),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        let error = Self::new(failure.kind, failure.message);
        let error = if failure.is_unwritten {
            error.with_nothing_written()
        } else {
            error
        };
        match failure.cause {
            Some(cause) => error.with_source(cause as Arc<dyn StdError + Send + Sync>),
            None => error,
        }
    }
}
