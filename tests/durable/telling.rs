//! What a call is told rests on the log, not on what its caller believed.

use pos_system_api::client::{Paid, Payment};
use pos_system_api::types::Amount;
use pos_system_api::uuid::Uuid;

use super::*;

const ID: Uuid = Uuid::from_u128(0x52);

fn card() -> Payment {
    Payment::new("Card", Amount::from_cents(800))
}

#[tokio::test]
async fn an_answer_that_could_not_be_written_leaves_the_operation_in_doubt() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    // Is anything left behind, the intent, the end: from there on the disk is gone.
    store.trouble_at(2, Trouble::Failed { done: false });
    let handle = pending(client.sign(sale("S-1")).await);
    assert_eq!(handle.standing(), Standing::Unknown, "{handle}");
    // Whoever takes this for the end of it sells a second time.
    let error = client.resume::<Signed>(handle.clone()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StorageUnavailable);
    assert_eq!(error.outcome(), Standing::Unknown, "{error}");
    assert!(error.is_retryable());

    let store = store.after_kill().await;
    let signed = done(till(&simulator, &store).resume::<Signed>(handle).await);
    assert_eq!(signed.execution(), Execution::Replayed);
    simulator.ledger().receipts().exactly_once();
}

#[tokio::test]
async fn a_raw_answer_that_could_not_be_written_is_reported_as_in_doubt() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    store.trouble_at(2, Trouble::Failed { done: false });
    let call = client.call();
    let raw = client.raw_with(&call);
    assert!(raw.sign().body(sale("S-1")).send().await.is_err());
    let report = call.report().unwrap();
    assert_eq!(report.standing, Standing::Unknown);
    assert_eq!(call.handle().unwrap().standing(), Standing::Unknown);
}

#[tokio::test]
async fn a_payment_that_another_call_is_making_is_not_one_that_was_not_begun() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let hold = simulator.hold();
    let first = client.pay(card()).with_fresh_operation_id(ID);
    let impatient = async {
        simulator.arrivals(1).await;
        let second = client.pay(card()).with_fresh_operation_id(ID);
        let open = pending(second.await);
        hold.release();
        open
    };
    let (first, open) = tokio::join!(first.into_future(), impatient);
    let paid: Paid = done(first);
    assert_eq!(paid.operation_id(), ID);
    assert_eq!(open.standing(), Standing::Unknown, "{open}");
    simulator.ledger().payments().exactly_once_for([ID]);
}

#[tokio::test]
async fn what_was_begun_is_not_told_as_unsent_for_want_of_room() {
    for refused_read in [false, true] {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        simulator.faults().script([is_in_doubt()]);
        let call = till(&simulator, &store).sign(sale("S-1"));
        let call = call.with_fresh_operation_id(ID);
        let _ = pending(call.with_deadline(ATTEMPT_TIMEOUT).await);
        let store = store.after_kill().await;
        let client = till(&simulator, &store);
        // The same call in the next process: its row is read, and then nothing can be written, or read.
        let at = if refused_read { 1 } else { 2 };
        store.trouble_at(at, Trouble::FullFromHere);
        let call = client.sign(sale("S-1")).with_fresh_operation_id(ID);
        let open = pending(call.await);
        assert_eq!(open.standing(), Standing::Unknown, "{open}");
    }
}

#[tokio::test]
async fn another_content_under_an_id_that_is_being_sent_is_a_conflict() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let hold = simulator.hold();
    let first = client.sign(sale("S-1")).with_fresh_operation_id(ID);
    let other = async {
        simulator.arrivals(1).await;
        let other = client.sign(sale("S-2")).with_operation_id(ID).await;
        hold.release();
        other.unwrap_err()
    };
    let (first, error) = tokio::join!(first.into_future(), other);
    done(first);
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert_eq!(simulator.ledger().receipts().references(), ["S-1"]);
}

#[tokio::test]
async fn what_has_ended_is_not_told_as_open_for_want_of_room() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_away()]);
    let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let given_up = pending(call.await);
    let id = given_up.operation_id();
    client.abandon(id, "Ada", "no sale").await.unwrap();
    let call = client.sign(sale("S-2"));
    let settled = call.handle().unwrap();
    let first = done(call.await);
    store.trouble_at(0, Trouble::FullFromHere);
    // All that is left is reading.
    let reads = |handle: Handle| {
        let (client, store) = (client.clone(), Arc::clone(&store));
        async move {
            store.heal();
            store.trouble_at(1, Trouble::FullFromHere);
            client.resume::<Signed>(handle).await
        }
    };
    let error = reads(given_up).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    assert!(error.to_string().contains("Ada"), "{error}");
    let again = done(reads(settled).await);
    assert_eq!(again.completion.body, first.completion.body);
}

#[tokio::test]
async fn only_what_knows_that_it_was_set_aside_is_a_decision() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    simulator.faults().script([is_in_doubt()]);
    let call = till(&simulator, &store).sign(sale("S-1"));
    let stored = pending(call.with_deadline(ATTEMPT_TIMEOUT).await);
    let clock = BriskClock::off_by(pos_system_api::chrono::TimeDelta::days(3));
    let client = till_with(&simulator, &store, |builder| {
        builder.with_clock(Arc::new(clock))
    });
    let requests = simulator.ledger().requests().len();
    assert_eq!(client.recover().await.unwrap().parked.len(), 1);
    // The start of a till that goes through its own list, as often as it likes.
    for _ in 0..3 {
        let outcome = client.resume::<Signed>(stored.clone()).await.unwrap();
        assert!(matches!(outcome, Outcome::Parked(_)), "{outcome:?}");
        let call = client.sign(sale("S-1"));
        let call = call.with_operation_id(stored.operation_id());
        let outcome = call.await.unwrap();
        assert!(matches!(outcome, Outcome::Parked(_)), "{outcome:?}");
    }
    assert_eq!(simulator.ledger().requests().len(), requests);
    done(client.resume::<Signed>(stored.decided()).await);
    simulator.ledger().receipts().each_reference_once();
}
