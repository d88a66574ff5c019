//! What is in doubt stays so, whoever comes back with an older belief, until the server settles it.

use pos_system_api::durable::HandedOver;

use super::*;

/// A day and more later.
fn much_later(simulator: &Simulator, store: &Arc<WatchedStore>) -> Client {
    let clock = BriskClock::off_by(chrono_days(3));
    till_with(simulator, store, |builder| {
        builder.with_clock(Arc::new(clock))
    })
}

fn chrono_days(days: i64) -> chrono::TimeDelta {
    chrono::TimeDelta::days(days)
}

#[tokio::test]
async fn a_handle_that_knows_nothing_of_it_does_not_erase_a_doubt() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_away()]);
    let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    assert_eq!(handle.standing(), Standing::NotSent);
    // The log sends it: it is signed, and the answer is lost.
    simulator
        .faults()
        .script([Fault::ResetAfterCommit, is_in_doubt()]);
    let short = till_with(&simulator, &store, |builder| {
        builder.with_deadline(ATTEMPT_TIMEOUT)
    });
    let recovery = short.recover().await.unwrap();
    assert_eq!(recovery.open[0].stage(), Stage::Unknown);
    // The program comes back with what it knew, and again nothing gets through.
    simulator.faults().script([is_away()]);
    let call = client.resume::<Signed>(handle.clone());
    let handle = pending(call.with_deadline(ATTEMPT_TIMEOUT).await);
    assert_eq!(handle.standing(), Standing::Unknown);
    // So it is not signed late, under another id.
    let handed_over = client.handed_over_offline(&handle).await.unwrap();
    assert!(
        matches!(handed_over, HandedOver::AsItIs(_)),
        "{handed_over:?}"
    );
    let _ = client.recover().await.unwrap();
    let ledger = simulator.ledger();
    ledger.receipts().exactly_once_for([handle.operation_id()]);
}

#[tokio::test]
async fn a_call_is_told_that_its_operation_was_set_aside() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    simulator.faults().script([is_in_doubt()]);
    let call = till(&simulator, &store).sign(sale("S-1"));
    let handle = pending(call.with_deadline(ATTEMPT_TIMEOUT).await);
    // Two hours later the server still answers, and settles nothing.
    let clock = BriskClock::off_by(chrono::TimeDelta::hours(2));
    let client = till_with(&simulator, &store, |builder| {
        builder.with_clock(Arc::new(clock))
    });
    simulator.faults().script([is_in_doubt()]);
    let call = client.resume::<Signed>(handle);
    let outcome = call.with_deadline(ATTEMPT_TIMEOUT).await.unwrap();
    let Outcome::Parked(handle) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(handle.cause().unwrap().contains("503"), "{handle}");
    let record = client.recorded(handle.operation_id()).await.unwrap();
    assert!(record.unwrap().is_parked());
}

#[tokio::test]
async fn what_the_server_may_have_forgotten_is_sent_by_a_decision_alone() {
    for by_id in [false, true] {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        simulator.faults().script([is_in_doubt()]);
        let call = till(&simulator, &store).sign(sale("S-1"));
        let handle = pending(call.with_deadline(ATTEMPT_TIMEOUT).await);
        let id = handle.operation_id();
        let requests = simulator.ledger().requests().len();
        let client = much_later(&simulator, &store);
        if by_id {
            // Whoever names it has decided.
            done(client.resume_recorded::<Signed>(id).await);
            continue;
        }
        // Neither a stored handle nor the id in the same call again is a decision.
        let outcome = client.resume::<Signed>(handle.clone()).await.unwrap();
        let Outcome::Parked(parked) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(
            parked.cause().unwrap().contains("forgotten its id"),
            "{parked}"
        );
        assert_eq!(simulator.ledger().requests().len(), requests);
        // Shown that it was set aside, whoever goes on has decided.
        done(client.resume::<Signed>(parked).await);
        simulator.ledger().receipts().exactly_once_for([id]);
    }
}

