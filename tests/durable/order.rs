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
