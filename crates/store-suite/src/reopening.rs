//! What is there when the store is opened again.

use pos_system_api::store::{Claim, Durability, Stage, StoreErrorKind, Write};

use crate::Place;
use crate::rows::{QUEUE, all, insert, insert_free, kind, row, update, write};

/// What was written is found again, byte by byte.
pub async fn everything_is_there_again<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for _ in 0..4 {
        let row = insert(&*store, row()).await;
        update(&*store, &row, Stage::Unknown).await;
    }
    let before = all(&*store).await;
    place.end(store).await;
    for _ in 0..2 {
        let store = place.open().await.expect("open");
        assert_eq!(all(&*store).await, before);
        assert_eq!(store.verify().await.expect("sound"), 4);
        place.end(store).await;
    }
}

/// A lazy write is not lost when one behind it is synced.
pub async fn lazy_writes_are_there_behind_a_synced_one<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for durability in [Durability::Lazy, Durability::Lazy, Durability::Synced] {
        let writes = vec![Write::Insert(row())];
        store.commit(writes, durability).await.expect("written");
    }
    let before = all(&*store).await;
    place.end(store).await;
    let store = place.open().await.expect("open");
    assert_eq!(all(&*store).await, before);
}

/// Numbers go on where they were.
pub async fn numbers_go_on<P: Place>(place: P) {
    for number in 1..=3 {
        let store = place.open().await.expect("open");
        assert_eq!(insert(&*store, row()).await.sequence, number);
        place.end(store).await;
    }
}

/// A new holder finds everything free, and ids still known.
pub async fn nothing_is_held<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let first = insert(&*store, row()).await;
    let second = insert_free(&*store, row()).await;
    let claim = Claim::Operation(second.operation_id);
    store.claim(claim).await.expect("free");
    place.end(store).await;

    let store = place.open().await.expect("open");
    for expected in [&first, &second] {
        let queue = QUEUE.to_owned();
        let claimed = store
            .claim(Claim::Next {
                queue,
                before: None,
            })
            .await
            .expect("free");
        assert_eq!(claimed.as_ref(), Some(expected));
    }
    let again = write(&*store, Write::Insert(first)).await;
    assert_eq!(kind(again), Some(StoreErrorKind::Held));
}
