//! Holds that end with their time.

use std::time::Duration;

use pos_system_api::store::{Claim, OperationStore, Stage, StoreErrorKind};
use pos_system_api_store_postgres::PostgresStore;

use crate::database::{Database, insert, kind, later, next, row, settle, update};

#[tokio::test]
async fn an_expired_row_is_taken_over_and_its_former_holder_cannot_write_it() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (former, other) = (database.open().await, database.open().await);
    let stored = insert(&former, row(1)).await.unwrap();
    let id = stored.operation_id;
    assert_eq!(kind(other.claim(next()).await), StoreErrorKind::Held);
    database.expire_leases().await;
    assert_eq!(other.claim(next()).await.unwrap(), Some(stored.clone()));

    let late = later(&stored, Stage::Unknown);
    assert_eq!(
        kind(update(&former, late.clone()).await),
        StoreErrorKind::Held
    );
    assert_eq!(former.row(id).await.unwrap(), Some(stored.clone()));
    // What it lets go of now is not its own.
    former.release(id);
    settle(&former).await;
    assert_eq!(kind(former.claim(next()).await), StoreErrorKind::Held);

    let settled = update(&other, later(&stored, Stage::Final)).await.unwrap();
    other.release(id);
    settle(&other).await;
    assert_eq!(kind(update(&former, late).await), StoreErrorKind::Outdated);
    assert_eq!(former.row(id).await.unwrap(), Some(settled));
}

#[tokio::test]
async fn an_expired_row_that_nobody_took_is_still_its_holders() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (former, other) = (database.open().await, database.open().await);
    let stored = insert(&former, row(1)).await.unwrap();
    database.expire_leases().await;
    let stored = update(&former, later(&stored, Stage::Unknown))
        .await
        .unwrap();
    // Written, it has a lease again.
    assert_eq!(kind(other.claim(next()).await), StoreErrorKind::Held);
    assert_eq!(other.row(stored.operation_id).await.unwrap(), Some(stored));
}

#[tokio::test]
async fn a_row_that_is_held_is_renewed_and_one_let_go_of_is_not() {
    let Some(database) = Database::new().await else {
        return;
    };
    let config = database.config().with_lease(Duration::from_millis(300));
    let store = PostgresStore::connect(config).await.unwrap();
    let stored = insert(&store, row(1)).await.unwrap();
    database
        .run("CREATE TABLE {s}.seen AS SELECT lease_until FROM {s}.operation")
        .await;
    let is_renewed = "SELECT o.lease_until > s.lease_until FROM {s}.operation o, {s}.seen s";
    let mut tries = 0;
    while !database.one::<bool>(is_renewed).await {
        tries += 1;
        assert!(
            tries < 100_000,
            "a hundred thousand questions, and no renewal"
        );
    }
    store.release(stored.operation_id);
    settle(&store).await;
    assert!(
        database
            .one::<bool>("SELECT holder IS NULL AND lease_until IS NULL FROM {s}.operation")
            .await
    );
}

#[tokio::test]
async fn a_row_whose_hold_a_crash_of_the_server_undid_is_held_again() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (store, other) = (database.open().await, database.open().await);
    let mut rows = Vec::new();
    for number in 1..=4 {
        rows.push(insert(&store, row(number)).await.unwrap());
    }
    store.release(rows[3].operation_id);
    settle(&store).await;
    // Claims do not wait for the disk: what they found is there again, nobody or one whose time is over.
    database
        .run("UPDATE {s}.operation SET holder = NULL, lease_until = NULL WHERE sequence < 3")
        .await;
    database
        .run(
            "UPDATE {s}.operation SET holder = gen_random_uuid(), \
             lease_until = clock_timestamp() - interval '1 second' WHERE sequence = 3",
        )
        .await;
    // Taken meanwhile, it is the other's.
    let taken = other.claim(Claim::Operation(rows[1].operation_id)).await;
    assert_eq!(taken.unwrap().as_ref(), Some(&rows[1]));
    database.terminate(&store).await;
    insert(&store, row(5)).await.unwrap();
    for held in [&rows[0], &rows[2]] {
        let claimed = other.claim(Claim::Operation(held.operation_id)).await;
        assert_eq!(kind(claimed), StoreErrorKind::Held);
    }
    let late = later(&rows[1], Stage::Unknown);
    assert_eq!(kind(update(&store, late).await), StoreErrorKind::Held);
    for stored in rows {
        store.release(stored.operation_id);
    }
    settle(&store).await;
    // What it does not work on it did not take.
    let held: i64 = database
        .one("SELECT count(*) FROM {s}.operation WHERE holder IS NOT NULL AND sequence < 5")
        .await;
    assert_eq!(held, 1);
}

#[test]
fn what_a_worker_held_that_ended_all_at_once_is_taken_over() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap()
    };
    let (worker, successor) = (runtime(), runtime());
    let Some(database) = successor.block_on(Database::new()) else {
        return;
    };
    let config = database.config().with_lease(Duration::from_millis(50));
    let (store, stored) = worker.block_on(async {
        let store = PostgresStore::connect(config).await.unwrap();
        let stored = insert(&store, row(1)).await.unwrap();
        (store, stored)
    });
    // All of its tasks end where they are, as with the process.
    worker.shutdown_background();
    successor.block_on(async {
        let other = database.open().await;
        loop {
            match other.claim(next()).await {
                Ok(claimed) => break assert_eq!(claimed, Some(stored)),
                Err(error) => assert_eq!(error.kind(), StoreErrorKind::Held),
            }
        }
    });
    drop(store);
}
