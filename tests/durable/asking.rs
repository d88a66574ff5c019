//! Where the library stops and a person is asked: what the server may have forgotten, and clocks that jump.

use pos_system_api::chrono::TimeDelta;
use pos_system_api::client::Payment;
use pos_system_api::types::Amount;

use super::*;

fn years(years: i64) -> TimeDelta {
    TimeDelta::days(365 * years)
}

/// Two sales that are open, one in doubt and one that was never sent; the store as the next start finds it.
async fn left_open() -> (Simulator, Arc<WatchedStore>, [Handle; 2]) {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_in_doubt(), is_away()]);
    let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let in_doubt = pending(call.await);
    let call = client.sign(sale("S-2")).with_deadline(ATTEMPT_TIMEOUT);
    let never_sent = pending(call.await);
    let store = store.after_kill().await;
    (simulator, store, [in_doubt, never_sent])
}

/// A till whose calendar is off.
fn till_off_by(simulator: &Simulator, store: &Arc<WatchedStore>, off_by: TimeDelta) -> Client {
    till_with(simulator, store, |builder| {
        builder.with_clock(Arc::new(BriskClock::off_by(off_by)))
    })
}

#[tokio::test]
async fn what_may_have_been_executed_is_not_sent_by_a_clock_that_jumped() {
    for off_by in [years(10), years(-1), TimeDelta::hours(-25)] {
        let (simulator, store, [in_doubt, never_sent]) = left_open().await;
        let requests_of = |id| simulator.ledger().requests_of(id).len();
        let sent = requests_of(in_doubt.operation_id());
        let client = till_off_by(&simulator, &store, off_by);
        let recovery = client.recover().await.unwrap();
        let [parked] = &recovery.parked[..] else {
            panic!("{off_by}: {recovery:?}");
        };
        assert_eq!(parked.operation_id(), in_doubt.operation_id());
        let cause = parked.cause().unwrap();
        assert!(cause.contains("may have been executed"), "{cause}");
        if off_by == years(10) {
            assert!(cause.contains("more than 24 hours ago"), "{cause}");
        }
        // By any call, again and again.
        done(client.sign(sale("S-3")).await);
        let _ = client.recover().await.unwrap();
        let mut forwarder = client.forward().unwrap();
        let _ = forwarder.next().await.unwrap();
        assert_eq!(requests_of(in_doubt.operation_id()), sent, "{off_by}");
        // What was never sent goes on, under its own id.
        let ids = simulator.ledger().receipts().operations();
        assert!(ids.contains(&never_sent.operation_id()), "{off_by}");
        // Nothing of it is gone, and a person can have it sent.
        let open = client.pending().await.unwrap();
        assert_eq!(open.len(), 1, "{off_by}");
        let signed = done(
            client
                .resume_recorded::<Signed>(in_doubt.operation_id())
                .await,
        );
        assert_eq!(signed.operation_id(), in_doubt.operation_id());
        simulator.ledger().receipts().each_reference_once();
        assert_eq!(simulator.ledger().receipts().count(), 3, "{off_by}");
    }
}

#[tokio::test]
async fn what_was_set_aside_stays_so_when_the_power_fails_and_the_clock_is_right_again() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    simulator.faults().script([is_in_doubt()]);
    let client = till(&simulator, &store);
    let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let _ = pending(call.await);
    let store = store.after_kill().await;
    let client = till_off_by(&simulator, &store, years(10));
    assert_eq!(client.recover().await.unwrap().parked.len(), 1);

    let store = store.after_power_loss().await;
    let recovery = till(&simulator, &store).recover().await.unwrap();
    assert_eq!(recovery.parked.len(), 1);
    assert_eq!(simulator.ledger().requests().len(), 1);
}

#[tokio::test]
async fn what_failed_for_its_caller_is_not_sent_after_a_loss_of_power() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    simulator.faults().script([refuses()]);
    let error = till(&simulator, &store).sign(sale("S-1")).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Unauthorized);
    let store = store.after_power_loss().await;
    let recovery = till(&simulator, &store).recover().await.unwrap();
    assert_eq!(recovery.parked.len(), 1);
    assert_eq!(simulator.ledger().requests().len(), 1);
}

