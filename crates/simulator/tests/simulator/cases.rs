//! Which codes a market takes.

use serde_json::{Value, json};

use crate::counter::{Counter, V2, cash, charge, failure, receipt, sale, state};

const MARKETS: [&str; 8] = ["AT", "BE", "DE", "ES", "FR", "GR", "IT", "PT"];

/// Whether an empty receipt of the case is processed by a queue that is started.
async fn takes(market: &str, code: u64) -> bool {
    let mut counter = Counter::open(market).await;
    let response = counter.sign_case(code).await;
    let taken = state(&response) == 0;
    if !taken {
        failure(&response);
    }
    taken
}

#[tokio::test]
async fn cases_exist_per_market() {
    let everywhere = [
        0x0000, 0x0001, 0x0004, 0x0005, 0x2000, 0x3000, 0x3001, 0x3010, 0x4002,
    ];
    for market in MARKETS {
        for case in everywhere {
            assert!(takes(market, case).await, "{market} {case:x}");
        }
        for case in [
            0x0008, 0x1004, 0x2001, 0x2014, 0x3006, 0x4001, 0x4012, 0x5000, 0x9999,
        ] {
            assert!(!takes(market, case).await, "{market} {case:x}");
        }
    }
    for (case, missing) in [
        (0x0002, vec!["PT"]),
        (0x0003, vec!["GR"]),
        (0x0006, vec!["DE", "GR", "IT"]),
        (0x0007, vec!["AT", "DE", "GR", "IT"]),
        (0x1000, vec!["BE"]),
        (0x1003, vec!["BE"]),
        (0x2011, vec!["BE"]),
        (0x3003, vec!["GR"]),
        (0x3005, vec!["IT"]),
        (0x3011, vec!["BE", "ES", "GR", "IT", "PT"]),
        (0x4021, vec!["BE", "ES", "GR", "IT", "PT"]),
        (0x4022, vec!["BE", "ES", "GR", "IT", "PT"]),
    ] {
        for market in MARKETS {
            let expected = !missing.contains(&market);
            assert_eq!(takes(market, case).await, expected, "{market} {case:x}");
        }
    }
}

#[tokio::test]
async fn a_flag_without_a_meaning_for_the_case_is_refused() {
    for (market, code, expected) in [
        // Global flags by the category of the case.
        ("AT", 0x0002_0001, true),
        ("AT", 0x0080_0001, true),
        ("AT", 0x4000_0001, false),
        ("AT", 0x0800_2000, true),
        ("AT", 0x0010_2000, true),
        ("AT", 0x0002_2000, false),
        ("AT", 0x0002_3000, true),
        ("AT", 0x0010_3000, false),
        ("DE", 0x0030_4011, true),
        ("DE", 0x0040_4011, false),
        // Local flags by the market.
        ("AT", 0x0001_0000_0001, false),
        ("DE", 0x0001_0000_0001, true),
        ("DE", 0x0010_0000_0001, false),
        ("DE", 0x0040_0000_3001, true),
        ("DE", 0x0050_0000_3001, false),
        ("IT", 0x0001_0000_2000, true),
        ("IT", 0x0001_0000_0001, false),
        ("IT", 0x0002_0000_3000, true),
        ("PT", 0x0002_0000_0007, true),
        ("PT", 0x0001_0000_0007, false),
        ("GR", 0x0100_0000_1001, true),
        // A refund flag that stands 16 bits too high.
        ("GR", 0x0001_0000_0001, false),
        ("XX", 0x0ABC_0000_0001, true),
    ] {
        assert_eq!(takes(market, code).await, expected, "{market} {code:x}");
    }
}

#[tokio::test]
async fn a_code_has_version_2_and_the_country_of_the_queue_or_none() {
    let mut counter = Counter::open("AT").await;
    for (code, problem) in [
        (0, None),
        (V2 | 1, None),
        (0x4154_2000_0000_0001, None),
        (1, Some("version 2")),
        (0x4154_0000_0000_0001, Some("version 2")),
        (0x1000_0000_0001, Some("version 2")),
        (0x4445_2000_0000_0001, Some("another country")),
        (u64::MAX, Some("version 2")),
    ] {
        for place in ["/ftReceiptCase", "/cbChargeItems/0/ftChargeItemCase"] {
            let mut receipt = sale("S-1");
            *receipt.pointer_mut(place).unwrap() = json!(code);
            let response = counter.sign(&receipt).await;
            // Whatever the request says, answers name the country of the queue.
            assert_eq!(response["ftState"].as_u64().unwrap() >> 48, 0x4154);
            match problem {
                None => assert_eq!(state(&response), 0, "{code:x}"),
                Some(problem) => {
                    assert!(failure(&response).contains(problem), "{place} {code:x}");
                }
            }
        }
    }
}

