//! Futures that nobody waits for any more.

use futures_util::FutureExt;
use pos_system_api::store::{Durability, OperationStore, Write};

use crate::database::{Database, insert, next, row};

#[tokio::test]
async fn a_claim_that_nobody_waits_for_holds_nothing() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let stored = insert(&store, row(1)).await.unwrap();
    store.release(stored.operation_id);
    // Dropped before it was answered.
    drop(store.claim(next()));
    assert_eq!(store.claim(next()).await.unwrap(), Some(stored.clone()));
    store.release(stored.operation_id);
    // Dropped after it was answered, and before the answer was read.
    let answered = store.claim(next());
    store.trim(i64::MAX).await.unwrap();
    drop(answered);
    assert_eq!(store.claim(next()).await.unwrap(), Some(stored));
}

#[tokio::test]
async fn an_insert_that_nobody_waits_for_is_written_and_held_by_nobody() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let insert = || store.commit(vec![Write::Insert(row(1))], Durability::Synced);
    assert!(insert().now_or_never().is_none());
    let stored = store.claim(next()).await.unwrap().unwrap();
    assert_eq!(stored, row(1).sealed(1));
    store.release(stored.operation_id);
    let answered = insert();
    store.trim(i64::MAX).await.unwrap();
    drop(answered);
    assert_eq!(store.claim(next()).await.unwrap(), Some(stored));
}
