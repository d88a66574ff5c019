//! `POST /journal`: exports of what the queue keeps.

mod formats;
mod request;
mod size;

use std::sync::Arc;

use chrono::TimeDelta;
use pos_system_api_simulator::{ManualClock, Simulator, SimulatorBuilder, Uuid};
use reqwest::Response;
use serde_json::{Value, json};

use crate::till::{SALE, Till, operation, receipt_of_case};

const ACTIONS: u64 = 1;
const RECEIPTS: u64 = 2;
const QUEUE_ITEMS: u64 = 3;
const ZIP: u64 = 0x1_0000;

/// 2026-06-01T10:00:00Z.
const TEN: i64 = 639_159_048_000_000_000;
const MINUTE: i64 = 600_000_000;

async fn started(builder: SimulatorBuilder) -> Simulator {
    builder.started(true).start().await.unwrap()
}

fn clock_at(moment: &str) -> Arc<ManualClock> {
    Arc::new(ManualClock::new(moment.parse().unwrap()))
}

async fn send(sim: &Simulator, body: impl Into<String>) -> Response {
    let request = Till::new(sim).post("/v2/journal", operation(0x10), body);
    request.send().await.unwrap()
}

/// An export that has to succeed, with its content type.
async fn export(sim: &Simulator, body: Value) -> (String, Vec<u8>) {
    let response = send(sim, body.to_string()).await;
    assert_eq!(response.status(), 200, "{body}");
    let content_type = response.headers()["content-type"].to_str().unwrap();
    let content_type = content_type.to_owned();
    (content_type, response.bytes().await.unwrap().to_vec())
}

async fn export_json(sim: &Simulator, body: Value) -> Value {
    let (content_type, bytes) = export(sim, body).await;
    assert_eq!(content_type, "application/json");
    serde_json::from_slice(&bytes).unwrap()
}

async fn numbers(sim: &Simulator, body: Value) -> Vec<u64> {
    let receipts = export_json(sim, body).await;
    let receipts = receipts.as_array().unwrap();
    receipts
        .iter()
        .map(|receipt| receipt["ftReceiptNumber"].as_u64().unwrap())
        .collect()
}

/// Receipts 1 to 5, one each minute from ten o'clock.
async fn five_receipts() -> Simulator {
    let clock = clock_at("2026-06-01T10:00:00Z");
    let sim = started(Simulator::builder().clock(Arc::clone(&clock) as Arc<_>)).await;
    let till = Till::new(&sim);
    for number in 1..=5 {
        assert_eq!(till.sign(operation(number), SALE).await.status, 201);
        clock.advance(TimeDelta::minutes(1));
    }
    sim
}

#[tokio::test]
async fn a_new_queue_has_empty_journals() {
    let sim = Simulator::start().await.unwrap();
    for journal in [ACTIONS, RECEIPTS, QUEUE_ITEMS] {
        let (content_type, body) = export(&sim, json!({"ftJournalType": journal})).await;
        assert_eq!(content_type, "application/json");
        assert_eq!(body, b"[]");
    }
}

#[tokio::test]
async fn a_receipt_stands_in_the_receipt_journal() {
    let clock = clock_at("2026-06-01T10:15:31.1234567Z");
    let sim = started(Simulator::builder().clock(clock)).await;
    let signed = Till::new(&sim).sign(operation(1), SALE).await.json();
    let (_, bytes) = export(&sim, json!({"ftJournalType": RECEIPTS})).await;
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("\"ftReceiptTotal\":8.00,"), "{text}");

    let receipts: Value = serde_json::from_str(&text).unwrap();
    let [receipt] = receipts.as_array().unwrap().as_slice() else {
        panic!("{receipts}");
    };
    let mut rest = receipt.clone();
    let id = rest.as_object_mut().unwrap().remove("ftReceiptJournalId");
    let hash = rest.as_object_mut().unwrap().remove("ftReceiptHash");
    assert!(id.unwrap().as_str().unwrap().parse::<Uuid>().is_ok());
    assert_eq!(hash.unwrap().as_str().unwrap().len(), 44);
    assert_eq!(
        rest,
        json!({
            "ftReceiptMoment": "2026-06-01T10:15:31.1234567Z",
            "ftReceiptNumber": 1,
            "ftReceiptTotal": 8.0,
            "ftQueueId": sim.queue_id(),
            "ftQueueItemId": signed["ftQueueItemID"],
            "TimeStamp": 639_159_057_311_234_567_i64,
        })
    );
}

