//! Why a store cannot be used.

use std::path::PathBuf;

use thiserror::Error;

/// Why a store cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be opened, read or written.
    #[error("cannot read or write the store {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Another simulator, in this process or another, has the file open.
    #[error("the store {} is in use by another simulator", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The simulator was shut down.
    #[error("the simulator is shut down")]
    Closed,
    /// The file is something else. It was left as it is.
    #[error("{} is not a store of the simulator", path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a version with another format.
    #[error(
        "the store {} has format {found}, this version reads format {known}",
        path.display()
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// The format of the file.
        found: u64,
        /// The only format that is read.
        known: u64,
    },
    /// The file belongs to a simulator that was set up differently.
    #[error(
        "the store {} was made with {member} {stored}, not {wanted}",
        path.display()
    )]
    Configuration {
        /// The file.
        path: PathBuf,
        /// The first member that differs.
        member: String,
        /// Its value in the file.
        stored: String,
        /// The value that was asked for.
        wanted: String,
    },
    /// A line is not what was written.
    #[error("the store {} is damaged in line {line}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
}
