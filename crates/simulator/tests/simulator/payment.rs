//! Payments, and what becomes of money that was taken.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use pos_system_api_simulator::{
    DateTime, Decimal, ManualClock, PaymentAction, Profile, ScaledClock, Simulator, Utc, Uuid,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reqwest::Response;
use serde_json::{Value, json};
use tokio::task::{JoinHandle, JoinSet};

use crate::till::{Answer, Till, operation};

const PATH: &str = "/v2/pay";

fn start_moment() -> DateTime<Utc> {
    "2026-06-01T11:00:00Z".parse().unwrap()
}

async fn simulator(profile: Profile) -> (Simulator, Till, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(start_moment()));
    let builder = Simulator::builder().profile(profile).started(true);
    let sim = builder.clock(clock.clone()).start().await.unwrap();
    let till = Till::new(&sim);
    (sim, till, clock)
}

fn payment_of(amount: &str) -> String {
    format!(
        r#"{{"Action":"payment","Protocol":"use_auto","cbPayItem":{{"Description":"Card","Amount":{amount}}}}}"#
    )
}

/// The whole pay item with another amount, as clients send it back.
fn return_of(action: &str, pay_item: &Value, amount: Value) -> String {
    let mut item = pay_item.clone();
    item["Amount"] = amount;
    json!({"Action": action, "Protocol": "use_auto", "cbPayItem": item}).to_string()
}

fn sending(
    till: &Till,
    operation_id: Uuid,
    body: &str,
) -> JoinHandle<Result<Response, reqwest::Error>> {
    tokio::spawn(till.post(PATH, operation_id, body).send())
}

/// Waits for requests to arrive, and fails with the client's error where waiting would have no end:
/// the one that is being sent is among them.
async fn arrived(
    sim: &Simulator,
    count: usize,
    sent: &mut JoinHandle<Result<Response, reqwest::Error>>,
) {
    tokio::select! {
        biased;
        () = sim.arrivals(count) => {}
        ended = sent => panic!("ended before it arrived: {ended:?}"),
    }
}

async fn received(sent: JoinHandle<Result<Response, reqwest::Error>>) -> Answer {
    Answer::of(sent.await.unwrap().unwrap()).await
}

async fn pay_response(till: &Till, operation_id: Uuid) -> Answer {
    till.send("/v2/PayResponse", operation_id, "").await
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// What is wrong with which member, in the form of the cloud.
fn wrong_members(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].as_array().cloned();
    let field = |error: &Value| error["field"].as_str().unwrap().to_owned();
    errors.unwrap_or_default().iter().map(field).collect()
}

