//! Stores of tests, and processes of their own for what ends a process.
#![allow(dead_code, reason = "each test file uses what it needs")]

use std::path::{Path, PathBuf};
use std::process::Command;

use pos_system_api::store::{Durability, OperationStore, Row, Selection, Stage, Write};
use pos_system_api_store_sqlite::SqliteStore;

/// Where a process finds what it is to do.
pub(crate) const TASK: &str = "STORE_TEST_TASK";
/// Where it finds the directory of the store.
pub(crate) const DIRECTORY: &str = "STORE_TEST_DIRECTORY";

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

pub(crate) fn path(directory: &Path) -> PathBuf {
    directory.join("till.db")
}

pub(crate) fn open(directory: &Path) -> SqliteStore {
    SqliteStore::open(path(directory)).unwrap()
}

/// This test program again, at its ignored test `process`, with something to do there.
pub(crate) fn process(task: &str, directory: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "process", "--ignored", "--nocapture"])
        .env(TASK, task)
        .env(DIRECTORY, directory);
    command
}

/// What the process that `process` starts is to do, and where; `None` in the test run itself.
pub(crate) fn task() -> Option<(String, PathBuf)> {
    let task = std::env::var(TASK).ok()?;
    Some((task, PathBuf::from(std::env::var_os(DIRECTORY)?)))
}

pub(crate) fn all(store: &SqliteStore) -> Vec<Row> {
    block_on(store.page(Selection::All, 0, u32::MAX)).unwrap()
}

pub(crate) fn write(store: &SqliteStore, write: Write) -> Row {
    block_on(store.commit(vec![write], Durability::Synced))
        .unwrap()
        .remove(0)
}

/// A store at that place with rows of all stages, closed.
pub(crate) fn fill(directory: &Path, rows: usize) -> Vec<Row> {
    let store = open(directory);
    add(&store, rows);
    all(&store)
}

/// Adds rows of all stages, each written twice.
pub(crate) fn add(store: &SqliteStore, rows: usize) {
    use pos_system_api_store_suite::rows::{next, row};
    for stage in Stage::ALL.into_iter().cycle().take(rows) {
        let row = write(store, Write::Insert(row()));
        let mut row = next(&row, stage);
        row.answer = Some(r#"{"ftState":"0x4445000000000000"}"#.into());
        write(store, Write::Update(row));
    }
}
