//! What a transaction is going to write, decided before anything is sent.
//!
//! The batches of several callers stand in one draft. A batch that is refused leaves it as it was, so that
//! the others take place.

use std::collections::{HashMap, HashSet};

use pos_system_api::store::{Row, StoreError, StoreErrorKind, Write};
use uuid::Uuid;

use crate::fault::damaged;
use crate::meta::Meta;

/// What is known of one operation id.
#[derive(Debug)]
pub(crate) enum Known {
    /// It is stored, and this transaction has locked it.
    Row(Box<Current>),
    /// What is stored is not what was written, in words.
    Damaged(String),
}

/// A row as it will be.
#[derive(Debug)]
pub(crate) struct Current {
    pub(crate) row: Row,
    pub(crate) change: Change,
    /// Whether another holder has it.
    pub(crate) held_by_another: bool,
    pub(crate) hold: Hold,
    /// Whether its body is another one than the stored one.
    pub(crate) has_new_body: bool,
}

/// What happens to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Nothing,
    Inserted,
    Updated,
}

/// What happens to the hold of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// It stays as it is.
    Keep,
    /// This store holds it, with a new lease.
    Take,
    /// Nobody holds it.
    Free,
}

impl Current {
    /// A row as it is stored.
    pub(crate) fn stored(row: Row, held_by_another: bool) -> Self {
        Self {
            row,
            change: Change::Nothing,
            held_by_another,
            hold: Hold::Keep,
            has_new_body: false,
        }
    }
}

/// What a transaction is going to write.
#[derive(Debug)]
pub(crate) struct Draft {
    rows: HashMap<Uuid, Known>,
    meta: Option<Result<Meta, String>>,
    is_meta_changed: bool,
    held: HashSet<Uuid>,
    released: HashSet<Uuid>,
}

impl Draft {
    /// A draft over what is stored. `meta` is there if a row is to be inserted; `held` are those of the
    /// rows that this store works on.
    pub(crate) fn new(
        rows: HashMap<Uuid, Known>,
        meta: Option<Result<Meta, StoreError>>,
        held: HashSet<Uuid>,
    ) -> Self {
        Self {
            rows,
            meta: meta.map(|meta| meta.map_err(|error| error.to_string())),
            is_meta_changed: false,
            held,
            released: HashSet::new(),
        }
    }

    /// Takes a batch in, as a whole or not at all.
    pub(crate) fn batch(&mut self, writes: Vec<Write>) -> Result<Vec<Row>, StoreError> {
        // What the writes before one leave, as far as it differs from what is stored.
        let mut revisions = HashMap::new();
        for write in &writes {
            self.check(write, &mut revisions)?;
        }
        Ok(writes.into_iter().map(|write| self.write(write)).collect())
    }

    /// Lets go of a row.
    pub(crate) fn release(&mut self, operation_id: Uuid) {
        self.held.remove(&operation_id);
        match self.rows.get_mut(&operation_id) {
            Some(Known::Row(current)) if current.change != Change::Nothing => {
                current.hold = Hold::Free;
            }
            Some(Known::Row(current)) => {
                current.hold = Hold::Keep;
                self.released.insert(operation_id);
            }
            _ => {
                self.released.insert(operation_id);
            }
        }
    }

    /// The rows that change.
    pub(crate) fn changes(&self) -> impl Iterator<Item = &Current> {
        self.rows.values().filter_map(|known| match known {
            Known::Row(current) => {
                let is_changed = current.change != Change::Nothing || current.hold != Hold::Keep;
                is_changed.then_some(&**current)
            }
            Known::Damaged(_) => None,
        })
    }

    /// The numbers, if they change.
    pub(crate) fn changed_meta(&self) -> Option<Meta> {
        let meta = self.meta.as_ref()?.as_ref().ok()?;
        self.is_meta_changed.then(|| Meta {
            changes: meta.changes + 1,
            ..*meta
        })
    }

    /// Those that are let go of and do not change, unless another holder has them by now.
    pub(crate) fn released(&self) -> Vec<Uuid> {
        self.released.iter().copied().collect()
    }

    /// Those that this store works on in the end.
    pub(crate) fn into_held(self) -> HashSet<Uuid> {
        self.held
    }

    fn check(&self, write: &Write, revisions: &mut HashMap<Uuid, u32>) -> Result<(), StoreError> {
        let (Write::Insert(row) | Write::Update(row)) = write;
        let id = row.operation_id;
        let current = match self.rows.get(&id) {
            Some(Known::Damaged(what)) => return Err(damaged(what.clone()).with_nothing_written()),
            Some(Known::Row(current)) => Some(current),
            None => None,
        };
        let stored = current.map(|current| current.row.revision);
        let revision = revisions.get(&id).copied().or(stored);
        let is_held_by_another = current.is_some_and(|current| current.held_by_another);
        match write {
            Write::Insert(_) => {
                if let Some(Err(broken)) = &self.meta {
                    return Err(damaged(broken.clone()).with_nothing_written());
                }
                if self.held.contains(&id) || is_held_by_another {
                    return Err(held());
                }
                revisions.insert(id, revision.unwrap_or(row.revision));
            }
            Write::Update(_) => {
                let revision = revision.ok_or_else(missing)?;
                if revision.checked_add(1) != Some(row.revision) {
                    return Err(outdated());
                }
                if is_held_by_another {
                    return Err(held());
                }
                revisions.insert(id, row.revision);
            }
        }
        Ok(())
    }

    fn write(&mut self, write: Write) -> Row {
        match write {
            Write::Insert(row) => self.insert(row),
            Write::Update(row) => self.update(row),
        }
    }

    fn insert(&mut self, row: Row) -> Row {
        let id = row.operation_id;
        self.held.insert(id);
        self.released.remove(&id);
        if let Some(Known::Row(current)) = self.rows.get_mut(&id) {
            current.hold = Hold::Take;
            return current.row.clone();
        }
        let sequence = self.next_sequence();
        let row = row.sealed(sequence);
        let current = Current {
            change: Change::Inserted,
            hold: Hold::Take,
            ..Current::stored(row.clone(), false)
        };
        self.rows.insert(id, Known::Row(Box::new(current)));
        row
    }

    fn update(&mut self, row: Row) -> Row {
        let id = row.operation_id;
        let Some(Known::Row(current)) = self.rows.get_mut(&id) else {
            // Checked before.
            return row;
        };
        let row = row.sealed(current.row.sequence);
        current.has_new_body |= row.body != current.row.body;
        current.row = row.clone();
        if current.change == Change::Nothing {
            current.change = Change::Updated;
        }
        if self.held.contains(&id) {
            current.hold = Hold::Take;
        } else if self.released.remove(&id) {
            current.hold = Hold::Free;
        }
        row
    }

    fn next_sequence(&mut self) -> u64 {
        let Some(Ok(meta)) = &mut self.meta else {
            // Checked before: whoever inserts has locked the numbers.
            return 0;
        };
        meta.last_sequence += 1;
        self.is_meta_changed = true;
        meta.last_sequence
    }
}

/// Somebody else works on a row.
pub(crate) fn held() -> StoreError {
    StoreError::new(
        StoreErrorKind::Held,
        "Another call or another worker is working on this operation",
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
