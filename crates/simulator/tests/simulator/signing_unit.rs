//! A signing unit that goes away and comes back.

use crate::counter::{Counter, local_state, sale, signature, state};

const ZERO: u64 = 0x2000;
const ALERT: u64 = 0x2000;
const MESSAGE: u64 = 0x1000;

#[tokio::test]
async fn receipts_go_on_without_the_unit_until_a_zero_receipt_finds_it_back() {
    let mut counter = Counter::open("AT").await;
    let good = counter.sign(&sale("S-1")).await;
    assert_eq!(signature(&good, ALERT), None);

    counter.sim.set_signing_unit(false).unwrap();
    let without = counter.sign(&sale("S-2")).await;
    assert_eq!(state(&without), 0x2);
    assert!(
        signature(&without, ALERT)
            .unwrap()
            .contains("out of service")
    );
    assert_eq!(counter.sim.ledger().receipts().len(), 2);
    assert_eq!(state(&counter.sign_case(ZERO).await), 0x2);

    counter.sim.set_signing_unit(true).unwrap();
    // The failure is remembered, and there is something to tell.
    let back = counter.sign(&sale("S-3")).await;
    assert_eq!(state(&back), 0x42);
    assert_eq!(signature(&back, ALERT), None);
    let zero = counter.sign_case(ZERO).await;
    assert_eq!(state(&zero), 0);
    assert!(
        signature(&zero, MESSAGE)
            .unwrap()
            .ends_with("without it: 2.")
    );
    assert_eq!(state(&counter.sign(&sale("S-4")).await), 0);
}

#[tokio::test]
async fn a_unit_that_nobody_missed_leaves_no_trace() {
    let mut counter = Counter::open("AT").await;
    counter.sim.set_signing_unit(true).unwrap();
    counter.sim.set_signing_unit(false).unwrap();
    counter.sim.set_signing_unit(true).unwrap();
    assert_eq!(state(&counter.sign(&sale("S-1")).await), 0);
}

#[tokio::test]
async fn austria_is_told_after_48_hours_and_italy_at_once() {
    for (market, days, local) in [("AT", 2, 0), ("AT", 3, 1), ("IT", 0, 1), ("ES", 3, 0)] {
        let mut counter = Counter::open(market).await;
        counter.sim.set_signing_unit(false).unwrap();
        counter.days_pass(days);
        let response = counter.sign(&sale("S-1")).await;
        assert_eq!(state(&response), 0x2, "{market} {days}");
        assert_eq!(local_state(&response), local, "{market} {days}");
    }
}
