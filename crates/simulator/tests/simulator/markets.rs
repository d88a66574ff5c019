//! What the eight markets make of the same receipts.

use pos_system_api_simulator::Simulator;
use serde_json::{Value, json};

use crate::counter::{Counter, V2, cash, charge, national_number, receipt, sale, signature, state};
use crate::till::{Till, operation};

/// The first four digits of the queue id, which the series of some markets carry.
fn series(counter: &Counter) -> String {
    counter.sim.queue_id().simple().to_string()[..4].to_owned()
}

#[tokio::test]
async fn national_numbers_have_the_form_of_the_market() {
    const SALE: u64 = 1;
    const INVOICE: u64 = 0x1001;
    const TRAINING: u64 = 0x0002_0001;
    const LOG: u64 = 0x3000;
    const DAILY: u64 = 0x2011;
    for (market, numbers) in [
        ("AT", ["IT1", "IT2", "IT3", "IT4", "IT5", "IT6"]),
        ("BE", ["1", "-", "2", "3", "-", "4"]),
        ("DE", ["IT1", "IT2", "IT3", "IT4", "IT5", "IT6"]),
        (
            "ES",
            [
                "SIM*S-1", "SIM*F-1", "SIM*S-2", "SIM*-1", "SIM*-2", "SIM*S-3",
            ],
        ),
        ("FR", ["T1", "I1", "X1", "L1", "G1", "T2"]),
        (
            "GR",
            ["SIM*-1", "SIM*-2", "SIM*-3", "SIM*-4", "SIM*-5", "SIM*-6"],
        ),
        (
            "IT",
            [
                "0001-0001",
                "0001-0002",
                "0001-0003",
                "0001-0004",
                "Z1",
                "0002-0001",
            ],
        ),
        (
            "PT",
            [
                "FS sim*/1",
                "FT sim*/1",
                "FS sim*/2",
                "sim*/4",
                "sim*/5",
                "FS sim*/3",
            ],
        ),
        ("XX", ["IT1", "IT2", "IT3", "IT4", "IT5", "IT6"]),
    ] {
        let mut counter = Counter::open(market).await;
        let series = series(&counter);
        let codes = [SALE, INVOICE, TRAINING, LOG, DAILY, SALE];
        for (code, expected) in codes.into_iter().zip(numbers) {
            let response = counter
                .sign(&receipt("S", code, json!([]), json!([])))
                .await;
            // A dash: the market does not take the receipt.
            let expected = expected.replace('*', &series);
            let expected = if expected == "-" { "" } else { &expected };
            assert_eq!(national_number(&response), expected, "{market} {code:x}");
            assert_eq!(
                state(&response) == 0,
                !expected.is_empty(),
                "{market} {code:x}"
            );
        }
    }
}

#[tokio::test]
async fn french_letters_and_portuguese_documents_follow_the_case() {
    for (market, code, expected) in [
        ("FR", 0x0002, "P1"),
        ("FR", 0x3005, "P1"),
        ("FR", 0x0006, "B1"),
        ("FR", 0x3010, "C1"),
        ("FR", 0x3011, "A1"),
        ("FR", 0x2000, "G1"),
        ("FR", 0x4011, "G1"),
        ("PT", 0x0005, "GT sim*/1"),
        ("PT", 0x0006, "CM sim*/1"),
        ("PT", 0x0007, "PF sim*/1"),
        ("PT", 0x0002_0000_0007, "OR sim*/1"),
        ("DE", 0x0010_0000_3001, "ET1"),
        ("DE", 0x0041_0000_3001, "ET1"),
        ("DE", 0x0001_0000_3001, "IT1"),
    ] {
        let mut counter = Counter::open(market).await;
        let response = counter.sign_case(code).await;
        let expected = expected.replace('*', &series(&counter));
        assert_eq!(national_number(&response), expected, "{market} {code:x}");
    }
}

#[tokio::test]
async fn every_entry_of_a_market_says_that_it_is_simulated() {
    for (market, entries) in [
        ("AT", vec![]),
        ("BE", vec![]),
        ("DE", vec![0x10_0017, 0x10_001D, 0x23]),
        ("ES", vec![0x02, 0x20_0003, 0x20_0004]),
        ("FR", vec![]),
        ("GR", vec![0x20_0010, 0x12, 0x14, 0x1A]),
        ("IT", vec![0x02, 0x20_0010, 0x20_0011, 0x20_0012]),
        ("PT", vec![0x10, 0x20_0012, 0x13, 0x14]),
    ] {
        let mut counter = Counter::open(market).await;
        let response = counter.sign(&sale("S-1")).await;
        assert_eq!(state(&response), 0, "{market}");
        let country = response["ftState"].as_u64().unwrap() >> 44;
        for entry in response["ftSignatures"].as_array().unwrap() {
            let words = format!("{} {}", entry["Caption"], entry["Data"]);
            let is_marked = words.contains("SIMULATED") || words.contains("S I M U L A T E D");
            assert!(is_marked, "{market} {entry}");
            let signature_type = entry["ftSignatureType"].as_u64().unwrap();
            assert_eq!(signature_type >> 44, country, "{market} {entry}");
        }
        for entry in entries {
            assert!(signature(&response, entry).is_some(), "{market} {entry:x}");
        }
    }
}