#[tokio::test]
async fn special_amounts_have_their_ends_in_every_profile() {
    // Amount, minutes, title of the failure, amounts of the pay items.
    let cases: [(&str, i64, Option<&str>, &[&str]); 10] = [
        ("30.00", 0, None, &["30.00"]),
        ("30000.10", 0, Some("Payment declined"), &[]),
        ("30000.20", 0, Some("Payment timed out"), &[]),
        ("30000.30", 0, None, &["30000.30"]),
        ("30000.40", 0, Some("Payment cancelled"), &[]),
        ("30000.50", 0, None, &["30005.50", "-5.00"]),
        ("30000.60", 1, None, &["30000.60"]),
        ("30000.70", 3, None, &["30000.70"]),
        ("30000.80", 6, None, &["30000.80"]),
        ("30000.90", 0, None, &["15000.50"]),
    ];
    for profile in Profile::ALL {
        for (amount, minutes, failure, items) in cases {
            let (sim, till, clock) = simulator(profile).await;
            let context = format!("{profile} {amount}");
            let body = payment_of(amount);
            let mut sent = sending(&till, operation(1), &body);
            arrived(&sim, 1, &mut sent).await;
            if minutes > 0 {
                clock.advance(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
                till.send("/v2/echo", operation(2), r#"{"Message":"ping"}"#)
                    .await;
                assert_eq!(sim.ledger().requests()[0].status, None, "{context}");
                sim.ledger().payments().none();
                clock.advance(TimeDelta::seconds(1));
            }
            let first = received(sent).await;
            let again = till.send(PATH, operation(1), body.as_str()).await;
            let told = pay_response(&till, operation(1)).await;
            assert_eq!((&again.body, &told.body), (&first.body, &first.body));
            if let Some(title) = failure {
                let statuses = [first.status, again.status, told.status];
                assert!(statuses.iter().all(|status| *status == 400), "{context}");
                let problem = first.json();
                match profile {
                    Profile::Draft => {
                        let error = title.to_lowercase().replace(' ', "_");
                        assert_eq!(problem["error"], error, "{context}");
                    }
                    _ => assert_eq!(problem["title"], title, "{context}"),
                }
                sim.ledger().payments().none();
                continue;
            }
            let statuses = [first.status, again.status, told.status].map(|s| s.as_u16());
            assert_eq!(statuses, [201, 200, 200], "{context}");
            let answer = first.json();
            assert_eq!(answer["Protocol"], "use_auto", "{context}");
            assert_eq!(answer["ftQueueID"], sim.queue_id().to_string());
            let paid = answer["ftPayItems"].as_array().unwrap();
            assert_eq!(paid.len(), items.len(), "{context}");
            for amount in items {
                assert!(
                    first.body.contains(&format!("\"Amount\":{amount},")),
                    "{context}"
                );
            }
            let provider = &paid[0]["ftPayItemCaseData"]["Provider"];
            assert_eq!(provider["Protocol"], "test", "{context}");
            assert_eq!(provider["Action"], "payment", "{context}");
            assert_eq!(
                paid[0]["Moment"],
                format!("2026-06-01T11:0{minutes}:00.0000000Z"),
                "{context}"
            );

            let ledger = sim.ledger();
            let [record] = ledger.payments_of(operation(1))[..] else {
                panic!("{context}: {:?}", ledger.payments())
            };
            let sum: Decimal = items.iter().map(|amount| decimal(amount)).sum();
            assert_eq!(record.requested, decimal(amount), "{context}");
            assert_eq!(record.approved, sum, "{context}");
            assert_eq!(record.amount, decimal(items[0]), "{context}");
            let ids: Vec<_> = record.pay_item_ids.iter().map(Uuid::to_string).collect();
            let told: Vec<_> = paid
                .iter()
                .map(|item| item["ftPayItemId"].clone())
                .collect();
            assert_eq!(ids, told, "{context}");
        }
    }
}

#[tokio::test]
async fn a_payment_whose_client_went_away_is_finished_and_told_later() {
    let (sim, till, clock) = simulator(Profile::Cloud21).await;
    let sent = sending(&till, operation(1), &payment_of("30000.80"));
    sim.arrivals(1).await;
    sent.abort();
    assert!(sent.await.unwrap_err().is_cancelled());

    let asked = tokio::spawn(till.post("/v2/PayResponse", operation(1), "").send());
    sim.arrivals(2).await;
    sim.ledger().payments().none();
    clock.advance(TimeDelta::minutes(6));
    let told = received(asked).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.json()["ftPayItems"][0]["Amount"], 30000.80);
    assert_eq!(told.body, pay_response(&till, operation(1)).await.body);
    sim.ledger().payments().exactly_once_for([operation(1)]);
}

#[tokio::test]
async fn asking_for_a_running_payment_waits_where_a_resend_is_refused() {
    for profile in [Profile::Spec20, Profile::Draft] {
        let (sim, till, clock) = simulator(profile).await;
        let body = payment_of("30000.60");
        let sent = sending(&till, operation(1), &body);
        sim.arrivals(1).await;
        assert_eq!(
            till.send(PATH, operation(1), body.as_str()).await.status,
            422
        );
        let asked = tokio::spawn(till.post("/v2/PayResponse", operation(1), "").send());
        sim.arrivals(3).await;
        clock.advance(TimeDelta::minutes(1));
        let (first, told) = (received(sent).await, received(asked).await);
        assert_eq!((first.status.as_u16(), told.status.as_u16()), (201, 200));
        assert_eq!(first.body, told.body);
    }
}

#[tokio::test]
async fn who_asks_waits_no_longer_than_the_lifetime_of_the_question() {
    let (sim, till, clock) = simulator(Profile::Cloud21).await;
    let sent = sending(&till, operation(1), &payment_of("30000.60"));
    sim.arrivals(1).await;
    let ask = till.post("/v2/PayResponse", operation(1), "");
    let asked = tokio::spawn(ask.header("x-operation-lifetime", "5000").send());
    sim.arrivals(2).await;
    clock.advance(TimeDelta::seconds(5));
    assert_eq!(received(asked).await.status, 422);
    clock.advance(TimeDelta::seconds(55));
    assert_eq!(received(sent).await.status, 201);
}

#[tokio::test]
async fn only_payments_have_a_pay_response() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    till.send("/v2/echo", operation(1), "{}").await;
    assert_eq!(pay_response(&till, operation(1)).await.status, 409);
    assert_eq!(pay_response(&till, operation(2)).await.status, 404);
    let bare = till.bare_post("/v2/PayResponse").send().await.unwrap();
    assert_eq!(bare.status(), 400);
    let no_operation = till
        .bare_post("/v2/PayResponse")
        .header("x-cashbox-id", sim.cashbox_id().to_string())
        .header("x-cashbox-accesstoken", sim.access_token());
    assert_eq!(no_operation.send().await.unwrap().status(), 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_resend_never_pays_twice() {
    let (sim, till, clock) = simulator(Profile::Cloud21).await;
    let mut sends = JoinSet::new();
    for _ in 0..32 {
        let request = till.post(PATH, operation(1), payment_of("30000.80"));
        sends.spawn(async move { Answer::of(request.send().await.unwrap()).await });
    }
    sim.arrivals(32).await;
    clock.advance(TimeDelta::minutes(6));
    let answers = sends.join_all().await;
    let new = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(new, 1);
    assert!(answers.iter().all(|answer| answer.body == answers[0].body));
    sim.ledger().payments().exactly_once_for([operation(1)]);
}

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
async fn a_refund_is_negative_however_it_is_asked_for() {
    for action in ["refund", "cancel"] {
        let (sim, till, _) = simulator(Profile::Cloud21).await;
        let paid = till
            .send(PATH, operation(1), payment_of("30.00"))
            .await
            .json();
        let whole = return_of(action, &paid["ftPayItems"][0], json!(-30.0));
        till.send(PATH, operation(2), payment_of("30.00")).await;
        let by_operation = json!({
            "Action": action,
            "Protocol": "use_auto",
            "cbPayItem": {
                "Description": "Card",
                "Amount": 30,
                "MoneyBarcode": operation(2).to_string(),
            },
        });
        let first = till.send(PATH, operation(3), whole).await;
        let second = till
            .send(PATH, operation(4), by_operation.to_string())
            .await;
        for (answer, id, paid_by) in [(first, 3, 1), (second, 4, 2)] {
            assert_eq!(answer.status, 201, "{}", answer.body);
            let item = &answer.json()["ftPayItems"][0];
            assert_eq!(item["Amount"].as_f64(), Some(-30.0));
            assert_eq!(item["ftPayItemCaseData"]["Provider"]["Action"], action);
            let ledger = sim.ledger();
            let [record] = ledger.payments_of(operation(id))[..] else {
                panic!("{:?}", ledger.payments())
            };
            assert_eq!(record.action.to_string(), action);
            assert_eq!(record.refunds, Some(operation(paid_by)));
            let thirty = Decimal::from(-30);
            assert_eq!((record.requested, record.amount), (thirty, thirty));
        }
        let total: Decimal = sim.ledger().payments().iter().map(|p| p.amount).sum();
        assert_eq!(total, Decimal::ZERO);
    }
}

#[tokio::test]
async fn no_more_goes_back_than_was_taken() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    let paid = till
        .send(PATH, operation(1), payment_of("30000.90"))
        .await
        .json();
    let item = &paid["ftPayItems"][0];
    // Of what was requested only 15000.50 was approved.
    for (number, action, amount, status) in [
        (2, "refund", json!(-15000.51), 400),
        (3, "cancel", json!(-30000.90), 400),
        (4, "cancel", json!(-1), 400),
        (5, "refund", json!(-0.5), 201),
        (6, "cancel", json!(-15000.50), 400),
        (7, "refund", json!(-15000.01), 400),
        (8, "refund", json!(-15000.00), 201),
        (9, "refund", json!(-0.01), 400),
    ] {
        let answer = till
            .send(PATH, operation(number), return_of(action, item, amount))
            .await;
        assert_eq!(answer.status, status, "{number} {}", answer.body);
        if status == 400 {
            assert_eq!(wrong_members(&answer), ["cbPayItem.Amount"], "{number}");
        }
    }
    let total: Decimal = sim.ledger().payments().iter().map(|p| p.amount).sum();
    assert_eq!(total, Decimal::ZERO);
}

#[tokio::test]
async fn a_payment_is_cancelled_once_with_its_tip() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    let paid = till
        .send(PATH, operation(1), payment_of("30000.50"))
        .await
        .json();
    let cancel = return_of("cancel", &paid["ftPayItems"][0], json!(-30005.50));
    let cancelled = till.send(PATH, operation(2), cancel.as_str()).await;
    assert_eq!(cancelled.status, 201, "{}", cancelled.body);
    let again = till.send(PATH, operation(2), cancel.as_str()).await;
    assert_eq!((again.status.as_u16(), &again.body), (200, &cancelled.body));
    for number in [3, 4] {
        let second = till.send(PATH, operation(number), cancel.as_str()).await;
        assert_eq!(second.status, 400);
    }
    let actions: Vec<_> = sim.ledger().payments().iter().map(|p| p.action).collect();
    assert_eq!(actions, [PaymentAction::Payment, PaymentAction::Cancel]);
}

