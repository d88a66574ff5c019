//! The tables, by version.

use pos_system_api::store::StoreErrorKind;
use rusqlite::Connection;

use crate::failure::Failure;
use crate::meta::Meta;

/// "posa": what tells this file from other databases.
const APPLICATION_ID: i32 = 0x706f_7361;

/// What is in a database, by name.
type Objects = [(&'static str, &'static str)];

/// What is done to a database.
type Migration = fn(&Connection) -> Result<(), Failure>;

/// Version 1. Each text is compared with what is stored, so that a damaged one is not taken for the schema.
const VERSION_1: &Objects = &[
    (
        "ended_operations",
        "CREATE INDEX ended_operations ON operations (sequence, changed_unix_ms) \
         WHERE stage IN ('acknowledged', 'abandoned', 'replaced')",
    ),
    (
        "open_operations",
        "CREATE INDEX open_operations ON operations (sequence, queue) \
         WHERE stage IN ('prepared', 'send-started', 'unknown')",
    ),
    (
        "operation_ids",
        "CREATE UNIQUE INDEX operation_ids ON operations (operation_id)",
    ),
    (
        "operations",
        "CREATE TABLE operations (sequence INTEGER PRIMARY KEY, operation_id BLOB NOT NULL, \
         queue TEXT NOT NULL, stage TEXT NOT NULL, parked INTEGER NOT NULL, \
         revision INTEGER NOT NULL, changed_unix_ms INTEGER NOT NULL, details TEXT NOT NULL, \
         body BLOB, answer BLOB, checksum BLOB NOT NULL)",
    ),
    (
        "store",
        "CREATE TABLE store (id INTEGER PRIMARY KEY, store_id BLOB NOT NULL, \
         first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL, \
         commits INTEGER NOT NULL, checksum BLOB NOT NULL)",
    ),
    (
        "untaken_operations",
        "CREATE INDEX untaken_operations ON operations (sequence, queue) WHERE stage = 'final'",
    ),
];

/// What is in a database of each version, from 1.
const SCHEMAS: [&Objects; 1] = [VERSION_1];

/// What leads to each version from the one before; to the first from an empty database.
const MIGRATIONS: [Migration; SCHEMAS.len()] = [|connection| {
    let (tables, indexes): (Vec<_>, Vec<_>) = VERSION_1
        .iter()
        .partition(|(_, sql)| sql.starts_with("CREATE TABLE"));
    for (_, sql) in tables.iter().chain(&indexes) {
        connection.execute_batch(sql)?;
    }
    Ok(())
}];

/// The version that this program writes.
const VERSION: usize = SCHEMAS.len();

/// Whether nothing was ever put into the database.
pub(crate) fn is_empty(connection: &Connection) -> Result<bool, Failure> {
    let objects: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    Ok(objects == 0)
}

/// The version of a database with content.
pub(crate) fn version(connection: &Connection) -> Result<usize, Failure> {
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(Failure::damaged(
            "The file is a database, but not a store of operations",
        ));
    }
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match usize::try_from(version) {
        Ok(version @ 1..=VERSION) => Ok(version),
        Ok(version @ VERSION..) => Err(Failure::new(
            StoreErrorKind::TooNew,
            format!(
                "The store has version {version}, and this program knows {VERSION} and below: \
                 it was written by a later one"
            ),
        )),
        _ => Err(Failure::damaged(format!(
            "The store has version {version}, which there never was"
        ))),
    }
}

/// Makes an empty database a store.
pub(crate) fn create(connection: &Connection, meta: &Meta) -> Result<(), Failure> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    migrate_from(connection, 0)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    meta.insert(connection)?;
    connection.execute_batch("COMMIT")?;
    Ok(())
}

/// Brings an older store to this version, all or nothing.
pub(crate) fn migrate(connection: &Connection) -> Result<(), Failure> {
    let version = version(connection)?;
    if version == VERSION {
        return Ok(());
    }
    connection.execute_batch("BEGIN IMMEDIATE")?;
    migrate_from(connection, version)?;
    connection.execute_batch("COMMIT")?;
    Ok(())
}

fn migrate_from(connection: &Connection, version: usize) -> Result<(), Failure> {
    for migration in MIGRATIONS.iter().skip(version) {
        migration(connection)?;
    }
    connection.pragma_update(None, "user_version", VERSION as i64)?;
    Ok(())
}

/// Whether the tables are those of the version.
pub(crate) fn check(connection: &Connection) -> Result<(), Failure> {
    let expected = SCHEMAS[version(connection)? - 1];
    let mut statement =
        connection.prepare("SELECT name, coalesce(sql, '') FROM sqlite_master ORDER BY name")?;
    let found = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(String, String)>, _>>()?;
    let same = |(name, sql): &(String, String), expected: &(&str, &str)| {
        name == expected.0 && sql == expected.1
    };
    if found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| same(a, b)) {
        return Ok(());
    }
    Err(Failure::damaged(
        "The store's tables are not those that were made",
    ))
}
