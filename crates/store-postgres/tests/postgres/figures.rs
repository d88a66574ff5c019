//! How long it takes. Says so on a server that nobody else uses:
//! `cargo test --release -p pos-system-api-store-postgres figures -- --ignored --nocapture`

use std::sync::Arc;
use std::time::Instant;

use futures_util::future::join_all;
use pos_system_api::store::{Durability, OperationStore, Stage, Write};
use pos_system_api_store_postgres::PostgresStore;

use crate::database::{Database, insert, later, next, row, update};

/// How often the server has waited for its disk, all writers of its log together.
async fn syncs(database: &Database) -> i64 {
    database.run("SELECT pg_stat_force_next_flush()").await;
    database.one("SELECT wal_sync FROM pg_stat_wal").await
}

/// Operations as they are made: an intent, an end, and the row is let go of.
async fn operations(store: Arc<PostgresStore>, first: u128, count: u128) {
    for number in first..first + count {
        let mut new = row(number);
        new.body = Some(vec![b'x'; 2200].into());
        let stored = insert(&store, new).await.unwrap();
        let mut settled = later(&stored, Stage::Final);
        settled.answer = Some(vec![b'y'; 900].into());
        update(&store, settled).await.unwrap();
        store.release(stored.operation_id);
    }
}

async fn measured(database: &Database, said: &str, count: u128, work: impl Future<Output = ()>) {
    let before = syncs(database).await;
    let start = Instant::now();
    work.await;
    let took = start.elapsed();
    let synced = syncs(database).await - before;
    let each = took / u32::try_from(count).unwrap();
    println!("{said}: {count} operations in {took:.2?}, {each:.2?} each, {synced} syncs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "says figures"]
async fn figures() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = Arc::new(database.open().await);
    let work = operations(Arc::clone(&store), 1, 400);
    measured(&database, "1 caller", 400, work).await;
    let work = async {
        let callers = (1..=64).map(|n| tokio::spawn(operations(Arc::clone(&store), n * 1000, 50)));
        join_all(callers).await;
    };
    measured(&database, "64 callers", 64 * 50, work).await;
    let stores = [Arc::clone(&store), Arc::new(database.open().await)];
    let work = async {
        let callers = (0..64).map(|n| {
            let store = Arc::clone(&stores[usize::try_from(n % 2).unwrap()]);
            tokio::spawn(operations(store, 1_000_000 + n * 1000, 50))
        });
        join_all(callers).await;
    };
    measured(&database, "64 callers of 2 stores", 64 * 50, work).await;

    let writes = (0..10_000)
        .map(|number| Write::Insert(row(10_000_000 + number)))
        .collect();
    store.commit(writes, Durability::Synced).await.unwrap();
    store.close().await;
    let start = Instant::now();
    let config = database.config().with_verified_open(false);
    let store = PostgresStore::connect(config).await.unwrap();
    let opened = start.elapsed();
    let first = store.claim(next()).await.unwrap();
    assert!(first.is_some());
    let claimed = start.elapsed();
    let rows = store.verify().await.unwrap();
    println!(
        "with 10000 open of {rows} rows: opened in {opened:.2?}, first claimed after {claimed:.2?}, \
         verified after {:.2?}",
        start.elapsed()
    );
}
