//! Who has the store open: a lock of the operating system on a file of its own.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use pos_system_api::store::StoreErrorKind;

use crate::failure::Failure;
use crate::files::open_private;

/// The store is this process's as long as this lives. The operating system gives it back when the process
/// ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the store for this process.
    pub(crate) fn take(path: &Path) -> Result<Self, Failure> {
        let file = open_private(path).map_err(|error| Failure::of_file("create", path, error))?;
        match file.try_lock() {
            Ok(()) => {
                let path = path.to_owned();
                let lock = Self { file, path };
                // Somebody may have deleted it between the two.
                lock.check()?;
                Ok(lock)
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
        match is_same(&self.file, &self.path) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::new(
                StoreErrorKind::Failed,
                format!(
                    "The file {} is gone or another one: it must not be deleted or moved while the \
                     store is open",
                    self.path.display()
                ),
            )),
            Err(error) => Err(Failure::of_file("look at", &self.path, error)),
        }
    }
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let there = match path.metadata() {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let own = file.metadata()?;
    Ok((own.dev(), own.ino()) == (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn is_same(_: &File, _: &Path) -> io::Result<bool> {
    // Files have no identity that the standard library tells there.
    Ok(true)
}
