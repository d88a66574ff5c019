//! A forwarder beside a till that goes on selling.

use pos_system_api::durable::{Forwarded, HandedOver};

use super::held_elsewhere::Shared;
use super::*;

/// A server that wants to be left alone for longer than the clock of these tests ever waits.
fn is_away_for_long() -> Fault {
    Fault::StatusBeforeCommit {
        status: 429,
        retry_after: Some(60),
    }
}

async fn left_behind(simulator: &Simulator, client: &Client, reference: &str) -> Handle {
    simulator.faults().script([is_away()]);
    pending(
        client
            .sign(sale(reference))
            .with_deadline(ATTEMPT_TIMEOUT)
            .await,
    )
}

#[tokio::test]
async fn what_is_waited_for_is_given_to_whoever_decides_otherwise() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let handle = left_behind(&simulator, &client, "S-1").await;
    simulator.faults().script([is_away_for_long()]);
    let arrived = simulator.ledger().requests().len();
    let mut forwarder = client.forward().unwrap();
    let decision = async {
        simulator.arrivals(arrived + 1).await;
        client.handed_over_offline(&handle).await.unwrap()
    };
    let (event, handed_over) = tokio::join!(forwarder.next(), decision);
    let HandedOver::LateSigning(late) = handed_over else {
        panic!("{handed_over:?}");
    };
    let mut event = event.unwrap();
    while !matches!(event, Forwarded::Settled(_)) {
        event = forwarder.next().await.unwrap();
    }
    let Forwarded::Settled(record) = event else {
        unreachable!()
    };
    assert_eq!(record.operation_id(), late.operation_id());
    simulator
        .ledger()
        .receipts()
        .exactly_once_for([late.operation_id()]);
}

#[tokio::test]
async fn a_call_that_goes_on_takes_over_from_the_forwarder() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let handle = left_behind(&simulator, &client, "S-1").await;
    simulator.faults().script([is_away_for_long()]);
    let arrived = simulator.ledger().requests().len();
    let mut forwarder = client.forward().unwrap();
    let resumed = async {
        simulator.arrivals(arrived + 1).await;
        done(client.resume::<Signed>(handle.clone()).await)
    };
    let (event, signed) = tokio::join!(forwarder.next(), resumed);
    // What a call works on is not left behind.
    assert!(matches!(event, Ok(Forwarded::Drained { .. })), "{event:?}");
    simulator
        .ledger()
        .receipts()
        .exactly_once_for([signed.operation_id()]);
}

#[tokio::test]
async fn a_sale_that_sends_others_first_goes_on_when_one_is_taken_from_it() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let handle = left_behind(&simulator, &client, "S-1").await;
    simulator.faults().script([is_away_for_long()]);
    let arrived = simulator.ledger().requests().len();
    let resumed = async {
        simulator.arrivals(arrived + 1).await;
        done(client.resume::<Signed>(handle.clone()).await)
    };
    let next = client.sign(sale("S-2"));
    let (next, _) = tokio::join!(next.into_future(), resumed);
    done(next);
    // Calls that go side by side keep no order.
    let ledger = simulator.ledger();
    assert_eq!(ledger.receipts().references().len(), 2);
    ledger.receipts().exactly_once();
}

#[tokio::test]
async fn a_forwarder_that_nobody_asks_any_more_holds_nobody_up_for_ever() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    // On this clock whatever may be waited for is over at once.
    let clock = Arc::new(support::clock::ManualClock::default());
    let client = till_with(&simulator, &store, |builder| builder.with_clock(clock));
    let handle = left_behind(&simulator, &client, "S-1").await;
    let hold = simulator.hold();
    let arrived = simulator.ledger().requests().len();
    let mut forwarder = client.forward().unwrap();
    let mut next = Box::pin(forwarder.next());
    tokio::select! {
        biased;
        () = simulator.arrivals(arrived + 1) => {}
        event = &mut next => panic!("{event:?}"),
    }
    let given_up = client
        .abandon(handle.operation_id(), "Ada", "no time")
        .await;
    assert_eq!(given_up.unwrap_err().kind(), ErrorKind::StorageUnavailable);
    hold.release();
    let event = next.await.unwrap();
    assert!(matches!(event, Forwarded::Settled(_)), "{event:?}");
}

#[tokio::test]
async fn what_the_next_sale_sends_on_the_way_is_told_too() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let mut forwarder = client.forward().unwrap();
    let first = left_behind(&simulator, &client, "S-1").await;
    let _ = client.handed_over_offline(&first).await.unwrap();
    done(client.sign(sale("S-2")).await);
    assert_eq!(simulator.ledger().receipts().references(), ["S-1", "S-2"]);
    let settled = forwarder.next().await.unwrap();
    let Forwarded::Settled(record) = settled else {
        panic!("{settled:?}");
    };
    assert_eq!(record.predecessor(), Some(first.operation_id()));
    let drained = forwarder.next().await.unwrap();
    assert!(
        matches!(
            drained,
            Forwarded::Drained {
                zero_receipt_due: true
            }
        ),
        "{drained:?}"
    );
}

