//! Opening a store: made if it is not there, and checked if it is.

use std::time::Duration;

use pos_system_api::store::StoreErrorKind;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags};

use crate::check::{self, Sound};
use crate::counter::{Count, Counter, Found};
use crate::failure::Failure;
use crate::files::Files;
use crate::lock::Lock;
use crate::meta::Meta;
use crate::named::NamedFile;
use crate::schema;

/// How long a write waits for another program that looks into the database, such as one that copies it.
const BUSY: Duration = Duration::from_secs(5);

/// A store that is sound and belongs to this process.
#[derive(Debug)]
pub(crate) struct Opened {
    // Dropped in this order: the lock goes last.
    pub(crate) connection: Connection,
    pub(crate) counter: Counter,
    pub(crate) meta: Meta,
    /// Whether the log is still to be brought to the database file.
    pub(crate) is_log_full: bool,
    pub(crate) database: NamedFile,
    pub(crate) log: NamedFile,
    pub(crate) lock: Lock,
}

pub(crate) fn open(files: &Files) -> Result<Opened, Failure> {
    open_and_check(files).map_err(Failure::before_any_call)
}

fn open_and_check(files: &Files) -> Result<Opened, Failure> {
    let lock = Lock::take(&files.lock)?;
    let (mut counter, count) = open_counter(files)?;
    files.create_database()?;
    files.make_private()?;
    files.sync_directory()?;
    // A process that was killed, or whose sync failed, may have written what is not on the disk. Nobody may
    // work with what a loss of power takes back, so it is brought there before anything reads it.
    files.sync_log()?;

    let connection = connect(files, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Until it is known to be sound, nothing in the files is changed.
    set_checkpoint_at_close(&connection, false)?;
    if connection.is_readonly(MAIN_DB)? {
        drop(connection);
        return Err(files.why_read_only());
    }
    if schema::is_empty(&connection)? {
        if count.commits > 0 {
            return Err(emptied(count));
        }
        create(&connection, count)?;
    }
    let Sound { meta, .. } = check::check(&connection, count)?;
    schema::migrate(&connection)?;
    use_log(&connection)?;

    // The log may be new.
    files.sync_directory()?;
    write_count(&mut counter, meta.commits, files)?;
    // Processes that write little and are killed would leave a log that only grows.
    let is_log_full = match checkpoint(&connection) {
        Err(failure) if matches!(failure.kind, StoreErrorKind::Full | StoreErrorKind::InUse) => {
            true
        }
        checkpointed => checkpointed.map(|()| false)?,
    };
    set_checkpoint_at_close(&connection, true)?;
    Ok(Opened {
        connection,
        counter,
        meta,
        is_log_full,
        database: NamedFile::at(&files.database)?,
        log: NamedFile::at(&files.log)?,
        lock,
    })
}

/// The counter of the store, new where everything is.
fn open_counter(files: &Files) -> Result<(Counter, Count), Failure> {
    match Counter::read(&files.counter)? {
        Found::Count { count, .. } if count.commits > 0 && !files.has_database() => {
            Err(emptied(count))
        }
        Found::Count { .. } => Counter::open(files),
        Found::Nothing | Found::Unreadable if !files.has_database() && !files.has_log() => {
            Counter::create(files)
        }
        Found::Nothing => Err(Failure::damaged(format!(
            "The file {} is missing: a store is moved and copied with all its files",
            files.counter.display()
        ))),
        Found::Unreadable => Err(Failure::damaged(format!(
            "The file {} is not what was written",
            files.counter.display()
        ))),
    }
}

fn emptied(count: Count) -> Failure {
    Failure::damaged(format!(
        "{} commits were written, and the database is empty or gone",
        count.commits
    ))
}

fn write_count(counter: &mut Counter, commits: u64, files: &Files) -> Result<(), Failure> {
    counter
        .write(commits)
        .map_err(|error| Failure::of_file("write", &files.counter, error))
}

/// Opens the database file, which is there.
pub(crate) fn connect(files: &Files, flags: OpenFlags) -> Result<Connection, Failure> {
    let connection =
        Connection::open_with_flags(&files.database, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1; \
         PRAGMA secure_delete = 1; PRAGMA cell_size_check = 1; PRAGMA trusted_schema = 0; \
         PRAGMA temp_store = MEMORY",
    )?;
    // Checkpoints are made where their failure is seen.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
    Ok(connection)
}

/// Whether what is in the log is brought to the database file when the connection ends.
pub(crate) fn set_checkpoint_at_close(
    connection: &Connection,
    is_made: bool,
) -> Result<(), Failure> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !is_made)?;
    Ok(())
}

fn use_log(connection: &Connection) -> Result<(), Failure> {
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode == "wal" {
        return Ok(());
    }
    Err(Failure::new(
        StoreErrorKind::Failed,
        format!("SQLite keeps no write-ahead log here, but a journal of mode {mode}"),
    ))
}

/// Makes the tables, in the database file itself and on stable storage.
fn create(connection: &Connection, count: Count) -> Result<(), Failure> {
    use_log(connection)?;
    schema::create(connection, &Meta::new(count.store_id))?;
    checkpoint(connection)
}

/// Brings what is in the log to the database file, as far as no reader keeps it from that. The temporary
/// database has none, and may be in use.
pub(crate) fn checkpoint(connection: &Connection) -> Result<(), Failure> {
    connection.query_row("PRAGMA main.wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    Ok(())
}