#[tokio::test]
async fn a_payment_that_was_never_sent_is_not_begun_without_the_customer() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_away()]);
    let payment = Payment::new("Card", Amount::from_cents(800));
    let call = client.pay(payment).with_deadline(ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    let sent = simulator.ledger().requests().len();
    let store = store.after_kill().await;
    let client = till(&simulator, &store);
    let recovery = client.recover().await.unwrap();
    let [parked] = &recovery.parked[..] else {
        panic!("{recovery:?}");
    };
    assert_eq!(parked.operation_id(), handle.operation_id());
    // Money that goes back is not moved without the customer either.
    assert_eq!(
        parked.cause(),
        Some("money is not moved without the customer")
    );
    assert_eq!(simulator.ledger().requests().len(), sent);
    // It holds nobody up.
    done(client.sign(sale("S-1")).await);
}

#[tokio::test]
async fn what_is_young_enough_is_sent() {
    for off_by in [TimeDelta::hours(23), TimeDelta::hours(-23)] {
        let (simulator, store, _) = left_open().await;
        let client = till_off_by(&simulator, &store, off_by);
        let recovery = client.recover().await.unwrap();
        assert!(recovery.parked.is_empty() && recovery.open.is_empty());
        assert_eq!(simulator.ledger().receipts().references(), ["S-1", "S-2"]);
    }
}

#[tokio::test]
async fn how_long_the_server_is_trusted_can_be_said() {
    for (seconds, in_words) in [
        (1, "1 second ago"),
        (60, "1 minute ago"),
        (90, "90 seconds ago"),
        (5400, "90 minutes ago"),
        (7200, "2 hours ago"),
    ] {
        let (simulator, store, [in_doubt, _]) = left_open().await;
        let retention = Duration::from_secs(seconds);
        let options = LogOptions::default().with_id_retention(retention);
        let client = till_with(&simulator, &store, |builder| {
            let clock = Arc::new(BriskClock::off_by(TimeDelta::hours(3)));
            builder.with_clock(clock).with_log_options(options)
        });
        let recovery = client.recover().await.unwrap();
        let [parked] = &recovery.parked[..] else {
            panic!("{in_words}: {recovery:?}");
        };
        assert_eq!(parked.operation_id(), in_doubt.operation_id());
        let cause = parked.cause().unwrap();
        assert!(
            cause.contains(&format!("first sent more than {in_words}")),
            "{cause}"
        );
    }
}

#[tokio::test]
async fn no_jump_purges_what_nobody_has_taken_note_of() {
    let (simulator, store, handles) = left_open().await;
    let client = till(&simulator, &store);
    let recovery = client.recover().await.unwrap();
    assert_eq!(recovery.finished.len(), 2);
    let store = store.after_kill().await;
    for off_by in [years(10), years(-1), years(100)] {
        let client = till_off_by(&simulator, &store, off_by);
        assert_eq!(client.recover().await.unwrap().finished.len(), 2);
    }
    let client = till(&simulator, &store);
    for handle in handles {
        let record = client.recorded(handle.operation_id()).await.unwrap();
        let signed: Signed = record.unwrap().read().unwrap();
        assert_eq!(signed.operation_id(), handle.operation_id());
    }
}

#[tokio::test]
async fn one_that_the_server_answers_but_never_settles_is_set_aside_in_time() {
    let (simulator, store, [in_doubt, never_sent]) = left_open().await;
    let options = LogOptions::default().with_max_age(Duration::from_secs(3600));
    let till_at = |off_by| {
        till_with(&simulator, &store, |builder| {
            builder
                .with_clock(Arc::new(BriskClock::off_by(off_by)))
                .with_log_options(options.clone())
                .with_deadline(ATTEMPT_TIMEOUT)
        })
    };
    // Within its time it holds up those behind it.
    simulator.faults().script([is_in_doubt()]);
    let recovery = till_at(TimeDelta::minutes(30)).recover().await.unwrap();
    assert!(recovery.parked.is_empty());
    assert_eq!(recovery.open.len(), 2);
    // Later it is set aside.
    simulator.faults().script([is_in_doubt()]);
    let recovery = till_at(TimeDelta::minutes(90)).recover().await.unwrap();
    let [parked] = &recovery.parked[..] else {
        panic!("{recovery:?}");
    };
    assert_eq!(parked.operation_id(), in_doubt.operation_id());
    assert!(recovery.open.is_empty());
    let ledger = simulator.ledger();
    ledger
        .receipts()
        .exactly_once_for([never_sent.operation_id()]);
}
