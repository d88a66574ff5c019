//! Sales handed over offline are signed late, and only those that were never sent.

use pos_system_api::codes::{ReceiptCase, ReceiptFlags};
use pos_system_api::durable::{Forwarded, HandedOver};
use pos_system_api::receipt::Receipt;
use pos_system_api::types::ReceiptRequest;
use support::receipts::moment;

use super::*;

async fn offline(fault: Fault) -> (Simulator, Arc<WatchedStore>, Client, Handle) {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([fault]);
    let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    (simulator, store, client, handle)
}

#[tokio::test]
async fn a_sale_never_sent_is_replaced_at_once_by_its_late_signing() {
    let (simulator, store, client, handle) = offline(is_away()).await;
    let commits = store.commits().len();
    let HandedOver::LateSigning(late) = client.handed_over_offline(&handle).await.unwrap() else {
        panic!("as it is");
    };
    assert_ne!(late.operation_id(), handle.operation_id());
    // Both at once, and on stable storage.
    let [(writes, durability, _)] = &store.commits()[commits..] else {
        panic!("{:?}", store.commits());
    };
    assert_eq!(*durability, Durability::Synced);
    let written: Vec<_> = writes.iter().map(|w| (w.operation_id, w.stage)).collect();
    assert_eq!(
        written,
        [
            (handle.operation_id(), Stage::Replaced),
            (late.operation_id(), Stage::Prepared),
        ]
    );
    // The same sale with the flag, of the same moment.
    let original: ReceiptRequest = serde_json::from_slice(handle.operation().body()).unwrap();
    let sent: ReceiptRequest = serde_json::from_slice(late.operation().body()).unwrap();
    let flags = sent.ft_receipt_case.unwrap().flags();
    assert!(flags.contains(ReceiptFlags::LATE_SIGNING));
    assert_eq!(sent.cb_receipt_moment, original.cb_receipt_moment);
    assert_eq!(sent.cb_receipt_reference, original.cb_receipt_reference);
    assert_eq!(sent.cb_charge_items, original.cb_charge_items);
    // Nothing was sent by that, and nothing is before somebody asks.
    assert_eq!(simulator.ledger().requests().len(), 1);

    let store = store.after_power_loss().await;
    let client = till(&simulator, &store);
    let recovery = client.recover().await.unwrap();
    assert_eq!(recovery.finished.len(), 1);
    assert_eq!(
        recovery.finished[0].predecessor(),
        Some(handle.operation_id())
    );
    let ledger = simulator.ledger();
    ledger.receipts().exactly_once_for([late.operation_id()]);
    let replaced = client.recorded(handle.operation_id()).await.unwrap();
    assert_eq!(replaced.unwrap().successor(), Some(late.operation_id()));
}

#[tokio::test]
async fn a_sale_in_doubt_is_sent_to_its_end_as_it_is() {
    for executed in [false, true] {
        let fault = match executed {
            false => is_in_doubt(),
            true => Fault::StatusAfterCommit {
                status: 503,
                retry_after: Some(30),
            },
        };
        let (simulator, store, client, handle) = offline(fault).await;
        let handed_over = client.handed_over_offline(&handle).await.unwrap();
        let HandedOver::AsItIs(same) = &handed_over else {
            panic!("{handed_over:?}");
        };
        assert_eq!(same.operation_id(), handle.operation_id());
        // What the program said lasts.
        let store = store.after_power_loss().await;
        let client = till(&simulator, &store);
        let recovery = client.recover().await.unwrap();
        assert!(recovery.open.is_empty() && recovery.parked.is_empty());
        assert!(recovery.finished[0].handed_over_offline().is_some());
        let ledger = simulator.ledger();
        ledger.receipts().exactly_once_for([handle.operation_id()]);
        let flags = ReceiptFlags::LATE_SIGNING;
        for request in ledger.requests() {
            let sent: ReceiptRequest = serde_json::from_slice(&request.body).unwrap();
            assert!(!sent.ft_receipt_case.unwrap().flags().contains(flags));
        }
    }
}