#[tokio::test]
async fn what_was_not_paid_is_not_given_back() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    let paid = till
        .send(PATH, operation(1), payment_of("30.00"))
        .await
        .json();
    till.send(PATH, operation(2), payment_of("30.00")).await;
    till.send(PATH, operation(3), payment_of("30000.10")).await;
    let id = paid["ftPayItems"][0]["ftPayItemId"].clone();
    let cases = [
        (json!({"Amount": -30}), "ftPayItemId"),
        (json!({"Amount": -30, "ftPayItemId": ""}), "ftPayItemId"),
        (
            json!({"Amount": -30, "ftPayItemId": operation(9)}),
            "ftPayItemId",
        ),
        (
            json!({"Amount": 30, "MoneyBarcode": operation(3)}),
            "ftPayItemId",
        ),
        (
            json!({"Amount": 30, "MoneyBarcode": "4006381333931"}),
            "ftPayItemId",
        ),
        (json!({"Amount": 30, "ftPayItemId": id}), "Amount"),
        (
            json!({"Amount": -30, "ftPayItemId": id, "MoneyBarcode": operation(2)}),
            "MoneyBarcode",
        ),
        (
            json!({"Amount": -30, "ftPayItemId": id, "Currency": "CHF"}),
            "Currency",
        ),
    ];
    for (number, (mut item, member)) in (10..).zip(cases) {
        item["Description"] = json!("Card");
        let body = json!({"Action": "refund", "Protocol": "use_auto", "cbPayItem": item});
        let answer = till.send(PATH, operation(number), body.to_string()).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(
            wrong_members(&answer),
            [format!("cbPayItem.{member}")],
            "{body}"
        );
    }
    let actions: Vec<_> = sim.ledger().payments().iter().map(|p| p.action).collect();
    assert_eq!(actions, [PaymentAction::Payment; 2]);
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
async fn what_is_wrong_with_a_call_is_told_by_member_and_stored() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    let valid = json!({
        "Action": "payment",
        "Protocol": "use_auto",
        "cbPayItem": {"Description": "Card", "Amount": 30},
    });
    let changes: [(&str, &str, Value); 20] = [
        ("", "Action", Value::Null),
        ("", "Action", json!("Payment")),
        ("", "Action", json!("pre_authorization")),
        ("", "Action", json!("other")),
        ("", "Action", json!(1)),
        ("", "Protocol", Value::Null),
        ("", "Protocol", json!("")),
        ("", "Protocol", json!("none")),
        ("", "Protocol", json!("carrier_pigeon")),
        ("", "cbPayItem", json!("Card")),
        ("", "cbTerminalID", json!(7)),
        ("/cbPayItem", "Description", Value::Null),
        ("/cbPayItem", "Description", json!("x".repeat(1024))),
        ("/cbPayItem", "Amount", Value::Null),
        ("/cbPayItem", "Amount", json!("30")),
        ("/cbPayItem", "Amount", json!(0.0)),
        ("/cbPayItem", "Amount", json!(-30)),
        ("/cbPayItem", "DecimalPrecisionMultiplier", json!(10)),
        ("/cbPayItem", "Currency", json!("EURO")),
        ("/cbPayItem", "ftPayItemId", json!("7")),
    ];
    for (number, (place, member, value)) in (10..).zip(changes) {
        let mut call = valid.clone();
        call.pointer_mut(place).unwrap()[member] = value;
        let answer = till.send(PATH, operation(number), call.to_string()).await;
        assert_eq!(answer.status, 400, "{call}");
        let prefix = if place.is_empty() { "" } else { "cbPayItem." };
        assert_eq!(
            wrong_members(&answer),
            [format!("{prefix}{member}")],
            "{call}"
        );
        let again = till.send(PATH, operation(number), call.to_string()).await;
        assert_eq!(again, answer, "{call}");
    }
    let fraction = r#"{"Action":"payment","Protocol":"test","cbPayItem":{"Description":"Card","Amount":0.5,"DecimalPrecisionMultiplier":100}}"#;
    let answer = till.send(PATH, operation(1), fraction).await;
    assert_eq!(wrong_members(&answer), ["cbPayItem.Amount"]);
    sim.ledger().payments().none();
    let paid = till.send(PATH, operation(2), valid.to_string()).await;
    assert_eq!(paid.status, 201);
}

