//! Several holders of one store.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use pos_system_api::store::{
    Claim, Durability, OperationStore, Selection, Stage, StoreErrorKind, Write,
};
use pos_system_api_store_postgres::PostgresStore;
use uuid::Uuid;

use crate::database::{Database, insert, kind, later, next, row, settle, update};

#[tokio::test]
async fn a_row_is_held_by_one_of_them() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (one, other) = (database.open().await, database.open().await);
    let stored = insert(&one, row(1)).await.unwrap();
    let id = stored.operation_id;
    assert_eq!(
        kind(other.claim(Claim::Operation(id)).await),
        StoreErrorKind::Held
    );
    assert_eq!(kind(other.claim(next()).await), StoreErrorKind::Held);
    assert_eq!(kind(insert(&other, row(1)).await), StoreErrorKind::Held);
    assert_eq!(
        kind(update(&other, later(&stored, Stage::Final)).await),
        StoreErrorKind::Held
    );
    // By the one that holds it too: another of its calls is at it.
    assert_eq!(
        kind(one.claim(Claim::Operation(id)).await),
        StoreErrorKind::Held
    );
    assert_eq!(kind(insert(&one, row(1)).await), StoreErrorKind::Held);
    assert_eq!(one.claim(next()).await.unwrap(), None);
    assert_eq!(other.row(id).await.unwrap(), Some(stored.clone()));

    one.release(id);
    settle(&one).await;
    assert_eq!(other.claim(next()).await.unwrap(), Some(stored));
    assert_eq!(kind(one.claim(next()).await), StoreErrorKind::Held);
}

#[tokio::test]
async fn an_insert_of_what_another_stored_gives_it_once_it_is_free() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (one, other) = (database.open().await, database.open().await);
    let stored = insert(&one, row(1)).await.unwrap();
    one.release(stored.operation_id);
    settle(&one).await;
    let mut another = row(1);
    another.body = Some("another body".into());
    assert_eq!(insert(&other, another).await.unwrap(), stored);
    assert_eq!(kind(one.claim(next()).await), StoreErrorKind::Held);
}

#[tokio::test]
async fn rows_are_claimed_in_the_order_of_their_queue() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (one, other) = (database.open().await, database.open().await);
    let mut rows = Vec::new();
    for number in 1..=4 {
        let stored = insert(&one, row(number)).await.unwrap();
        one.release(stored.operation_id);
        rows.push(stored);
    }
    let mut apart = row(9);
    apart.queue = "another till".to_owned();
    let apart = insert(&one, apart).await.unwrap();
    one.release(apart.operation_id);
    settle(&one).await;

    assert_eq!(one.claim(next()).await.unwrap().as_ref(), Some(&rows[0]));
    // The one before them is worked on by another.
    assert_eq!(kind(other.claim(next()).await), StoreErrorKind::Held);
    // By its id one is to be had all the same.
    let fourth = Claim::Operation(rows[3].operation_id);
    assert_eq!(other.claim(fourth).await.unwrap().as_ref(), Some(&rows[3]));
    // Another queue goes on.
    let queue = "another till".to_owned();
    assert_eq!(
        other
            .claim(Claim::Next {
                queue,
                before: None
            })
            .await
            .unwrap(),
        Some(apart)
    );
    // The same holder goes on.
    assert_eq!(one.claim(next()).await.unwrap().as_ref(), Some(&rows[1]));

    // Set aside, it stops nobody.
    let mut parked = later(&rows[0], Stage::Unknown);
    parked.parked = true;
    update(&one, parked).await.unwrap();
    update(&one, later(&rows[1], Stage::Final)).await.unwrap();
    assert_eq!(other.claim(next()).await.unwrap().as_ref(), Some(&rows[2]));
}

