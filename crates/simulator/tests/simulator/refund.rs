//! Refunds, voids and discounts.

use pos_system_api_simulator::{Simulator, Uuid};
use serde_json::{Value, json};

use crate::counter::{Counter, cash, charge, failure, receipt, sale, state};
use crate::till::{Till, operation};

const POS: u64 = 0x0001;
const REFUND: u64 = 0x0100_0000;
const VOID: u64 = 0x0004_0000;

fn referring(mut receipt: Value, previous: Value) -> Value {
    receipt["cbPreviousReceiptReference"] = previous;
    receipt
}

/// The sale with opposite signs.
fn reversed(reference: &str, code: u64, item_flags: u64, previous: Value) -> Value {
    let charges = json!([charge(-1, -3.0, item_flags), charge(-2, -5.0, item_flags)]);
    let pays = json!([cash(-8.0, item_flags)]);
    referring(receipt(reference, code, charges, pays), previous)
}

#[tokio::test]
async fn a_sale_is_refunded_once_with_its_items_inverted() {
    let mut counter = Counter::open("AT").await;
    counter.sign(&sale("S-1")).await;
    let short = json!([charge(-2, -5.0, 0)]);
    let short = receipt("R-0", POS | REFUND, short, json!([cash(-5.0, 0)]));
    let refused = counter.sign(&referring(short, json!("S-1"))).await;
    assert!(failure(&refused).contains("opposite signs"));

    let refund = reversed("R-1", POS | REFUND, 0, json!("S-1"));
    assert_eq!(state(&counter.sign(&refund).await), 0);
    let again = reversed("R-2", POS | REFUND, 2, json!(["S-1"]));
    assert!(failure(&counter.sign(&again).await).contains("already"));
    let void = reversed("V-1", POS | VOID, 1, json!("S-1"));
    assert!(failure(&counter.sign(&void).await).contains("already"));
}

#[tokio::test]
async fn the_money_of_a_refund_goes_back_in_full_by_any_means() {
    let mut counter = Counter::open("AT").await;
    counter.sign(&sale("S-1")).await;
    let mut refund = reversed("R-1", POS | REFUND, 0, json!("S-1"));
    refund["cbPayItems"][0]["ftPayItemCase"] = json!(0x2000_0000_0005_u64);
    assert_eq!(state(&counter.sign(&refund).await), 0);
}

#[tokio::test]
async fn the_previous_reference_names_exactly_one_processed_receipt() {
    let mut counter = Counter::open("AT").await;
    counter.sign(&sale("S-1")).await;
    counter.sign(&sale("S-2")).await;
    counter.sign(&sale("TWICE")).await;
    counter.sign(&sale("TWICE")).await;
    let mut unbalanced = sale("E-1");
    unbalanced["cbPayItems"] = json!([]);
    assert_eq!(state(&counter.sign(&unbalanced).await), 0xEEEE_EEEE);
    for (previous, message) in [
        (Value::Null, "exactly one"),
        (json!([]), "exactly one"),
        (json!(["S-1", "S-2"]), "exactly one"),
        (json!("S-3"), "No processed receipt"),
        (json!("E-1"), "No processed receipt"),
        (json!("TWICE"), "Several receipts"),
    ] {
        for (code, flags) in [(POS | REFUND, 0), (POS | VOID, 1), (POS, 2)] {
            let body = reversed("R", code, flags, previous.clone());
            let refused = counter.sign(&body).await;
            assert!(failure(&refused).contains(message), "{previous} {code:x}");
        }
    }
    // Another receipt may name several, but only such that exist.
    let chained = referring(sale("S-4"), json!(["S-1", "S-2"]));
    assert_eq!(state(&counter.sign(&chained).await), 0);
    let lost = referring(sale("S-5"), json!(["S-1", "S-9"]));
    assert!(failure(&counter.sign(&lost).await).contains("\"S-9\""));
}

#[tokio::test]
async fn a_void_flags_every_item_and_happens_once() {
    let mut counter = Counter::open("AT").await;
    counter.sign(&sale("S-1")).await;
    let unflagged = reversed("V-0", POS | VOID, 0, json!("S-1"));
    assert!(failure(&counter.sign(&unflagged).await).contains("flag 0001"));
    let both = reversed("V-0", POS | VOID | REFUND, 1, json!("S-1"));
    assert!(failure(&counter.sign(&both).await).contains("either"));
    let void = |reference| reversed(reference, POS | VOID, 1, json!("S-1"));
    assert_eq!(state(&counter.sign(&void("V-1")).await), 0);
    assert!(failure(&counter.sign(&void("V-2")).await).contains("already"));
}

