//! A clock that is set while the till runs: what jumps between two starts is in `asking`.

use pos_system_api::chrono::TimeDelta;

use super::*;

/// Ten years on, and one year back.
fn jumps() -> [TimeDelta; 2] {
    [TimeDelta::days(3650), TimeDelta::days(-365)]
}

/// A till and its clock.
async fn with_a_clock() -> (Simulator, Arc<WatchedStore>, Arc<BriskClock>, Client) {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let clock = Arc::new(BriskClock::default());
    let client = till_with(&simulator, &store, |builder| {
        builder.with_clock(Arc::clone(&clock) as _)
    });
    (simulator, store, clock, client)
}

#[tokio::test]
async fn what_was_left_behind_in_doubt_is_asked_about_and_not_sent() {
    for by in jumps() {
        let (simulator, _, clock, client) = with_a_clock().await;
        simulator.faults().script([is_in_doubt(), is_away()]);
        let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
        let in_doubt = pending(call.await);
        let call = client.sign(sale("S-2")).with_deadline(ATTEMPT_TIMEOUT);
        let never_sent = pending(call.await);
        let sent = || {
            let ledger = simulator.ledger();
            ledger.requests_of(in_doubt.operation_id()).len()
        };
        let before = sent();

        clock.jump(by);
        done(client.sign(sale("S-3")).await);
        let mut forwarder = client.forward().unwrap();
        let _ = forwarder.next().await.unwrap();
        let _ = client.recover().await.unwrap();
        // What was set aside stays so when the clock is right again.
        clock.jump(-by);
        done(client.sign(sale("S-4")).await);
        let recovery = client.recover().await.unwrap();
        assert_eq!(sent(), before, "{by}");
        let [parked] = &recovery.parked[..] else {
            panic!("{by}: {recovery:?}");
        };
        assert_eq!(parked.operation_id(), in_doubt.operation_id(), "{by}");

        // What was never sent went before the next sale, under its own id.
        let ledger = simulator.ledger();
        let signed = ledger.receipts().operations();
        assert!(signed.contains(&never_sent.operation_id()), "{by}");
        assert_eq!(ledger.receipts().references(), ["S-2", "S-3", "S-4"]);
        let decided = client.resume_recorded::<Signed>(in_doubt.operation_id());
        let signed = done(decided.await);
        assert_eq!(signed.operation_id(), in_doubt.operation_id());
        simulator.ledger().receipts().each_reference_once();
    }
}

#[tokio::test]
async fn an_operation_under_way_goes_on_as_what_it_is() {
    for by in jumps() {
        let (simulator, store, clock, client) = with_a_clock().await;
        simulator.faults().script([Fault::ResetAfterCommit]);
        let hold = simulator.hold();
        let call = client.sign(sale("S-1"));
        let id = call.operation_id().unwrap();
        let jumped = async {
            simulator.arrivals(1).await;
            clock.jump(by);
            hold.release();
        };
        let (signed, ()) = tokio::join!(call.into_future(), jumped);
        // Its answer was lost, and it was sent again at once: no time has passed.
        let signed = done(signed);
        assert_eq!((signed.operation_id(), signed.completion.attempts), (id, 2));
        let ledger = simulator.ledger();
        ledger.receipts().exactly_once_for([id]);
        let bodies: Vec<_> = (ledger.requests_of(id).iter())
            .map(|request| request.body.clone())
            .collect();
        assert_eq!(bodies[0], bodies[1]);

        let rows = rows(&*store).await;
        assert_eq!(rows.len(), 1, "{by}");
        assert_eq!(rows[0].operation_id, id);
    }
}

#[tokio::test]
async fn nothing_is_removed_of_what_nobody_has_taken_note_of() {
    for by in jumps() {
        let (_simulator, _, clock, client) = with_a_clock().await;
        let signed = done(client.sign(sale("S-1")).await);
        clock.jump(by);
        let _ = client.recover().await.unwrap();
        clock.jump(-by);
        let _ = client.recover().await.unwrap();
        let record = client.recorded(signed.operation_id()).await.unwrap();
        let kept: Signed = record.unwrap().read().unwrap();
        assert_eq!(kept.completion.body, signed.completion.body, "{by}");
    }
}
