//! Futures that are not waited for.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use pos_system_api::store::{Claim, Durability, OperationStore, Row, StoreErrorKind, Write};

use uuid::Uuid;

use crate::Place;
use crate::rows::{QUEUE, all, insert, insert_free, kind, numbers, row};

/// How often a store may be asked for what it has still to let go of.
const TRIES: u32 = 10_000;

/// What a future gives that is polled that often and dropped then.
async fn drop_after<T>(polls: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    for _ in 0..polls {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(given) = future.as_mut().poll(&mut context) {
            return Some(given);
        }
        tokio::task::yield_now().await;
    }
    None
}

async fn claim_in_the_end(store: &dyn OperationStore, claim: Claim) -> Option<Row> {
    for _ in 0..TRIES {
        match store.claim(claim.clone()).await {
            Ok(Some(row)) => return Some(row),
            Ok(None) => {}
            Err(error) => assert_eq!(error.kind(), StoreErrorKind::Held, "{error}"),
        }
        // What goes through the store gives it time.
        store.row(Uuid::nil()).await.expect("read");
        tokio::task::yield_now().await;
    }
    None
}

/// Both rows of a batch are there, or none; numbers have no gap.
pub async fn a_dropped_commit_is_whole_or_not_there<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for polls in 0..24 {
        let (first, second) = (row(), row());
        let ids = [first.operation_id, second.operation_id];
        let batch = vec![Write::Insert(first), Write::Insert(second)];
        drop_after(polls % 6, store.commit(batch, Durability::Synced)).await;
        insert(&*store, row()).await;
        let rows = all(&*store).await;
        let found = rows.iter().filter(|row| ids.contains(&row.operation_id));
        let found = found.count();
        assert!(found == 0 || found == 2, "{found} rows of 2");
        let last = rows.len() as u64;
        assert_eq!(numbers(&rows), (1..=last).collect::<Vec<_>>());
        assert_eq!(store.verify().await.expect("sound"), last);
    }
}

/// A row that was inserted for nobody is free.
pub async fn a_dropped_commit_holds_nothing<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let mut dropped = Vec::new();
    for polls in 0..24 {
        let row = row();
        let id = row.operation_id;
        let commit = store.commit(vec![Write::Insert(row)], Durability::Synced);
        match drop_after(polls % 6, commit).await {
            Some(written) => assert_eq!(kind(written), None),
            None => dropped.push(id),
        }
    }
    insert(&*store, row()).await;
    for id in dropped {
        if store.row(id).await.expect("read").is_some() {
            let claimed = claim_in_the_end(&*store, Claim::Operation(id)).await;
            assert!(claimed.is_some(), "nobody got it, and it is held");
        }
    }
}

/// A row that was claimed for nobody is free.
pub async fn a_dropped_claim_holds_nothing<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let free = insert_free(&*store, row()).await;
    for polls in 0..24 {
        let queue = QUEUE.to_owned();
        let claim = Claim::Next {
            queue,
            before: None,
        };
        if let Some(claimed) = drop_after(polls % 6, store.claim(claim.clone())).await
            && let Some(row) = claimed.expect("claimed")
        {
            store.release(row.operation_id);
        }
        let claimed = claim_in_the_end(&*store, claim).await;
        assert_eq!(
            claimed.as_ref(),
            Some(&free),
            "nobody got it, and it is held"
        );
        store.release(free.operation_id);
    }
    let all = all(&*store).await;
    assert_eq!(all, [free]);
    assert_eq!(kind(store.verify().await), None);
}
