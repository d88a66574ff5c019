//! Two holders of one place.

use std::sync::Arc;

use pos_system_api::store::{Claim, OperationStore, Row, Stage, StoreErrorKind, Write};

use crate::rows::{
    QUEUE, all, insert, insert_free, kind, next, numbers, row, row_of, update, write,
};
use crate::{Holders, Place};

/// Two stores at one place; `None` where it is not for several.
async fn two<P: Place>(place: &P) -> Option<[Arc<dyn OperationStore>; 2]> {
    let first = place.open().await.expect("open");
    let several = place.holders() == Holders::Several;
    assert_eq!(first.is_shared(), several, "a store says who works with it");
    if !several {
        return None;
    }
    Some([first, place.open().await.expect("open")])
}

fn first_of(queue: &str) -> Claim {
    Claim::Next {
        queue: queue.to_owned(),
        before: None,
    }
}

/// The second gets an error, the first goes on, and when it ended the place is free.
pub async fn a_second_holder_is_refused_where_there_is_one<P: Place>(place: P) {
    if place.holders() != Holders::One {
        return;
    }
    let store = place.open().await.expect("open");
    for number in 1..=2 {
        let second = place.open().await;
        assert_eq!(kind(second), Some(StoreErrorKind::InUse));
        assert_eq!(insert(&*store, row()).await.sequence, number);
    }
    place.end(store).await;
    let store = place.open().await.expect("open");
    assert_eq!(numbers(&all(&*store).await), [1, 2]);
}

/// Both see all rows; each row is worked on by one.
pub async fn a_row_belongs_to_one_of_several_holders<P: Place>(place: P) {
    let Some([first, second]) = two(&place).await else {
        return;
    };
    let held = insert(&*first, row()).await;
    assert_eq!(all(&*second).await, std::slice::from_ref(&held));
    let claim = Claim::Operation(held.operation_id);
    assert_eq!(
        kind(second.claim(claim.clone()).await),
        Some(StoreErrorKind::Held)
    );
    let again = write(&*second, Write::Insert(held.clone())).await;
    assert_eq!(kind(again), Some(StoreErrorKind::Held));
    // A release by who does not hold it lets nothing go.
    second.release(held.operation_id);
    assert_eq!(
        kind(second.claim(claim.clone()).await),
        Some(StoreErrorKind::Held)
    );

    let changed = update(&*first, &held, Stage::Unknown).await;
    let outdated = write(&*second, Write::Update(next(&held, Stage::Final))).await;
    assert_eq!(kind(outdated), Some(StoreErrorKind::Outdated));
    first.release(held.operation_id);
    let mut claimed = second.claim(claim.clone()).await;
    // A release waits for nothing: it may arrive a moment later.
    for _ in 0..10_000 {
        if claimed.is_ok() {
            break;
        }
        claimed = second.claim(claim.clone()).await;
    }
    assert_eq!(claimed.expect("free"), Some(changed));
    assert_eq!(kind(first.claim(claim).await), Some(StoreErrorKind::Held));
}

/// Whoever asks for the next row passes none that another holder works on; other queues are free. Whoever asks
/// for one row by its id gets that one, whatever is before it.
pub async fn a_queue_keeps_its_order_over_several_holders<P: Place>(place: P) {
    let Some([first, second]) = two(&place).await else {
        return;
    };
    let held = insert(&*first, row()).await;
    let behind = insert_free(&*first, row()).await;
    let other = insert_free(&*first, row_of("other")).await;
    let mut claimed = second.claim(first_of("other")).await;
    for _ in 0..10_000 {
        if matches!(claimed, Ok(Some(_))) {
            break;
        }
        claimed = second.claim(first_of("other")).await;
    }
    assert_eq!(claimed.expect("free"), Some(other));
    assert_eq!(
        kind(second.claim(first_of(QUEUE)).await),
        Some(StoreErrorKind::Held)
    );
    let by_id = second.claim(Claim::Operation(behind.operation_id)).await;
    assert_eq!(by_id.expect("free"), Some(behind.clone()));
    assert_eq!(
        kind(first.claim(Claim::Operation(behind.operation_id)).await),
        Some(StoreErrorKind::Held)
    );
    second.release(behind.operation_id);
    // The holder of what is before goes on.
    let mut own = first.claim(first_of(QUEUE)).await;
    for _ in 0..10_000 {
        if own.is_ok() {
            break;
        }
        own = first.claim(first_of(QUEUE)).await;
    }
    assert_eq!(own.expect("free"), Some(behind));
    update(&*first, &held, Stage::Final).await;
}

/// Concurrent inserts of both get numbers without gaps.
pub async fn several_holders_number_without_gaps<P: Place>(place: P) {
    let Some(stores) = two(&place).await else {
        return;
    };
    let mut tasks = Vec::new();
    for turn in 0..32 {
        let store = stores[turn % 2].clone();
        tasks.push(tokio::spawn(async move { insert(&*store, row()).await }));
    }
    let mut given = Vec::new();
    for task in tasks {
        given.push(task.await.expect("inserted").sequence);
    }
    given.sort_unstable();
    assert_eq!(given, (1..=32).collect::<Vec<_>>());
    for store in &stores {
        assert_eq!(numbers(&all(&**store).await), given);
        assert_eq!(store.verify().await.expect("sound"), 32);
    }
}

/// What a holder that ended had is there for the other.
pub async fn a_holder_that_ended_lets_go<P: Place>(place: P) {
    let Some([first, second]) = two(&place).await else {
        return;
    };
    let held = insert(&*first, row()).await;
    place.end(first).await;
    let claimed = second.claim(first_of(QUEUE)).await.expect("free");
    assert_eq!(claimed, Some(held));
}

/// What another holder works on is in nobody's way who asks for what stands before it.
pub async fn a_row_held_behind_is_in_nobodys_way<P: Place>(place: P) {
    let Some([first, second]) = two(&place).await else {
        return;
    };
    let own = insert(&*first, row()).await;
    let behind = insert(&*second, row()).await;
    let last = insert(&*first, row()).await;
    let before = |row: &Row| Claim::Next {
        queue: QUEUE.to_owned(),
        before: Some(row.sequence),
    };
    assert_eq!(first.claim(before(&own)).await.expect("nothing"), None);
    assert_eq!(
        kind(second.claim(before(&behind)).await),
        Some(StoreErrorKind::Held)
    );
    assert_eq!(
        kind(first.claim(before(&last)).await),
        Some(StoreErrorKind::Held)
    );
    update(&*first, &own, Stage::Final).await;
    // Each waits for the one before it, and for none behind: nobody waits for ever.
    assert_eq!(second.claim(before(&behind)).await.expect("nothing"), None);
}
