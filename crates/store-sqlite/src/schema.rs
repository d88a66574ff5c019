//! The tables, by version.

use pos_system_api::store::StoreErrorKind;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::failure::Failure;
use crate::meta::Meta;

/// "posa": what tells this file from other databases.
const APPLICATION_ID: i32 = 0x706f_7361;

/// What is in a database, by name.
type Objects = [(&'static str, &'static str)];

/// What is done to a database.
type Migration = fn(&Connection) -> Result<(), Failure>;

/// A version of the tables.
struct Version {
    /// What is in a database of this version.
    objects: &'static Objects,
    /// What leads to it from the version before; to the first one from an empty database.
    migration: Migration,
}

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

/// All versions that there were, from 1. This program writes the last one.
const VERSIONS: &[Version] = &[Version {
    objects: VERSION_1,
    migration: create_version_1,
}];

fn create_version_1(connection: &Connection) -> Result<(), Failure> {
    let (tables, indexes): (Vec<_>, Vec<_>) = VERSION_1
        .iter()
        .partition(|(_, sql)| sql.starts_with("CREATE TABLE"));
    for (_, sql) in tables.iter().chain(&indexes) {
        connection.execute_batch(sql)?;
    }
    Ok(())
}

/// Whether nothing was ever put into the database.
pub(crate) fn is_empty(connection: &Connection) -> Result<bool, Failure> {
    let objects: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    Ok(objects == 0)
}

/// The version of a database with content, which is one of those known.
fn version(connection: &Connection, known: &[Version]) -> Result<usize, Failure> {
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(Failure::damaged(
            "The file is a database, but not a store of operations",
        ));
    }
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let newest = known.len();
    match usize::try_from(version) {
        Ok(version) if version > newest => Err(Failure::new(
            StoreErrorKind::TooNew,
            format!(
                "The store has version {version}, and this program knows {newest} and below: it \
                 was written by a later one"
            ),
        )),
        Ok(version) if version > 0 => Ok(version),
        _ => Err(Failure::damaged(format!(
            "The store has version {version}, which there never was"
        ))),
    }
}

/// Makes an empty database a store.
pub(crate) fn create(connection: &Connection, meta: &Meta) -> Result<(), Failure> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    take_steps(&transaction, 0, VERSIONS)?;
    meta.insert(&transaction)?;
    Ok(transaction.commit()?)
}

/// Brings an older store to this version, all or nothing.
pub(crate) fn migrate(connection: &Connection) -> Result<(), Failure> {
    migrate_to_last(connection, VERSIONS)
}

fn migrate_to_last(connection: &Connection, versions: &[Version]) -> Result<(), Failure> {
    let version = version(connection, versions)?;
    if version == versions.len() {
        return Ok(());
    }
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    take_steps(&transaction, version, versions)?;
    Ok(transaction.commit()?)
}

/// Takes the steps behind a version.
fn take_steps(connection: &Connection, from: usize, versions: &[Version]) -> Result<(), Failure> {
    for version in versions.iter().skip(from) {
        (version.migration)(connection)?;
    }
    connection.pragma_update(None, "user_version", versions.len() as i64)?;
    Ok(())
}

/// Whether the tables are those of the version.
pub(crate) fn check(connection: &Connection) -> Result<(), Failure> {
    check_one_of(connection, VERSIONS)
}

fn check_one_of(connection: &Connection, versions: &[Version]) -> Result<(), Failure> {
    let expected = versions[version(connection, versions)? - 1].objects;
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failure here fails the test")]
mod tests {
    use super::*;
    use crate::rows;

    const WITH_NOTES: &Objects = &[
        VERSION_1[0],
        (
            "notes",
            "CREATE TABLE notes (sequence INTEGER PRIMARY KEY, note TEXT)",
        ),
        VERSION_1[1],
        VERSION_1[2],
        VERSION_1[3],
        VERSION_1[4],
        VERSION_1[5],
    ];

    const WITH_NOTES_AND_TIMES: &Objects = &[
        VERSION_1[0],
        (
            "notes",
            "CREATE TABLE notes (sequence INTEGER PRIMARY KEY, note TEXT, time INTEGER)",
        ),
        VERSION_1[1],
        VERSION_1[2],
        VERSION_1[3],
        VERSION_1[4],
        VERSION_1[5],
    ];

    /// Two versions after the first, of which the second needs what the first has made.
    fn later() -> Vec<Version> {
        let first = Version {
            objects: VERSION_1,
            migration: create_version_1,
        };
        let notes = Version {
            objects: WITH_NOTES,
            migration: |connection| {
                connection.execute_batch(WITH_NOTES[1].1)?;
                let copy = "INSERT INTO notes SELECT sequence, queue FROM operations";
                Ok(connection.execute_batch(copy)?)
            },
        };
        let times = Version {
            objects: WITH_NOTES_AND_TIMES,
            migration: |connection| {
                let add = "ALTER TABLE notes ADD COLUMN time INTEGER";
                Ok(connection.execute_batch(add)?)
            },
        };
        vec![first, notes, times]
    }

    /// A copy of the store of version 1 that is kept.
    fn version_1() -> (tempfile::TempDir, Connection) {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("till.db");
        let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/version-1.db");
        std::fs::copy(golden, &file).unwrap();
        let connection = Connection::open(&file).unwrap();
        (directory, connection)
    }

    fn stored(connection: &Connection) -> (Meta, Vec<pos_system_api::store::Row>) {
        let mut stored = Vec::new();
        rows::all(connection, |row| {
            stored.push(row);
            Ok(true)
        })
        .unwrap();
        (Meta::read(connection).unwrap(), stored)
    }

    #[test]
    fn an_older_store_goes_through_the_steps_it_lacks() {
        let (_directory, connection) = version_1();
        let before = stored(&connection);
        let versions = later();
        check_one_of(&connection, &versions).unwrap();
        for last in [2, 3, 3] {
            migrate_to_last(&connection, &versions[..last]).unwrap();
            assert_eq!(version(&connection, &versions).unwrap(), last);
            check_one_of(&connection, &versions).unwrap();
        }
        let (_directory, connection) = version_1();
        migrate_to_last(&connection, &versions).unwrap();
        check_one_of(&connection, &versions).unwrap();
        assert_eq!(stored(&connection), before);
        let notes = "SELECT count(*) FROM notes WHERE note = 'till' AND time IS NULL";
        let notes: usize = connection.query_row(notes, [], |row| row.get(0)).unwrap();
        assert_eq!(notes, before.1.len());
        // What is there now is refused by this program, which does not know it.
        let refused = check(&connection).unwrap_err();
        assert_eq!(refused.kind, StoreErrorKind::TooNew);
    }

    #[test]
    fn a_step_that_fails_leaves_the_store_as_it_was() {
        let (_directory, connection) = version_1();
        let before = stored(&connection);
        let mut versions = later();
        versions[2].migration = |connection| {
            connection.execute_batch("DELETE FROM operations; DROP TABLE notes")?;
            Err(Failure::new(StoreErrorKind::Full, "There is no room"))
        };
        let failed = migrate_to_last(&connection, &versions).unwrap_err();
        assert_eq!(failed.kind, StoreErrorKind::Full);
        assert!(connection.is_autocommit());
        assert_eq!(stored(&connection), before);
        check(&connection).unwrap();
    }
}