#[tokio::test]
async fn a_zero_receipt_is_due_until_there_is_one_whoever_signed_late() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    assert!(!client.recover().await.unwrap().zero_receipt_due);
    let first = left_behind(&simulator, &client, "S-1").await;
    let _ = client.handed_over_offline(&first).await.unwrap();
    // Not signed yet.
    simulator.faults().script([is_away()]);
    let short = till_with(&simulator, &store, |builder| {
        builder.with_deadline(ATTEMPT_TIMEOUT)
    });
    assert!(!short.recover().await.unwrap().zero_receipt_due);
    assert!(client.recover().await.unwrap().zero_receipt_due);
    // The next program knows it too.
    let store = store.after_power_loss().await;
    let client = till(&simulator, &store);
    let recovery = client.recover().await.unwrap();
    assert!(recovery.zero_receipt_due);
    // And the one after that, to which no answer is given any more.
    for record in recovery.finished {
        client.acknowledge(record.operation_id()).await.unwrap();
    }
    let store = store.after_kill().await;
    let client = till(&simulator, &store);
    let recovery = client.recover().await.unwrap();
    assert!(recovery.finished.is_empty() && recovery.zero_receipt_due);
    let zero = pos_system_api::receipt::Receipt::zero("Z-1", support::receipts::moment());
    done(client.sign(zero).await);
    assert!(!client.recover().await.unwrap().zero_receipt_due);
}

#[tokio::test]
async fn a_worker_that_is_given_a_late_signing_by_a_shared_log_knows_that_a_zero_receipt_is_due() {
    let simulator = simulator().await;
    let store = Arc::new(Shared::default());
    let client = till(&simulator, &store);
    let first = left_behind(&simulator, &client, "S-1").await;
    let _ = client.handed_over_offline(&first).await.unwrap();
    assert!(client.recover().await.unwrap().zero_receipt_due);
    let recovery = till(&simulator, &store).recover().await.unwrap();
    assert_eq!(recovery.finished.len(), 1);
    assert!(recovery.zero_receipt_due);
}

#[tokio::test]
async fn a_log_that_fails_is_not_asked_again_and_again() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let clock = Arc::new(BriskClock::default());
    let client = till_with(&simulator, &store, |builder| {
        builder.with_clock(clock.clone())
    });
    let _ = left_behind(&simulator, &client, "S-1").await;
    let mut forwarder = client
        .forward()
        .unwrap()
        .with_retry_interval(Duration::from_secs(7));
    store.trouble_at(0, Trouble::Failed { done: false });
    let asked = store.seen().len();
    for _ in 0..3 {
        assert!(forwarder.next().await.is_err());
    }
    let waits = clock.waits();
    let retries = waits.iter().filter(|wait| **wait == Duration::from_secs(7));
    assert_eq!(retries.count(), 2, "{waits:?}");
    assert_eq!(store.seen().len() - asked, 3);
}

#[tokio::test]
async fn what_another_worker_left_behind_is_found_without_a_word_from_it() {
    let simulator = simulator().await;
    let store = Arc::new(Shared::default());
    let [mine, other] = [till(&simulator, &store), till(&simulator, &store)];
    let mut forwarder = mine.forward().unwrap();
    let drained = forwarder.next().await.unwrap();
    assert!(matches!(drained, Forwarded::Drained { .. }), "{drained:?}");
    let left = left_behind(&simulator, &other, "S-1").await;
    drop(other);
    let settled = forwarder.next().await.unwrap();
    let Forwarded::Settled(record) = settled else {
        panic!("{settled:?}");
    };
    assert_eq!(record.operation_id(), left.operation_id());
}

#[tokio::test]
async fn what_cannot_be_removed_keeps_nobody_from_recovering() {
    let simulator = simulator().await;
    let store = Arc::new(Shared::default());
    let options = LogOptions::default().with_content_retention(Duration::ZERO);
    let clock = Arc::new(BriskClock::off_by(chrono::TimeDelta::hours(1)));
    let client = till(&simulator, &store);
    let first = done(client.sign(sale("S-1")).await).operation_id();
    done(client.sign(sale("S-2")).await);
    let left = left_behind(&simulator, &client, "S-3").await.operation_id();
    // Another worker removes what has ended, just now.
    store.hold_elsewhere(Some(first));
    let later = till_with(&simulator, &store, |builder| {
        builder.with_log_options(options).with_clock(clock)
    });
    let recovery = later.recover().await.unwrap();
    assert!(
        recovery
            .finished
            .iter()
            .any(|record| record.operation_id() == left),
        "{recovery:?}"
    );
    assert!(recovery.open.is_empty());
}
