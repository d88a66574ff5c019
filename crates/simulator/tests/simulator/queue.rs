//! What the queue does with valid receipts.

use std::collections::BTreeSet;
use std::sync::Arc;

use pos_system_api_simulator::{
    Decimal, Fault, ManualClock, QrError, QrPayload, Simulator, parse_qr,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::till::{SALE, Till, operation, receipt_of_case, started};

const START: u64 = 0x2000_0000_4001;
const STOP: u64 = 0x2000_0000_4002;
const AT: u64 = 0x4154_2000_0000_0000;

fn state(response: &Value) -> u64 {
    response["ftState"].as_u64().unwrap()
}

fn qr(response: &Value) -> QrPayload {
    let signatures = response["ftSignatures"].as_array().unwrap();
    let signature = signatures
        .iter()
        .find(|s| s["ftSignatureFormat"] == 3)
        .unwrap();
    assert_eq!(signature["ftSignatureType"].as_u64().unwrap() & 0xFFFF, 1);
    parse_qr(signature["Data"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_receipt_response_carries_what_the_api_promises() {
    let moment = "2026-06-01T10:15:31.123456789Z".parse().unwrap();
    let builder = Simulator::builder()
        .started(true)
        .clock(Arc::new(ManualClock::new(moment)));
    let sim = builder.start().await.unwrap();
    let till = Till::new(&sim);
    let response = till.sign(operation(1), SALE).await.json();
    let receipt = sim.ledger().receipts()[0].clone();
    assert_eq!(response["ftQueueID"], sim.queue_id().to_string());
    assert_eq!(response["ftQueueItemID"], receipt.queue_item_id.to_string());
    assert_eq!(response["ftQueueRow"], 1);
    assert_eq!(response["ftCashBoxID"], sim.cashbox_id().to_string());
    assert_eq!(response["cbReceiptReference"], "S-1");
    assert_eq!(response["ftReceiptIdentification"], "ft1#IT1");
    assert_eq!(response["ftReceiptMoment"], "2026-06-01T10:15:31.1234567Z");
    assert_eq!(state(&response), AT);
    assert_eq!(receipt.request, SALE.as_bytes());
    assert_eq!(
        serde_json::from_slice::<Value>(&receipt.response).unwrap(),
        response
    );

    let text = &response["ftSignatures"][1];
    assert_eq!(text["Caption"], "S I M U L A T E D");
    assert_eq!(text["ftSignatureType"], AT);
}

#[tokio::test]
async fn the_market_goes_into_every_code() {
    let sim = Simulator::builder()
        .market("de")
        .started(true)
        .start()
        .await
        .unwrap();
    let response = Till::new(&sim).sign(operation(1), SALE).await.json();
    assert_eq!(state(&response), 0x4445_2000_0000_0000);
    let signature_type = response["ftSignatures"][0]["ftSignatureType"].as_u64();
    assert_eq!(signature_type, Some(0x4445_2000_0000_0001));
    assert_eq!(qr(&response).market, "DE");
}

#[tokio::test]
async fn the_qr_payload_is_parsed_and_chained() {
    let sim = started().await;
    let till = Till::new(&sim);
    let first = till.sign(operation(1), SALE).await.json();
    // A failure in between does not break the chain.
    till.sign(operation(2), SALE.replace("8.00", "9.00")).await;
    let second = till.sign(operation(3), SALE).await.json();
    let (first_qr, second_qr) = (qr(&first), qr(&second));
    assert_eq!(first_qr.total, Decimal::new(800, 2));
    assert_eq!(first_qr.total.to_string(), "8.00");
    assert_eq!(
        first_qr.receipt_identification,
        first["ftReceiptIdentification"].as_str().unwrap()
    );
    assert_eq!(
        first_qr.cash_box_identification,
        first["ftCashBoxIdentification"].as_str().unwrap()
    );
    assert!(first_qr.is_first_of(sim.queue_id()));
    assert!(!second_qr.is_first_of(sim.queue_id()));
    assert!(second_qr.follows(&first_qr));
    assert!(!first_qr.follows(&second_qr));
    let mut forged = second_qr.clone();
    forged.total = Decimal::new(1, 2);
    assert!(!forged.follows(&first_qr));
}

#[tokio::test]
async fn a_broken_qr_payload_is_refused_with_the_field() {
    let sim = started().await;
    let response = Till::new(&sim).sign(operation(1), SALE).await.json();
    let payload = response["ftSignatures"][0]["Data"].as_str().unwrap();
    assert!(payload.starts_with("_SIM1-AT_"));
    assert_eq!(
        parse_qr(payload.trim_start_matches('_')),
        Err(QrError::NotSimulated)
    );
    assert_eq!(
        parse_qr("_SIM1-AT_X"),
        Err(QrError::Missing { field: "receipt" })
    );
    for (from, to, field) in [
        ("-AT_", "-at_", "market"),
        ("Z_", "_", "moment"),
        ("_8.00_", "_8,00_", "total"),
        ("_8.00_", "_08.00_", "total"),
        ("_8.00_", "_8.00_A", "hash"),
    ] {
        let broken = payload.replace(from, to);
        assert_ne!(broken, payload);
        assert_eq!(
            parse_qr(&broken),
            Err(QrError::Malformed { field }),
            "{broken}"
        );
    }
}

#[tokio::test]
async fn a_queue_signs_between_its_start_and_its_stop_only() {
    let sim = Simulator::start().await.unwrap();
    let till = Till::new(&sim);
    let early = till.sign(operation(1), SALE).await;
    assert_eq!(early.status, 201);
    assert_eq!(state(&early.json()), AT | 1);
    assert_eq!(early.json()["ftReceiptIdentification"], "ft1#");

    let mut numbers = Vec::new();
    for (number, body) in [
        (2, receipt_of_case(START)),
        (3, SALE.to_owned()),
        (4, receipt_of_case(STOP)),
    ] {
        let response = till.sign(operation(number), body).await.json();
        assert_eq!(state(&response), AT);
        numbers.push(response["ftReceiptIdentification"].clone());
    }
    assert_eq!(numbers, ["ft2#IT1", "ft3#IT2", "ft4#IT3"]);

    for (number, body) in [(5, SALE.to_owned()), (6, receipt_of_case(START))] {
        let late = till.sign(operation(number), body).await.json();
        assert_eq!(state(&late), AT | 1);
    }
    assert_eq!(sim.ledger().receipts().len(), 3);
}

#[tokio::test]
async fn a_started_queue_is_not_started_again() {
    let sim = started().await;
    let response = Till::new(&sim)
        .sign(operation(1), receipt_of_case(START))
        .await
        .json();
    assert_eq!(state(&response), AT | 0xEEEE_EEEE);
    assert!(sim.ledger().receipts().is_empty());
}

#[tokio::test]
async fn sums_that_differ_are_a_fiscal_error_without_a_number() {
    let sim = started().await;
    let till = Till::new(&sim);
    for (number, (pay, balanced)) in [
        ("8.00", true),
        ("8.01", true),
        ("7.99", true),
        ("80e-1", true),
        ("8.011", false),
        ("7.98", false),
        ("-8.00", false),
    ]
    .into_iter()
    .enumerate()
    {
        let body = SALE.replace("8.00", pay);
        let answer = till.sign(operation(number as u128), body).await;
        let response = answer.json();
        assert_eq!(answer.status, 201);
        assert_eq!(response["ftQueueRow"], number + 1);
        if balanced {
            assert_eq!(state(&response), AT, "{pay}");
        } else {
            assert_eq!(state(&response), AT | 0xEEEE_EEEE, "{pay}");
            let failure = &response["ftSignatures"][0];
            assert_eq!(failure["Caption"], "SIMULATED FAILURE");
            assert_eq!(failure["ftSignatureType"], AT | 0x3000);
            let identification = response["ftReceiptIdentification"].as_str().unwrap();
            assert!(identification.ends_with('#'), "{identification}");
        }
    }
    let numbers: Vec<u64> = sim
        .ledger()
        .receipts()
        .iter()
        .map(|r| r.receipt_number)
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

#[tokio::test]
async fn scaled_amounts_are_integers_and_keep_the_tolerance_in_units() {
    let sim = started().await;
    let till = Till::new(&sim);
    let body = |amount: Value| {
        json!({
            "cbReceiptReference": "S-9", "cbReceiptMoment": "2026-06-01T10:15:30Z",
            "DecimalPrecisionMultiplier": 100,
            "cbChargeItems": [{"Quantity": 100, "Description": "Tea", "Amount": 300, "VATRate": 2000}],
            "cbPayItems": [{"Description": "Cash", "Amount": amount}],
        })
        .to_string()
    };
    let exact = till.sign(operation(1), body(json!(300))).await.json();
    assert_eq!(qr(&exact).total.to_string(), "3.00");
    assert_eq!(
        state(&till.sign(operation(2), body(json!(301))).await.json()),
        AT
    );
    let off = till.sign(operation(3), body(json!(302))).await.json();
    assert_eq!(state(&off), AT | 0xEEEE_EEEE);
    assert_eq!(
        till.sign(operation(4), body(json!(300.5))).await.status,
        400
    );
}

#[tokio::test]
async fn totals_are_taken_from_the_text_and_not_from_a_binary_float() {
    let sim = started().await;
    let amount = "1234567890123456789012.34";
    let body = SALE
        .replace("5.80", amount)
        .replace("2.20", "0")
        .replace("8.00", amount);
    let response = Till::new(&sim).sign(operation(1), body).await.json();
    assert_eq!(qr(&response).total.to_string(), amount);
}

#[tokio::test]
async fn zero_and_closing_receipts_take_no_items() {
    let sim = started().await;
    let till = Till::new(&sim);
    for (number, case) in [0x2000_u64, 0x2011, 0x2012, 0x2013, 0x4011]
        .into_iter()
        .enumerate()
    {
        let case = 0x2000_0000_0000 | case;
        let with_items = SALE.replace("35184372088833", &case.to_string());
        let response = till
            .sign(operation(2 * number as u128), with_items)
            .await
            .json();
        assert_eq!(state(&response), AT | 0xEEEE_EEEE, "{case:x}");
        let empty = till
            .sign(operation(2 * number as u128 + 1), receipt_of_case(case))
            .await;
        assert_eq!(state(&empty.json()), AT, "{case:x}");
    }
}

#[tokio::test]
async fn scripted_fiscal_faults_leave_no_receipt() {
    let sim = started().await;
    let till = Till::new(&sim);
    sim.faults()
        .script([Fault::FiscalError, Fault::FiscalFail, Fault::QueueNotActive]);
    let error = till.sign(operation(1), SALE).await;
    let fail = till.sign(operation(2), SALE).await;
    let inactive = till.sign(operation(3), SALE).await;
    let clean = till.sign(operation(4), SALE).await.json();
    assert_eq!(state(&error.json()), AT | 0xEEEE_EEEE);
    assert_eq!(state(&fail.json()), AT | 0xFFFF_FFFF);
    assert_eq!(state(&inactive.json()), AT | 1);
    assert_eq!(state(&clean), AT);
    // Only the failure without a stored queue item leaves the rows alone.
    assert_eq!(clean["ftReceiptIdentification"], "ft3#IT1");
    assert_eq!(sim.ledger().receipts().len(), 1);
    // They are done operations all the same.
    let again = till.sign(operation(2), SALE).await;
    assert_eq!((again.status.as_u16(), again.body), (200, fail.body));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_have_no_gap_under_64_concurrent_signs() {
    let sim = started().await;
    let till = Arc::new(Till::new(&sim));
    let mut sends = JoinSet::new();
    for number in 0..64 {
        let till = Arc::clone(&till);
        sends.spawn(async move { till.sign(operation(number), SALE).await.json() });
    }
    let responses = sends.join_all().await;
    let named: BTreeSet<&str> = responses
        .iter()
        .map(|response| response["ftReceiptIdentification"].as_str().unwrap())
        .collect();
    assert_eq!(named.len(), 64);
    let ledger = sim.ledger();
    let numbers: Vec<u64> = ledger.receipts().iter().map(|r| r.receipt_number).collect();
    assert_eq!(numbers, (1..=64).collect::<Vec<u64>>());
    let chain: Vec<QrPayload> = ledger
        .receipts()
        .iter()
        .map(|receipt| qr(&serde_json::from_slice(&receipt.response).unwrap()))
        .collect();
    assert!(chain[0].is_first_of(sim.queue_id()));
    assert!(chain.windows(2).all(|pair| pair[1].follows(&pair[0])));
}