#[tokio::test]
async fn one_that_was_dropped_while_it_was_sent_is_in_doubt() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let hold = simulator.hold();
    let call = client.sign(sale("S-1"));
    let handle = call.handle().unwrap();
    dropped_when(simulator.arrivals(1), call).await;
    let handed_over = client.handed_over_offline(&handle).await.unwrap();
    assert!(matches!(handed_over, HandedOver::AsItIs(_)));
    hold.release();
    let _ = client.recover().await.unwrap();
    let ledger = simulator.ledger();
    ledger.receipts().exactly_once_for([handle.operation_id()]);
}

#[tokio::test]
async fn one_that_was_being_sent_when_the_program_ended_is_in_doubt() {
    for is_power_lost in [false, true] {
        let (simulator, store, client, first) = offline(is_away()).await;
        // Written down behind the first, and not sent.
        simulator.faults().script([is_away()]);
        let call = client.sign(sale("S-2")).with_deadline(ATTEMPT_TIMEOUT);
        let handle = pending(call.await);
        let first = first.operation_id();
        client.abandon(first, "Ada", "a mistake").await.unwrap();
        let record = client.recorded(handle.operation_id()).await.unwrap();
        assert_eq!(record.unwrap().stage(), Stage::Prepared);

        let hold = simulator.hold();
        let arrived = simulator.ledger().requests().len();
        tokio::select! {
            biased;
            () = simulator.arrivals(arrived + 1) => {}
            recovery = client.recover() => panic!("{recovery:?}"),
        }
        let store = match is_power_lost {
            true => store.after_power_loss().await,
            false => store.after_kill().await,
        };
        hold.release();
        let client = till(&simulator, &store);
        let handed_over = client.handed_over_offline(&handle).await.unwrap();
        assert!(
            matches!(handed_over, HandedOver::AsItIs(_)),
            "{is_power_lost}: {handed_over:?}"
        );
        let _ = client.recover().await.unwrap();
        let ledger = simulator.ledger();
        ledger.receipts().exactly_once_for([handle.operation_id()]);
    }
}

#[tokio::test]
async fn what_cannot_be_signed_late_is_left_as_it_is() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_away()]);
    let closing = Receipt::of(ReceiptCase::DAILY_CLOSING, "D-1", moment());
    let call = client.sign(closing).with_deadline(ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    let error = client.handed_over_offline(&handle).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    let record = client.recorded(handle.operation_id()).await.unwrap();
    assert_eq!(record.unwrap().stage(), Stage::Prepared);
    // It is not held either: it goes on.
    let recovery = client.recover().await.unwrap();
    assert_eq!(recovery.finished.len(), 1);
    let error = client.handed_over_offline(&handle).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    simulator.ledger().receipts().exactly_once();
}

