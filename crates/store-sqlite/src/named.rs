//! Whether an open file is still the one that has its name.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use pos_system_api::store::StoreErrorKind;

use crate::failure::Failure;

/// A file that SQLite has open, by its name.
#[derive(Debug)]
pub(crate) struct NamedFile {
    path: PathBuf,
    #[cfg(any(target_os = "linux", target_os = "android"))]
    file: File,
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    metadata: Metadata,
}

impl NamedFile {
    /// The file that has this name now.
    pub(crate) fn at(path: &Path) -> Result<Self, Failure> {
        Self::open(path).map_err(|error| Failure::of_file("look at", path, error))
    }

    /// Not opened for reading: to close such a file would let go of the locks that SQLite has on it.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn open(path: &Path) -> io::Result<Self> {
        use rustix::fs::{Mode, OFlags};
        let file = rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Self {
            path: path.to_owned(),
            file: file.into(),
        })
    }

    /// There is no such way to have it open there: it is known by the number that it had.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            metadata: path.metadata()?,
        })
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn has_name(&self) -> io::Result<bool> {
        has_name(&self.path, &self.file)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn has_name(&self) -> io::Result<bool> {
        look_twice(&self.path, || Ok(identity(&self.metadata)))
    }

    /// Whether it still has its name: what is written to it is lost otherwise.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self.has_name() {
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

/// Whether a file that is open has this name.
pub(crate) fn has_name(path: &Path, open: &File) -> io::Result<bool> {
    look_twice(path, || Ok(identity(&open.metadata()?)))
}

/// Compares what has a name with a file. Both are looked at anew, and again if they differ: some file systems
/// that look like one of the machine give a file another number now and then.
fn look_twice(path: &Path, open: impl Fn() -> io::Result<Option<(u64, u64)>>) -> io::Result<bool> {
    let look = || match path.metadata() {
        Ok(named) => Ok(identity(&named) == open()?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    };
    match look() {
        Ok(true) => Ok(true),
        _ => look(),
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
