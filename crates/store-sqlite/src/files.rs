//! The files of a store: where they are, and who may read them.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use pos_system_api::store::StoreErrorKind;

use crate::failure::Failure;
use crate::log;

/// How long the path of a database can be: SQLite's limit for the path of its journal.
#[cfg(unix)]
const MAX_PATH_BYTES: usize = 512 - "-journal".len();
#[cfg(not(unix))]
const MAX_PATH_BYTES: usize = usize::MAX;

/// Where the header of a database says which format whoever writes to it has to know, and the newest that there
/// is (SQLite's file format, section 1.3.3).
const WRITTEN_BY: usize = 18;
const NEWEST_FORMAT: u8 = 2;

/// The paths of a store's files.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    /// The database, as the caller names it.
    pub(crate) database: PathBuf,
    /// How many commits there are, outside the database.
    pub(crate) counter: PathBuf,
    /// SQLite's log of what is not in the database file yet.
    pub(crate) log: PathBuf,
    /// Locked by the process that has the store open.
    pub(crate) lock: PathBuf,
}

impl Files {
    /// The files of the store with this path. Links are followed, also to a file that is yet to be made: by
    /// whatever name a store is opened, its lock is the same.
    pub(crate) fn of(path: &Path) -> Result<Self, Failure> {
        let found = match path.canonicalize() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Ok(target) = path.read_link() {
                    return Self::of(&directory(path).join(target));
                }
                let parent = directory(path).canonicalize();
                let name = path.file_name().ok_or(error);
                parent.and_then(|parent| Ok(parent.join(name?)))
            }
            found => found,
        };
        let database = found.map_err(|error| Failure::of_file("find", path, error))?;
        if database.is_dir() {
            return Err(Failure::new(StoreErrorKind::Failed, "It is a directory"));
        }
        if database.as_os_str().len() > MAX_PATH_BYTES {
            return Err(Failure::new(
                StoreErrorKind::Failed,
                format!("Its path is too long: SQLite takes {MAX_PATH_BYTES} bytes"),
            ));
        }
        let beside = |suffix: &str| {
            let mut path = database.as_os_str().to_owned();
            path.push(suffix);
            PathBuf::from(path)
        };
        Ok(Self {
            counter: beside("-commits"),
            log: beside("-wal"),
            lock: beside("-lock"),
            database,
        })
    }

    /// Whether there is a database with anything in it.
    pub(crate) fn has_database(&self) -> bool {
        // By name only: to open and close the file would let go of the locks that SQLite has on it.
        length(&self.database) > 0
    }

    /// Whether there is a log with anything in it. SQLite removes one whose database is empty.
    pub(crate) fn has_log(&self) -> bool {
        length(&self.log) > 0
    }

    /// Makes an empty database file if there is none, for its owner alone.
    pub(crate) fn create_database(&self) -> Result<(), Failure> {
        if self.database.exists() {
            return Ok(());
        }
        open_private(&self.database)
            .map(drop)
            .map_err(|error| Failure::of_file("create", &self.database, error))
    }

    /// Takes the files away from everybody but their owner. SQLite gives its own the mode of the database.
    pub(crate) fn make_private(&self) -> Result<(), Failure> {
        for path in [&self.database, &self.counter, &self.lock, &self.log] {
            if path.exists() {
                make_private(path)
                    .map_err(|error| Failure::of_file("set the mode of", path, error))?;
            }
        }
        Ok(())
    }

    /// Why SQLite does not write to the database. No connection is open: its locks would be let go of.
    pub(crate) fn why_read_only(&self) -> Failure {
        let mut header = [0; WRITTEN_BY + 1];
        let read = File::open(&self.database).and_then(|mut file| file.read_exact(&mut header));
        if read.is_ok() && header[WRITTEN_BY] > NEWEST_FORMAT {
            return Failure::damaged(
                "The header of the database names a format that is not written",
            );
        }
        Failure::new(StoreErrorKind::Full, "The database cannot be written to")
    }

    /// Brings the names of new files to stable storage.
    pub(crate) fn sync_directory(&self) -> Result<(), Failure> {
        let directory = directory(&self.database);
        sync_directory(directory).map_err(|error| Failure::of_file("sync", directory, error))
    }

    /// Brings to stable storage what is in the log, and may only have been written so far.
    pub(crate) fn sync_log(&self) -> Result<(), Failure> {
        log::write_again(&self.log).map_err(|error| Failure::of_file("sync", &self.log, error))
    }
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |metadata| metadata.len())
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Opens a file for reading and writing; a new one is for its owner alone.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = path.metadata()?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> io::Result<()> {
    // New files have the rights of their directory there.
    Ok(())
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
