//! Whether an open file is still the one that has its name.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use pos_system_api::store::StoreErrorKind;

use crate::failure::Failure;

/// A file by its name, and by what the system knows it as.
#[derive(Debug)]
pub(crate) struct NamedFile {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

impl NamedFile {
    /// The file that has this name now.
    pub(crate) fn at(path: &Path) -> Result<Self, Failure> {
        let found = path.metadata();
        let found = found.map_err(|error| Failure::of_file("look at", path, error))?;
        Ok(Self::new(path, &found))
    }

    /// A file that is open, by the name it was opened by.
    pub(crate) fn new(path: &Path, open: &Metadata) -> Self {
        Self {
            path: path.to_owned(),
            identity: identity(open),
        }
    }

    /// Whether it still has its name: what is written to it is lost otherwise, and a lock on it is found by
    /// nobody.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self.path.metadata() {
            Ok(found) if identity(&found) == self.identity => Ok(()),
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::of_file("look at", &self.path, error))
            }
            _ => Err(Failure::new(
                StoreErrorKind::Failed,
                format!(
                    "The file {} is gone or another one: it must not be deleted or moved while the \
                     store is open",
                    self.path.display()
                ),
            )),
        }
    }
}

/// The device and the number of the file on it.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

/// The standard library tells nothing there that is as good; that a file has the name is all that is seen.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}