/// Whether a sale with these lines is processed.
async fn takes_items(market: &str, charges: Value, pays: Value) -> bool {
    let mut counter = Counter::open(market).await;
    let response = counter.sign(&receipt("S-1", 1, charges, pays)).await;
    state(&response) == 0
}

#[tokio::test]
async fn charge_items_have_known_vat_service_and_nature() {
    for (market, code, expected) in [
        ("AT", 0x0013, true),
        ("AT", 0x0009, false),
        ("AT", 0x00B3, false),
        ("AT", 0x00A3, false),
        ("AT", 0x00A8, true),
        ("AT", 0x00F3, false),
        ("AT", 0x12F8, true),
        ("AT", 0x5018, true),
        ("AT", 0x5118, false),
        ("IT", 0x5118, true),
        ("IT", 0x5918, false),
        ("GR", 0x3618, true),
        ("GR", 0x6018, false),
        ("ES", 0x2118, true),
        ("ES", 0x3218, false),
        ("ES", 0x0016, false),
        ("PT", 0x1608, true),
        ("PT", 0x1A08, false),
        ("PT", 0x1708, false),
        ("PT", 0x9908, true),
        ("PT", 0x0017, false),
        ("XX", 0x0016, true),
        // Flags of items.
        ("AT", 0x0020_0013, true),
        ("AT", 0x0040_0013, false),
        ("AT", 0x0100_0000_0013, false),
        ("IT", 0x0100_0000_0013, true),
        ("IT", 0x0300_0000_0013, false),
    ] {
        let mut item = charge(1, 0.0, 0);
        item["ftChargeItemCase"] = json!(V2 | code);
        let taken = takes_items(market, json!([item]), json!([])).await;
        assert_eq!(taken, expected, "{market} {code:x}");
    }
}

#[tokio::test]
async fn pay_items_have_a_known_payment() {
    for (market, code, expected) in [
        ("AT", 0x0F, true),
        ("AT", 0x10, false),
        ("AT", 0x0101, false),
        ("GR", 0x05, true),
        ("GR", 0x02, false),
        ("GR", 0x0F, false),
        ("AT", 0x0180_0005, true),
        ("AT", 0x0004_0001, false),
        ("GR", 0x0001_0000_0001, true),
        ("AT", 0x0001_0000_0001, false),
    ] {
        let mut item = cash(0.0, 0);
        item["ftPayItemCase"] = json!(V2 | code);
        let taken = takes_items(market, json!([]), json!([item])).await;
        assert_eq!(taken, expected, "{market} {code:x}");
    }
}

#[tokio::test]
async fn a_tip_leaves_the_means_of_payment() {
    for (market, tip, expected) in [("AT", -1.0, true), ("AT", 1.0, false), ("GR", 1.0, true)] {
        let charges = json!([charge(1, 5.0, 0)]);
        let pays = json!([cash(5.0 - tip, 0), cash(tip, 0x40)]);
        let taken = takes_items(market, charges, pays).await;
        assert_eq!(taken, expected, "{market} {tip}");
    }
}

#[tokio::test]
async fn a_portuguese_payment_transfer_settles_a_receivable() {
    let mut counter = Counter::open("PT").await;
    let mut receivable = charge(1, 5.0, 0);
    receivable["ftChargeItemCase"] = json!(V2 | 0x98);
    let transfer = receipt("T-1", 2, json!([receivable]), json!([cash(5.0, 0)]));
    assert_eq!(state(&counter.sign(&transfer).await), 0);
    let bare = receipt("T-2", 2, json!([]), json!([]));
    assert!(failure(&counter.sign(&bare).await).contains("receivable"));
}
