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
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use pos_system_api::store::{Claim, Durability, OperationStore, Row, Stage, StoreErrorKind, Write};
use pos_system_api_store_sqlite::{SqliteReader, SqliteStore};
use pos_system_api_store_suite::rows::{next, row};
use support::{add, all, block_on, open, path, write};

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

/// Start scripts delete files with such names. Nothing of the store is in it, and it is made again.
#[test]
fn a_store_whose_lock_was_deleted_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    add(&store, 2);
    for turn in 1..=2 {
        fs::remove_file(lock(directory.path())).unwrap();
        if turn == 2 {
            // Whoever comes before it is made again has no other way in, and makes one of its own.
            assert_is_in_use(&path(directory.path()));
        }
        add(&store, 1);
        assert!(lock(directory.path()).exists());
        assert_is_in_use(&path(directory.path()));
    }
    fs::remove_file(lock(directory.path())).unwrap();
    let rows = all(&store);
    store.release(rows[0].operation_id);
    let claim = Claim::Operation(rows[0].operation_id);
    block_on(store.claim(claim)).unwrap();
    drop(store);
    let store = open(directory.path());
    assert_eq!(all(&store), rows);
    assert_eq!(block_on(store.verify()).unwrap(), 4);
}

/// Somebody put its number of commits back from a copy, and deleted its lock.
#[test]
fn a_store_that_another_one_took_over_writes_nothing_over_it() {
    let directory = tempfile::tempdir().unwrap();
    let first = open(directory.path());
    add(&first, 2);
    let (commits, copy) = (
        directory.path().join("till.db-commits"),
        directory.path().join("copy"),
    );
    fs::copy(&commits, &copy).unwrap();
    fs::rename(&copy, &commits).unwrap();
    fs::remove_file(lock(directory.path())).unwrap();
    let second = open(directory.path());
    let before = all(&second);
    let claim = || Claim::Operation(before[0].operation_id);
    let commit = || first.commit(vec![Write::Insert(row())], Durability::Synced);
    for _ in 0..2 {
        for error in [
            block_on(commit()).unwrap_err(),
            block_on(first.claim(claim())).unwrap_err(),
        ] {
            assert_eq!(error.kind(), StoreErrorKind::InUse, "{error}");
            assert!(error.wrote_nothing(), "{error:?}");
        }
    }
    assert_eq!(all(&second), before);
    let row = write(&second, Write::Insert(row()));
    drop(second);
    refuses_everything(
        &first,
        &before[0],
        "Something else has written to the store",
    );
    drop(first);
    let rows = all(&open(directory.path()));
    assert_eq!(rows[..2], before);
    assert_eq!(rows[2..], [row]);
}

/// Snapshots are made so (`ln`, `cp -al`): the till goes on, and no other process works on the same file.
#[test]
fn a_store_with_two_names_is_open_once() {
    let directory = tempfile::tempdir().unwrap();
    let rows = support::fill(directory.path(), 2);
    let snapshot = tempfile::tempdir_in(directory.path()).unwrap();
    let link = |name: &str| {
        fs::hard_link(directory.path().join(name), snapshot.path().join(name)).unwrap();
    };
    link("till.db");
    let store = open(directory.path());
    assert_eq!(all(&store), rows);
    // The database alone is no store.
    let error = SqliteStore::open(path(snapshot.path())).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Damaged, "{error}");
    link("till.db-commits");
    assert_is_in_use(&path(snapshot.path()));
    add(&store, 1);
    let rows = all(&store);
    drop(store);

    let by_the_other_name = open(snapshot.path());
    assert_eq!(all(&by_the_other_name), rows);
    assert_is_in_use(&path(directory.path()));
    drop(by_the_other_name);
    assert_eq!(all(&open(directory.path())), rows);
}

fn assert_is_in_use(path: &Path) {
    let error = SqliteStore::open(path).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::InUse, "{error}");
}

