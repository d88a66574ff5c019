//! A store that forgets with its process.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::{
    Claim, Durability, OperationStore, Row, Selection, Stage, StoreError, StoreErrorKind,
    StoreFuture, Write,
};

/// A store in memory: it keeps operations over their calls, not over the end of the process.
///
/// For tests, and as the reference of how a store behaves.
#[derive(Debug, Default)]
pub struct MemoryStore {
    content: Mutex<Content>,
}

#[derive(Debug, Default)]
struct Content {
    rows: BTreeMap<u64, Row>,
    numbers: HashMap<Uuid, u64>,
    held: HashSet<Uuid>,
    last: u64,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets go of everything that is held, as the end of a process does.
    pub fn release_all(&self) {
        self.lock().held.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        // Nothing below panics halfway through a change.
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn held() -> StoreError {
    StoreError::new(
        StoreErrorKind::Held,
        "Another call is working on this operation",
    )
}

fn missing() -> StoreError {
    StoreError::new(StoreErrorKind::Missing, "There is no such operation")
}

fn outdated() -> StoreError {
    StoreError::new(
        StoreErrorKind::Outdated,
        "The operation was changed meanwhile",
    )
}

impl Content {
    fn row(&self, operation_id: Uuid) -> Option<&Row> {
        self.rows.get(self.numbers.get(&operation_id)?)
    }

    /// Why nothing of this can be written.
    fn check(&self, writes: &[Write]) -> Result<(), StoreError> {
        // What the writes before one leave, as far as it differs from what is stored.
        let mut revisions = HashMap::new();
        let revision = |revisions: &HashMap<Uuid, u32>, id| {
            let stored = || self.row(id).map(|row| row.revision);
            revisions.get(&id).copied().or_else(stored)
        };
        for write in writes {
            match write {
                Write::Insert(row) if self.held.contains(&row.operation_id) => return Err(held()),
                Write::Insert(row) => {
                    let stored = revision(&revisions, row.operation_id).unwrap_or(row.revision);
                    revisions.insert(row.operation_id, stored);
                }
                Write::Update(row) => {
                    let stored = revision(&revisions, row.operation_id).ok_or_else(missing)?;
                    if stored.checked_add(1) != Some(row.revision) {
                        return Err(outdated());
                    }
                    revisions.insert(row.operation_id, row.revision);
                }
            }
        }
        Ok(())
    }

    fn write(&mut self, write: Write) -> Row {
        let (row, sequence) = match write {
            Write::Insert(row) => {
                self.held.insert(row.operation_id);
                if let Some(stored) = self.row(row.operation_id) {
                    return stored.clone();
                }
                self.last += 1;
                self.numbers.insert(row.operation_id, self.last);
                (row, self.last)
            }
            Write::Update(row) => {
                let sequence = self
                    .row(row.operation_id)
                    .map_or(0, |stored| stored.sequence);
                (row, sequence)
            }
        };
        let row = row.sealed(sequence);
        self.rows.insert(sequence, row.clone());
        row
    }

    fn claim(&mut self, claim: Claim) -> Result<Option<Row>, StoreError> {
        let row = match claim {
            Claim::Operation(id) if self.held.contains(&id) => return Err(held()),
            Claim::Operation(id) => self.row(id).filter(|row| row.stage.is_open()),
            Claim::Next { queue, before } => self.rows.values().find(|row| {
                row.queue == queue
                    && before.is_none_or(|before| row.sequence < before)
                    && row.stage.is_open()
                    && !row.parked
                    && !self.held.contains(&row.operation_id)
            }),
        }
        .cloned();
        if let Some(row) = &row {
            self.held.insert(row.operation_id);
        }
        Ok(row)
    }

    /// Removes the leading rows without content, and gives their number.
    fn trim(&mut self, purged_before_unix_ms: i64) -> u64 {
        let mut removed = 0;
        while let Some(first) = self.rows.first_entry() {
            let row = first.get();
            if row.stage != Stage::Purged || row.changed_unix_ms >= purged_before_unix_ms {
                break;
            }
            let row = first.remove();
            self.numbers.remove(&row.operation_id);
            removed += 1;
        }
        removed
    }
}

// What changes something does so when it is polled, and is done then: a future that is dropped before has
// done nothing.
impl OperationStore for MemoryStore {
    fn commit(&self, writes: Vec<Write>, _: Durability) -> StoreFuture<'_, Vec<Row>> {
        Box::pin(async move {
            let mut content = self.lock();
            content.check(&writes)?;
            Ok(writes
                .into_iter()
                .map(|write| content.write(write))
                .collect())
        })
    }

    fn claim(&self, claim: Claim) -> StoreFuture<'_, Option<Row>> {
        Box::pin(async move { self.lock().claim(claim) })
    }

    fn release(&self, operation_id: Uuid) {
        self.lock().held.remove(&operation_id);
    }

    fn row(&self, operation_id: Uuid) -> StoreFuture<'_, Option<Row>> {
        Box::pin(ready(Ok(self.lock().row(operation_id).cloned())))
    }

    fn page(&self, selection: Selection, after: u64, limit: u32) -> StoreFuture<'_, Vec<Row>> {
        let content = self.lock();
        let rows = content
            .rows
            .values()
            .filter(|row| row.sequence > after && selection.contains(row))
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .cloned()
            .collect();
        Box::pin(ready(Ok(rows)))
    }

    fn trim(&self, purged_before_unix_ms: i64) -> StoreFuture<'_, u64> {
        Box::pin(async move { Ok(self.lock().trim(purged_before_unix_ms)) })
    }

    fn verify(&self) -> StoreFuture<'_, u64> {
        let content = self.lock();
        let damaged = content.rows.values().find(|row| !row.is_intact());
        Box::pin(ready(match damaged {
            Some(row) => Err(StoreError::new(
                StoreErrorKind::Damaged,
                format!("Row {} is not what was written", row.sequence),
            )),
            None => Ok(content.rows.len() as u64),
        }))
    }
}
