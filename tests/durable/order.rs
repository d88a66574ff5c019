//! Operations of a cash box keep their order.

use super::*;

/// Sales that are left behind: nothing of them was executed.
async fn left_behind(simulator: &Simulator, client: &Client, references: &[&str]) {
    for reference in references {
        // One for the first that was left behind, or for this one.
        simulator.faults().script([is_away()]);
        let call = client.sign(sale(reference)).with_deadline(ATTEMPT_TIMEOUT);
        let _ = pending(call.await);
    }
}

#[tokio::test]
async fn a_sale_that_begins_while_earlier_ones_are_sent_waits_for_all_of_them() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    left_behind(&simulator, &client, &["S-1", "S-2", "S-3"]).await;
    let hold = simulator.hold();
    let arrived = simulator.ledger().requests().len();
    let inserted = store.commits().len() + 2;
    let later = async {
        // The first of those left behind is under way.
        simulator.arrivals(arrived + 1).await;
        let call = client.sign(sale("S-4")).into_future();
        let release = async {
            // The raise of the first, and the intent of this one.
            while store.commits().len() < inserted {
                tokio::task::yield_now().await;
            }
            // Whatever else could be begun meanwhile has its turn: nothing is, as long as the first is open.
            for _ in 0..1000 {
                tokio::task::yield_now().await;
            }
            assert_eq!(store.commits().len(), inserted);
            hold.release();
        };
        tokio::join!(call, release).0
    };
    let (recovery, later) = tokio::join!(client.recover(), later);
    assert_eq!(recovery.unwrap().cause, None);
    done(later);
    let ledger = simulator.ledger();
    assert_eq!(ledger.receipts().references(), ["S-1", "S-2", "S-3", "S-4"]);
}

#[tokio::test]
async fn what_was_left_behind_is_not_forgotten_when_the_store_fails_or_a_call_is_dropped() {
    for trouble in [
        Trouble::Full,
        Trouble::Stopped { done: false },
        Trouble::Stopped { done: true },
    ] {
        // The calls of a sale behind another, up to the sending of that.
        for at in 0..4 {
            let simulator = simulator().await;
            let store = Arc::new(WatchedStore::default());
            let client = till(&simulator, &store);
            left_behind(&simulator, &client, &["S-1"]).await;
            store.trouble_at(at, trouble);
            tokio::select! {
                biased;
                () = store.stopped() => {}
                _ = client.sign(sale("S-2")).into_future() => {}
            }
            store.heal();
            done(client.sign(sale("S-3")).await);
            let references = simulator.ledger().receipts().references();
            assert_eq!(references[0], "S-1", "{trouble:?} at {at}: {references:?}");
        }
    }
}

#[tokio::test]
async fn one_left_behind_while_the_store_says_that_nothing_is_is_not_forgotten() {
    // Left behind after so many polls of who asks the store.
    for polls in 0..8 {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        let client = till(&simulator, &store);
        let hold = simulator.hold();
        let mut first = client.sign(sale("S-1")).into_future();
        tokio::select! {
            biased;
            () = simulator.arrivals(1) => {}
            outcome = &mut first => panic!("{outcome:?}"),
        }
        let mut forwarder = client.forward().unwrap();
        let mut next = Box::pin(forwarder.next());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let is_told = (0..polls).any(|_| next.as_mut().poll(&mut context).is_ready());
        drop(first);
        hold.release();
        if !is_told {
            let _ = next.await.unwrap();
        }
        done(client.sign(sale("S-2")).await);
        assert!(client.pending().await.unwrap().is_empty(), "{polls}");
        simulator.ledger().receipts().each_reference_once();
    }
}

#[tokio::test]
async fn a_sale_that_is_dropped_while_it_is_written_down_is_sent_before_the_next() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    // Is anything left behind, the intent.
    store.trouble_at(1, Trouble::Stopped { done: true });
    tokio::select! {
        biased;
        () = store.stopped() => {}
        outcome = client.sign(sale("S-1")).into_future() => panic!("{outcome:?}"),
    }
    store.heal();
    done(client.sign(sale("S-2")).await);
    let references = simulator.ledger().receipts().references();
    assert_eq!(references, ["S-1", "S-2"]);
}

#[tokio::test]
async fn the_order_survives_restarts() {
    let simulator = simulator().await;
    let mut store = Arc::new(WatchedStore::default());
    let references: Vec<String> = (1..=6).map(|number| format!("S-{number}")).collect();
    for (index, reference) in references.iter().enumerate() {
        let client = till(&simulator, &store);
        left_behind(&simulator, &client, &[reference]).await;
        store = if index % 2 == 0 {
            store.after_kill().await
        } else {
            store.after_power_loss().await
        };
    }
    let client = till(&simulator, &store);
    let recovery = client.recover().await.unwrap();
    assert!(recovery.open.is_empty() && recovery.parked.is_empty());
    assert_eq!(simulator.ledger().receipts().references(), references);
    let sequences: Vec<u64> = recovery.finished.iter().map(|r| r.sequence()).collect();
    assert!(sequences.is_sorted());
}

