//! The pay items of an answer.

use pos_system_api_simulator::{Profile, Simulator};
use serde_json::json;

use super::{PATH, decimal, payment_of, return_of, simulator};
use crate::till::{Till, operation};

#[tokio::test]
async fn pay_items_go_into_a_receipt_as_they_are() {
    for market in ["AT", "DE"] {
        for (number, amount) in [(1, "30.00"), (3, "30000.50"), (5, "12.5")] {
            let builder = Simulator::builder().market(market).started(true);
            let sim = builder.start().await.unwrap();
            let till = Till::new(&sim);
            let paid = till.send(PATH, operation(number), payment_of(amount)).await;
            let (_, items) = paid.body.split_once("\"ftPayItems\":").unwrap();
            let items = items.strip_suffix('}').unwrap();
            let receipt = format!(
                r#"{{"cbReceiptReference":"S-1","cbReceiptMoment":"2026-06-01T11:01:00Z","cbChargeItems":[{{"Quantity":1,"Description":"Menu","Amount":{amount},"VATRate":20,"ftChargeItemCase":35184372088851}}],"cbPayItems":{items},"ftReceiptCase":35184372088833}}"#
            );
            let signed = till.sign(operation(number + 1), receipt).await;
            assert_eq!(signed.status, 201, "{}", signed.body);
            let state = signed.json()["ftState"].as_u64().unwrap();
            assert_eq!(state & 0xFFFF_FFFF, 0, "{market} {}", signed.body);
        }
    }
}

#[tokio::test]
async fn the_cases_of_pay_items_tell_what_they_are() {
    let (_sim, till, _) = simulator(Profile::Cloud21).await;
    let paid = till
        .send(PATH, operation(1), payment_of("30000.50"))
        .await
        .json();
    let items = &paid["ftPayItems"];
    assert_eq!(items[0]["ftPayItemCase"], 35_184_397_254_661_u64);
    assert_eq!(items[1]["ftPayItemCase"], 35_184_376_283_141_u64);
    assert!(items[0]["ftPayItemCaseData"]["Receipt"].is_array());
    assert_eq!(items[1].get("ftPayItemCaseData"), None);
    let refund = return_of("refund", &items[0], json!(-1));
    let refunded = till.send(PATH, operation(2), refund).await.json();
    let refunded = &refunded["ftPayItems"][0];
    assert_eq!(refunded["ftPayItemCase"], 0x0000_2000_0182_0005_u64);
    assert_eq!(refunded["Quantity"], -1);
}

#[tokio::test]
async fn amounts_keep_every_digit_and_multiplied_ones_stay_multiplied() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    let long = "12345678901234567890.123456";
    let paid = till.send(PATH, operation(1), payment_of(long)).await;
    assert!(
        paid.body.contains(&format!("\"Amount\":{long},")),
        "{}",
        paid.body
    );
    assert_eq!(
        sim.ledger().payments_of(operation(1))[0].amount,
        decimal(long)
    );

    let multiplied = |amount: u32| {
        let item = json!({
            "Description": "Card",
            "Amount": amount,
            "DecimalPrecisionMultiplier": 100,
            "Currency": "CHF",
        });
        json!({"Action": "payment", "Protocol": "test", "cbPayItem": item}).to_string()
    };
    let paid = till
        .send(PATH, operation(2), multiplied(3_000_050))
        .await
        .json();
    for (item, amount) in [(0, 3_000_550), (1, -500)] {
        let item = &paid["ftPayItems"][item];
        assert_eq!(item["Amount"], amount);
        assert_eq!(item["DecimalPrecisionMultiplier"], 100);
        assert_eq!(item["Currency"], "CHF");
    }
    let record = sim.ledger().payments_of(operation(2))[0].clone();
    assert_eq!(
        (record.approved, record.amount),
        (decimal("30000.50"), decimal("30005.50"))
    );
    assert_eq!(record.protocol, "test");
    let most = "79228162514264337593543950335";
    let item = format!(
        r#"{{"Description":"Card","Amount":{most},"DecimalPrecisionMultiplier":100000000}}"#
    );
    let body = format!(r#"{{"Action":"payment","Protocol":"test","cbPayItem":{item}}}"#);
    let paid = till.send(PATH, operation(4), body).await;
    assert!(
        paid.body.contains(&format!("\"Amount\":{most},")),
        "{}",
        paid.body
    );
    let declined = till.send(PATH, operation(3), multiplied(3_000_010)).await;
    assert_eq!(declined.json()["title"], "Payment declined");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_payment() {
    let mut answers = Vec::new();
    for _ in 0..2 {
        let (_sim, till, _) = simulator(Profile::Cloud21).await;
        answers.push(till.send(PATH, operation(1), payment_of("30000.50")).await);
    }
    assert_eq!(answers[0], answers[1]);
}