#[tokio::test]
async fn queue_items_hold_request_and_response_as_texts_also_of_what_was_not_signed() {
    let clock = clock_at("2026-06-01T10:00:00Z");
    let sim = started(Simulator::builder().clock(clock)).await;
    let till = Till::new(&sim);
    let unbalanced = SALE.replace("\"Cash\",\"Amount\":8.00", "\"Cash\",\"Amount\":7.00");
    let refused = till.sign(operation(1), &*unbalanced).await;
    let signed = till.sign(operation(2), SALE).await;
    let items = export_json(&sim, json!({"ftJournalType": QUEUE_ITEMS})).await;
    assert_eq!(items.as_array().unwrap().len(), 2);
    assert_eq!(items[0]["request"], unbalanced);
    assert_eq!(items[0]["response"], refused.body);
    assert_eq!(items[1]["request"], SALE);
    assert_eq!(items[1]["response"], signed.body);

    let item = items[1].as_object().unwrap();
    let mut members: Vec<&str> = item.keys().map(String::as_str).collect();
    members.sort_unstable();
    let mut expected = [
        "ftQueueItemId",
        "ftQueueId",
        "ftQueueRow",
        "ftQueueMoment",
        "ftQueueTimeout",
        "ftWorkMoment",
        "ftDoneMoment",
        "cbReceiptMoment",
        "cbTerminalID",
        "cbReceiptReference",
        "country",
        "version",
        "request",
        "requestHash",
        "response",
        "responseHash",
        "TimeStamp",
        "ProcessingVersion",
    ];
    expected.sort_unstable();
    assert_eq!(members, expected);
    assert_eq!(item["ftQueueItemId"], signed.json()["ftQueueItemID"]);
    assert_eq!(item["ftQueueRow"], 2);
    assert_eq!(item["cbReceiptReference"], "S-1");
    assert_eq!(item["cbReceiptMoment"], "2026-06-01T10:15:30.2500000Z");
    assert_eq!(item["ftDoneMoment"], "2026-06-01T10:00:00.0000000Z");
    assert_eq!(item["country"], "AT");
    assert_eq!(item["TimeStamp"], TEN);
    assert_ne!(item["requestHash"], items[0]["requestHash"]);
}

#[tokio::test]
async fn actions_stand_in_the_action_journal() {
    let clock = clock_at("2026-06-01T10:00:00Z");
    let sim = Simulator::builder().clock(clock).start().await.unwrap();
    let start = receipt_of_case(0x2000_0000_4001);
    let started = Till::new(&sim).sign(operation(1), start).await.json();
    let actions = export_json(&sim, json!({"ftJournalType": ACTIONS})).await;
    let [action] = actions.as_array().unwrap().as_slice() else {
        panic!("{actions}");
    };
    let id = action["ftActionJournalId"].as_str().unwrap();
    assert_eq!(
        *action,
        json!({
            "ftActionJournalId": id,
            "ftQueueId": sim.queue_id(),
            "ftQueueItemId": started["ftQueueItemID"],
            "Moment": "2026-06-01T10:00:00.0000000Z",
            "Priority": 0,
            "Type": "4154200000004001",
            "Message": "Initial operation.",
            "DataBase64": null,
            "DataJson": null,
            "TimeStamp": TEN,
        })
    );
    let path = format!("/PeekJournalItem/{}/ActionJournal/{id}", sim.queue_id());
    let peeked = Till::new(&sim).ask(&path).send().await.unwrap();
    assert_eq!(peeked.json::<Value>().await.unwrap(), *action);
}

#[tokio::test]
async fn a_range_takes_what_lies_within_it() {
    let sim = five_receipts().await;
    let (second, fourth) = (TEN + MINUTE, TEN + 3 * MINUTE);
    for (from, to, expected) in [
        (json!(0), json!(0), vec![1, 2, 3, 4, 5]),
        (json!(null), json!(null), vec![1, 2, 3, 4, 5]),
        (json!(second), json!(0), vec![2, 3, 4, 5]),
        (json!(second + 1), json!(0), vec![3, 4, 5]),
        (json!(0), json!(second), vec![1, 2]),
        (json!(0), json!(second - 1), vec![1]),
        (json!(second), json!(fourth), vec![2, 3, 4]),
        (json!(second), json!(second), vec![2]),
        (json!(fourth), json!(second), vec![]),
        (json!(TEN + 5 * MINUTE), json!(0), vec![]),
        (json!(0), json!(1), vec![]),
        (json!(0), json!(-2), vec![1, 2]),
        (json!(second), json!(-2), vec![2, 3]),
        (json!(fourth), json!(-10), vec![4, 5]),
        (json!(0), json!(i64::MIN), vec![1, 2, 3, 4, 5]),
        (json!(i64::MIN), json!(i64::MAX), vec![1, 2, 3, 4, 5]),
        (json!(i64::MAX), json!(-1), vec![]),
        (json!(second.to_string()), json!("-1"), vec![2]),
        (
            json!("2026-06-01T10:01:00Z"),
            json!("2026-06-01T12:03:00+02:00"),
            vec![2, 3, 4],
        ),
        (
            json!("2026-06-01"),
            json!("2026-06-01T10:00:59.9999999"),
            vec![1],
        ),
    ] {
        let body = json!({"ftJournalType": RECEIPTS, "From": from, "To": to});
        assert_eq!(numbers(&sim, body.clone()).await, expected, "{body}");
        let body = json!({"ftjournaltype": RECEIPTS, "from": from, "to": to});
        assert_eq!(numbers(&sim, body.clone()).await, expected, "{body}");
    }
}

#[tokio::test]
async fn entries_are_in_order_of_time_when_the_clock_was_set_back() {
    let clock = clock_at("2026-06-01T10:00:00Z");
    let sim = started(Simulator::builder().clock(Arc::clone(&clock) as Arc<_>)).await;
    let till = Till::new(&sim);
    till.sign(operation(1), SALE).await;
    clock.advance(TimeDelta::minutes(-1));
    till.sign(operation(2), SALE).await;
    till.sign(operation(3), SALE).await;
    let body = json!({"ftJournalType": RECEIPTS});
    assert_eq!(numbers(&sim, body).await, [2, 3, 1]);
}