#[tokio::test]
async fn a_client_that_sends_an_empty_item_id_is_served() {
    let (_sim, till, _) = simulator(Profile::Cloud21).await;
    let body = r#"{"action":"payment","protocol":"use_auto","cbPayItem":{"Description":"Card","Amount":30,"ftPayItemId":""},"cbTerminalId":"T1","Unknown":1}"#;
    assert_eq!(till.send(PATH, operation(1), body).await.status, 201);
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

/// Any JSON text, without spaces.
fn json_text() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        number_text(),
        any::<String>().prop_map(|text| json!(text).to_string()),
        Just(json!(operation(1)).to_string()),
    ];
    let name = prop::sample::select(vec!["Action", "cbPayItem", "Amount", "Pin", "other"]);
    let value = leaf.prop_recursive(3, 16, 4, move |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4)
            .prop_map(|items| format!("[{}]", items.join(",")));
        let member = (name.clone(), inner).prop_map(|(name, value)| format!("\"{name}\":{value}"));
        let object = prop::collection::vec(member, 0..4)
            .prop_map(|members| format!("{{{}}}", members.join(",")));
        prop_oneof![list, object]
    });
    value.boxed()
}

/// Numbers of any length, and those at which something special happens.
fn number_text() -> BoxedStrategy<String> {
    let special = [
        "30000.50",
        "30000.60",
        "30000.90",
        "1e28",
        "-0",
        "79228162514264337593543950335",
    ];
    let special = prop::sample::select(special.map(str::to_owned).to_vec());
    let any = "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,11})?";
    let whole = "[1-9][0-9]{0,27}";
    prop_oneof![any, whole, special].boxed()
}