/// As one is made before the disk it leads to is first used.
#[test]
fn a_store_is_made_where_a_link_leads() {
    let directory = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("link.db");
    let second = elsewhere.path().join("second.db");
    symlink(path(directory.path()), &link).unwrap();
    symlink("link.db", &second).unwrap();
    let store = SqliteStore::open(&second).unwrap();
    for name in [&path(directory.path()), &link, &second] {
        let error = SqliteStore::open(name).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::InUse, "{error}");
    }
    add(&store, 1);
    assert_eq!(modes(directory.path()).len(), 5);
    assert_eq!(modes(elsewhere.path()).len(), 2);
}

#[test]
fn a_path_that_is_too_long_makes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut deep = directory.path().to_owned();
    for _ in 0..6 {
        deep.push("d".repeat(90));
    }
    fs::create_dir_all(&deep).unwrap();
    let error = SqliteStore::open(deep.join("till.db")).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Failed);
    assert!(error.to_string().contains("too long"), "{error}");
    assert!(modes(&deep).is_empty());
    let error = SqliteStore::open(directory.path().join("d".repeat(250))).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Failed);
    assert!(error.to_string().contains("too long"), "{error}");
}

/// What is written to a file without a name would be gone when the process ends.
#[test]
fn a_store_whose_database_was_replaced_writes_nothing_more() {
    let directory = tempfile::tempdir().unwrap();
    let older = support::fill(directory.path(), 2);
    let copy = directory.path().join("copy");
    fs::copy(path(directory.path()), &copy).unwrap();
    let store = open(directory.path());
    add(&store, 1);
    fs::rename(&copy, path(directory.path())).unwrap();
    refuses_everything(&store, &older[0], "till.db is gone or another one");
}

#[test]
fn what_is_in_a_log_that_was_deleted_is_brought_to_the_database() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    add(&store, 3);
    let rows = all(&store);
    fs::remove_file(directory.path().join("till.db-wal")).unwrap();
    refuses_everything(&store, &rows[0], "till.db-wal is gone or another one");
    drop(store);
    assert_eq!(all(&open(directory.path())), rows);
}

fn lock(directory: &Path) -> PathBuf {
    directory.join("till.db-lock")
}

/// Whatever would change a row is refused, for good, and the reason is said.
fn refuses_everything(store: &SqliteStore, stored: &Row, reason: &str) {
    let changed = next(stored, Stage::Acknowledged);
    for writes in [vec![Write::Update(changed)], vec![Write::Insert(row())]] {
        let error = block_on(store.commit(writes, Durability::Synced)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Failed);
        assert!(error.to_string().contains(reason), "{error}");
        // It was seen before anything was written.
        assert!(error.wrote_nothing(), "{error:?}");
    }
    for error in [
        block_on(store.claim(Claim::Operation(stored.operation_id))).unwrap_err(),
        block_on(store.trim(i64::MAX)).unwrap_err(),
    ] {
        assert_eq!(error.kind(), StoreErrorKind::Failed);
        assert!(error.to_string().contains(reason), "{error}");
    }
}

/// Taken while the store is at work: first the number of commits, and then the database.
#[test]
fn a_copy_of_an_open_store_is_whole() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    add(&store, 3);
    let copies = tempfile::tempdir().unwrap();
    let commits = |of: &Path| of.join("till.db-commits");
    fs::copy(commits(directory.path()), commits(copies.path())).unwrap();
    add(&store, 2);
    let rows = all(&store);
    let beside = rusqlite::Connection::open(path(directory.path())).unwrap();
    let to = path(copies.path());
    beside
        .execute("VACUUM INTO ?1", [to.to_str().unwrap()])
        .unwrap();
    add(&store, 1);
    let reader = SqliteReader::open(&to).unwrap();
    assert_eq!(reader.verify().unwrap(), 5);
    drop(reader);
    assert_eq!(all(&open(copies.path())), rows);

    // The other way round it seems to lack commits.
    let copies = tempfile::tempdir().unwrap();
    let to = path(copies.path());
    beside
        .execute("VACUUM INTO ?1", [to.to_str().unwrap()])
        .unwrap();
    add(&store, 1);
    fs::copy(commits(directory.path()), commits(copies.path())).unwrap();
    let error = SqliteStore::open(&to).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Damaged);
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
