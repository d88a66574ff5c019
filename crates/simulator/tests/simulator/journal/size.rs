//! Journals of any size, and exports while receipts are signed.

use std::sync::Arc;

use pos_system_api_simulator::{Simulator, parse_qr};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::{MINUTE, QUEUE_ITEMS, RECEIPTS, ZIP, clock_at, export_json, numbers, send, started};
use crate::till::{SALE, Till, operation};

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
