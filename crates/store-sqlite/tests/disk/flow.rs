//! What the process with the bad disk does.

use std::fs::OpenOptions;
use std::path::Path;
use std::task::{Context, Waker};

use pos_system_api::store::{
    Durability, OperationStore, Row, Stage, StoreError, StoreErrorKind, Write,
};
use pos_system_api_store_sqlite::SqliteStore;
use pos_system_api_store_suite::rows::{next, row};
use uuid::Uuid;

use crate::support::{all, block_on, path, write};

/// The body of all rows.
pub(crate) const BODY: &[u8] = b"{\"cbReceiptReference\":\"1\"}";
/// A file that is opened between the operations, to tell them apart.
pub(crate) const MARK: &str = "mark";
/// What a store says that failed before: this was not written.
pub(crate) const REFUSED: &str = "Refused";
/// How many operations are counted, after the first.
pub(crate) const OPERATIONS: usize = 20;

/// How many write at once.
pub(crate) const CALLERS: usize = 64;

/// What became of a write.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) operation_id: Uuid,
    pub(crate) stage: Stage,
    pub(crate) result: String,
}

impl Said {
    fn say(row: &Row, result: &Result<Vec<Row>, StoreError>) {
        let result = match result {
            Ok(_) => "Ok".to_owned(),
            Err(error) if error.kind() == StoreErrorKind::Failed && error.wrote_nothing() => {
                REFUSED.to_owned()
            }
            Err(error) => format!("{:?}", error.kind()),
        };
        println!("\nsaid {} {} {result}", row.operation_id, row.stage);
    }

    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix("said ")?.split(' ');
        Some(Self {
            operation_id: words.next()?.parse().ok()?,
            stage: Stage::from_stored(words.next()?)?,
            result: words.next()?.to_owned(),
        })
    }
}

fn new_row() -> Row {
    Row {
        body: Some(BODY.into()),
        ..row()
    }
}

fn commit(store: &SqliteStore, writes: Vec<Write>, durability: Durability) -> bool {
    let rows: Vec<Row> = writes
        .iter()
        .map(|write| match write {
            Write::Insert(row) | Write::Update(row) => row.clone(),
        })
        .collect();
    let result = block_on(store.commit(writes, durability));
    for row in rows {
        Said::say(&row, &result);
    }
    result.is_ok()
}

/// One operation: written down, and settled.
fn operation(store: &SqliteStore) -> Row {
    let row = new_row();
    commit(store, vec![Write::Insert(row.clone())], Durability::Synced);
    let settled = next(&row, Stage::Final);
    let write = Write::Update(settled.clone());
    commit(store, vec![write], Durability::Synced);
    store.release(row.operation_id);
    settled
}

/// The main flow: a new store, operations, enough for the log to be brought to the database, reading,
/// removing, and all of it once more after the store was opened again.
pub(crate) fn run(directory: &Path, turns: usize) {
    for turn in 0..turns {
        let Ok(store) = SqliteStore::open(path(directory)) else {
            continue;
        };
        let first = operation(&store);
        let purged = Write::Update(next(&first, Stage::Purged));
        commit(&store, vec![purged], Durability::Lazy);
        commit(&store, vec![Write::Insert(new_row())], Durability::Lazy);
        operation(&store);
        if turn == 0 {
            let many = (0..720).map(|_| Write::Insert(new_row())).collect();
            commit(&store, many, Durability::Synced);
        }
        operation(&store);
        // What fails here is said by nothing else, and leaves what was written.
        let _ = block_on(store.trim(i64::MAX));
        let _ = block_on(store.verify());
    }
}

/// Operations until the power is cut; where the disk fails, the store is opened again. A mark before the last
/// time that it is.
pub(crate) fn until_the_power_is_cut(directory: &Path) {
    for turn in 0..4 {
        if turn == 3 {
            mark(directory);
        }
        let Ok(store) = SqliteStore::open(path(directory)) else {
            continue;
        };
        operation(&store);
        operation(&store);
        if turn == 0 {
            let many = (0..720).map(|_| Write::Insert(new_row())).collect();
            commit(&store, many, Durability::Synced);
        }
        operation(&store);
        if turn == 3 {
            std::process::exit(0);
        }
    }
    panic!("the store cannot be opened");
}

