//! Exports: whole, or said not to be.

mod broken;
mod taking;

use std::future::IntoFuture;
use std::num::NonZeroU32;
use std::time::Duration;

use pos_system_api::chrono::{DateTime, FixedOffset};
use pos_system_api::client::journal::{Export, JournalCall, JournalRange, Ticks};
use pos_system_api::codes::{JournalFlags, JournalType};
use pos_system_api::types::JournalRequest;
use pos_system_api::{Client, ErrorKind};
use pos_system_api_simulator::{Simulator, SimulatorBuilder};
use serde_json::Value;

use crate::support::chance::operation;
use crate::support::client::{client_of, done};
use crate::support::clock::ATTEMPT_TIMEOUT;
use crate::{PROFILES, sale, started};

/// A queue with this many receipts of the past.
fn with_past(count: u64) -> SimulatorBuilder {
    Simulator::builder().past_receipts(count)
}

/// A call with the times that a test's clock knows.
fn timed(call: JournalCall) -> JournalCall {
    call.with_attempt_timeout(ATTEMPT_TIMEOUT)
        .with_stall_timeout(ATTEMPT_TIMEOUT)
}

async fn begun(client: &Client, range: JournalRange) -> Export {
    timed(client.journal(range)).await.unwrap()
}

/// The whole export as JSON.
async fn entries(client: &Client, range: JournalRange) -> Vec<Value> {
    let mut bytes = Vec::new();
    let exported = begun(client, range)
        .await
        .copy_to(&mut bytes)
        .await
        .unwrap();
    assert_eq!(exported.bytes, bytes.len() as u64);
    assert_eq!(exported.content_type.as_deref(), Some("application/json"));
    assert!(exported.has_certain_end);
    serde_json::from_slice(&bytes).unwrap()
}

/// The bytes of the whole journal.
async fn whole(client: &Client) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut export = begun(client, all()).await;
    export.copy_to(&mut bytes).await.unwrap();
    bytes
}

fn all() -> JournalRange {
    JournalRange::all(JournalType::QUEUE_ITEM)
}

#[tokio::test]
async fn an_export_is_the_journal() {
    for profile in PROFILES {
        let simulator = started(with_past(50).profile(profile)).await;
        let (client, _) = client_of(&simulator);
        let signed = done(client.sign(sale("S-1")).await);
        let entries = entries(&client, all()).await;
        let request = entries.last().unwrap()["request"].as_str().unwrap();
        let request: Value = serde_json::from_str(request).unwrap();
        assert_eq!(request["cbReceiptReference"], "S-1", "{profile}");
        let id = signed.response.ft_queue_item_id.unwrap().to_string();
        assert_eq!(entries.last().unwrap()["ftQueueItemId"], id, "{profile}");
        assert!(entries.len() >= 51, "{profile}");
    }
}

#[tokio::test]
async fn a_range_is_by_time_by_number_or_both() {
    for profile in PROFILES {
        // One receipt a minute, the last at 23:59 of 2025.
        let simulator = started(with_past(3000).profile(profile)).await;
        let (client, _) = client_of(&simulator);
        let days: Vec<_> = JournalRange::days(
            JournalType::QUEUE_ITEM,
            "2025-12-30".parse().unwrap(),
            "2025-12-31".parse().unwrap(),
        )
        .collect();
        let mut slices = Vec::new();
        for (day, range) in days {
            let slice = entries(&client, range).await;
            assert_eq!(slice.len(), 1440, "{profile} {day}");
            slices.extend(slice);
        }
        // The slices are the journal from their first tick on.
        let from = "2025-12-30T00:00:00Z".parse().unwrap();
        let until = "2025-12-31T23:59:59.9999999Z".parse().unwrap();
        assert_eq!(
            entries(&client, all().since(from).until(until)).await,
            slices,
            "{profile}"
        );

        let three = NonZeroU32::new(3).unwrap();
        let taken = entries(&client, all().since(from).take(three)).await;
        assert_eq!(taken, slices[..3], "{profile}");

        // Going on after a break: the last whole entry comes once more, then the next.
        let last = Ticks::new(taken[2]["TimeStamp"].as_i64().unwrap()).unwrap();
        let two = NonZeroU32::new(2).unwrap();
        let rest = entries(&client, all().since_ticks(last).take(two)).await;
        assert_eq!(rest, slices[2..4], "{profile}");
        assert_eq!(
            entries(&client, all().until_ticks(Ticks::MIN)).await.len(),
            0,
            "{profile}"
        );
    }
}

