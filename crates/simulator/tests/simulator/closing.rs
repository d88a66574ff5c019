//! Closings, and the receipts that are flagged as late, as training, or as asked for again.

use serde_json::{Value, json};

use crate::counter::{Counter, V2, failure, receipt, sale, signature, state};

const ZERO: u64 = 0x2000;
const SHIFT: u64 = 0x2010;
const DAILY: u64 = 0x2011;
const MONTHLY: u64 = 0x2012;
const YEARLY: u64 = 0x2013;

#[tokio::test]
async fn closings_are_due_two_days_late_and_a_longer_one_includes_the_shorter() {
    let mut counter = Counter::open("AT").await;
    assert_eq!(state(&counter.sign(&sale("S-1")).await), 0);
    counter.days_pass(2);
    assert_eq!(state(&counter.sign(&sale("S-2")).await), 0);
    counter.days_pass(1);
    assert_eq!(state(&counter.sign(&sale("S-3")).await), 0x100);
    assert_eq!(state(&counter.sign_case(SHIFT).await), 0x100);
    assert_eq!(state(&counter.sign_case(DAILY).await), 0);
    assert_eq!(state(&counter.sign(&sale("S-4")).await), 0);

    counter.days_pass(31);
    assert_eq!(state(&counter.sign(&sale("S-5")).await), 0x300);
    assert_eq!(state(&counter.sign_case(DAILY).await), 0x200);
    assert_eq!(state(&counter.sign_case(MONTHLY).await), 0);

    counter.sign(&sale("S-6")).await;
    counter.days_pass(365);
    assert_eq!(state(&counter.sign(&sale("S-7")).await), 0x700);
    assert_eq!(state(&counter.sign_case(MONTHLY).await), 0x400);
    assert_eq!(state(&counter.sign_case(YEARLY).await), 0);
    assert_eq!(state(&counter.sign(&sale("S-8")).await), 0);
}

#[tokio::test]
async fn totals_leave_out_training_and_what_sells_nothing() {
    let mut counter = Counter::open("FR").await;
    counter.sign(&sale("S-1")).await;
    let mut training = sale("S-2");
    training["ftReceiptCase"] = json!(V2 | 0x0002_0001);
    let mut order = sale("S-3");
    order["ftReceiptCase"] = json!(V2 | 0x3004);
    for receipt in [training, order, sale("S-4")] {
        assert_eq!(state(&counter.sign(&receipt).await), 0);
    }
    let day = signature(&counter.sign_case(DAILY).await, 0x20_0011).unwrap();
    assert_eq!(day, "SIMULATED receipts 2 turnover 16.0");
    counter.sign(&sale("S-5")).await;
    let month = counter.sign_case(MONTHLY).await;
    let closed = signature(&month, 0x20_0012).unwrap();
    assert_eq!(closed, "SIMULATED receipts 3 turnover 24.0");
    let perpetual = signature(&counter.sign_case(DAILY).await, 0x20_0015).unwrap();
    assert_eq!(perpetual, closed);
}

#[tokio::test]
async fn late_receipts_keep_their_moment_and_a_zero_receipt_ends_the_mode() {
    for flag in [0x0001_0000, 0x0008_0000] {
        let mut counter = Counter::open("AT").await;
        let mut late = sale("S-1");
        late["ftReceiptCase"] = json!(V2 | flag | 1);
        late["cbReceiptMoment"] = json!("2026-05-30T09:00:00Z");
        let response = counter.sign(&late).await;
        assert_eq!(state(&response), 0x8);
        assert_eq!(response["ftReceiptMoment"], "2026-06-01T10:00:00.0000000Z");
        assert_eq!(state(&counter.sign(&sale("S-2")).await), 0x8);
        assert_eq!(state(&counter.sign_case(ZERO).await), 0);
        assert_eq!(state(&counter.sign(&sale("S-3")).await), 0);
    }
}

fn asked_again(mut receipt: Value) -> Value {
    let code = receipt["ftReceiptCase"].as_u64().unwrap();
    receipt["ftReceiptCase"] = json!(code | 0x8000_0000);
    receipt
}

#[tokio::test]
async fn a_receipt_that_is_asked_for_again_gets_its_stored_response() {
    let mut counter = Counter::open("AT").await;
    let nothing = counter.sign(&asked_again(sale("S-1"))).await;
    assert_eq!(state(&nothing), 0xFFFF_FFFF);
    assert_eq!(nothing["ftQueueRow"], 0);
    assert!(signature(&nothing, 0x3000).unwrap().contains("reference"));

    let first = counter.sign(&sale("S-1")).await;
    assert_eq!(counter.sign(&asked_again(sale("S-1"))).await, first);
    // A rejection is an answer too, but no match for a receipt that went through.
    let mut unbalanced = sale("S-1");
    unbalanced["cbPayItems"] = json!([]);
    let rejected = counter.sign(&unbalanced).await;
    assert_eq!(counter.sign(&asked_again(sale("S-1"))).await, first);
    unbalanced["cbReceiptReference"] = json!("S-2");
    assert_ne!(counter.sign(&unbalanced).await, rejected);
    let again = counter.sign(&asked_again(sale("S-2"))).await;
    assert!(failure(&again).contains("same sum"));
    assert_eq!(counter.sim.ledger().receipts().len(), 1);
}

#[tokio::test]
async fn a_switch_of_the_signing_unit_begins_and_ends() {
    let mut counter = Counter::open("DE").await;
    assert!(failure(&counter.sign_case(0x4012).await).contains("begun"));
    let begun = counter.sign_case(0x4011).await;
    assert_eq!(begun["ftState"], 0x4445_2001_0000_0000_u64);
    assert!(failure(&counter.sign_case(0x4011).await).contains("begun"));
    // Nothing goes to a unit in between, and receipts say so.
    let between = counter.sign(&sale("S-1")).await;
    assert_eq!(between["ftState"], 0x4445_2001_0000_0000_u64);
    assert_eq!(signature(&between, 0x10_001D), None);
    assert!(signature(&between, 0x2000).unwrap().contains("switched"));
    let ended = counter.sign_case(0x4012).await;
    assert_eq!(ended["ftState"], 0x4445_2000_0000_0000_u64);
    let after = counter.sign(&sale("S-2")).await;
    assert!(signature(&after, 0x10_001D).is_some());
}

#[tokio::test]
async fn only_receipts_that_move_money_must_balance() {
    let mut counter = Counter::open("FR").await;
    for (case, checked) in [
        (0x0000, true),
        (0x0001, true),
        (0x0002, true),
        (0x0003, true),
        (0x0004, true),
        (0x0005, false),
        (0x0006, false),
        (0x0007, false),
        (0x1000, true),
        (0x1001, true),
        (0x1002, true),
        (0x1003, true),
        (0x3000, false),
        (0x3001, false),
        (0x3002, false),
        (0x3003, false),
        (0x3004, false),
        (0x3005, false),
        (0x3010, false),
        (0x3011, false),
    ] {
        let unpaid = receipt("S", case, sale("S")["cbChargeItems"].clone(), json!([]));
        let expected = if checked { 0xEEEE_EEEE } else { 0 };
        assert_eq!(state(&counter.sign(&unpaid).await), expected, "{case:x}");
    }
}