#[tokio::test]
async fn the_start_is_noted_in_the_way_of_the_market() {
    for (market, entry) in [
        ("AT", Some(0x0003)),
        ("BE", Some(0x1_1001)),
        ("DE", None),
        ("ES", Some(0x1_1001)),
        ("FR", None),
        ("GR", Some(0x0003)),
        ("IT", Some(0x1_1001)),
        ("PT", Some(0x1_1001)),
    ] {
        let builder = pos_system_api_simulator::Simulator::builder().market(market);
        let sim = builder.start().await.unwrap();
        let till = crate::till::Till::new(&sim);
        let start = crate::till::receipt_of_case(0x2000_0000_4001);
        let response = till.sign(crate::till::operation(1), start).await.json();
        assert_eq!(state(&response), 0, "{market}");
        match entry {
            Some(entry) => assert!(signature(&response, entry).is_some(), "{market}"),
            // The QR code and the note that all is simulated.
            None => assert_eq!(response["ftSignatures"].as_array().unwrap().len(), 2),
        }
    }
}

#[tokio::test]
async fn a_refund_names_what_it_takes_back() {
    for (market, entry) in [("IT", 0x20_0021), ("PT", 0x15), ("GR", 0x17)] {
        let mut counter = Counter::open(market).await;
        counter.sign(&receipt("S-1", 1, json!([]), json!([]))).await;
        let mut refund = receipt("R-1", 0x0100_0001, json!([]), json!([]));
        refund["cbPreviousReceiptReference"] = Value::from("S-1");
        let response = counter.sign(&refund).await;
        let named = signature(&response, entry);
        assert!(
            named.is_some_and(|named| named.contains('1')),
            "{market} {response}"
        );
    }
}

#[tokio::test]
async fn italian_refunds_point_to_the_day_and_the_document() {
    let mut counter = Counter::open("IT").await;
    counter.sign(&sale("S-0")).await;
    counter.sign_case(0x2011).await;
    counter.sign(&receipt("S-1", 1, json!([]), json!([]))).await;
    let mut refund = receipt("R-1", 0x0100_0001, json!([]), json!([]));
    refund["cbPreviousReceiptReference"] = Value::from("S-1");
    let response = counter.sign(&refund).await;
    assert_eq!(national_number(&response), "0002-0002");
    assert_eq!(signature(&response, 0x20_0020).unwrap(), "0002");
    assert_eq!(signature(&response, 0x20_0021).unwrap(), "0001");
}

#[tokio::test]
async fn receipts_of_every_market_are_signed_when_any_cash_box_is_taken() {
    let sale_in = |country: u64, kind_of_vat: u64| {
        let base = country << 48 | V2;
        let mut item = charge(1, 1.0, 0);
        item["ftChargeItemCase"] = json!(base | kind_of_vat);
        let mut sale = receipt("S", 1, json!([item]), json!([cash(1.0, 0)]));
        sale["ftReceiptCase"] = json!(base | 1);
        sale.to_string()
    };
    for any_cash_box in [false, true] {
        let builder = Simulator::builder().market("AT").started(true);
        let sim = builder.any_cash_box(any_cash_box).start().await.unwrap();
        let till = Till::new(&sim);
        // 9 is no kind of VAT anywhere: of foreign codes only the receipt case counts.
        for (number, (country, kind_of_vat, is_signed)) in [
            (0x4154, 3, true),
            (0x0000, 3, true),
            (0x4445, 3, any_cash_box),
            (0x504C, 3, any_cash_box),
            (0x4553, 3, any_cash_box),
            (0x4154, 9, false),
            (0x4445, 9, any_cash_box),
            (0x0001, 3, false),
        ]
        .into_iter()
        .enumerate()
        {
            let body = sale_in(country, kind_of_vat);
            let answer = till.sign(operation(number as u128), body).await.json();
            let state = answer["ftState"].as_u64().unwrap();
            let context = format!("{any_cash_box} {country:04X} {kind_of_vat} {answer}");
            assert_eq!(state & 0xFFFF_FFFF == 0, is_signed, "{context}");
            let foreign = any_cash_box && !matches!(country, 0x0000 | 0x0001);
            let answered_as = if foreign { country } else { 0x4154 };
            assert_eq!(state >> 48, answered_as, "{context}");
            for signature in answer["ftSignatures"].as_array().unwrap() {
                let signature_type = signature["ftSignatureType"].as_u64().unwrap();
                assert_eq!(signature_type >> 48, answered_as, "{context}");
            }
        }
    }
}