/// Mostly one of `usual`, sometimes anything.
fn mostly(usual: &[&str]) -> impl Strategy<Value = String> + use<> {
    let usual: Vec<String> = usual.iter().map(|json| (*json).to_owned()).collect();
    prop_oneof![6 => prop::sample::select(usual), 1 => json_text()]
}

/// A call that is often nearly right.
fn call_text() -> impl Strategy<Value = String> {
    let action = mostly(&["\"payment\"", "\"payment\"", "\"refund\"", "\"cancel\""]);
    let protocol = mostly(&["\"use_auto\"", "\"test\"", "\"gp_mpas\""]);
    let amount = prop_oneof![4 => number_text(), 1 => json_text()];
    let multiplier = mostly(&["null", "1", "100", "100000000"]);
    let paid_by = json!(operation(1)).to_string();
    let barcode = mostly(&["null", "\"\"", &paid_by]);
    let currency = mostly(&["null", "\"EUR\"", "\"CHF\""]);
    (action, protocol, amount, multiplier, barcode, currency).prop_map(
        |(action, protocol, amount, multiplier, barcode, currency)| {
            format!(
                r#"{{"Action":{action},"Protocol":{protocol},"cbPayItem":{{"Description":"Card","Amount":{amount},"DecimalPrecisionMultiplier":{multiplier},"MoneyBarcode":{barcode},"Currency":{currency}}}}}"#
            )
        },
    )
}