#[tokio::test]
async fn a_partial_refund_returns_flagged_lines_of_one_receipt() {
    let mut counter = Counter::open("AT").await;
    counter.sign(&sale("S-1")).await;
    let partial = |reference, quantity, amount| {
        let charges = json!([charge(quantity, amount, 2)]);
        let pays = json!([cash(amount, 2)]);
        referring(receipt(reference, POS, charges, pays), json!("S-1"))
    };
    // The same receipt may give back several times.
    for reference in ["P-1", "P-2"] {
        assert_eq!(state(&counter.sign(&partial(reference, -1, -2.5)).await), 0);
    }
    let positive = counter.sign(&partial("P-3", 1, 2.5)).await;
    assert!(failure(&positive).contains("quantity"));
    let positive = counter.sign(&partial("P-3", -1, 2.5)).await;
    assert!(failure(&positive).contains("amount"));
    // An exchange: one thing comes back, another one is sold.
    let charges = json!([charge(-1, -3.0, 2), charge(1, 4.0, 0)]);
    let exchange = receipt("X-1", POS, charges, json!([cash(1.0, 0)]));
    assert_eq!(state(&counter.sign(&exchange).await), 0);
}

#[tokio::test]
async fn a_credit_note_may_stand_alone_in_greece() {
    for (market, expected) in [("GR", 0), ("PT", 0xEEEE_EEEE)] {
        let mut counter = Counter::open(market).await;
        let refund = reversed("R-1", POS | REFUND, 0, Value::Null);
        assert_eq!(state(&counter.sign(&refund).await), expected, "{market}");
    }
}

#[tokio::test]
async fn a_discount_follows_an_item_of_the_same_vat_rate() {
    let mut counter = Counter::open("AT").await;
    let with = |lines: Value, total: f64| receipt("D", POS, lines, json!([cash(total, 0)]));
    let mut other_rate = charge(1, -1.0, 4);
    other_rate["VATRate"] = json!(10);
    for (lines, total, message) in [
        (json!([charge(1, 5.0, 0), charge(1, -1.0, 4)]), 4.0, None),
        (json!([charge(1, 5.0, 0), charge(1, 1.0, 4)]), 6.0, None),
        (
            json!([charge(1, -1.0, 4), charge(1, 5.0, 0)]),
            4.0,
            Some("after an item"),
        ),
        (
            json!([charge(1, 5.0, 0), other_rate]),
            4.0,
            Some("same VAT rate"),
        ),
        (
            json!([charge(1, 5.0, 0), charge(-1, -1.0, 4)]),
            4.0,
            Some("positive"),
        ),
    ] {
        let response = counter.sign(&with(lines.clone(), total)).await;
        match message {
            None => assert_eq!(state(&response), 0, "{lines}"),
            Some(message) => assert!(failure(&response).contains(message), "{lines}"),
        }
    }
}

#[tokio::test]
async fn a_void_line_cancels_an_earlier_line_of_its_receipt() {
    let mut counter = Counter::open("AT").await;
    let lines = json!([charge(1, 5.0, 0), charge(1, 3.0, 0), charge(-1, -5.0, 1)]);
    let cancelled = receipt("S-1", POS, lines, json!([cash(3.0, 0)]));
    assert_eq!(state(&counter.sign(&cancelled).await), 0);
    let lines = json!([charge(1, 5.0, 0), charge(-1, -4.0, 1)]);
    let stray = receipt("S-2", POS, lines, json!([cash(1.0, 0)]));
    assert!(failure(&counter.sign(&stray).await).contains("earlier item"));
}

#[tokio::test]
async fn a_previous_reference_is_a_text_or_a_list_of_texts() {
    let sim = pos_system_api_simulator::Simulator::start().await.unwrap();
    let till = crate::till::Till::new(&sim);
    for (number, previous) in [
        json!(17),
        json!({}),
        json!(["S-1", 1]),
        json!("x".repeat(1024)),
    ]
    .into_iter()
    .enumerate()
    {
        let id = crate::till::operation(number as u128);
        let body = referring(sale("S-1"), previous).to_string();
        let answer = till.sign(id, body).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json()["errors"][0]["field"],
            "cbPreviousReceiptReference"
        );
    }
}

#[tokio::test]
async fn a_refund_of_another_cash_box_need_not_be_known_where_any_is_taken() {
    let sim = Simulator::builder().started(true).any_cash_box(true);
    let sim = sim.start().await.unwrap();
    let till = Till::new(&sim);
    let refund = |number: u64, cash_box_id: Uuid| {
        let mut refund = reversed(&format!("R-{number}"), REFUND | POS, 0, json!("elsewhere"));
        refund["ftCashBoxID"] = json!(cash_box_id);
        till.sign(operation(number.into()), refund.to_string())
    };
    let own = refund(1, sim.cashbox_id()).await.json();
    assert_eq!(state(&own), 0xEEEE_EEEE, "{own}");
    let other = refund(2, Uuid::from_u128(7)).await.json();
    assert_eq!(state(&other), 0, "{other}");
}
