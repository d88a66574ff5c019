//! What the process with the bad disk does.

use std::fs::OpenOptions;
use std::path::Path;

use pos_system_api::store::{Durability, OperationStore, Row, Stage, StoreError, Write};
use pos_system_api_store_sqlite::SqliteStore;
use pos_system_api_store_suite::rows::{next, row};
use uuid::Uuid;

use crate::support::{block_on, path, write};

/// The body of all rows.
pub(crate) const BODY: &[u8] = b"{\"cbReceiptReference\":\"1\"}";
/// A file that is opened between the operations, to tell them apart.
pub(crate) const MARK: &str = "mark";
/// How many operations are counted, after the first.
pub(crate) const OPERATIONS: usize = 20;

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
        body: Some(BODY.to_vec()),
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
        let _ = block_on(store.trim());
        let _ = block_on(store.verify());
    }
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
