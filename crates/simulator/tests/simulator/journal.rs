//! `POST /journal`: exports of what the queue keeps.

use std::io::{Cursor, Read};
use std::sync::Arc;

use chrono::TimeDelta;
use pos_system_api_simulator::{ManualClock, Simulator, SimulatorBuilder, Uuid, parse_qr};
use proptest::prelude::*;
use reqwest::Response;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

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

#[tokio::test]
async fn codes_may_be_texts_and_common_codes_may_carry_a_version() {
    let sim = five_receipts().await;
    for code in [
        json!(2),
        json!("2"),
        json!("0x2"),
        json!("0X0000_0000_0000_0002"),
        json!(0x2000_0000_0002_u64),
    ] {
        let body = json!({"ftJournalType": code, "To": -1});
        assert_eq!(numbers(&sim, body).await, [1], "{code}");
    }
}

#[tokio::test]
async fn a_code_that_means_nothing_here_gives_the_version() {
    let sim = started(Simulator::builder().market("AT")).await;
    for code in [
        0,
        4,
        0x1001,
        0xFFF,
        !ZIP,
        0x4445_2000_0000_0001, // DE
        0x4154_2000_0000_2001, // no such category
        0x4154_2000_0000_0009,
    ] {
        let version = export_json(&sim, json!({"ftJournalType": code})).await;
        assert!(
            version["Assembly"].as_str().unwrap().contains("SIMULATED"),
            "{code:x} {version}"
        );
        assert!(version["AssemblyVersion"].is_string());
    }
}

#[tokio::test]
async fn configuration_and_status_say_that_they_are_simulated_and_hold_no_secret() {
    for (market, code) in [
        ("AT", 0xFF_u64),
        ("AT", 0x4154_2000_0000_0000),
        ("AT", 0x4154_2000_0000_1001),
        ("DE", 0x4445_0000_0000_0000),
        ("FR", 0x4652_2000_0000_1000),
        ("IT", 0x4954_2000_0000_0000),
        ("ES", 0x4553_2000_0000_0000),
    ] {
        let sim = started(Simulator::builder().market(market)).await;
        let document = export_json(&sim, json!({"ftJournalType": code})).await;
        assert_eq!(document["Simulated"], true, "{code:x}");
        let text = document.to_string();
        assert!(text.contains(&sim.queue_id().to_string()), "{code:x}");
        assert!(!text.contains(sim.access_token()), "{code:x}");
    }
}

