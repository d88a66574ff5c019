//! Whether operations are open that no call is working on.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// Counts how often an operation was left behind, and up to which of these times all were sent since.
///
/// A mere flag would be lowered too early: while the store is asked or an operation is sent, others come and
/// must not overtake it, and a future that is dropped meanwhile must not leave it lowered.
#[derive(Debug)]
pub(super) struct LeftBehind {
    noted: AtomicU64,
    sent: AtomicU64,
    work: Notify,
}

impl LeftBehind {
    /// What an earlier process left is not known yet.
    pub(super) fn unknown() -> Self {
        Self {
            noted: AtomicU64::new(1),
            sent: AtomicU64::new(0),
            work: Notify::new(),
        }
    }

    /// Notes that an operation was left behind. It has to be free to be claimed by then.
    pub(super) fn note(&self) {
        self.noted.fetch_add(1, Ordering::SeqCst);
        self.work.notify_one();
    }

    /// What was noted so far, to be read before the store is asked.
    pub(super) fn noted(&self) -> u64 {
        self.noted.load(Ordering::SeqCst)
    }

    /// Notes that the store had nothing that was left behind: up to `noted`, all were sent.
    pub(super) fn clear(&self, noted: u64) {
        self.sent.fetch_max(noted, Ordering::SeqCst);
    }

    /// Whether any may be left.
    pub(super) fn is_any(&self) -> bool {
        self.sent.load(Ordering::SeqCst) < self.noted()
    }

    /// Completes when an operation was left behind.
    pub(super) async fn wait(&self) {
        loop {
            self.work.notified().await;
            // It may have been sent since.
            if self.is_any() {
                return;
            }
        }
    }
}
