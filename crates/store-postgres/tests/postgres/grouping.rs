//! Concurrent callers share a transaction.

use std::sync::Mutex;

use futures_util::future::join_all;
use pos_system_api::store::{Durability, OperationStore, Stage, StoreErrorKind, Write};
use pos_system_api_store_postgres::PostgresStore;

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

/// Leading rows without content, and one behind them.
async fn purge(store: &PostgresStore, count: u128) {
    let purged = |number| {
        let mut row = row(number);
        row.stage = Stage::Purged;
        row.body = None;
        Write::Insert(row)
    };
    let writes = (1..=count).map(purged).collect();
    store.commit(writes, Durability::Lazy).await.unwrap();
    insert(store, row(count + 1)).await.unwrap();
}

#[tokio::test]
async fn many_rows_are_removed_part_by_part() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    purge(&store, 10_001).await;
    assert_eq!(store.trim(i64::MAX).await.unwrap(), 10_001);
    assert_eq!(store.trim(i64::MAX).await.unwrap(), 0);
    assert_eq!(store.verify().await.unwrap(), 1);
}

/// Others wait for one part at most.
#[tokio::test]
async fn a_commit_goes_before_the_rest_of_a_trim() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    purge(&store, 10_001).await;
    let ended = Mutex::new(Vec::new());
    let trim = async {
        assert_eq!(store.trim(i64::MAX).await.unwrap(), 10_001);
        ended.lock().unwrap().push("trim");
    };
    let commit = async {
        insert(&store, row(20_000)).await.unwrap();
        ended.lock().unwrap().push("commit");
    };
    tokio::join!(trim, commit);
    assert_eq!(*ended.lock().unwrap(), ["commit", "trim"]);
}

/// What was removed until then is said, and the rest is left to the next one.
#[tokio::test]
async fn a_store_that_is_closed_ends_a_trim_with_its_part() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    purge(&store, 20_001).await;
    let close = async {
        // It is written behind the first part.
        insert(&store, row(30_000)).await.unwrap();
        store.close().await;
    };
    let (trimmed, ()) = tokio::join!(store.trim(i64::MAX), close);
    let removed = trimmed.unwrap();
    assert!([5_000, 10_000].contains(&removed), "{removed}");
    let store = database.open().await;
    assert_eq!(store.verify().await.unwrap(), 20_003 - removed);
}

/// What is removed in a part is looked for in it alone, while the row of the numbers is locked.
#[tokio::test]
async fn a_part_of_a_trim_reads_no_more_than_it_removes() {
    const ROWS: u128 = 25_000;
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    purge(&store, ROWS).await;
    store.close().await;
    let unverified = database.config().with_verified_open(false);
    let store = PostgresStore::connect(unverified).await.unwrap();
    assert_eq!(store.trim(i64::MAX).await.unwrap(), ROWS as u64);
    database.terminate(&store).await;
    let read = "SELECT (seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_user_tables \
         WHERE schemaname = '{s}' AND relname = 'operation'";
    // A session says what it read when it ends.
    let mut rows_read: i64 = 0;
    while rows_read < ROWS as i64 {
        rows_read = database.one(read).await;
    }
    // Each is let go of once when the first store is closed, looked at once and removed once.
    assert!(rows_read < 4 * ROWS as i64, "{rows_read}");
}