#[tokio::test]
async fn a_local_day_is_the_tills_and_not_the_servers() {
    let simulator = started(with_past(3000)).await;
    let (client, _) = client_of(&simulator);
    let kind = JournalType::QUEUE_ITEM;
    // The last receipt of the past was at 23:59 of 2025 in UTC: two hours into the new year here.
    let zone = FixedOffset::east_opt(2 * 60 * 60).unwrap();
    let (last, new_year) = ("2025-12-31".parse().unwrap(), "2026-01-01".parse().unwrap());
    let mut days = JournalRange::local_days(kind, last, new_year, zone);
    let (_, old) = days.next().unwrap();
    let (day, new) = days.next().unwrap();
    assert_eq!((day, days.next()), (new_year, None));
    let old = entries(&client, old).await;
    let new = entries(&client, new).await;
    assert_eq!((old.len(), new.len()), (1440, 120));
    let moment = |entry: &Value| entry["ftQueueMoment"].as_str().unwrap().to_owned();
    assert!(
        moment(&old[0]).starts_with("2025-12-30T22:00"),
        "{}",
        old[0]
    );
    assert!(
        moment(&new[0]).starts_with("2025-12-31T22:00"),
        "{}",
        new[0]
    );

    let at = |text: &str| text.parse::<DateTime<FixedOffset>>().unwrap();
    let (from, until) = (
        at("2025-12-31T23:58:00+02:00"),
        at("2026-01-01T00:02:00+02:00"),
    );
    let around = entries(&client, JournalRange::between(kind, from, until)).await;
    assert_eq!(around, [&old[1438..], &new[..2]].concat());
    let none = JournalRange::between(kind, until, from);
    assert_eq!(entries(&client, none).await.len(), 0);
}

#[tokio::test]
async fn every_form_is_passed_on_untouched() {
    for profile in PROFILES {
        for (market, kind, content_type, head) in [
            (
                "DE",
                JournalType::new(0x4445_2000_0000_1001),
                "application/x-tar",
                &b""[..],
            ),
            (
                "DE",
                JournalType::new(0x4445_2000_0000_1002),
                "application/zip",
                b"PK",
            ),
            (
                "PT",
                JournalType::new(0x5054_2000_0000_1001),
                "application/xml",
                b"<?xml",
            ),
            (
                "AT",
                JournalType::QUEUE_ITEM.with_flags(JournalFlags::ZIP),
                "application/zip",
                b"PK",
            ),
        ] {
            let simulator = started(with_past(20).market(market).profile(profile)).await;
            let (client, _) = client_of(&simulator);
            let mut export = begun(&client, JournalRange::all(kind)).await;
            assert_eq!(
                export.content_type(),
                Some(content_type),
                "{market} {kind:?}"
            );
            let mut bytes = Vec::new();
            export.copy_to(&mut bytes).await.unwrap();
            assert!(
                bytes.starts_with(head) && bytes.len() > 100,
                "{market} {kind:?}"
            );
            assert_eq!(export.received_bytes(), bytes.len() as u64);
        }
    }
}

#[tokio::test]
async fn the_call_has_what_an_operation_has() {
    let simulator = started(with_past(1)).await;
    let (client, _) = client_of(&simulator);
    let call = timed(client.journal(JournalType::RECEIPT_JOURNAL))
        .with_operation_id(operation(9))
        .with_lifetime(Duration::from_secs(7))
        .with_terminal("till-2");
    assert_eq!(call.operation_id(), Some(operation(9)));
    call.await.unwrap();
    let request: JournalRequest =
        serde_json::from_str(r#"{"ftJournalType":2,"From":5,"Later":true}"#).unwrap();
    timed(client.journal(request)).into_future().await.unwrap();
    let ledger = simulator.ledger();
    let [first, second] = ledger.requests() else {
        panic!("two exports")
    };
    assert_eq!(first.operation_id, Some(operation(9)));
    assert_eq!(first.header("x-operation-lifetime"), Some("7000"));
    assert_eq!(first.header("x-terminal-id"), Some("till-2"));
    assert_eq!(first.body, r#"{"ftJournalType":2,"From":0,"To":0}"#);
    assert_eq!(second.body, r#"{"From":5,"ftJournalType":2,"Later":true}"#);
    let error = client
        .journal(all())
        .with_terminal("a\nb")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}
