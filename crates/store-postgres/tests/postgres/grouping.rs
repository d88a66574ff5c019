//! Concurrent callers share a transaction.

use futures_util::future::join_all;
use pos_system_api::store::{Durability, OperationStore, Stage, StoreErrorKind, Write};

use crate::database::{Database, insert, kind, later, row};

#[tokio::test]
async fn concurrent_writes_share_transactions() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let writes = (1..=64).map(|number| insert(&store, row(number)));
    for written in join_all(writes).await {
        written.unwrap();
    }
    // The first may go alone; those that came while it was written go together.
    let transactions: i64 = database
        .one("SELECT count(DISTINCT xmin::text) FROM {s}.operation")
        .await;
    assert!(transactions <= 2, "{transactions}");
    assert_eq!(store.verify().await.unwrap(), 64);
}

#[tokio::test]
async fn a_batch_that_is_refused_leaves_the_others_alone() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let stored = insert(&store, row(1)).await.unwrap();
    let commit = |writes| store.commit(writes, Durability::Synced);
    let mut cannot_be_kept = row(5);
    cannot_be_kept.queue = "a\0b".to_owned();
    let written = join_all([
        commit(vec![Write::Insert(row(2))]),
        // Held: with it, the update before it is refused.
        commit(vec![
            Write::Update(later(&stored, Stage::Final)),
            Write::Insert(row(2)),
        ]),
        commit(vec![Write::Update(later(&row(77), Stage::Final))]),
        commit(vec![Write::Insert(row(3)), Write::Insert(row(4))]),
        // Refused by the server, not by the store.
        commit(vec![Write::Insert(row(6)), Write::Insert(cannot_be_kept)]),
        commit(vec![Write::Update(later(&stored, Stage::Unknown))]),
    ])
    .await;
    let [first, held, missing, pair, unfit, updated] = written.try_into().unwrap();
    assert_eq!(first.unwrap()[0].sequence, 2);
    assert_eq!(kind(held), StoreErrorKind::Held);
    assert_eq!(kind(missing), StoreErrorKind::Missing);
    let pair: Vec<_> = pair.unwrap().iter().map(|row| row.sequence).collect();
    assert_eq!(pair, [3, 4]);
    assert_eq!(kind(unfit), StoreErrorKind::Full);
    let updated = updated.unwrap().remove(0);
    assert_eq!(updated.stage, Stage::Unknown);
    assert_eq!(
        store.row(updated.operation_id).await.unwrap(),
        Some(updated)
    );
    assert_eq!(store.verify().await.unwrap(), 4);
    // What was refused holds nothing.
    assert_eq!(insert(&store, row(6)).await.unwrap().sequence, 5);
}

#[tokio::test]
async fn what_is_let_go_of_can_be_held_again_in_the_same_group() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let stored = insert(&store, row(1)).await.unwrap();
    let commit = |write| store.commit(vec![write], Durability::Synced);
    let updated = commit(Write::Update(later(&stored, Stage::Unknown)));
    store.release(stored.operation_id);
    let again = commit(Write::Insert(row(1)));
    let written = join_all([updated, again]).await;
    for rows in written {
        assert_eq!(rows.unwrap()[0].revision, 2);
    }
    let another = database.open().await;
    assert_eq!(kind(insert(&another, row(1)).await), StoreErrorKind::Held);
}

#[tokio::test]
async fn many_rows_are_removed_part_by_part() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let purged = |number| {
        let mut row = row(number);
        row.stage = Stage::Purged;
        row.body = None;
        Write::Insert(row)
    };
    let writes = (1..=10_001).map(purged).collect();
    store.commit(writes, Durability::Lazy).await.unwrap();
    insert(&store, row(20_000)).await.unwrap();
    assert_eq!(store.trim(i64::MAX).await.unwrap(), 10_001);
    assert_eq!(store.trim(i64::MAX).await.unwrap(), 0);
    assert_eq!(store.verify().await.unwrap(), 1);
}
