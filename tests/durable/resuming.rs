//! Going on with one operation of the log.

use pos_system_api::client::Issued;
use pos_system_api::uuid::Uuid;

use super::*;

/// A sale that is open, and its till.
async fn open_sale(fault: Fault) -> (Simulator, Arc<WatchedStore>, Client, Handle) {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([fault]);
    let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    (simulator, store, client, handle)
}

#[tokio::test]
async fn a_settled_operation_gives_its_answer_without_a_request() {
    let (simulator, store, client, handle) = open_sale(is_in_doubt()).await;
    let first = done(client.resume::<Signed>(handle.clone()).await);
    let store = store.after_kill().await;
    let client = till(&simulator, &store);
    let requests = simulator.ledger().requests().len();
    let resumed = done(client.resume::<Signed>(handle.clone()).await);
    let recorded = done(
        client
            .resume_recorded::<Signed>(handle.operation_id())
            .await,
    );
    let record = client
        .recorded(handle.operation_id())
        .await
        .unwrap()
        .unwrap();
    let read: Signed = record.read().unwrap();
    for signed in [&resumed, &recorded, &read] {
        assert_eq!(signed.completion.body, first.completion.body);
        assert_eq!(signed.request_body, first.request_body);
        assert_eq!(signed.operation_id(), first.operation_id());
    }
    assert_eq!(simulator.ledger().requests().len(), requests);
}

