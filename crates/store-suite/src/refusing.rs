//! Batches of which nothing is written.

use pos_system_api::store::{Claim, Durability, OperationStore, Row, Stage, StoreErrorKind, Write};

use crate::Place;
use crate::rows::{all, insert, insert_free, kind, next, row, update};

/// Commits a refused write between two good ones, and finds everything as it was.
async fn refused(store: &dyn OperationStore, good: &Row, bad: Write, expected: StoreErrorKind) {
    let before = all(store).await;
    let batch = vec![
        Write::Insert(row()),
        Write::Update(next(good, Stage::Unknown)),
        bad.clone(),
        Write::Insert(row()),
    ];
    for batch in [vec![bad], batch] {
        let result = store.commit(batch, Durability::Synced).await;
        assert_eq!(kind(result), Some(expected));
        assert_eq!(all(store).await, before);
    }
}

/// A revision that is not the next one is refused: the same, an older, one too far.
pub async fn an_outdated_update_writes_nothing_of_its_batch<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let good = insert(&*store, row()).await;
    let stored = insert(&*store, row()).await;
    let stored = update(&*store, &stored, Stage::SendStarted).await;
    for revision in [0, 1, 2, 4, u32::MAX] {
        let bad = Row {
            revision,
            ..next(&stored, Stage::Final)
        };
        refused(&*store, &good, Write::Update(bad), StoreErrorKind::Outdated).await;
    }
    // With the right revision it is written, whoever asks.
    update(&*store, &stored, Stage::Final).await;
}

/// There is nothing to be updated.
pub async fn an_update_of_a_missing_row_writes_nothing_of_its_batch<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let good = insert(&*store, row()).await;
    let bad = next(&row(), Stage::Final);
    refused(&*store, &good, Write::Update(bad), StoreErrorKind::Missing).await;
}

/// What this holder or another holds is not inserted again.
pub async fn an_insert_of_a_held_row_writes_nothing_of_its_batch<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let good = insert(&*store, row()).await;
    let inserted = insert(&*store, row()).await;
    let claimed = insert_free(&*store, row()).await;
    let claim = Claim::Operation(claimed.operation_id);
    assert_eq!(
        store.claim(claim).await.expect("free"),
        Some(claimed.clone())
    );
    for held in [inserted, claimed] {
        let bad = Row {
            operation_id: held.operation_id,
            ..row()
        };
        refused(&*store, &good, Write::Insert(bad), StoreErrorKind::Held).await;
    }
}

/// The numbers have no gap where a batch was refused, and what it would have held is free.
pub async fn a_refused_batch_holds_nothing_and_uses_no_number<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let free = insert_free(&*store, row()).await;
    let new = row();
    let batch = vec![
        Write::Insert(new.clone()),
        Write::Insert(free.clone()),
        Write::Update(next(&row(), Stage::Final)),
    ];
    let result = store.commit(batch, Durability::Synced).await;
    assert_eq!(kind(result), Some(StoreErrorKind::Missing));
    let claim = Claim::Operation(free.operation_id);
    assert_eq!(store.claim(claim).await.expect("free"), Some(free));
    assert_eq!(insert(&*store, new).await.sequence, 2);
}
