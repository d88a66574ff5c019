//! What the log settled on the way, for a forwarder to tell of.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use uuid::Uuid;

/// The operations that were settled before the next sale, and that no [`Forwarder`](super::Forwarder) told of
/// yet. Without a forwarder nothing is kept.
#[derive(Debug, Default)]
pub(super) struct Told {
    forwarders: AtomicUsize,
    settled: Mutex<VecDeque<Uuid>>,
    work: Notify,
}

impl Told {
    /// Notes an operation that was settled or set aside.
    pub(super) fn note(&self, operation_id: Uuid) {
        if self.forwarders.load(Ordering::SeqCst) > 0 {
            self.settled().push_back(operation_id);
            self.work.notify_one();
        }
    }

    /// The first that was not told of.
    pub(super) fn first(&self) -> Option<Uuid> {
        self.settled().front().copied()
    }

    /// Notes that an operation was told of, or need not be.
    pub(super) fn done(&self, operation_id: Uuid) {
        self.settled().retain(|settled| *settled != operation_id);
    }

    /// Completes when there is one.
    pub(super) async fn wait(&self) {
        while self.settled().is_empty() {
            self.work.notified().await;
        }
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