#[tokio::test]
async fn a_settled_refusal_is_told_again_in_the_same_words() {
    for fault in [Fault::FiscalError, Fault::FiscalFail, Fault::QueueNotActive] {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        let client = till(&simulator, &store);
        simulator.faults().script([fault]);
        let call = client.sign(sale("S-1"));
        let handle = call.handle().unwrap();
        let first = call.await.unwrap_err();
        let again = client.resume::<Signed>(handle).await.unwrap_err();
        assert_eq!(again.kind(), first.kind());
        assert_eq!(again.to_string(), first.to_string());
        assert_eq!(again.outcome(), Standing::Final);
        assert_eq!(simulator.ledger().requests().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_that_could_not_be_written_is_not_replaced_by_a_later_failure() {
    for failure in [
        refuses(),
        Fault::StatusBeforeCommit {
            status: 404,
            retry_after: None,
        },
    ] {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        let client = till(&simulator, &store);
        // Is anything left behind, the intent, the end.
        store.trouble_at(2, Trouble::Full);
        let handle = pending(client.sign(sale("S-1")).await);
        simulator.faults().script([failure]);
        let error = client.resume::<Signed>(handle.clone()).await.unwrap_err();
        assert_ne!(error.outcome(), Standing::NotSent, "{error}");
        let record = client
            .recorded(handle.operation_id())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(record.stage(), Stage::Unknown);
        assert!(record.is_parked());
        let signed = done(client.resume::<Signed>(handle).await);
        assert_eq!(signed.execution(), Execution::Replayed);
        simulator.ledger().receipts().exactly_once();
    }
}

#[tokio::test]
async fn the_same_id_with_other_content_is_refused_before_anything_is_sent() {
    let (simulator, _store, client, handle) = open_sale(is_in_doubt()).await;
    for stage in [Stage::Unknown, Stage::Final] {
        let record = client.recorded(handle.operation_id()).await.unwrap();
        assert_eq!(record.unwrap().stage(), stage);
        let requests = simulator.ledger().requests().len();
        let other = client
            .sign(sale("S-2"))
            .with_operation_id(handle.operation_id());
        let error = other.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert_eq!(simulator.ledger().requests().len(), requests);
        assert!(client.recover().await.unwrap().open.is_empty());
    }
    simulator.ledger().receipts().exactly_once();
}

#[tokio::test]
async fn one_that_ended_in_another_way_says_so_and_is_not_sent() {
    let (simulator, _store, client, handle) = open_sale(is_away()).await;
    let id = handle.operation_id();
    client
        .abandon(id, "Ada", "the customer left")
        .await
        .unwrap();
    let error = client.resume::<Signed>(handle).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    let text = error.to_string();
    assert!(
        text.contains("Ada") && text.contains("the customer left"),
        "{text}"
    );

    let (offline, _store, other, handle) = open_sale(is_away()).await;
    let _ = other.handed_over_offline(&handle).await.unwrap();
    let error = other.resume::<Signed>(handle).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("late signing"), "{error}");
    // The one attempt of each before.
    assert_eq!(simulator.ledger().requests().len(), 1);
    assert_eq!(offline.ledger().requests().len(), 1);
    let none = client
        .resume_recorded::<Signed>(Uuid::from_u128(1))
        .await
        .unwrap_err();
    assert_eq!(none.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn an_abandoned_one_needs_a_name_and_a_reason_and_to_be_open() {
    let (_simulator, _store, client, handle) = open_sale(is_away()).await;
    let id = handle.operation_id();
    for (who, why) in [("", "why"), ("who", " "), ("\t", "")] {
        let error = client.abandon(id, who, why).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
    let signed = done(client.resume::<Signed>(handle).await);
    for id in [signed.operation_id(), Uuid::from_u128(1)] {
        let error = client.abandon(id, "Ada", "too late").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
}

#[tokio::test]
async fn of_two_calls_on_one_operation_one_waits() {
    let (simulator, store, client, handle) = open_sale(is_in_doubt()).await;
    let hold = simulator.hold();
    let arrived = simulator.ledger().requests().len();
    let second = async {
        simulator.arrivals(arrived + 1).await;
        let outcome = tokio::select! {
            biased;
            outcome = client.resume::<Signed>(handle.clone()).into_future() => outcome,
            () = simulator.arrivals(arrived + 2) => panic!("both send it"),
        };
        let given_up = client.abandon(handle.operation_id(), "Ada", "impatient");
        let given_up = given_up.await.unwrap_err();
        hold.release();
        (outcome, given_up)
    };
    let call = client.resume::<Signed>(handle.clone());
    let (first, (second, given_up)) = tokio::join!(call.into_future(), second);
    done(first);
    let waiting = pending(second);
    assert_eq!(given_up.kind(), ErrorKind::StorageUnavailable);
    assert_eq!(waiting.operation_id(), handle.operation_id());
    assert_eq!(simulator.ledger().requests().len(), arrived + 1);
    assert_eq!(rows(&*store).await.len(), 1);
}

#[tokio::test]
async fn a_call_that_was_set_aside_stays_so_while_it_has_to_wait() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let hold = simulator.hold();
    let second = async {
        // While the first is under way, the second is refused.
        simulator.arrivals(1).await;
        simulator.faults().script([refuses()]);
        client.sign(sale("S-2")).await.unwrap_err()
    };
    let refused = tokio::select! {
        biased;
        refused = second => refused.handle().unwrap(),
        outcome = client.sign(sale("S-1")).into_future() => panic!("{outcome:?}"),
    };
    hold.release();
    // The first was dropped midway: it is sent before the second.
    simulator.faults().script([is_in_doubt()]);
    let call = client.resume::<Signed>(refused.clone());
    let outcome = call.with_deadline(ATTEMPT_TIMEOUT).await.unwrap();
    let Outcome::Parked(handle) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(handle.is_parked());
    let id = refused.operation_id();
    assert_eq!(simulator.ledger().requests_of(id).len(), 1);
    let record = client.recorded(id).await.unwrap().unwrap();
    assert!(record.is_parked());
    // So it stays, whatever is sent.
    done(client.sign(sale("S-3")).await);
    assert_eq!(simulator.ledger().requests_of(id).len(), 1);
    done(client.resume::<Signed>(handle).await);
    let references = simulator.ledger().receipts().references();
    assert_eq!(references, ["S-1", "S-3", "S-2"]);
}

#[tokio::test]
async fn an_operation_is_read_as_what_it_was() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let signed = done(client.sign(sale("S-1")).await);
    let issued = done(client.issue(&signed).await);
    let record = client.recorded(issued.completion.operation_id).await;
    let record = record.unwrap().unwrap();
    let read: Issued = record.read().unwrap();
    assert_eq!(read.completion.body, issued.completion.body);
    assert_eq!(
        record.read::<Signed>().unwrap_err().kind(),
        ErrorKind::Invalid
    );
    let id = issued.completion.operation_id;
    let error = client.resume_recorded::<Signed>(id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    simulator.ledger().issues().exactly_once();
}

#[tokio::test]
async fn a_stored_handle_is_resumed_by_a_client_with_a_log() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    // A client without a log left it, and another one with a log takes it over.
    let plain = support::client::client_of(&simulator).0;
    simulator.faults().script([is_in_doubt()]);
    let call = plain.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let stored = serde_json::to_string(&pending(call.await)).unwrap();
    let handle: Handle = serde_json::from_str(&stored).unwrap();
    let client = till(&simulator, &store);
    let Outcome::Done(signed) = client.resume::<Signed>(handle.clone()).await.unwrap() else {
        panic!("open");
    };
    assert_eq!(signed.operation_id(), handle.operation_id());
    let record = client.recorded(handle.operation_id()).await.unwrap();
    assert_eq!(record.unwrap().stage(), Stage::Final);
    // One that the log has: nothing is sent twice.
    let requests = simulator.ledger().requests().len();
    done(
        client
            .resume::<Signed>(serde_json::from_str(&stored).unwrap())
            .await,
    );
    assert_eq!(simulator.ledger().requests().len(), requests);
    let bodies: Vec<_> = simulator
        .ledger()
        .requests()
        .iter()
        .map(|request| request.body.clone())
        .collect();
    assert!(bodies.iter().all(|body| body[..] == signed.request_body));
}
