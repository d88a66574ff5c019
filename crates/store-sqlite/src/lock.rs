//! Who has the store open: a lock of the operating system on a file of its own.

use std::fs::{File, TryLockError};
use std::path::Path;

use pos_system_api::store::StoreErrorKind;

use crate::failure::Failure;
use crate::files::open_private;
use crate::named::NamedFile;

/// The store is this process's as long as this lives. The operating system gives it back when the process
/// ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    name: NamedFile,
    _file: File,
}

impl Lock {
    /// Takes the store for this process.
    pub(crate) fn take(path: &Path) -> Result<Self, Failure> {
        let file = open_private(path).map_err(|error| Failure::of_file("create", path, error))?;
        match file.try_lock() {
            Ok(()) => {
                let open = file.metadata();
                let open = open.map_err(|error| Failure::of_file("look at", path, error))?;
                let name = NamedFile::new(path, &open);
                // Somebody may have deleted it between the two.
                name.check()?;
                Ok(Self { name, _file: file })
            }
            Err(TryLockError::WouldBlock) => Err(Failure::new(
                StoreErrorKind::InUse,
                "It is open in another process, or twice in this one",
            )),
            Err(TryLockError::Error(error)) => Err(Failure::of_file("lock", path, error)),
        }
    }

    /// Whether another process would find the lock: it does not if the file was deleted.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.name.check()
    }
}
