//! A server that forgets what it did.

use std::time::Duration;

use pos_system_api_simulator::{Fault, Finished, Simulator};

use crate::plain_socket::exchange;
use crate::till::{SALE, Till, operation};

const HOUR: Duration = Duration::from_secs(3600);

async fn virtual_simulator() -> Simulator {
    let start = "2026-06-01T08:00:00Z".parse().unwrap();
    let builder = Simulator::builder().started(true).virtual_time(start);
    builder.start().await.unwrap()
}

#[tokio::test]
async fn a_restart_resets_the_connection_and_keeps_or_forgets_what_is_finished() {
    for (finished, status, receipts) in [(Finished::Kept, 200, 1), (Finished::Forgotten, 201, 2)] {
        let sim = virtual_simulator().await;
        let till = Till::new(&sim);
        assert_eq!(till.sign(operation(1), SALE).await.status, 201);
        sim.faults().script([Fault::Restart { finished }]);
        let restarted = exchange(&sim, "POST", "/v2/sign", Some(operation(1)), SALE).await;
        assert!(restarted.reset && restarted.bytes.is_empty());
        assert_eq!(sim.ledger().receipts().len(), 1);
        assert_eq!(till.sign(operation(1), SALE).await.status, status);
        assert_eq!(sim.ledger().receipts_of(operation(1)).len(), receipts);
    }
}

#[tokio::test]
async fn a_restart_loses_what_is_in_progress() {
    let sim = virtual_simulator().await;
    let till = Till::new(&sim);
    let hold = sim.hold();
    let mut held = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
    sim.arrivals_while(1, &mut held).await.unwrap();
    sim.faults().script([Fault::Restart {
        finished: Finished::Kept,
    }]);
    let restarted = exchange(&sim, "POST", "/v2/echo", Some(operation(2)), "{}").await;
    assert!(restarted.reset);
    assert!(held.await.unwrap().is_err());
    hold.release();
    // As new: nothing of the first try is left, and it does not come back.
    assert_eq!(till.sign(operation(1), SALE).await.status, 201);
    assert_eq!(sim.ledger().receipts().len(), 1);
}

#[tokio::test]
async fn operations_are_forgotten_when_their_retention_is_over() {
    let sim = virtual_simulator().await;
    let till = Till::new(&sim);
    assert_eq!(till.sign(operation(1), SALE).await.status, 201);
    sim.advance(HOUR).unwrap();
    assert_eq!(till.sign(operation(2), SALE).await.status, 201);
    let expired = |older_than| Fault::RetentionExpired { older_than };
    sim.faults()
        .script([expired(HOUR + Duration::from_millis(1)), expired(HOUR)]);
    assert_eq!(till.sign(operation(1), SALE).await.status, 200);
    assert_eq!(till.sign(operation(1), SALE).await.status, 201);
    assert_eq!(till.sign(operation(2), SALE).await.status, 200);
    let ledger = sim.ledger();
    assert_eq!(ledger.receipts_of(operation(1)).len(), 2);
    assert_eq!(ledger.receipts_of(operation(2)).len(), 1);
}