#[tokio::test]
async fn a_forwarder_tells_what_it_does_and_proposes_the_zero_receipt() {
    let (simulator, _store, client, handle) = offline(is_away()).await;
    let late = client.handed_over_offline(&handle).await.unwrap();
    simulator.faults().script([is_away()]);
    let call = client.sign(sale("S-2")).with_deadline(ATTEMPT_TIMEOUT);
    let second = pending(call.await).operation_id();

    let mut forwarder = client.forward().unwrap();
    for expected in [late.handle().operation_id(), second] {
        let Forwarded::Settled(record) = forwarder.next().await.unwrap() else {
            panic!("not settled");
        };
        assert_eq!(record.operation_id(), expected);
    }
    let Forwarded::Drained { zero_receipt_due } = forwarder.next().await.unwrap() else {
        panic!("not drained");
    };
    assert!(zero_receipt_due);
    let ledger = simulator.ledger();
    // Proposed, not sent.
    assert_eq!(ledger.receipts().references(), ["S-1", "S-2"]);

    // With nothing left behind it waits, and does not tell twice.
    let mut next = Box::pin(forwarder.next());
    assert!(polled(&mut next).is_none());
    simulator.faults().script([is_away()]);
    let call = client.sign(sale("S-3")).with_deadline(ATTEMPT_TIMEOUT);
    let _ = pending(call.await);
    let settled = next.await.unwrap();
    assert!(matches!(settled, Forwarded::Settled(_)), "{settled:?}");
    // It is due until there is one.
    for expected in [true, false] {
        let drained = forwarder.next().await.unwrap();
        let Forwarded::Drained { zero_receipt_due } = drained else {
            panic!("{drained:?}");
        };
        assert_eq!(zero_receipt_due, expected);
        if !expected {
            break;
        }
        let zero = Receipt::zero("Z-1", support::receipts::moment());
        done(client.sign(zero).await);
        simulator.faults().script([is_away()]);
        let call = client.sign(sale("S-4")).with_deadline(ATTEMPT_TIMEOUT);
        let _ = pending(call.await);
        let settled = forwarder.next().await.unwrap();
        assert!(matches!(settled, Forwarded::Settled(_)), "{settled:?}");
    }
}

/// One poll of a future.
fn polled<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::Pin::new(future).poll(&mut context) {
        std::task::Poll::Ready(output) => Some(output),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test]
async fn nothing_is_sent_by_itself() {
    let (simulator, _store, client, handle) = offline(is_away()).await;
    let _ = client.handed_over_offline(&handle).await.unwrap();
    let _ = client.pending().await.unwrap();
    let _ = client.recorded(handle.operation_id()).await.unwrap();
    let forwarder = client.forward().unwrap();
    drop(forwarder);
    drop(client);
    // Whatever ran in the background would have its turn.
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(simulator.ledger().requests().len(), 1);
}

#[tokio::test]
async fn only_receipts_are_handed_over() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_away()]);
    let payment = pos_system_api::client::Payment::new(
        "Card",
        pos_system_api::types::Amount::from_cents(800),
    );
    let call = client.pay(payment).with_deadline(ATTEMPT_TIMEOUT);
    let Ok(Outcome::Pending(handle)) = call.await else {
        panic!("not pending");
    };
    let error = client.handed_over_offline(&handle).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn a_sale_handed_over_twice_is_signed_late_once() {
    for trouble in [None, Some(Trouble::Failed { done: true })] {
        let (simulator, store, client, handle) = offline(is_away()).await;
        // The second of two calls of the store: the first looks for the operation.
        if let Some(trouble) = trouble {
            store.trouble_at(2, trouble);
        }
        let first = client.handed_over_offline(&handle).await;
        store.heal();
        let HandedOver::LateSigning(late) = client.handed_over_offline(&handle).await.unwrap()
        else {
            panic!("not signed late");
        };
        match trouble {
            None => assert_eq!(first.unwrap().handle().operation_id(), late.operation_id()),
            Some(_) => assert_eq!(first.unwrap_err().kind(), ErrorKind::StorageUnavailable),
        }
        let _ = client.recover().await.unwrap();
        assert_eq!(simulator.ledger().receipts().references(), ["S-1"]);
        simulator
            .ledger()
            .receipts()
            .exactly_once_for([late.operation_id()]);
    }
}

#[tokio::test]
async fn a_sale_under_an_id_of_the_tills_own_is_signed_late_as_any() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let id = pos_system_api::uuid::Uuid::from_u128(0x61);
    simulator.faults().script([is_away()]);
    let call = client.sign(sale("S-1")).with_fresh_operation_id(id);
    let handle = pending(call.with_deadline(ATTEMPT_TIMEOUT).await);
    assert_eq!(
        (handle.operation_id(), handle.standing()),
        (id, Standing::NotSent)
    );
    let handed_over = client.handed_over_offline(&handle).await.unwrap();
    assert!(
        matches!(handed_over, HandedOver::LateSigning(_)),
        "{handed_over:?}"
    );
}