#[test]
fn any_body_has_a_documented_answer() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    // A payment of six minutes takes 360 microseconds.
    let clock = Arc::new(ScaledClock::new(start_moment(), 1e6));
    let (sim, till) = runtime.block_on(async {
        let sim = Simulator::builder().clock(clock).start().await.unwrap();
        let till = Till::new(&sim);
        till.send(PATH, operation(1), payment_of("30.00")).await;
        (sim, till)
    });
    let number = Cell::new(1);
    let seen = RefCell::new(BTreeSet::new());
    let pin = any::<String>().prop_map(|pin| json!({"Pin": pin}).to_string());
    let bodies = prop_oneof![4 => call_text(), 1 => json_text(), 1 => pin, 1 => any::<String>()];
    let config = Config {
        cases: 512,
        failure_persistence: None,
        ..Config::default()
    };
    let checked = TestRunner::new(config).run(&bodies, |body| {
        let paths = [(PATH, &[201, 400][..]), ("/v2/pair", &[400, 401])];
        for (path, documented) in paths {
            number.set(number.get() + 1);
            let answer = runtime.block_on(till.send(path, operation(number.get()), &*body));
            let status = answer.status.as_u16();
            seen.borrow_mut().insert((path, status));
            prop_assert!(documented.contains(&status), "{path} {status}");
        }
        Ok(())
    });
    checked.unwrap();
    // The bodies are neither all good nor all bad.
    let all = [
        ("/v2/pair", 400),
        ("/v2/pair", 401),
        (PATH, 201),
        (PATH, 400),
    ];
    assert_eq!(seen.into_inner(), BTreeSet::from(all));
    let ledger = sim.ledger();
    ledger.payments().exactly_once();
    let back: Decimal = ledger
        .payments()
        .iter()
        .filter(|p| p.refunds.is_some())
        .map(|p| p.amount)
        .sum();
    assert!(back >= Decimal::from(-30), "{back}");
}
