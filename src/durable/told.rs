//! What the log settled on the way, for a forwarder to tell of.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// The operations that were settled before the next sale, and that no [`Forwarder`](super::Forwarder) told of
/// yet. Without a forwarder nothing is kept.
#[derive(Debug, Default)]
pub(super) struct Told {
    forwarders: AtomicUsize,
    settled: Mutex<VecDeque<Uuid>>,
}

impl Told {
    /// Notes an operation that was settled or set aside.
    pub(super) fn note(&self, operation_id: Uuid) {
        if self.forwarders.load(Ordering::SeqCst) > 0 {
            self.settled().push_back(operation_id);
        }
    }

    /// The first that was not told of.
    pub(super) fn take(&self) -> Option<Uuid> {
        self.settled().pop_front()
    }

    /// Puts one back that could not be told of.
    pub(super) fn put_back(&self, operation_id: Uuid) {
        self.settled().push_front(operation_id);
    }

    pub(super) fn begin(&self) {
        self.forwarders.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn end(&self) {
        if self.forwarders.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.settled().clear();
        }
    }

    fn settled(&self) -> MutexGuard<'_, VecDeque<Uuid>> {
        // Changed as a whole: a panic elsewhere leaves nothing half done.
        self.settled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