#[tokio::test]
async fn markets_export_their_receipts_in_json() {
    for (market, code) in [
        ("AT", 0x4154_2000_0000_0001_u64),
        ("AT", 0x4154_2000_0000_1002),
        ("FR", 0x4652_2000_0000_0001),
        ("FR", 0x4652_2000_0000_1010),
        ("ES", 0x4553_2000_0000_0001),
        ("BE", 0x4245_2000_0000_0007),
    ] {
        let sim = started(Simulator::builder().market(market).past_receipts(3)).await;
        let document = export_json(&sim, json!({"ftJournalType": code, "To": -2})).await;
        assert_eq!(document["Simulated"], true, "{code:x}");
        assert!(document["Journal"].as_str().unwrap().starts_with(market));
        assert_eq!(document["Receipts"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn greece_and_portugal_export_xml_and_the_portuguese_is_not_utf_8() {
    for (market, code, utf_8) in [
        ("GR", 0x4752_2000_0000_0000_u64, true),
        ("PT", 0x5054_2000_0000_0001, false),
    ] {
        let sim = started(Simulator::builder().market(market).past_receipts(2)).await;
        let (content_type, body) = export(&sim, json!({"ftJournalType": code})).await;
        assert_eq!(content_type, "application/xml");
        assert!(body.starts_with(b"<?xml version=\"1.0\""));
        assert_eq!(std::str::from_utf8(&body).is_ok(), utf_8);
        let text = String::from_utf8_lossy(&body);
        assert!(text.contains("SIMULATED"), "{text}");
        assert_eq!(text.matches("<Receipt ").count(), 2, "{text}");
    }
}

fn unzipped(archive: Vec<u8>) -> (String, Vec<u8>) {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    assert_eq!(archive.len(), 1);
    let mut file = archive.by_index(0).unwrap();
    let mut content = Vec::new();
    file.read_to_end(&mut content).unwrap();
    (file.name().unwrap().into_owned(), content)
}

#[tokio::test]
async fn the_zip_flag_wraps_the_same_document() {
    let sim = started(Simulator::builder().past_receipts(500)).await;
    for journal in [0, ACTIONS, RECEIPTS, QUEUE_ITEMS] {
        let (_, plain) = export(&sim, json!({"ftJournalType": journal})).await;
        let (content_type, archive) = export(&sim, json!({"ftJournalType": journal | ZIP})).await;
        assert_eq!(content_type, "application/zip");
        assert!(archive.len() < plain.len() + 300);
        assert_eq!(unzipped(archive), ("journal.json".to_owned(), plain));
    }
}

#[tokio::test]
async fn germany_exports_archives() {
    let sim = started(Simulator::builder().market("DE").past_receipts(3)).await;
    for code in [
        0x4445_0000_0000_0001_u64,
        0x4445_2000_0000_0001,
        0x4445_2000_0000_1003,
    ] {
        let (content_type, body) = export(&sim, json!({"ftJournalType": code})).await;
        assert_eq!(content_type, "application/x-tar");
        let mut archive = tar::Archive::new(Cursor::new(body));
        let names: Vec<String> = archive
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(
            names,
            [
                "SIMULATED.txt",
                "simulated/receipt_1.log",
                "simulated/receipt_2.log",
                "simulated/receipt_3.log",
            ]
        );
    }
    for code in [0x4445_0000_0000_0002_u64, 0x4445_2000_0001_0002] {
        let (content_type, body) = export(&sim, json!({"ftJournalType": code})).await;
        assert_eq!(content_type, "application/zip");
        let (name, content) = unzipped(body);
        assert_eq!(name, "simulated_transactions.csv");
        assert_eq!(String::from_utf8(content).unwrap().lines().count(), 4);
    }
}

#[tokio::test]
async fn an_export_is_not_recorded_under_its_operation_id() {
    let sim = five_receipts().await;
    let till = Till::new(&sim);
    for count in [1_usize, 2] {
        let body = json!({"ftJournalType": RECEIPTS, "To": -(count as i64)}).to_string();
        let answer = till.send("/journal", operation(9), body).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.location, None);
        assert_eq!(answer.json().as_array().unwrap().len(), count);
    }
    assert_eq!(till.sign(operation(9), SALE).await.status, 201);
    assert!(sim.ledger().requests()[5..7].iter().all(|r| !r.executed));
}

#[tokio::test]
async fn the_headers_are_demanded() {
    let sim = Simulator::start().await.unwrap();
    let till = Till::new(&sim);
    let body = json!({"ftJournalType": RECEIPTS}).to_string();
    let with = |token: &str| {
        till.bare_post("/v2/journal")
            .header("x-cashbox-id", sim.cashbox_id().to_string())
            .header("x-cashbox-accesstoken", token)
            .body(body.clone())
    };
    let no_operation = with(sim.access_token()).send().await.unwrap();
    assert_eq!(no_operation.status(), 400);
    assert!(
        no_operation
            .text()
            .await
            .unwrap()
            .contains("x-operation-id")
    );
    let wrong_token = with("wrong").header("x-operation-id", operation(1).to_string());
    assert_eq!(wrong_token.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_malformed_request_is_400_and_names_the_member() {
    let sim = Simulator::start().await.unwrap();
    for (body, member) in [
        ("", None),
        ("[]", None),
        ("no json", None),
        ("{}", Some("ftJournalType")),
        (r#"{"ftJournalType":null}"#, Some("ftJournalType")),
        (r#"{"ftJournalType":-1}"#, Some("ftJournalType")),
        (r#"{"ftJournalType":1.5}"#, Some("ftJournalType")),
        (
            r#"{"ftJournalType":18446744073709551616}"#,
            Some("ftJournalType"),
        ),
        (r#"{"ftJournalType":"two"}"#, Some("ftJournalType")),
        (r#"{"ftJournalType":[2]}"#, Some("ftJournalType")),
        (r#"{"ftJournalType":2,"From":"yesterday"}"#, Some("From")),
        (r#"{"ftJournalType":2,"From":true}"#, Some("From")),
        (
            r#"{"ftJournalType":2,"To":9223372036854775808}"#,
            Some("To"),
        ),
        (r#"{"ftJournalType":2,"To":"2026-02-30"}"#, Some("To")),
    ] {
        let response = send(&sim, body).await;
        assert_eq!(response.status(), 400, "{body}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["status"], 400, "{body}");
        assert_eq!(problem["errors"][0]["field"].as_str(), member, "{body}");
    }
}

#[tokio::test]
async fn the_queue_goes_on_behind_past_receipts() {
    let sim = Simulator::builder()
        .past_receipts(1000)
        .start()
        .await
        .unwrap();
    let signed = Till::new(&sim).sign(operation(1), SALE).await.json();
    assert_eq!(signed["ftQueueRow"], 1001);
    assert_eq!(signed["ftReceiptIdentification"], "ft3E9#IT1001");
    assert_eq!(
        sim.ledger().receipts_of(operation(1))[0].receipt_number,
        1001
    );

    let items = export_json(&sim, json!({"ftJournalType": QUEUE_ITEMS})).await;
    let items = items.as_array().unwrap();
    assert_eq!(items.len(), 1001);
    for (index, pair) in items.windows(2).enumerate() {
        assert_eq!(pair[0]["ftQueueRow"], index + 1);
        assert!(pair[0]["TimeStamp"].as_i64() < pair[1]["TimeStamp"].as_i64());
    }
    let receipts = numbers(&sim, json!({"ftJournalType": RECEIPTS})).await;
    assert!(receipts.into_iter().eq(1..=1001));

    let qr = |index: usize| {
        let response: Value =
            serde_json::from_str(items[index]["response"].as_str().unwrap()).unwrap();
        let request: Value =
            serde_json::from_str(items[index]["request"].as_str().unwrap()).unwrap();
        assert_eq!(
            response["cbReceiptReference"],
            request["cbReceiptReference"]
        );
        parse_qr(response["ftSignatures"][0]["Data"].as_str().unwrap()).unwrap()
    };
    assert!(qr(0).is_first_of(sim.queue_id()));
    assert!(qr(1000).follows(&qr(999)));
}

#[tokio::test]
async fn past_receipts_follow_from_the_seed_and_are_looked_up_by_id() {
    let mut exports = Vec::new();
    for (seed, moment) in [
        (7, "2026-06-01T10:00:00Z"),
        (7, "2027-06-01T10:00:00Z"),
        (8, "2026-06-01T10:00:00Z"),
    ] {
        let builder = Simulator::builder().seed(seed).clock(clock_at(moment));
        let sim = started(builder.past_receipts(20)).await;
        let items = export_json(&sim, json!({"ftJournalType": QUEUE_ITEMS})).await;
        let id = items[12]["ftQueueItemId"].as_str().unwrap();
        let path = format!("/v2/PeekJournalItem/{}/QueueItem/{id}", sim.queue_id());
        let request = Till::new(&sim).ask(&path);
        let item: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(item, items[12]);
        exports.push(items);
    }
    assert_eq!(exports[0], exports[1]);
    assert_ne!(exports[0], exports[2]);
}

#[tokio::test]
async fn past_receipts_lie_before_a_start_of_long_ago() {
    let clock = clock_at("1999-01-01T00:00:00Z");
    let sim = started(Simulator::builder().clock(clock).past_receipts(2)).await;
    let receipts = export_json(&sim, json!({"ftJournalType": RECEIPTS})).await;
    assert_eq!(
        receipts[0]["ftReceiptMoment"],
        "1998-12-31T23:58:00.0000000Z"
    );
    assert_eq!(
        receipts[1]["ftReceiptMoment"],
        "1998-12-31T23:59:00.0000000Z"
    );
}

#[tokio::test]
async fn a_journal_beyond_all_memory_is_exported_lazily_and_in_parts() {
    let sim = started(Simulator::builder().past_receipts(u64::MAX)).await;
    // Every tick since the year 1 has a receipt.
    let count = 639_028_224_000_000_000_u64 - 1;
    for (from, to, expected) in [
        (0, -2, [1, 2]),
        (count as i64 / 2, -2, [count / 2, count / 2 + 1]),
        (count as i64 - 1, 0, [count - 1, count]),
    ] {
        let body = json!({"ftJournalType": RECEIPTS, "From": from, "To": to});
        assert_eq!(numbers(&sim, body).await, expected);
    }
    // The whole has 10^21 bytes; what is read of it shows that it is made as it is read.
    for (code, enough) in [(QUEUE_ITEMS, 1_000_000), (QUEUE_ITEMS | ZIP, 100_000)] {
        let mut response = send(&sim, json!({"ftJournalType": code}).to_string()).await;
        let mut received = 0;
        while received < enough {
            received += response.chunk().await.unwrap().unwrap().len();
        }
    }
    let echo = Till::new(&sim).send("/echo", operation(1), "{}").await;
    assert_eq!(echo.status, 201);
}

#[tokio::test]
async fn a_large_export_arrives_completely_in_chunks() {
    let sim = started(Simulator::builder().past_receipts(30_000)).await;
    let body = json!({"ftJournalType": RECEIPTS}).to_string();
    let mut response = send(&sim, body).await;
    assert_eq!(response.content_length(), None);
    let (mut bytes, mut receipts, mut last) = (0, 0, None);
    while let Some(chunk) = response.chunk().await.unwrap() {
        bytes += chunk.len();
        // Each receipt has one, and nothing else.
        receipts += chunk.iter().filter(|&&byte| byte == b'{').count();
        last = chunk.last().copied();
    }
    assert_eq!((receipts, last), (30_000, Some(b']')));
    assert!(bytes > 30_000 * 300, "{bytes}");
}

#[tokio::test]
async fn an_export_holds_what_was_signed_when_it_began() {
    let sim = started(Simulator::builder().past_receipts(20_000)).await;
    let till = Till::new(&sim);
    till.sign(operation(1), SALE).await;
    let mut response = send(&sim, json!({"ftJournalType": RECEIPTS}).to_string()).await;
    let mut body = response.chunk().await.unwrap().unwrap().to_vec();
    till.sign(operation(2), SALE).await;
    while let Some(chunk) = response.chunk().await.unwrap() {
        body.extend_from_slice(&chunk);
    }
    let receipts: Vec<Value> = serde_json::from_slice(&body).unwrap();
    assert_eq!(receipts.last().unwrap()["ftReceiptNumber"], 20_001);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_export_during_signing_is_a_whole_beginning_of_the_journal() {
    let sim = Arc::new(started(Simulator::builder()).await);
    let till = Arc::new(Till::new(&sim));
    let mut signs = JoinSet::new();
    for number in 1..=64 {
        let till = Arc::clone(&till);
        signs.spawn(async move { till.sign(operation(0x100 + number), SALE).await });
    }
    for _ in 0..8 {
        let numbers = numbers(&sim, json!({"ftJournalType": RECEIPTS})).await;
        assert!(numbers.iter().copied().eq(1..=numbers.len() as u64));
    }
    assert!(
        signs
            .join_all()
            .await
            .iter()
            .all(|signed| signed.status == 201)
    );
    let numbers = numbers(&sim, json!({"ftJournalType": RECEIPTS})).await;
    assert!(numbers.into_iter().eq(1..=64));
}

/// A body that is near to a request, or not at all.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![
        any::<u64>().prop_map(Value::from),
        (0_u64..=4, any::<bool>()).prop_map(|(code, zip)| Value::from(code | u64::from(zip) << 16)),
        (0_u64..=0x1FFF).prop_map(|code| Value::from(0x4445_2000_0000_0000 | code)),
        any::<String>().prop_map(Value::from),
    ];
    let bound = || {
        prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{8}Z?)?".prop_map(Value::from),
            Just(Value::Null),
        ]
    };
    let near = (code, bound(), bound()).prop_map(|(code, from, to)| {
        json!({"ftJournalType": code, "From": from, "To": to})
            .to_string()
            .into_bytes()
    });
    prop_oneof![4 => near, 1 => any::<Vec<u8>>()]
}

#[test]
fn any_body_is_answered_200_or_400() {
    let runtime = Runtime::new().unwrap();
    let builder = Simulator::builder().market("DE").past_receipts(5);
    let sim = runtime.block_on(started(builder));
    let till = Till::new(&sim);
    proptest!(|(body in body())| {
        let request = till.post("/v2/journal", operation(1), "").body(body);
        let (status, length) = runtime.block_on(async {
            let response = request.send().await.unwrap();
            (response.status(), response.bytes().await.unwrap().len())
        });
        prop_assert!(status == 200 || status == 400, "{}", status);
        prop_assert!(length > 0);
    });
}

#[test]
fn any_range_takes_what_a_filter_over_the_whole_takes() {
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(started(Simulator::builder().past_receipts(40)));
    let last = 639_028_224_000_000_000 - MINUTE;
    let moments: Vec<i64> = (0..40).rev().map(|back| last - back * MINUTE).collect();
    let tick = (-42..3_i64, -1..=1_i64).prop_map(move |(minute, off)| last + minute * MINUTE + off);
    let to = prop_oneof![tick.clone(), -45..=0_i64];
    proptest!(|(from in tick, to in to)| {
        let body = json!({"ftJournalType": RECEIPTS, "From": from, "To": to});
        let numbers = runtime.block_on(numbers(&sim, body));
        let until = if to > 0 { to } else { i64::MAX };
        let most = if to < 0 { to.unsigned_abs() as usize } else { usize::MAX };
        let expected: Vec<u64> = (1..)
            .zip(&moments)
            .filter(|(_, moment)| (from..=until).contains(*moment))
            .map(|(number, _)| number)
            .take(most)
            .collect();
        prop_assert_eq!(numbers, expected);
    });
}
