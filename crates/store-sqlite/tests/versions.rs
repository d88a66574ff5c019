//! Files of other versions.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failure here fails the test"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use pos_system_api::store::{OperationStore, Row, Stage, StoreErrorKind, Write};
use pos_system_api_store_sqlite::SqliteStore;
use support::{all, block_on, open, path, write};
use uuid::Uuid;

const ENDINGS: [&str; 2] = ["", "-commits"];

fn golden(version: u32, ending: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/version-{version}.db{ending}"))
}

/// What is in the files of version 1: a row of each stage.
fn rows() -> Vec<Row> {
    let rows = Stage::ALL.into_iter().zip(1_u32..);
    rows.map(|(stage, number)| {
        let row = Row {
            sequence: 0,
            operation_id: Uuid::from_u128(u128::from(number)),
            queue: "till".to_owned(),
            stage,
            parked: stage == Stage::Unknown,
            revision: 1,
            changed_unix_ms: 1_760_000_000_000 + i64::from(number),
            details: format!("{{\"number\":{number}}}"),
            body: (stage != Stage::Purged).then(|| vec![b'b'; 100].into()),
            answer: (stage == Stage::Final).then(|| "answer".into()),
            checksum: [0; 32],
        };
        row.sealed(u64::from(number))
    })
    .collect()
}

/// A copy of the files of a version.
fn copy_of(version: u32) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for ending in ENDINGS {
        let to = directory.path().join(format!("till.db{ending}"));
        fs::copy(golden(version, ending), to).unwrap();
    }
    directory
}

/// Files are written once for each version, and kept.
#[test]
#[ignore = "writes the files of a new version"]
fn write_golden_files() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for row in rows() {
        write(&store, Write::Insert(row));
    }
    drop(store);
    for ending in ENDINGS {
        let from = directory.path().join(format!("till.db{ending}"));
        let to = golden(1, ending);
        assert!(!to.exists(), "a version is written once");
        fs::copy(from, to).unwrap();
    }
}

#[test]
fn files_of_version_1_open() {
    let directory = copy_of(1);
    let store = open(directory.path());
    assert_eq!(all(&store), rows());
    assert_eq!(block_on(store.verify()).unwrap(), 8);
    support::add(&store, 2);
    drop(store);
    let store = open(directory.path());
    assert_eq!(all(&store)[..8], rows());
}

#[test]
fn files_of_a_later_version_are_refused_and_left_alone() {
    let directory = copy_of(1);
    let file = path(directory.path());
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute_batch("PRAGMA journal_mode = DELETE; PRAGMA user_version = 2")
        .unwrap();
    let before = fs::read(&file).unwrap();
    let error = SqliteStore::open(&file).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::TooNew);
    assert!(error.to_string().contains("version 2"), "{error}");
    assert!(fs::read(&file).unwrap() == before);
}
