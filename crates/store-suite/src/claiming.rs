//! Who works on what.

use pos_system_api::store::{Claim, OperationStore, Row, Stage, StoreErrorKind};
use uuid::Uuid;

use crate::Place;
use crate::rows::{QUEUE, all, insert, insert_free, kind, row, row_of, update};

async fn next(store: &dyn OperationStore, queue: &str) -> Option<u64> {
    let queue = queue.to_owned();
    let row = store
        .claim(Claim::Next {
            queue,
            before: None,
        })
        .await
        .expect("claimed");
    row.map(|row| row.sequence)
}

/// Nobody gets a row that was just inserted before it is released.
pub async fn an_inserted_row_is_held<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let held = insert(&*store, row()).await;
    let claim = store.claim(Claim::Operation(held.operation_id)).await;
    assert_eq!(kind(claim), Some(StoreErrorKind::Held));
    assert_eq!(next(&*store, QUEUE).await, None);
}

/// A free row is given to the first who asks, until it is released again.
pub async fn a_released_row_is_claimed_once<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let free = insert_free(&*store, row()).await;
    for _ in 0..3 {
        let claim = Claim::Operation(free.operation_id);
        assert_eq!(
            store.claim(claim.clone()).await.expect("free").as_ref(),
            Some(&free)
        );
        assert_eq!(kind(store.claim(claim).await), Some(StoreErrorKind::Held));
        store.release(free.operation_id);
        assert_eq!(next(&*store, QUEUE).await, Some(1));
        assert_eq!(next(&*store, QUEUE).await, None);
        store.release(free.operation_id);
    }
}

/// What has ended, was settled, or never was is not claimed, and not held by the attempt.
pub async fn what_is_not_open_is_not_claimed<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let mut open = Vec::new();
    for stage in Stage::ALL {
        let stored = insert_free(&*store, Row { stage, ..row() }).await;
        if stage.is_open() {
            open.push(stored);
            continue;
        }
        for _ in 0..2 {
            let claim = store.claim(Claim::Operation(stored.operation_id)).await;
            assert_eq!(claim.expect("not held"), None, "{stage}");
        }
        // It is free: an insert of the same id holds it.
        assert_eq!(insert(&*store, stored.clone()).await, stored);
        let claim = store.claim(Claim::Operation(stored.operation_id)).await;
        assert!(
            matches!(&claim, Ok(None)) || kind(claim) == Some(StoreErrorKind::Held),
            "{stage}"
        );
    }
    for row in open {
        assert_eq!(next(&*store, QUEUE).await, Some(row.sequence));
    }
    assert_eq!(next(&*store, QUEUE).await, None);
    let unknown = store.claim(Claim::Operation(Uuid::new_v4())).await;
    assert_eq!(unknown.expect("not held"), None);
}

/// A queue is worked off in the order of insertion, whatever happens in others.
pub async fn the_next_is_the_first_of_its_queue<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let mut ids = Vec::new();
    for queue in ["a", "b", "a", "b", "A", "a"] {
        ids.push(insert_free(&*store, row_of(queue)).await.operation_id);
    }
    assert_eq!(next(&*store, "b").await, Some(2));
    assert_eq!(next(&*store, "a").await, Some(1));
    assert_eq!(next(&*store, "a").await, Some(3));
    // What was let go comes before what is behind it.
    store.release(ids[0]);
    assert_eq!(next(&*store, "a").await, Some(1));
    assert_eq!(next(&*store, "a").await, Some(6));
    assert_eq!(next(&*store, "a").await, None);
    assert_eq!(next(&*store, "b").await, Some(4));
    assert_eq!(next(&*store, "A").await, Some(5));
    assert_eq!(next(&*store, "c").await, None);
}

/// What was set aside is left out by `Next`, until it is no longer aside.
pub async fn a_parked_row_is_claimed_by_its_id_alone<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let parked = Row {
        parked: true,
        ..row()
    };
    let parked = insert_free(&*store, parked).await;
    let behind = insert_free(&*store, row()).await;
    assert_eq!(next(&*store, QUEUE).await, Some(behind.sequence));
    assert_eq!(next(&*store, QUEUE).await, None);
    let claim = Claim::Operation(parked.operation_id);
    assert_eq!(
        store.claim(claim).await.expect("free"),
        Some(parked.clone())
    );
    let back = Row {
        parked: false,
        ..parked
    };
    update(&*store, &back, Stage::Prepared).await;
    store.release(back.operation_id);
    assert_eq!(next(&*store, QUEUE).await, Some(back.sequence));
}

/// A claim gives what was written last.
pub async fn a_claimed_row_is_as_it_was_written_last<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let mut last = insert(&*store, row()).await;
    for stage in [Stage::SendStarted, Stage::Unknown, Stage::Prepared] {
        last = update(&*store, &last, stage).await;
        store.release(last.operation_id);
        let queue = QUEUE.to_owned();
        let claimed = store
            .claim(Claim::Next {
                queue,
                before: None,
            })
            .await
            .expect("free");
        assert_eq!(claimed.as_ref(), Some(&last));
    }
    update(&*store, &last, Stage::Final).await;
    store.release(last.operation_id);
    assert_eq!(next(&*store, QUEUE).await, None);
}

/// A release more than needed changes nothing.
pub async fn a_release_of_what_is_not_held_is_harmless<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    store.release(Uuid::new_v4());
    let first = insert_free(&*store, row()).await;
    let second = insert(&*store, row()).await;
    store.release(first.operation_id);
    store.release(first.operation_id);
    assert_eq!(next(&*store, QUEUE).await, Some(first.sequence));
    let claim = store.claim(Claim::Operation(second.operation_id)).await;
    assert_eq!(kind(claim), Some(StoreErrorKind::Held));
}

/// Being held keeps others from working on a row, not from reading it.
pub async fn a_held_row_is_updated_and_read<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let held = insert(&*store, row()).await;
    let held = update(&*store, &held, Stage::SendStarted).await;
    assert_eq!(
        store.row(held.operation_id).await.expect("read").as_ref(),
        Some(&held)
    );
    assert_eq!(all(&*store).await, [held]);
}

/// With a limit, what stands from there on is not given.
pub async fn the_next_before_a_number_stands_before_it<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for _ in 0..3 {
        insert_free(&*store, row()).await;
    }
    let before = async |before| {
        let queue = QUEUE.to_owned();
        let claim = Claim::Next {
            queue,
            before: Some(before),
        };
        let row = store.claim(claim).await.expect("claimed");
        row.map(|row| row.sequence)
    };
    assert_eq!(before(0).await, None);
    assert_eq!(before(1).await, None);
    assert_eq!(before(3).await, Some(1));
    assert_eq!(before(3).await, Some(2));
    assert_eq!(before(3).await, None);
    assert_eq!(before(u64::MAX).await, Some(3));
}
