//! After a start, what was open is found and finished.

use pos_system_api::store::{Selection, Stage};
use support::watched_store::Call;

use super::*;

#[tokio::test]
async fn a_sale_whose_answer_was_lost_with_the_power_is_found_and_signed_once() {
    let simulator = simulator().await;
    let store = Arc::new(MemoryStore::new());
    let before = till(&simulator, &store);
    simulator.faults().script([Fault::StatusAfterCommit {
        status: 503,
        retry_after: Some(30),
    }]);
    let call = before.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    assert_eq!(handle.standing(), Standing::Unknown);
    let open = before.pending().await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].stage(), Stage::Unknown);
    drop(before);
    store.release_all();

    let after = till(&simulator, &store);
    let recovery = after.recover().await.unwrap();
    assert!(recovery.open.is_empty() && recovery.parked.is_empty());
    let [record] = &recovery.finished[..] else {
        panic!("{recovery:?}");
    };
    let signed: Signed = record.read().unwrap();
    assert_eq!(signed.execution(), Execution::Replayed);
    assert_eq!(signed.operation_id(), handle.operation_id());
    assert_eq!(simulator.ledger().receipts().count(), 1);
    // It is given again until the program has gone on.
    assert_eq!(after.recover().await.unwrap().finished.len(), 1);
    done(after.sign(sale("S-2")).await);
    assert_eq!(after.recover().await.unwrap().finished.len(), 1);
}

#[tokio::test]
async fn sales_made_offline_are_sent_in_their_order_before_the_next() {
    let simulator = simulator().await;
    let store = Arc::new(MemoryStore::new());
    let client = till(&simulator, &store);
    for reference in ["S-1", "S-2"] {
        simulator.faults().clear();
        simulator.faults().script([is_away(), is_away()]);
        let call = client.sign(sale(reference)).with_deadline(ATTEMPT_TIMEOUT);
        let _ = pending(call.await);
    }
    simulator.faults().clear();
    let signed = done(client.sign(sale("S-3")).await);
    assert_eq!(signed.execution(), Execution::New);
    let ledger = simulator.ledger();
    assert_eq!(ledger.receipts().references(), ["S-1", "S-2", "S-3"]);
    assert!(client.pending().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_that_recovery_could_not_give_is_given_by_the_next() {
    let mut is_over = false;
    for call in 0.. {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        let id = done(till(&simulator, &store).sign(sale("S-1")).await).operation_id();
        // The program ended before it printed it.
        let store = store.after_kill().await;
        let client = till(&simulator, &store);
        store.trouble_at(call, Trouble::Full);
        let first = client.recover().await;
        store.heal();
        let given = |finished: &[pos_system_api::durable::Record]| {
            finished.iter().any(|record| record.operation_id() == id)
        };
        match first {
            Ok(recovery) => assert!(given(&recovery.finished), "call {call}"),
            Err(_) => {
                done(client.sign(sale("S-2")).await);
                let recovery = client.recover().await.unwrap();
                assert!(given(&recovery.finished), "call {call}");
            }
        }
        is_over = store.seen().len() < call;
        if is_over {
            break;
        }
    }
    assert!(is_over);
}

#[tokio::test]
async fn a_log_whose_old_content_cannot_be_removed_gives_what_was_finished() {
    let is_removal =
        |call: &Call| matches!(call, Call::Trim | Call::Page(Selection::EndedBefore { .. }));
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    done(client.sign(sale("S-1")).await);
    // The first learns what the later ones need not ask.
    let _ = client.recover().await.unwrap();
    let asked = store.seen().len();
    let _ = client.recover().await.unwrap();
    let calls: Vec<Call> = store.seen().drain(asked..).map(|seen| seen.call).collect();
    let removals = (0..calls.len()).filter(|call| is_removal(&calls[*call]));
    let removals: Vec<usize> = removals.collect();
    assert_eq!(removals.len(), 2, "{calls:?}");
    for call in removals {
        store.trouble_at(call, Trouble::Full);
        let asked = store.seen().len();
        let recovery = client.recover().await.unwrap();
        assert!(is_removal(&store.seen()[asked + call].call));
        assert_eq!(recovery.finished.len(), 1);
    }
}
