//! Connections that are lost.

use std::pin::pin;
use std::time::Duration;

use futures_util::FutureExt;
use pos_system_api::store::{Claim, OperationStore, Stage, StoreErrorKind};
use pos_system_api_store_postgres::PostgresStore;

use crate::database::{Database, insert, kind, later, next, row, settle, update};
use crate::proxy::Proxy;

#[tokio::test]
async fn a_connection_that_is_lost_between_calls_is_not_noticed() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let stored = insert(&store, row(1)).await.unwrap();
    assert!(store.row(stored.operation_id).await.unwrap().is_some());
    // The one that writes and the one that reads.
    assert_eq!(database.terminate(&store).await, 2);
    let second = insert(&store, row(2)).await.unwrap();
    assert_eq!(second.sequence, 2);
    assert_eq!(
        store.row(stored.operation_id).await.unwrap(),
        Some(stored.clone())
    );
    database.terminate(&store).await;
    assert_eq!(store.verify().await.unwrap(), 2);
    assert_eq!(store.claim(next()).await.unwrap(), None);
    // What it held, it holds.
    let other = database.open().await;
    assert_eq!(kind(other.claim(next()).await), StoreErrorKind::Held);
    update(&store, later(&stored, Stage::Final)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_lost_before_the_commit_is_not_noticed() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    database
        .run("BEGIN; SELECT 1 FROM {s}.meta FOR UPDATE")
        .await;
    let killer = database.another_sql().await;
    let killed = async {
        kill_waiting(&killer, &store, "query <> 'COMMIT'").await;
        database.run("ROLLBACK").await;
    };
    let (inserted, ()) = tokio::join!(insert(&store, row(1)), killed);
    assert_eq!(inserted.unwrap(), row(1).sealed(1));
    assert_eq!(store.verify().await.unwrap(), 1);
}

/// Ends the connection of a store that waits for a lock.
async fn kill_waiting(killer: &tokio_postgres::Client, store: &PostgresStore, with: &str) {
    let waiting = format!(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'pos-system-api {}' \
         AND wait_event_type = 'Lock' AND {with}",
        store.holder()
    );
    loop {
        if let Some(found) = killer.query_opt(&waiting, &[]).await.unwrap() {
            let pid: i32 = found.get(0);
            let kill = "SELECT pg_terminate_backend($1)";
            killer.execute(kill, &[&pid]).await.unwrap();
            return;
        }
    }
}

