//! Who has the store open: a lock of the operating system on a file of its own.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use pos_system_api::store::StoreErrorKind;

use crate::failure::Failure;
use crate::files::open_private;
use crate::named::has_name;

/// The store is this process's as long as this lives. The operating system gives it back when the process
/// ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    /// What is locked; nothing while another process has the store.
    locked: Option<File>,
}

impl Lock {
    /// Takes the store for this process.
    pub(crate) fn take(path: &Path) -> Result<Self, Failure> {
        let mut lock = Self {
            path: path.to_owned(),
            locked: None,
        };
        if lock.lock()? {
            Ok(lock)
        } else {
            Err(open_elsewhere())
        }
    }

    /// Whether the store is this process's yet. A lock that was deleted is made again: nothing is lost with
    /// it, unless another process has taken the store since.
    pub(crate) fn check(&mut self) -> Result<(), Failure> {
        if self.is_found() || self.lock()? {
            return Ok(());
        }
        Err(Failure::new(
            StoreErrorKind::InUse,
            "The lock of the store was deleted, and another process has opened the store since",
        ))
    }

    /// Whether another process would come across what is locked.
    fn is_found(&self) -> bool {
        let locked = self.locked.as_ref();
        locked.is_some_and(|file| has_name(&self.path, file).unwrap_or(false))
    }

    /// Locks the file that has the name; false if another process has.
    fn lock(&mut self) -> Result<bool, Failure> {
        let file = open_private(&self.path)
            .map_err(|error| Failure::of_file("create", &self.path, error))?;
        let mut is_locked = try_lock(&file, &self.path)?;
        if !is_locked && self.locked.take().is_some() {
            // It may have been the same file all the time, if its file system does not say so.
            is_locked = try_lock(&file, &self.path)?;
        }
        if is_locked {
            self.locked = Some(file);
        }
        Ok(is_locked)
    }
}

/// Locks an open file until it is closed; false if it is locked by another process, or otherwise open and
/// locked in this one.
pub(crate) fn try_lock(file: &File, path: &Path) -> Result<bool, Failure> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(Failure::of_file("lock", path, error)),
    }
}

/// What whoever opens the store is told.
pub(crate) fn open_elsewhere() -> Failure {
    Failure::new(
        StoreErrorKind::InUse,
        "It is open in another process, or twice in this one",
    )
}
