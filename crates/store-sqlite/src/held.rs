//! Who works on which row: a matter of this process alone.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// The operations that somebody works on.
#[derive(Debug, Default)]
pub(crate) struct Held(Mutex<HashSet<Uuid>>);

impl Held {
    fn lock(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        // Each change is one call: there is nothing halfway.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn contains(&self, id: Uuid) -> bool {
        self.lock().contains(&id)
    }

    pub(crate) fn release(&self, id: Uuid) {
        self.lock().remove(&id);
    }
}

/// What is held until it is delivered: a caller that went away holds nothing.
#[derive(Debug)]
pub(crate) struct Hold {
    held: Arc<Held>,
    ids: Vec<Uuid>,
}

impl Hold {
    pub(crate) fn of(held: &Arc<Held>, ids: Vec<Uuid>) -> Self {
        held.lock().extend(ids.iter().copied());
        Self {
            held: Arc::clone(held),
            ids,
        }
    }

    /// The caller has it.
    pub(crate) fn deliver(mut self) {
        self.ids.clear();
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        for id in &self.ids {
            self.held.release(*id);
        }
    }
}