/// Holds up commits for as long as a lock is held.
const HOLD_UP: &str = "CREATE FUNCTION {s}.hold_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     PERFORM 1 FROM {s}.gate FOR SHARE; RETURN NULL; END $$; \
     CREATE TABLE {s}.gate AS SELECT 1 AS only; \
     CREATE CONSTRAINT TRIGGER hold_up AFTER INSERT OR UPDATE ON {s}.operation \
     DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {s}.hold_up()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_lost_during_a_commit_fails_that_call_alone() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let stored = insert(&store, row(1)).await.unwrap();
    database.run(HOLD_UP).await;
    database
        .run("BEGIN; SELECT 1 FROM {s}.gate FOR UPDATE")
        .await;
    let killer = database.another_sql().await;
    let killed = kill_waiting(&killer, &store, "query = 'COMMIT'");
    let (in_doubt, ()) = tokio::join!(insert(&store, row(2)), killed);
    let in_doubt = in_doubt.unwrap_err();
    assert_eq!(in_doubt.kind(), StoreErrorKind::InDoubt);
    assert!(!in_doubt.wrote_nothing() && !in_doubt.is_fatal());
    assert!(in_doubt.to_string().contains("not known"), "{in_doubt}");
    database.run("ROLLBACK").await;

    // This one was not committed: its number is given to the next.
    assert_eq!(insert(&store, row(3)).await.unwrap().sequence, 2);
    update(&store, later(&stored, Stage::Final)).await.unwrap();
    assert_eq!(store.verify().await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_fails_and_holds_nothing() {
    let Some(database) = Database::new().await else {
        return;
    };
    let proxy = Proxy::start().await;
    let store = PostgresStore::connect(proxy.config(&database))
        .await
        .unwrap();
    let stored = insert(&store, row(1)).await.unwrap();
    proxy.cut_after_the_next_commit();
    assert_eq!(kind(insert(&store, row(2)).await), StoreErrorKind::InDoubt);
    // It was written. Whoever was told of the failure does not work on it, so that others can.
    settle(&store).await;
    let other = database.open().await;
    let id = row(2).operation_id;
    let found = other.row(id).await.unwrap();
    assert_eq!(found, Some(row(2).sealed(2)));
    update(&store, later(&stored, Stage::Final)).await.unwrap();
    store.release(stored.operation_id);
    settle(&store).await;
    assert_eq!(other.claim(Claim::Operation(id)).await.unwrap(), found);

    // An update of the same sort: it is read again, and goes on from there.
    let found = found.unwrap();
    proxy.cut_after_the_next_commit();
    let mine = insert(&store, row(3)).await;
    assert_eq!(kind(mine), StoreErrorKind::InDoubt);
    assert_eq!(
        kind(update(&store, later(&found, Stage::Final)).await),
        StoreErrorKind::Held
    );
    assert_eq!(store.verify().await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_fails_calls_until_it_is_back() {
    let Some(database) = Database::new().await else {
        return;
    };
    let proxy = Proxy::start().await;
    let store = PostgresStore::connect(proxy.config(&database))
        .await
        .unwrap();
    let stored = insert(&store, row(1)).await.unwrap();
    proxy.go_away();
    let away = insert(&store, row(2)).await.unwrap_err();
    assert_eq!(away.kind(), StoreErrorKind::Unavailable);
    assert!(away.wrote_nothing() && !away.is_fatal());
    assert_eq!(kind(store.claim(next()).await), StoreErrorKind::Unavailable);
    assert_eq!(
        kind(store.row(stored.operation_id).await),
        StoreErrorKind::Unavailable
    );
    assert_eq!(kind(store.verify().await), StoreErrorKind::Unavailable);
    assert_eq!(
        kind(PostgresStore::connect(proxy.config(&database)).await),
        StoreErrorKind::Unavailable
    );
    // Waits for nothing; the call behind it says that it was tried.
    store.release(stored.operation_id);
    assert_eq!(
        kind(store.trim(i64::MAX).await),
        StoreErrorKind::Unavailable
    );
    proxy.come_back();
    // Nothing of what failed stands there. Whoever asks while somebody else's connection fails is told of it.
    let mut asked = store.row(row(2).operation_id).await;
    for _ in 0..1000 {
        if asked.is_ok() {
            break;
        }
        asked = store.row(row(2).operation_id).await;
    }
    assert_eq!(asked.unwrap(), None);
    assert_eq!(insert(&store, row(2)).await.unwrap().sequence, 2);
    assert_eq!(store.verify().await.unwrap(), 2);
    // What was let go of while it was away is free.
    let other = database.open().await;
    assert_eq!(other.claim(next()).await.unwrap(), Some(stored));
}

/// What the connections of a store do, as the server sees it.
async fn states(database: &Database, store: &PostgresStore) -> Vec<String> {
    let text = "SELECT state FROM pg_stat_activity WHERE application_name = $1";
    let name = format!("pos-system-api {}", store.holder());
    let rows = database.sql.query(text, &[&name]).await.unwrap();
    rows.iter().filter_map(|row| row.get(0)).collect()
}

#[test]
fn a_worker_that_stands_still_inside_a_transaction_does_not_stop_the_others() {
    // What is not driven stands still, with its timers.
    let worker = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let others = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let Some(database) = others.block_on(Database::new()) else {
        return;
    };
    let proxy = others.block_on(Proxy::start());
    let config = proxy.config(&database).with_timeout(Duration::from_secs(2));
    let store = worker.block_on(PostgresStore::connect(config)).unwrap();
    proxy.be_silent(true);
    let mut standing = pin!(insert(&store, row(1)));
    let idle = ["idle in transaction".to_owned()];
    loop {
        // It begins and locks the numbers, and does not hear that it did.
        let driven = async {
            tokio::task::yield_now().await;
            standing.as_mut().now_or_never()
        };
        assert!(worker.block_on(driven).is_none());
        if others.block_on(states(&database, &store)) == idle {
            break;
        }
    }
    let other = others.block_on(database.open());
    let inserted = others.block_on(insert(&other, row(2))).unwrap();
    assert_eq!(inserted.sequence, 1);

    // It wakes up: first it finds that its time ran out, or that its session is gone, in which case it
    // writes once more.
    proxy.be_silent(false);
    let rows = match worker.block_on(standing) {
        Ok(woken) => woken.sequence,
        Err(error) => {
            assert_eq!(error.kind(), StoreErrorKind::Unavailable);
            1
        }
    };
    let inserted = worker.block_on(insert(&store, row(3))).unwrap();
    assert_eq!(inserted.sequence, rows + 1);
    assert_eq!(others.block_on(other.verify()).unwrap(), rows + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_answer_is_given_up_after_the_timeout() {
    let Some(database) = Database::new().await else {
        return;
    };
    let proxy = Proxy::start().await;
    let config = proxy.config(&database).with_timeout(Duration::from_secs(2));
    let store = PostgresStore::connect(config.clone()).await.unwrap();
    let stored = insert(&store, row(1)).await.unwrap();
    proxy.be_silent(true);
    let (inserted, updated, claimed, read, verified, connected) = tokio::join!(
        insert(&store, row(2)),
        update(&store, later(&stored, Stage::Unknown)),
        store.claim(next()),
        store.row(stored.operation_id),
        store.verify(),
        PostgresStore::connect(config),
    );
    assert_eq!(kind(inserted), StoreErrorKind::Unavailable);
    assert_eq!(kind(updated), StoreErrorKind::Unavailable);
    assert_eq!(kind(claimed), StoreErrorKind::Unavailable);
    assert_eq!(kind(read), StoreErrorKind::Unavailable);
    assert_eq!(kind(verified), StoreErrorKind::Unavailable);
    assert_eq!(kind(connected), StoreErrorKind::Unavailable);
    proxy.be_silent(false);
    // Nothing of it was written.
    let written = update(&store, later(&stored, Stage::Final)).await.unwrap();
    assert_eq!(written, later(&stored, Stage::Final).sealed(1));
    assert_eq!(store.verify().await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_answer_to_a_commit_leaves_it_in_doubt() {
    let Some(database) = Database::new().await else {
        return;
    };
    let proxy = Proxy::start().await;
    let config = proxy.config(&database).with_timeout(Duration::from_secs(2));
    let store = PostgresStore::connect(config).await.unwrap();
    proxy.be_silent_from_the_next_commit();
    let in_doubt = insert(&store, row(1)).await.unwrap_err();
    assert_eq!(in_doubt.kind(), StoreErrorKind::InDoubt);
    assert!(!in_doubt.wrote_nothing() && !in_doubt.is_fatal());
    proxy.be_silent(false);
    // This one was committed: the next call finds it.
    assert_eq!(insert(&store, row(2)).await.unwrap().sequence, 2);
    let found = store.row(row(1).operation_id).await.unwrap();
    assert_eq!(found, Some(row(1).sealed(1)));
}

#[tokio::test]
async fn a_lock_that_is_waited_for_too_long_is_given_up() {
    let Some(database) = Database::new().await else {
        return;
    };
    let config = database.config().with_timeout(Duration::from_secs(2));
    let store = PostgresStore::connect(config).await.unwrap();
    insert(&store, row(1)).await.unwrap();
    // The server ends the wait by itself, and says so: nothing was written.
    database
        .run("BEGIN; SELECT 1 FROM {s}.meta FOR UPDATE")
        .await;
    assert_eq!(
        kind(insert(&store, row(2)).await),
        StoreErrorKind::Unavailable
    );
    database.run("ROLLBACK").await;
    assert_eq!(insert(&store, row(2)).await.unwrap().sequence, 2);
}
