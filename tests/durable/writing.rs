//! What is written when.

use support::watched_store::Written;

use super::*;

/// The stages in which each operation of a commit was written.
fn stages(writes: &[Written]) -> Vec<Stage> {
    writes.iter().map(|written| written.stage).collect()
}

#[tokio::test]
async fn the_intent_stands_before_the_first_byte_and_the_end_before_success() {
    let simulator = Arc::new(simulator().await);
    let store = Arc::new(WatchedStore::default());
    let server = Arc::clone(&simulator);
    store.probe(move || server.ledger().requests().len());
    let client = till(&simulator, &store);
    let first = done(client.sign(sale("S-1")).await);
    let second = done(client.sign(sale("S-2")).await);

    let [intent, end, next_intent, next_end] = &store.commits()[..] else {
        panic!("{:?}", store.commits());
    };
    // Synced each time; behind each, what had arrived at the server by then.
    for ((writes, durability, arrived), (expected, requests)) in [
        (intent, (vec![Stage::SendStarted], 0)),
        (end, (vec![Stage::Final], 1)),
        // The acknowledgement of the answer before rides along.
        (
            next_intent,
            (vec![Stage::Acknowledged, Stage::SendStarted], 1),
        ),
        (next_end, (vec![Stage::Final], 2)),
    ] {
        assert_eq!(*durability, Durability::Synced);
        assert_eq!(stages(writes), expected);
        assert_eq!(*arrived, requests);
    }
    assert_eq!(intent.0[0].operation_id, first.operation_id());
    assert_eq!(next_intent.0[0].operation_id, first.operation_id());
    assert_eq!(next_intent.0[1].operation_id, second.operation_id());
}

#[tokio::test]
async fn nothing_is_sent_and_nothing_succeeds_before_the_store_says_so() {
    for (call, requests) in [(1, 0), (2, 1)] {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        let client = till(&simulator, &store);
        // The calls of the store: is anything left behind, the intent, the end.
        store.trouble_at(call, Trouble::Stopped { done: true });
        tokio::select! {
            biased;
            () = store.stopped() => {}
            outcome = client.sign(sale("S-1")).into_future() => panic!("{outcome:?}"),
        }
        assert_eq!(simulator.ledger().requests().len(), requests, "call {call}");
    }
}

#[tokio::test]
async fn answers_are_acknowledged_by_the_program_alone_where_it_wants_so() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let explicit = LogOptions::default().with_explicit_acknowledgement(true);
    let client = till_with(&simulator, &store, |builder| {
        builder.with_log_options(explicit)
    });
    let first = done(client.sign(sale("S-1")).await);
    let second = done(client.sign(sale("S-2")).await);
    let finished = client.recover().await.unwrap().finished;
    let ids: Vec<_> = finished
        .iter()
        .map(|record| record.operation_id())
        .collect();
    assert_eq!(ids, [first.operation_id(), second.operation_id()]);
    client.acknowledge(first.operation_id()).await.unwrap();
    // Once more changes nothing.
    client.acknowledge(first.operation_id()).await.unwrap();
    done(client.sign(sale("S-3")).await);
    let finished = client.recover().await.unwrap().finished;
    assert_eq!(finished.len(), 2);
    assert_eq!(finished[0].operation_id(), second.operation_id());
    let error = client
        .acknowledge(pos_system_api::uuid::Uuid::from_u128(1))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn one_acknowledged_by_the_program_does_not_keep_the_others_from_it() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let before = till(&simulator, &store);
    let mut ids = Vec::new();
    for reference in ["S-1", "S-2", "S-3"] {
        simulator.faults().script([is_in_doubt()]);
        let call = before.sign(sale(reference)).with_deadline(ATTEMPT_TIMEOUT);
        ids.push(pending(call.await).operation_id());
    }
    let store = store.after_kill().await;
    let client = till(&simulator, &store);
    assert_eq!(client.recover().await.unwrap().finished.len(), 3);
    client.acknowledge(ids[1]).await.unwrap();
    let last = done(client.sign(sale("S-4")).await);
    let finished = client.recover().await.unwrap().finished;
    let [record] = &finished[..] else {
        panic!("{finished:?}");
    };
    assert_eq!(record.operation_id(), last.operation_id());
}

#[tokio::test]
async fn a_sale_whose_answer_cannot_be_written_is_no_success_and_found_again() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    store.trouble_at(2, Trouble::Full);
    let handle = pending(client.sign(sale("S-1")).await);
    assert!(
        handle.cause().unwrap().contains("operation log"),
        "{handle}"
    );
    assert_eq!(simulator.ledger().receipts().count(), 1);
    let signed = done(client.resume::<Signed>(handle).await);
    assert_eq!(signed.execution(), Execution::Replayed);
    simulator.ledger().receipts().exactly_once();
}

#[tokio::test]
async fn a_generated_client_is_told_of_no_success_that_cannot_be_written() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    store.trouble_at(2, Trouble::Full);
    let call = client.call();
    let request = sale("S-1").build().unwrap();
    let answer = client.raw_with(&call).sign().body(request).send().await;
    assert!(answer.is_err(), "{answer:?}");
    assert_eq!(simulator.ledger().receipts().count(), 1);
    let signed = done(client.resume::<Signed>(call.handle().unwrap()).await);
    assert_eq!(signed.execution(), Execution::Replayed);
    simulator.ledger().receipts().exactly_once();
}

#[tokio::test]
async fn nothing_is_sent_whose_intent_cannot_be_written() {
    for (trouble, standing) in [
        (Trouble::Full, Standing::NotSent),
        // Nobody knows whether it was written.
        (Trouble::Failed { done: false }, Standing::Unknown),
    ] {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        let client = till(&simulator, &store);
        store.trouble_at(1, trouble);
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageUnavailable, "{trouble:?}");
        assert_eq!(error.outcome(), standing, "{trouble:?}");
        assert!(simulator.ledger().requests().is_empty(), "{trouble:?}");
    }
}

#[tokio::test]
async fn an_answer_is_acknowledged_by_what_is_begun_after_it_alone() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let stage = async |id| store.row(id).await.unwrap().unwrap().stage;
    // The second was begun before the first was answered: it says nothing about what became of that.
    let second = client.sign(sale("S-2"));
    let first = done(client.sign(sale("S-1")).await).operation_id();
    done(second.await);
    assert_eq!(stage(first).await, Stage::Final);
    done(client.sign(sale("S-3")).await);
    assert_eq!(stage(first).await, Stage::Acknowledged);
}

#[tokio::test]
async fn an_answer_that_the_log_got_is_given_by_whoever_resumes_it() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_in_doubt()]);
    let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    // The log gets the answer, which nobody has asked for yet.
    done(client.sign(sale("S-2")).await);
    done(client.sign(sale("S-3")).await);
    let stage = async || {
        store
            .row(handle.operation_id())
            .await
            .unwrap()
            .unwrap()
            .stage
    };
    assert_eq!(stage().await, Stage::Final);
    done(client.resume::<Signed>(handle.clone()).await);
    done(client.sign(sale("S-4")).await);
    assert_eq!(stage().await, Stage::Acknowledged);
}