#[tokio::test]
async fn of_many_sales_at_once_each_is_signed_once_and_none_before_what_was_left_behind() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    left_behind(&simulator, &client, &["S-1", "S-2", "S-3"]).await;
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..64 {
        let call = client.sign(sale(&format!("C-{number}")));
        calls.spawn(call.into_future());
    }
    for outcome in calls.join_all().await {
        done(outcome);
    }
    let ledger = simulator.ledger();
    ledger.receipts().exactly_once();
    ledger.receipts().each_reference_once();
    assert_eq!(ledger.receipts().count(), 67);
    assert_eq!(
        ledger.receipts().references()[..3],
        ["S-1", "S-2", "S-3"].map(str::to_owned)
    );
    assert!(client.pending().await.unwrap().is_empty());
    // All but the answers of the last are taken note of, one way or the other.
    let store = store.after_power_loss().await;
    let after = till(&simulator, &store);
    assert!(after.recover().await.unwrap().open.is_empty());
    assert_eq!(simulator.ledger().requests().len(), ledger.requests().len());
}

#[tokio::test]
async fn one_that_was_set_aside_lets_the_others_pass_unless_the_order_is_strict() {
    for strict in [false, true] {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        let options = LogOptions::default().with_strict_order(strict);
        let client = till_with(&simulator, &store, |builder| {
            builder.with_log_options(options.clone())
        });
        simulator.faults().script([refuses()]);
        let refused = client.sign(sale("S-1")).await.unwrap_err();
        let refused = refused.handle().unwrap();
        if !strict {
            done(client.sign(sale("S-2")).await);
            done(client.resume::<Signed>(refused).await);
            assert_eq!(simulator.ledger().receipts().references(), ["S-2", "S-1"]);
            continue;
        }
        let waiting = pending(client.sign(sale("S-2")).await);
        assert!(waiting.cause().unwrap().contains("set aside"), "{waiting}");
        assert_eq!(simulator.ledger().requests().len(), 1);
        // Nor does it pass by being the first of those that are not set aside.
        let waiting = pending(client.resume::<Signed>(waiting).await);
        assert!(waiting.cause().unwrap().contains("set aside"), "{waiting}");
        assert_eq!(simulator.ledger().requests().len(), 1);
        // After a restart too.
        let store = store.after_power_loss().await;
        let client = till_with(&simulator, &store, |builder| {
            builder.with_log_options(options)
        });
        let recovery = client.recover().await.unwrap();
        assert_eq!((recovery.open.len(), recovery.parked.len()), (1, 1));
        assert!(recovery.cause.unwrap().contains("set aside"));
        let _ = pending(client.sign(sale("S-3")).await);
        assert_eq!(simulator.ledger().requests().len(), 1);
        // The person's decision lets all of them go, in their order.
        done(client.resume::<Signed>(refused).await);
        done(client.sign(sale("S-4")).await);
        assert_eq!(
            simulator.ledger().receipts().references(),
            ["S-1", "S-2", "S-3", "S-4"]
        );
    }
}

#[tokio::test]
async fn two_cash_boxes_share_a_store_and_do_not_wait_for_each_other() {
    let store = Arc::new(WatchedStore::default());
    let server = simulator().await;
    let first = till(&server, &store);
    let other_box = pos_system_api::uuid::Uuid::from_u128(0xb0c5);
    let builder = Simulator::builder().started(true).cashbox_id(other_box);
    let other_server = builder.start().await.unwrap();
    let second = till(&other_server, &store);

    server.faults().script([is_away()]);
    let call = first.sign(sale("A-1")).with_deadline(ATTEMPT_TIMEOUT);
    let _ = pending(call.await);
    done(second.sign(sale("B-1")).await);
    assert!(second.pending().await.unwrap().is_empty());
    let recovery = second.recover().await.unwrap();
    assert!(recovery.open.is_empty());
    let queues: Vec<_> = recovery.finished.iter().map(|r| r.queue()).collect();
    assert_eq!(queues, [other_box.to_string()]);
    // Nothing of the first was sent by that, and its own next sale sends it.
    assert_eq!(server.ledger().requests().len(), 1);
    done(first.sign(sale("A-2")).await);
    assert_eq!(server.ledger().receipts().references(), ["A-1", "A-2"]);
    assert_eq!(other_server.ledger().receipts().references(), ["B-1"]);
    let sequences: Vec<u64> = rows(&*store).await.iter().map(|row| row.sequence).collect();
    assert_eq!(sequences, [1, 2, 3]);
}

#[tokio::test]
async fn one_that_was_set_aside_holds_up_none_before_it() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let options = LogOptions::default().with_strict_order(true);
    let client = till_with(&simulator, &store, |builder| {
        builder.with_log_options(options)
    });
    // Two side by side: the second is refused, the first gets no answer.
    let hold = simulator.hold();
    let mut first = Box::pin(client.sign(sale("S-1")).into_future());
    tokio::select! {
        biased;
        () = simulator.arrivals(1) => {}
        outcome = &mut first => panic!("{outcome:?}"),
    }
    simulator.faults().script([refuses()]);
    let _ = client.sign(sale("S-2")).await.unwrap_err();
    drop(first);
    hold.release();
    let recovery = client.recover().await.unwrap();
    assert_eq!(simulator.ledger().receipts().references(), ["S-1"]);
    assert_eq!((recovery.open.len(), recovery.parked.len()), (0, 1));
}
