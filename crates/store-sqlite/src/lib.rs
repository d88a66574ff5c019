//! Durable operations of [`pos_system_api`] in a SQLite file: the store for a till.
//!
//! [`SqliteStore`] is an [`OperationStore`](pos_system_api::store::OperationStore) that one process has open
//! at a time. [`SqliteReader`] looks into one beside it, and gives what is left of a damaged one.
//!
//! A store `till.db` is several files, which belong together and are moved and copied together, while no
//! process has it open:
//!
//! | File | What it is |
//! |---|---|
//! | `till.db` | the database |
//! | `till.db-wal`, `till.db-shm` | SQLite's write-ahead log and its index, while the store is open or after its process was killed |
//! | `till.db-commits` | how many commits there are, so that a damaged end of the log is noticed; locked too |
//! | `till.db-lock` | locked by the process that has the store open; it stays when that ends |
//!
//! A copy of an open store is whole if `till.db-commits` is copied first, and then the database by SQLite itself
//! (`VACUUM INTO`, or its backup). A copy is for looking into: put back to work with, it would not know what was
//! sent since it was taken.
//!
//! Let no script delete any of them. `till.db-lock` alone can be spared: the lock of a process that was killed
//! is gone with the process, and where the file is deleted while the store is open, the store makes and locks it
//! again. A store whose database or log was deleted or replaced while it is open writes nothing more, and has to
//! be opened again; one that another process has taken over writes nothing while that has it.
//!
//! A hard link (`ln`, `cp -al`) is no copy: what is written to the store is written to both. It keeps no store
//! from being opened, and by whatever link a store is opened it is open once. But nothing else may write to it:
//! another program, SQLite's own too, would work by the other name with another log, or with an old one, and
//! damage both. Nor does the store notice one that opens the database with another file of commits, such as a
//! copy of it that was put beside the link.
//!
//! They can be read by their owner alone. They hold what the receipts hold, and so customer data, but no
//! access token.
//!
//! A commit is on stable storage if the disk does what it says. Network drives do not: neither their locks
//! nor their syncs can be relied on, and a store on one is not supported.
//!
//! # Features
//! `bundled` (default) compiles SQLite into the program. A program that links a SQLite of its own, 3.34 or
//! later, takes this crate with `default-features = false`.
#![forbid(unsafe_code)]

mod batch;
mod check;
mod counter;
mod failure;
mod files;
mod held;
mod lock;
mod log;
mod meta;
mod named;
mod open;
mod reader;
mod rows;
mod schema;
mod store;
mod writer;

pub use reader::{LostRow, SqliteReader};
pub use store::SqliteStore;
