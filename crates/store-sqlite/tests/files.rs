//! The files of a store: whose they are, and where.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failure here fails the test"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use pos_system_api::store::StoreErrorKind;
use pos_system_api_store_sqlite::SqliteStore;
use support::{add, all, open, path};

fn modes(directory: &Path) -> BTreeMap<String, u32> {
    let entries = fs::read_dir(directory).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let mode = entry.metadata().unwrap().permissions().mode();
            (entry.file_name().into_string().unwrap(), mode & 0o777)
        })
        .collect()
}

#[test]
fn all_files_are_their_owners_alone() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    add(&store, 2);
    let expected =
        ["", "-commits", "-lock", "-shm", "-wal"].map(|ending| (format!("till.db{ending}"), 0o600));
    assert_eq!(modes(directory.path()), BTreeMap::from(expected.clone()));
    drop(store);
    assert_eq!(modes(directory.path()).len(), 3);

    // Files that were copied by somebody less careful.
    for name in modes(directory.path()).keys() {
        let mode = fs::Permissions::from_mode(0o644);
        fs::set_permissions(directory.path().join(name), mode).unwrap();
    }
    let store = open(directory.path());
    add(&store, 1);
    assert_eq!(modes(directory.path()), BTreeMap::from(expected));
}

#[test]
fn a_store_is_moved_with_its_files() {
    let directory = tempfile::tempdir().unwrap();
    let rows = support::fill(directory.path(), 3);
    let elsewhere = tempfile::tempdir().unwrap();
    for ending in ["", "-commits"] {
        let name = format!("till.db{ending}");
        fs::rename(directory.path().join(&name), elsewhere.path().join(&name)).unwrap();
    }
    assert_eq!(all(&open(elsewhere.path())), rows);
}

#[test]
fn a_directory_that_is_not_there_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["missing/till.db", "."] {
        let error = SqliteStore::open(directory.path().join(name)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Failed, "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn what_a_person_reads_names_the_store_and_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let _store = open(directory.path());
    let error = SqliteStore::open(path(directory.path())).unwrap_err();
    let expected = format!(
        "Cannot open the store {}: It is open in another process, or twice in this one",
        path(directory.path()).display()
    );
    assert_eq!(error.to_string(), expected);
}
