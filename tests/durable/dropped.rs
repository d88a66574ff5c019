//! Futures that are dropped midway.

use pos_system_api::durable::Forwarded;

use super::*;

#[tokio::test]
async fn a_forwarder_that_is_dropped_at_any_poll_loses_nothing() {
    // Dropped after so many polls, each time anew, until it is drained.
    for (polls, is_strict) in (1..12).flat_map(|polls| [(polls, false), (polls, true)]) {
        let simulator = simulator().await;
        let store = Arc::new(WatchedStore::default());
        let client = till_with(&simulator, &store, |builder| {
            builder.with_log_options(LogOptions::default().with_strict_order(is_strict))
        });
        let mut open = Vec::new();
        for reference in ["S-1", "S-2"] {
            simulator.faults().script([is_in_doubt()]);
            let call = client.sign(sale(reference)).with_deadline(ATTEMPT_TIMEOUT);
            open.push(pending(call.await).operation_id());
        }
        let mut told = Vec::new();
        let mut forwarder = client.forward().unwrap();
        let mut rounds = 0;
        loop {
            rounds += 1;
            assert!(rounds < 1000);
            let mut left = polls * rounds;
            let mut next = Box::pin(forwarder.next());
            let event = std::future::poll_fn(|context| {
                if left == 0 {
                    return std::task::Poll::Ready(None);
                }
                left -= 1;
                next.as_mut().poll(context).map(Some)
            })
            .await;
            match event {
                Some(Ok(Forwarded::Settled(record))) => told.push(record.operation_id()),
                Some(Ok(Forwarded::Drained { .. })) => break,
                _ => {}
            }
        }
        let ledger = simulator.ledger();
        ledger.receipts().exactly_once();
        assert_eq!(ledger.receipts().references(), ["S-1", "S-2"], "{polls}");
        // Whatever it was at, the program hears of each end, and once.
        assert_eq!(told, open, "{polls}, strict order: {is_strict}");
        let all = rows(&*store).await;
        assert!(all.iter().all(|row| !row.stage.is_open()), "{all:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_given_again_meanwhile_is_acknowledged_all_the_same() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let _ = client.recover().await.unwrap();
    let call = client.sign(sale("S-1"));
    let handle = call.handle().unwrap();
    let first = done(call.await).operation_id();
    // The intent of the next sale, with the acknowledgement of the first, is never answered.
    store.trouble_at(0, Trouble::Stopped { done: false });
    let mut dropped = client.sign(sale("S-2")).into_future();
    tokio::select! {
        biased;
        () = store.stopped() => {}
        outcome = &mut dropped => panic!("{outcome:?}"),
    }
    done(client.resume::<Signed>(handle).await);
    drop(dropped);
    done(client.sign(sale("S-3")).await);
    let row = store.row(first).await.unwrap().unwrap();
    assert_eq!(row.stage, Stage::Acknowledged);
}