#[tokio::test]
async fn an_intent_that_may_have_been_written_is_no_sale_to_be_begun_anew() {
    for done_all_the_same in [false, true] {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        let client = till(&simulator, &store);
        let _ = client.recover().await.unwrap();
        store.trouble_at(
            0,
            Trouble::Failed {
                done: done_all_the_same,
            },
        );
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageUnavailable);
        assert_eq!(error.outcome(), Standing::Unknown);
        assert!(error.is_retryable());
        assert!(error.to_string().contains("resume it"), "{error}");
        assert!(simulator.ledger().requests().is_empty());
        // Whether it was written or not, the same operation goes on, and before the next.
        store.heal();
        let store = store.after_kill().await;
        let client = till(&simulator, &store);
        if done_all_the_same {
            done(client.sign(sale("S-2")).await);
        }
        let handle = error.handle().unwrap();
        done(client.resume::<Signed>(handle).await);
        if !done_all_the_same {
            done(client.sign(sale("S-2")).await);
        }
        let ledger = simulator.ledger();
        assert_eq!(ledger.receipts().references(), ["S-1", "S-2"]);
        ledger.receipts().exactly_once();
    }
}

#[tokio::test]
async fn an_intent_that_may_have_been_written_is_sent_before_the_next_sale_of_the_same_till() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    // From here on it takes it that nothing is left behind.
    let _ = client.recover().await.unwrap();
    store.trouble_at(0, Trouble::Failed { done: true });
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.outcome(), Standing::Unknown);
    store.heal();
    done(client.sign(sale("S-2")).await);
    let ledger = simulator.ledger();
    assert_eq!(ledger.receipts().references(), ["S-1", "S-2"]);
}

#[tokio::test]
async fn a_till_that_was_offline_for_a_day_is_not_taken_for_one_in_doubt() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    simulator.faults().script([is_away()]);
    let client = till(&simulator, &store);
    let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let first = pending(call.await).operation_id();
    // The network comes back after a day, and the first attempt is lost.
    let later = till_with(&simulator, &store, |builder| {
        builder
            .with_clock(Arc::new(BriskClock::off_by(chrono_days(2))))
            .with_deadline(ATTEMPT_TIMEOUT)
    });
    simulator.faults().script([is_in_doubt()]);
    let recovery = later.recover().await.unwrap();
    assert!(recovery.parked.is_empty(), "{recovery:?}");
    // The server saw its id just now.
    let recovery = later.recover().await.unwrap();
    assert_eq!(recovery.finished[0].operation_id(), first);
    simulator.ledger().receipts().exactly_once_for([first]);
}

#[tokio::test]
async fn an_operation_of_another_cash_box_is_left_to_it() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let other = till_with(&simulator, &store, |builder| {
        builder.cashbox_id(pos_system_api::uuid::Uuid::from_u128(7))
    });
    simulator.faults().script([is_in_doubt()]);
    let call = other.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    let id = handle.operation_id();
    let requests = simulator.ledger().requests().len();
    let client = till(&simulator, &store);
    let errors = [
        client.resume::<Signed>(handle.clone()).await.unwrap_err(),
        client.resume_recorded::<Signed>(id).await.unwrap_err(),
        client.abandon(id, "Ada", "not mine").await.unwrap_err(),
        client.handed_over_offline(&handle).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
        assert!(error.to_string().contains("cash box"), "{error}");
    }
    assert_eq!(simulator.ledger().requests().len(), requests);
    let record = other.recorded(id).await.unwrap().unwrap();
    assert_eq!(
        (record.stage(), record.is_parked()),
        (Stage::Unknown, false)
    );
}

#[tokio::test]
async fn an_operation_that_may_be_in_a_log_that_cannot_be_read_is_not_proved_to_be_unsent() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_away()]);
    let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    store.trouble_at(0, Trouble::Full);
    let error = client.resume::<Signed>(handle.clone()).await.unwrap_err();
    assert_eq!(error.outcome(), Standing::Unknown, "{error}");
    assert!(error.to_string().contains("resume it"), "{error}");
    // Read, but not written: it is as open as before.
    store.trouble_at(1, Trouble::Full);
    let open = pending(client.resume::<Signed>(handle).await);
    assert!(
        open.cause().unwrap().contains("in the operation log"),
        "{open}"
    );
    let _ = client.recover().await.unwrap();
    simulator
        .ledger()
        .receipts()
        .exactly_once_for([open.operation_id()]);
}
