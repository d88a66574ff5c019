//! The project's own fixtures, read and written back without loss. The name of a fixture begins with
//! its kind.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use pos_system_api::codes::{ReceiptCase, State};
use pos_system_api::types::{PayResponse, ReceiptRequest, ReceiptResponse};
use support::exact_json::{Exact, Rules, differences};
use support::payload_kind::written_back;

/// All fixtures, by name.
fn fixtures() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn fixture<T: serde::de::DeserializeOwned>(name: &str) -> T {
    serde_json::from_str(&fixtures()[name]).unwrap()
}

#[test]
fn every_fixture_is_read_and_written_back_without_loss() {
    let mut failures = Vec::new();
    let fixtures = fixtures();
    for (name, json) in &fixtures {
        let kind = name.split('.').next().unwrap();
        let written = match written_back(kind, json).expect("the name begins with a kind") {
            Ok(written) => written,
            Err(error) => {
                failures.push(format!("{name}: {error}"));
                continue;
            }
        };
        let found = differences(
            &Exact::read(json).unwrap(),
            &Exact::read(&written).unwrap(),
            Rules::Meaning,
        );
        if !found.is_empty() {
            failures.push(format!("{name}: {found:?}"));
        }
        // What was written is read and written as the very same text: nothing drifts.
        let again = written_back(kind, &written).unwrap().unwrap();
        assert_eq!(again, written, "{name}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(fixtures.len() >= 12);
}

#[test]
fn codes_in_any_spelling_are_the_same_and_are_written_as_numbers() {
    let request: ReceiptRequest = fixture("receipt-request.hex-codes");
    let case = ReceiptCase::new(0x4752_2000_0000_0001);
    assert_eq!(request.ft_receipt_case, Some(case));
    let written = serde_json::to_string(&request).unwrap();
    assert!(
        written.contains(r#""ftReceiptCase":5139205309155246081"#),
        "{written}"
    );
    assert!(
        written.contains(r#""ftPayItemCase":5139205309155246081"#),
        "{written}"
    );
}

#[test]
fn every_digit_of_an_amount_is_kept() {
    let json = &fixtures()["receipt-request.long-amounts"];
    let request: ReceiptRequest = serde_json::from_str(json).unwrap();
    let item = &request.cb_charge_items[0];
    assert_eq!(item.amount.to_string(), "0.1111111111111111111111111111");
    assert_eq!(item.quantity.unwrap().to_string(), "0.125000");
    let written = serde_json::to_string(&request).unwrap();
    for digits in [
        "0.3333333333333333333333333333",
        "79228162514264337593543950335",
        "0.125000",
        "10.0000",
    ] {
        assert!(written.contains(digits), "{digits} in {written}");
    }
}

#[test]
fn missing_and_null_members_are_none_and_lists_are_empty() {
    for name in ["receipt-response.nulls", "receipt-response.state-alone"] {
        let response: ReceiptResponse = fixture(name);
        assert_eq!(response.ft_queue_row, None, "{name}");
        assert!(response.ft_signatures.is_empty(), "{name}");
        assert_eq!(response.cb_receipt_reference, None, "{name}");
        assert!(response.extra.is_empty(), "{name}: {:?}", response.extra);
    }
    let nulls: ReceiptResponse = fixture("receipt-response.nulls");
    assert_eq!(nulls.ft_state, State::new(0x4154_2000_EEEE_EEEE));
    let least: ReceiptRequest = fixture("receipt-request.least");
    // Items are always written, also when there are none.
    let written = serde_json::to_string(&least).unwrap();
    assert!(written.contains(r#""cbChargeItems":[]"#), "{written}");
    assert!(written.contains(r#""cbPayItems":[]"#), "{written}");
    assert!(written.contains(r#""ftCashBoxID":"#), "{written}");
}

#[test]
fn ids_that_are_no_uuids_keep_their_text() {
    let response: ReceiptResponse = fixture("receipt-response.odd-ids");
    let id = response.ft_queue_item_id.unwrap();
    assert_eq!(id.uuid(), None);
    assert_eq!(id.to_string(), "6f1c…");
    assert!(response.ft_cash_box_id.unwrap().uuid().is_some());
    assert_eq!(response.ft_receipt_moment.unwrap().utc(), None);
}

#[test]
fn a_tip_is_a_second_pay_item_below_zero() {
    let response: PayResponse = fixture("pay-response.tip");
    let amounts: Vec<_> = response
        .ft_pay_items
        .iter()
        .map(|item| item.amount.to_string())
        .collect();
    assert_eq!(amounts, ["13.75", "-1.25"]);
    assert!(
        response.ft_pay_items[1]
            .ft_pay_item_id
            .as_ref()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_list_of_one_reference_stays_a_list() {
    let list: ReceiptRequest = fixture("receipt-request.previous-reference-list");
    let text: ReceiptRequest = fixture("receipt-request.previous-reference-text");
    let written = serde_json::to_string(&list).unwrap();
    assert!(
        written.contains(r#""cbPreviousReceiptReference":["S-17"]"#),
        "{written}"
    );
    let written = serde_json::to_string(&text).unwrap();
    assert!(written.contains(r#""S-17,S-18;S-19""#), "{written}");
}

/// A receipt that is read and written has the same values.
#[track_caller]
fn assert_kept(json: &str) {
    let request: ReceiptRequest = serde_json::from_str(json).unwrap();
    let written = serde_json::to_string(&request).unwrap();
    let found = differences(
        &Exact::read(json).unwrap(),
        &Exact::read(&written).unwrap(),
        Rules::Values,
    );
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn free_members_keep_numbers_of_any_length() {
    let json = r#"{"cbReceiptReference":"S-1","cbChargeItems":[],"cbPayItems":[],
        "ftReceiptCaseData":{"XX":{"weight":0.1234567890123456789012,"serial":123456789012345678901234,
        "least":-9223372036854775808,"most":18446744073709551615}}}"#;
    assert_kept(json);
}

#[test]
fn unknown_members_keep_integers_of_64_bits_and_decimals_of_15_digits() {
    let json = r#"{"cbReceiptReference":"S-1","cbChargeItems":[],"cbPayItems":[],
        "cbNew":[1.10,0.123456789012345,18446744073709551615,-9223372036854775808]}"#;
    assert_kept(json);
}
