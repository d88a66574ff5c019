//! What this store works on, and the renewal of its leases.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use uuid::Uuid;

use crate::reader::Reader;

/// How long a renewal may take at least, however short the lease: it may have to connect.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// What this store works on.
#[derive(Debug, Default)]
pub(crate) struct Held {
    ids: Mutex<HashSet<Uuid>>,
    some: Notify,
}

impl Held {
    fn lock(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        // Nothing below panics halfway through a change.
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a row is worked on.
    pub(crate) fn contains(&self, operation_id: Uuid) -> bool {
        self.lock().contains(&operation_id)
    }

    /// Those of some rows that are worked on.
    pub(crate) fn among(&self, ids: &[Uuid]) -> HashSet<Uuid> {
        let held = self.lock();
        ids.iter().copied().filter(|id| held.contains(id)).collect()
    }

    /// All rows that are worked on.
    pub(crate) fn all(&self) -> Vec<Uuid> {
        self.lock().iter().copied().collect()
    }

    /// Sets which of some rows are worked on.
    pub(crate) fn set(&self, ids: &[Uuid], worked_on: &HashSet<Uuid>) {
        let mut held = self.lock();
        for id in ids {
            if worked_on.contains(id) {
                held.insert(*id);
            } else {
                held.remove(id);
            }
        }
        if !held.is_empty() {
            self.some.notify_one();
        }
    }

    /// A row is not worked on any more.
    pub(crate) fn remove(&self, operation_id: Uuid) {
        self.lock().remove(&operation_id);
    }

    /// Waits until something is worked on.
    async fn wait(&self) {
        loop {
            let notified = self.some.notified();
            if !self.lock().is_empty() {
                return;
            }
            notified.await;
        }
    }
}

/// Renews the leases of what is held, at a third of their time, for ever. With nothing held it sleeps.
pub(crate) async fn keep_renewed(held: Arc<Held>, reader: Arc<Reader>, lease: Duration) {
    let round = lease / 3;
    loop {
        held.wait().await;
        tokio::time::sleep(round).await;
        let ids = held.all();
        if !ids.is_empty() {
            // What fails is tried again in time: a lease lasts for three of these rounds.
            let _ = tokio::time::timeout(round.max(SHORTEST_WAIT), reader.renew(&ids)).await;
        }
    }
}
