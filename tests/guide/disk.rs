// A store whose disk is full for as many calls as it is told, for the examples that say what to do then.

use pos_system_api::store::{
    Claim, Durability, MemoryStore, OperationStore, Row, Selection, StoreError, StoreErrorKind,
    StoreFuture, Write,
};

#[derive(Debug, Default)]
struct Disk {
    store: MemoryStore,
    failures: std::sync::atomic::AtomicU32,
}

impl Disk {
    /// The next calls fail, this many.
    fn fails(&self, times: u32) {
        self.failures
            .store(times, std::sync::atomic::Ordering::SeqCst);
    }

    fn call<'a, T: Send + 'a>(&'a self, work: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        use std::sync::atomic::Ordering::SeqCst;
        let is_full = self
            .failures
            .fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1))
            .is_ok();
        match is_full {
            true => Box::pin(async { Err(StoreError::new(StoreErrorKind::Full, "no room")) }),
            false => work,
        }
    }
}

impl OperationStore for Disk {
    fn commit(&self, writes: Vec<Write>, durability: Durability) -> StoreFuture<'_, Vec<Row>> {
        self.call(self.store.commit(writes, durability))
    }

    fn claim(&self, claim: Claim) -> StoreFuture<'_, Option<Row>> {
        self.call(self.store.claim(claim))
    }

    fn release(&self, operation_id: pos_system_api::uuid::Uuid) {
        self.store.release(operation_id);
    }

    fn row(&self, operation_id: pos_system_api::uuid::Uuid) -> StoreFuture<'_, Option<Row>> {
        self.call(self.store.row(operation_id))
    }

    fn page(&self, selection: Selection, after: u64, limit: u32) -> StoreFuture<'_, Vec<Row>> {
        self.call(self.store.page(selection, after, limit))
    }

    fn trim(&self, purged_before_unix_ms: i64) -> StoreFuture<'_, u64> {
        self.call(self.store.trim(purged_before_unix_ms))
    }

    fn verify(&self) -> StoreFuture<'_, u64> {
        self.call(self.store.verify())
    }
}
