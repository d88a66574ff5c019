//! What is exported for a code in a market, and in which format.

use std::io::{Cursor, Read};

use pos_system_api_simulator::Simulator;
use serde_json::json;

use super::{ACTIONS, QUEUE_ITEMS, RECEIPTS, ZIP, export, export_json, started};

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