/// The same beside somebody who has begun to read before the store is opened again, so that what is written then
/// stands in the same log, until the power is cut.
pub(crate) fn beside_a_reader(directory: &Path) {
    let mut _beside = None;
    for _ in 0..2 {
        if let Ok(store) = SqliteStore::open(path(directory)) {
            operation(&store);
            operation(&store);
        }
        _beside = reading(directory).ok();
    }
    std::process::exit(0);
}

/// Somebody who reads, if there is anything to be read.
fn reading(directory: &Path) -> rusqlite::Result<rusqlite::Connection> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    let beside = rusqlite::Connection::open_with_flags(path(directory), flags)?;
    beside.execute_batch("BEGIN; SELECT * FROM store")?;
    Ok(beside)
}

/// Operations that are written and not synced, in a process that is killed.
pub(crate) fn unsynced(directory: &Path) {
    let store = SqliteStore::open(path(directory)).unwrap();
    operation(&store);
    for _ in 0..3 {
        commit(&store, vec![Write::Insert(new_row())], Durability::Lazy);
    }
    std::process::exit(0);
}

/// What is there, and one operation more, until the power is cut.
pub(crate) fn look_on(directory: &Path) {
    let store = match SqliteStore::open(path(directory)) {
        Ok(store) => store,
        Err(error) => return Said::say(&new_row(), &Err(error)),
    };
    for row in all(&store) {
        Said::say(&row, &Ok(Vec::new()));
    }
    operation(&store);
    std::process::exit(0);
}

/// Callers at once, between two marks: the store is kept waiting until all have asked.
pub(crate) fn at_once(directory: &Path) {
    let store = SqliteStore::open(path(directory)).unwrap();
    operation(&store);
    let beside = rusqlite::Connection::open(path(directory)).unwrap();
    beside.execute_batch("BEGIN IMMEDIATE").unwrap();
    mark(directory);
    let rows: Vec<Row> = (0..CALLERS).map(|_| new_row()).collect();
    let commit = |row: &Row| store.commit(vec![Write::Insert(row.clone())], Durability::Synced);
    let mut calls: Vec<_> = rows.iter().map(commit).collect();
    let mut context = Context::from_waker(Waker::noop());
    for call in &mut calls {
        assert!(call.as_mut().poll(&mut context).is_pending());
    }
    beside.execute_batch("ROLLBACK").unwrap();
    for (row, call) in rows.iter().zip(calls) {
        Said::say(row, &block_on(call));
    }
    mark(directory);
}

/// Operations, with a mark before each.
pub(crate) fn operations(directory: &Path) {
    let store = SqliteStore::open(path(directory)).unwrap();
    for _ in 0..=OPERATIONS {
        mark(directory);
        let row = write(&store, Write::Insert(new_row()));
        write(&store, Write::Update(next(&row, Stage::Final)));
    }
    mark(directory);
}

/// A store that is not closed, as when its process is killed.
pub(crate) fn leave(directory: &Path) {
    let store = SqliteStore::open(path(directory)).unwrap();
    operation(&store);
    commit(&store, vec![Write::Insert(new_row())], Durability::Lazy);
    std::mem::forget(store);
}

/// A store that is opened, with a mark when it can be used.
pub(crate) fn open(directory: &Path) {
    let _store = SqliteStore::open(path(directory)).unwrap();
    mark(directory);
}

/// Commits that have to last behind others that need not, with a mark before and behind each.
pub(crate) fn promise(directory: &Path) {
    let store = SqliteStore::open(path(directory)).unwrap();
    for is_new in [true, false] {
        let row = new_row();
        commit(&store, vec![Write::Insert(row.clone())], Durability::Lazy);
        store.release(row.operation_id);
        let row = if is_new { new_row() } else { row };
        mark(directory);
        commit(&store, vec![Write::Insert(row)], Durability::Synced);
        mark(directory);
    }
}

fn mark(directory: &Path) {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(directory.canonicalize().unwrap().join(MARK))
        .unwrap();
}
