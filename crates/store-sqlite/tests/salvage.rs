//! What is given of a damaged store.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failure here fails the test"
)]

mod support;

use std::path::Path;

use pos_system_api::store::{Row, StoreErrorKind};
use pos_system_api_store_sqlite::{LostRow, SqliteReader, SqliteStore};
use support::{fill, path};

struct Salvaged {
    rows: Vec<Row>,
    lost: Vec<LostRow>,
    remarks: Vec<String>,
}

fn salvage(directory: &Path) -> Salvaged {
    let reader = SqliteReader::open(path(directory)).unwrap();
    let (mut rows, mut lost) = (Vec::new(), Vec::new());
    let remarks = reader
        .salvage(|row| match row {
            Ok(row) => rows.push(row),
            Err(row) => lost.push(row),
        })
        .unwrap();
    Salvaged {
        rows,
        lost,
        remarks,
    }
}

fn execute(directory: &Path, sql: &str) {
    rusqlite::Connection::open(path(directory))
        .unwrap()
        .execute_batch(sql)
        .unwrap();
}

#[test]
fn a_sound_store_is_given_whole() {
    let directory = tempfile::tempdir().unwrap();
    let rows = fill(directory.path(), 8);
    let salvaged = salvage(directory.path());
    assert_eq!(salvaged.rows, rows);
    assert_eq!((salvaged.lost.len(), salvaged.remarks.len()), (0, 0));
    let reader = SqliteReader::open(path(directory.path())).unwrap();
    assert_eq!(reader.verify().unwrap(), 8);
}

#[test]
fn lost_rows_are_named_and_the_others_given() {
    let directory = tempfile::tempdir().unwrap();
    let rows = fill(directory.path(), 8);
    execute(
        directory.path(),
        "UPDATE operations SET stage = 'purged' WHERE sequence = 2; \
         UPDATE operations SET operation_id = x'00' WHERE sequence = 3; \
         UPDATE operations SET revision = -1 WHERE sequence = 4; \
         DELETE FROM operations WHERE sequence IN (5, 8)",
    );
    let error = SqliteStore::open(path(directory.path())).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Damaged);
    let reader = SqliteReader::open(path(directory.path())).unwrap();
    assert_eq!(reader.verify().unwrap_err().kind(), StoreErrorKind::Damaged);

    let salvaged = salvage(directory.path());
    let intact = [&rows[0], &rows[5], &rows[6]];
    assert_eq!(salvaged.rows.iter().collect::<Vec<_>>(), intact);
    let lost: Vec<u64> = salvaged.lost.iter().map(|row| row.sequence).collect();
    assert_eq!(lost, [2, 3, 4, 5, 8]);
    for row in &salvaged.lost {
        let name = format!("Row {} ", row.sequence);
        assert!(row.reason.starts_with(&name), "{}", row.reason);
    }
}

#[test]
fn a_row_that_is_gone_is_missed_by_its_number() {
    for sequence in [1, 4, 8] {
        let directory = tempfile::tempdir().unwrap();
        fill(directory.path(), 8);
        let sql = format!("DELETE FROM operations WHERE sequence = {sequence}");
        execute(directory.path(), &sql);
        let error = SqliteStore::open(path(directory.path())).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Damaged);
        let missing = format!("Row {sequence} is missing");
        assert!(error.to_string().contains(&missing), "{error}");
    }
}

/// Open operations are found by an index: what that lacks would never be sent.
#[test]
fn an_index_that_lacks_a_row_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let rows = fill(directory.path(), 8);
    let rename = |from, to| {
        let sql = format!(
            "PRAGMA writable_schema = 1; UPDATE sqlite_master \
             SET sql = replace(sql, '{from}', '{to}') WHERE name = 'open_operations'"
        );
        execute(directory.path(), &sql);
    };
    rename("send-started", "send-ended");
    execute(directory.path(), "REINDEX open_operations");
    rename("send-ended", "send-started");
    let error = SqliteStore::open(path(directory.path())).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Damaged);
    assert!(error.to_string().contains("index"), "{error}");
    let salvaged = salvage(directory.path());
    assert_eq!(salvaged.rows, rows);
    assert_eq!(salvaged.remarks.len(), 1);
}

#[test]
fn rows_are_given_when_the_store_does_not_know_itself_any_more() {
    let directory = tempfile::tempdir().unwrap();
    let rows = fill(directory.path(), 3);
    execute(directory.path(), "UPDATE store SET commits = commits + 1");
    let salvaged = salvage(directory.path());
    assert_eq!(salvaged.rows, rows);
    assert_eq!(salvaged.remarks.len(), 1);

    std::fs::remove_file(directory.path().join("till.db-commits")).unwrap();
    execute(directory.path(), "UPDATE store SET commits = commits - 1");
    let salvaged = salvage(directory.path());
    assert_eq!(salvaged.rows, rows);
    assert!(salvaged.remarks[0].contains("till.db-commits"));
}

#[test]
fn nothing_is_made_by_a_look() {
    let directory = tempfile::tempdir().unwrap();
    let error = SqliteReader::open(path(directory.path())).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Damaged);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}
