//! An answer that was given, in a row that another worker still holds: one that was killed after it wrote the
//! answer, and before it let go.

use std::sync::Mutex;

use pos_system_api::store::{
    Claim, Row, Selection, StoreError, StoreErrorKind, StoreFuture, Write,
};
use uuid::Uuid;

use super::*;

/// A store in which another worker holds one row.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    own: MemoryStore,
    held_elsewhere: Mutex<Option<Uuid>>,
}

impl Shared {
    pub(crate) fn hold_elsewhere(&self, operation_id: Option<Uuid>) {
        *self.held_elsewhere.lock().unwrap() = operation_id;
    }
}

impl OperationStore for Shared {
    fn is_shared(&self) -> bool {
        true
    }

    fn commit(&self, writes: Vec<Write>, durability: Durability) -> StoreFuture<'_, Vec<Row>> {
        let held = *self.held_elsewhere.lock().unwrap();
        let is_held = |write: &Write| match write {
            Write::Insert(row) | Write::Update(row) => held == Some(row.operation_id),
        };
        if writes.iter().any(is_held) {
            let error = StoreError::new(StoreErrorKind::Held, "Another worker is working on it");
            return Box::pin(async { Err(error) });
        }
        self.own.commit(writes, durability)
    }

    fn claim(&self, claim: Claim) -> StoreFuture<'_, Option<Row>> {
        self.own.claim(claim)
    }

    fn release(&self, operation_id: Uuid) {
        self.own.release(operation_id);
    }

    fn row(&self, operation_id: Uuid) -> StoreFuture<'_, Option<Row>> {
        self.own.row(operation_id)
    }

    fn page(&self, selection: Selection, after: u64, limit: u32) -> StoreFuture<'_, Vec<Row>> {
        self.own.page(selection, after, limit)
    }

    fn trim(&self, purged_before_unix_ms: i64) -> StoreFuture<'_, u64> {
        self.own.trim(purged_before_unix_ms)
    }

    fn verify(&self) -> StoreFuture<'_, u64> {
        self.own.verify()
    }
}

#[tokio::test]
async fn the_next_sale_is_kept_all_the_same_and_the_answer_is_acknowledged_later() {
    let simulator = simulator().await;
    let store = Arc::new(Shared::default());
    let client = till(&simulator, &store);
    let first = done(client.sign(sale("S-1")).await).operation_id();
    let stage = async || store.row(first).await.unwrap().unwrap().stage;

    store.hold_elsewhere(Some(first));
    let second = done(client.sign(sale("S-2")).await).operation_id();
    assert!(store.row(second).await.unwrap().is_some());
    assert_eq!(stage().await, Stage::Final);

    store.hold_elsewhere(None);
    done(client.sign(sale("S-3")).await);
    assert_eq!(stage().await, Stage::Acknowledged);
    let ledger = simulator.ledger();
    assert_eq!(ledger.receipts().references(), ["S-1", "S-2", "S-3"]);
}
