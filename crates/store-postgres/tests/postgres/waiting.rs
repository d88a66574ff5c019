//! Calls that wait, and how long for.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use pos_system_api::store::{OperationStore, StoreErrorKind};
use pos_system_api_store_postgres::PostgresStore;

use crate::database::{Database, insert, kind, next, row, settle};
use crate::proxy::Proxy;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_server_is_waited_for_once_by_all_that_wait() {
    let Some(database) = Database::new().await else {
        return;
    };
    let proxy = Proxy::start().await;
    let config = proxy.config(&database).with_timeout(Duration::from_secs(2));
    let store = PostgresStore::connect(config).await.unwrap();
    let stored = insert(&store, row(1)).await.unwrap();
    store.release(stored.operation_id);
    settle(&store).await;
    assert_eq!(proxy.connections(), 1);
    proxy.be_silent(true);
    let claims = join_all((0..20).map(|_| store.claim(next())));
    let inserts = join_all((2..20).map(|number| insert(&store, row(number))));
    let (claims, inserts) = tokio::join!(claims, inserts);
    for claimed in claims {
        assert_eq!(kind(claimed), StoreErrorKind::Unavailable);
    }
    for inserted in inserts {
        assert_eq!(kind(inserted), StoreErrorKind::Unavailable);
    }
    // The first ran into silence on the connection there was; the second could not connect.
    assert_eq!(proxy.connections(), 2);
    proxy.be_silent(false);
    assert_eq!(store.claim(next()).await.unwrap(), Some(stored));
    assert_eq!(store.verify().await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_read_wait_for_one_connection() {
    let Some(database) = Database::new().await else {
        return;
    };
    let proxy = Proxy::start().await;
    let config = proxy.config(&database).with_timeout(Duration::from_secs(2));
    let store = PostgresStore::connect(config).await.unwrap();
    let stored = insert(&store, row(1)).await.unwrap();
    let id = stored.operation_id;
    assert_eq!(proxy.connections(), 1);
    proxy.be_silent(true);
    for read in join_all((0..20).map(|_| store.row(id))).await {
        assert_eq!(kind(read), StoreErrorKind::Unavailable);
    }
    assert_eq!(proxy.connections(), 2);
    proxy.be_silent(false);
    for read in join_all((0..20).map(|_| store.row(id))).await {
        assert_eq!(read.unwrap().as_ref(), Some(&stored));
    }
    assert_eq!(proxy.connections(), 3);
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_not_begun() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let stored = insert(&store, row(1)).await.unwrap();
    store.release(stored.operation_id);
    settle(&store).await;
    database
        .run(
            "CREATE TABLE {s}.noted (only_column boolean); \
             CREATE FUNCTION {s}.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             INSERT INTO {s}.noted VALUES (true); RETURN NULL; END $$; \
             CREATE TRIGGER note AFTER UPDATE ON {s}.operation \
             FOR EACH ROW EXECUTE FUNCTION {s}.note()",
        )
        .await;
    for _ in 0..10 {
        drop(store.claim(next()));
        drop(store.trim(i64::MAX));
    }
    assert_eq!(store.claim(next()).await.unwrap(), Some(stored));
    // One row was taken once.
    let noted: i64 = database.one("SELECT count(*) FROM {s}.noted").await;
    assert_eq!(noted, 1);
}

#[tokio::test]
async fn a_lock_is_not_waited_for_by_one_commit_after_the_other() {
    let Some(database) = Database::new().await else {
        return;
    };
    let config = database.config().with_timeout(Duration::from_secs(2));
    let store = PostgresStore::connect(config).await.unwrap();
    database
        .run("BEGIN; SELECT 1 FROM {s}.meta FOR UPDATE")
        .await;
    let start = Instant::now();
    for inserted in join_all((1..=60).map(|number| insert(&store, row(number)))).await {
        assert_eq!(kind(inserted), StoreErrorKind::Unavailable);
    }
    // Each on its own would have waited for half of the timeout.
    assert!(start.elapsed() < Duration::from_secs(20));
    database.run("ROLLBACK").await;
    assert_eq!(insert(&store, row(1)).await.unwrap().sequence, 1);
}

#[tokio::test]
async fn a_store_that_is_closed_writes_what_waits_and_claims_nothing_more() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    database
        .run("BEGIN; SELECT 1 FROM {s}.meta FOR UPDATE")
        .await;
    let first = insert(&store, row(1));
    let claims = join_all((0..3).map(|_| store.claim(next())));
    let trimmed = store.trim(i64::MAX);
    let second = insert(&store, row(2));
    let freed = database.run("ROLLBACK");
    let (first, claims, trimmed, second, (), ()) =
        tokio::join!(first, claims, trimmed, second, store.close(), freed);
    assert_eq!(first.unwrap().sequence, 1);
    assert_eq!(second.unwrap().sequence, 2);
    for claimed in claims {
        assert_eq!(kind(claimed), StoreErrorKind::Failed);
    }
    assert_eq!(kind(trimmed), StoreErrorKind::Failed);
    let other = database.open().await;
    let claimed = other.claim(next()).await.unwrap();
    assert_eq!(claimed, Some(row(1).sealed(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_on_a_silent_server_is_closed_with_those_who_wait() {
    let Some(database) = Database::new().await else {
        return;
    };
    let proxy = Proxy::start().await;
    let config = proxy.config(&database).with_timeout(Duration::from_secs(2));
    let store = PostgresStore::connect(config).await.unwrap();
    insert(&store, row(1)).await.unwrap();
    proxy.be_silent(true);
    let claims = join_all((0..20).map(|_| store.claim(next())));
    let inserts = join_all((2..20).map(|number| insert(&store, row(number))));
    let (claims, inserts, ()) = tokio::join!(claims, inserts, store.close());
    for claimed in claims {
        claimed.unwrap_err();
    }
    for inserted in inserts {
        inserted.unwrap_err();
    }
    assert_eq!(proxy.connections(), 2);
}
