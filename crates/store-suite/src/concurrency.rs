//! Many callers at once.

use pos_system_api::store::{Claim, Durability, Stage, StoreErrorKind, Write};

use crate::Place;
use crate::rows::{QUEUE, all, insert, insert_free, kind, next, numbers, row, write};

/// Two numbers of 64 callers each: none is lost, none given twice, and each batch stays together.
pub async fn concurrent_commits_are_all_written<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let mut tasks = Vec::new();
    for _ in 0..64 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let batch = vec![Write::Insert(row()), Write::Insert(row())];
            let rows = store.commit(batch, Durability::Synced).await;
            let rows = rows.expect("written");
            assert_eq!(rows[0].sequence + 1, rows[1].sequence, "in one piece");
            rows
        }));
    }
    let mut given = Vec::new();
    for task in tasks {
        given.extend(task.await.expect("written"));
    }
    given.sort_by_key(|row| row.sequence);
    assert_eq!(numbers(&given), (1..=128).collect::<Vec<_>>());
    assert_eq!(all(&*store).await, given);
    assert_eq!(store.verify().await.expect("sound"), 128);
}

/// Batches that are written together are still refused one by one.
pub async fn a_refused_batch_does_not_undo_others<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let mut tasks = Vec::new();
    for turn in 0..64 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let mut batch = vec![Write::Insert(row())];
            if turn % 2 == 1 {
                batch.push(Write::Update(next(&row(), Stage::Final)));
            }
            (turn, store.commit(batch, Durability::Synced).await)
        }));
    }
    let mut written = Vec::new();
    for task in tasks {
        match task.await.expect("answered") {
            (turn, Ok(rows)) => {
                assert_eq!(turn % 2, 0);
                written.extend(rows);
            }
            (turn, Err(error)) => {
                assert_eq!((turn % 2, error.kind()), (1, StoreErrorKind::Missing));
            }
        }
    }
    written.sort_by_key(|row| row.sequence);
    assert_eq!(numbers(&written), (1..=32).collect::<Vec<_>>());
    assert_eq!(all(&*store).await, written);
}

/// A row goes to one of those who ask at once.
pub async fn a_row_is_claimed_by_one<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for _ in 0..16 {
        insert_free(&*store, row()).await;
    }
    let mut tasks = Vec::new();
    for _ in 0..32 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let queue = QUEUE.to_owned();
            store
                .claim(Claim::Next {
                    queue,
                    before: None,
                })
                .await
                .expect("claimed")
        }));
    }
    let mut given = Vec::new();
    for task in tasks {
        given.extend(task.await.expect("answered").map(|row| row.sequence));
    }
    given.sort_unstable();
    assert_eq!(given, (1..=16).collect::<Vec<_>>());
}

/// Of those who insert one id at once, one works on it.
pub async fn a_row_is_inserted_by_one<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let new = row();
    let mut tasks = Vec::new();
    for _ in 0..32 {
        let (store, new) = (store.clone(), new.clone());
        tasks.push(tokio::spawn(async move {
            write(&*store, Write::Insert(new)).await
        }));
    }
    let mut inserted = 0;
    for task in tasks {
        match task.await.expect("answered") {
            Ok(_) => inserted += 1,
            Err(error) => assert_eq!(error.kind(), StoreErrorKind::Held),
        }
    }
    assert_eq!(inserted, 1);
    assert_eq!(numbers(&all(&*store).await), [1]);
}

/// Of those who write one revision at once, one has written it.
pub async fn a_revision_is_written_by_one<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let stored = insert(&*store, row()).await;
    let mut tasks = Vec::new();
    for answer in 0..32 {
        let (store, mut changed) = (store.clone(), next(&stored, Stage::Final));
        changed.answer = Some(vec![answer].into());
        tasks.push(tokio::spawn(async move {
            write(&*store, Write::Update(changed)).await
        }));
    }
    let mut written = Vec::new();
    for task in tasks {
        match task.await.expect("answered") {
            Ok(row) => written.push(row),
            refused => assert_eq!(kind(refused), Some(StoreErrorKind::Outdated)),
        }
    }
    assert_eq!(written.len(), 1);
    assert_eq!(all(&*store).await, written);
}