#[tokio::test]
async fn a_row_that_somebody_is_at_just_now_is_not_overtaken() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let first = insert(&store, row(1)).await.unwrap();
    let second = insert(&store, row(2)).await.unwrap();
    store.release(first.operation_id);
    store.release(second.operation_id);
    settle(&store).await;
    database
        .run("BEGIN; SELECT 1 FROM {s}.operation WHERE sequence = 1 FOR UPDATE")
        .await;
    assert_eq!(kind(store.claim(next()).await), StoreErrorKind::Held);
    database.run("ROLLBACK").await;
    assert_eq!(store.claim(next()).await.unwrap(), Some(first));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn racing_holders_claim_each_row_once_and_in_order() {
    const ROWS: u128 = 150;
    let Some(database) = Database::new().await else {
        return;
    };
    let filler = database.open().await;
    for number in 1..=ROWS {
        let stored = insert(&filler, row(number)).await.unwrap();
        filler.release(stored.operation_id);
    }
    filler.close().await;

    let worked_on = Arc::new(Mutex::new(Vec::new()));
    let mut workers = Vec::new();
    for _ in 0..3 {
        let store = database.open().await;
        let worked_on = Arc::clone(&worked_on);
        workers.push(tokio::spawn(async move {
            loop {
                let claimed = match store.claim(next()).await {
                    Ok(Some(row)) => row,
                    Ok(None) => return,
                    Err(error) if error.kind() == StoreErrorKind::Held => continue,
                    Err(error) => panic!("{error:?}"),
                };
                worked_on
                    .lock()
                    .unwrap()
                    .push((store.holder(), claimed.sequence));
                update(&store, later(&claimed, Stage::Final)).await.unwrap();
                store.release(claimed.operation_id);
            }
        }));
    }
    for worker in workers {
        worker.await.unwrap();
    }
    let worked_on = worked_on.lock().unwrap();
    let order: Vec<u128> = worked_on
        .iter()
        .map(|(_, sequence)| u128::from(*sequence))
        .collect();
    assert_eq!(order, (1..=ROWS).collect::<Vec<_>>());
    let mut shares: HashMap<Uuid, usize> = HashMap::new();
    for (holder, _) in worked_on.iter() {
        *shares.entry(*holder).or_default() += 1;
    }
    assert!(shares.len() > 1, "nobody raced: {shares:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_have_no_gap_whoever_inserts_and_whatever_is_refused() {
    let Some(database) = Database::new().await else {
        return;
    };
    let mut inserting = Vec::new();
    for store in 0..3_u128 {
        let opened = Arc::new(database.open().await);
        for caller in 0..4_u128 {
            let store_of_caller = Arc::clone(&opened);
            inserting.push(tokio::spawn(async move {
                for number in 0..15_u128 {
                    let row_of_caller = row(1000 * store + 100 * caller + number + 1);
                    insert(&store_of_caller, row_of_caller.clone())
                        .await
                        .unwrap();
                    // Refused as a whole: the one that is held takes the new one with it.
                    let refused = vec![
                        Write::Insert(row(1_000_000 + number)),
                        Write::Insert(row_of_caller),
                    ];
                    let refused = store_of_caller.commit(refused, Durability::Lazy).await;
                    assert_eq!(kind(refused), StoreErrorKind::Held);
                }
            }));
        }
    }
    for done in inserting {
        done.await.unwrap();
    }
    let store = database.open().await;
    let rows = store.page(Selection::All, 0, 1000).await.unwrap();
    let numbers: Vec<u64> = rows.iter().map(|row| row.sequence).collect();
    assert_eq!(numbers, (1..=180).collect::<Vec<_>>());
    let ids: BTreeSet<_> = rows.iter().map(|row| row.operation_id).collect();
    assert_eq!(ids.len(), 180);
    assert_eq!(store.verify().await.unwrap(), 180);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_holders_that_write_one_revision_at_once_one_has_written_it() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (one, other) = (database.open().await, database.open().await);
    let stored = insert(&one, row(1)).await.unwrap();
    one.release(stored.operation_id);
    settle(&one).await;
    // Both are at it before either can write.
    database
        .run("BEGIN; SELECT 1 FROM {s}.operation FOR UPDATE")
        .await;
    let watcher = database.another_sql().await;
    let both_wait = async {
        let waiting = "SELECT count(*) FROM pg_stat_activity \
             WHERE wait_event_type = 'Lock' AND application_name = ANY($1)";
        let name = |store: &PostgresStore| format!("pos-system-api {}", store.holder());
        let names = vec![name(&one), name(&other)];
        loop {
            let found = watcher.query_one(waiting, &[&names]).await.unwrap();
            if found.get::<_, i64>(0) == 2 {
                break;
            }
        }
        database.run("ROLLBACK").await;
    };
    let settled = later(&stored, Stage::Final);
    let (first, second, ()) = tokio::join!(
        update(&one, settled.clone()),
        update(&other, settled.clone()),
        both_wait
    );
    let (written, refused): (Vec<_>, Vec<_>) = [first, second].into_iter().partition(Result::is_ok);
    assert_eq!((written.len(), refused.len()), (1, 1));
    for refused in refused {
        assert_eq!(kind(refused), StoreErrorKind::Outdated);
    }
}

#[tokio::test]
async fn what_was_closed_or_dropped_holds_nothing() {
    let Some(database) = Database::new().await else {
        return;
    };
    let other = database.open().await;
    let closed = database.open().await;
    let stored = insert(&closed, row(1)).await.unwrap();
    closed.close().await;
    assert_eq!(other.claim(next()).await.unwrap(), Some(stored.clone()));
    other.release(stored.operation_id);
    settle(&other).await;
    assert_eq!(kind(closed.claim(next()).await), StoreErrorKind::Failed);
    let refused = insert(&closed, row(2)).await.unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Failed);
    assert!(refused.wrote_nothing() && refused.is_fatal());

    let dropped = database.open().await;
    assert_eq!(dropped.claim(next()).await.unwrap(), Some(stored.clone()));
    drop(dropped);
    // It does so in the background.
    loop {
        match other.claim(next()).await {
            Ok(row) => break assert_eq!(row, Some(stored)),
            Err(error) => assert_eq!(error.kind(), StoreErrorKind::Held),
        }
    }
}
