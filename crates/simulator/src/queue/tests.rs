//! Receipts of any kind, without a socket.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fault::FiscalScript;
use crate::ledger::Ledger;
use crate::members::Members;
use crate::queue::market::Market;
use crate::queue::origin::Origin;
use crate::queue::receipt::request::validate;
use crate::queue::{Queue, Signing};
use crate::wire::call::Call;

/// Numbers as they may stand in a body, long and wrong ones too.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (-50_i64..50).prop_map(|cents| format!("{}.{:02}", cents / 10, cents.abs() % 10)),
        1 => Just("79228162514264337593543950335".to_owned()),
        1 => Just("-79228162514264337593543950335".to_owned()),
        1 => Just("0.0000000000000000000000000001".to_owned()),
        1 => Just("1e28".to_owned()),
        1 => Just("\"1\"".to_owned()),
        1 => Just("null".to_owned()),
    ]
}

/// Codes: mostly of version 2, with cases and flags that there are.
fn code() -> impl Strategy<Value = u64> {
    let case = prop_oneof![
        Just(0_u64),
        Just(1),
        Just(2),
        Just(0x13),
        Just(0x98),
        0x1000_u64..0x1004,
        0x2000_u64..0x2014,
        0x3000_u64..0x3012,
        0x4001_u64..0x4023,
        any::<u16>().prop_map(u64::from),
    ];
    let flags = prop_oneof![
        5 => Just(0_u64),
        4 => prop::sample::select(vec![1_u64, 2, 4, 8, 0x20, 0x40, 0x100, 0x8000]),
        1 => any::<u16>().prop_map(u64::from),
    ];
    prop_oneof![
        9 => (case, flags).prop_map(|(case, flags)| 0x2000_0000_0000 | flags << 16 | case),
        1 => any::<u64>(),
    ]
}

fn item(names: [&'static str; 2]) -> impl Strategy<Value = String> {
    (number(), number(), number(), code()).prop_map(move |(quantity, amount, rate, code)| {
        let [case, rate_name] = names;
        format!(
            r#"{{"Description":"x","Quantity":{quantity},"Amount":{amount},
                "{rate_name}":{rate},"{case}":{code}}}"#
        )
    })
}

fn receipt() -> impl Strategy<Value = String> {
    let charges = prop::collection::vec(item(["ftChargeItemCase", "VATRate"]), 0..4);
    let pays = prop::collection::vec(item(["ftPayItemCase", "Position"]), 0..3);
    let reference = prop::sample::select(vec!["A", "B", "C", "ü\"\\\u{0}"]);
    let previous = prop_oneof![
        3 => Just(Value::Null),
        3 => prop::sample::select(vec![json!("A"), json!("B"), json!(["C"]), json!(["A", "B"])]),
        1 => prop::sample::select(vec![json!(""), json!([]), json!([null]), json!(17)]),
    ];
    let moment = prop::sample::select(vec![
        "2026-06-01T10:15:30Z",
        "0000-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-06-30T23:59:60Z",
        "tomorrow",
    ]);
    let multiplier = prop::sample::select(vec!["1", "100", "100000000", "null", "7"]);
    (code(), reference, previous, moment, multiplier, charges, pays).prop_map(
        |(code, reference, previous, moment, multiplier, charges, pays)| {
            format!(
                r#"{{"cbReceiptReference":{},"cbReceiptMoment":"{moment}","ftReceiptCase":{code},
                    "cbPreviousReceiptReference":{previous},
                    "DecimalPrecisionMultiplier":{multiplier},
                    "cbChargeItems":[{}],"cbPayItems":[{}]}}"#,
                json!(reference),
                charges.join(","),
                pays.join(","),
            )
        },
    )
}

fn moment(after: TimeDelta) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + after
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Rows, receipt numbers and journals agree whatever the queue is asked to sign.
    #[test]
    fn no_receipt_breaks_the_queue(
        market in prop::sample::select(vec!["AT", "BE", "DE", "ES", "FR", "GR", "IT", "PT", "XX"]),
        bodies in prop::collection::vec((receipt(), 0_i64..40, any::<bool>()), 1..12),
    ) {
        let market = Market::parse(market).unwrap();
        let mut queue = Queue::new(Uuid::nil(), Uuid::nil(), market, 0, true);
        let mut ledger = Ledger::default();
        let mut now = moment(TimeDelta::zero());
        for (number, (body, days, in_service)) in bodies.into_iter().enumerate() {
            now += TimeDelta::days(days);
            queue.set_signing_unit(in_service, now);
            let body = Bytes::from(body);
            let call = Call {
                operation_id: Uuid::from_u128(number as u128),
                cash_box_id: Uuid::nil(),
                pos_system_id: None,
                terminal_id: None,
                any_cash_box: false,
            };
            let members = Members::of_body(&body).unwrap();
            let Ok(request) = validate(&members, &call) else { continue };
            let rows = queue.items().len();
            let signing = Signing {
                operation_id: call.operation_id,
                body: &body,
                origin: Origin::own(market),
                request,
                script: FiscalScript::ByRequest,
                arrived: now,
                now,
            };
            let response = queue.sign(&signing, &mut ledger).unwrap();
            let response: Value = serde_json::from_slice(&response).unwrap();
            let state = response["ftState"].as_u64().unwrap();
            prop_assert_eq!(state & 0xFFFF_F000_0000_0000, market.code_base());
            prop_assert!(queue.items().len() - rows <= 1);
        }
        let signed = ledger.receipts();
        prop_assert_eq!(queue.receipts().len(), signed.len());
        for (index, (entry, record)) in queue.receipts().iter().zip(signed.iter()).enumerate() {
            prop_assert_eq!(entry.number, index as u64 + 1);
            prop_assert_eq!(entry.queue_item_id, record.queue_item_id);
        }
        let processed = queue.items().iter().filter_map(|item| item.receipt_number);
        prop_assert!(processed.eq(1..=queue.receipts().len() as u64));
        let rows = queue.items().iter().map(|item| item.row);
        prop_assert!(rows.eq(1..=queue.items().len() as u64));
    }
}
