//! What goes into the archive comes out of it.

use pos_system_api::types::{Amount, Moment};
use receipt_archive::{cash_sale, read, total, write};

const STORED: &str = r#"{
    "cbReceiptReference": "ARCHIVE-1",
    "cbReceiptMoment": "2026-03-14T07:42:10.5Z",
    "ftReceiptCase": 4707422694881099777,
    "cbChargeItems": [
        { "Quantity": 3, "Description": "Rye roll", "Amount": 3.60, "VATRate": 10 },
        { "Quantity": 1, "Description": "Butter", "Amount": 2.19, "VATRate": 10 }
    ],
    "cbPayItems": [{ "Description": "Cash", "Amount": 5.79 }],
    "cbShelf": { "row": 12, "weight": 0.1234567890123456789 }
}"#;

#[test]
fn a_stored_receipt_is_read_exactly() {
    let receipt = read(STORED).unwrap();
    assert_eq!(total(&receipt), Some(Amount::from_cents(579)));
    // Beyond 2^53, where a binary float would round.
    let written = write(&receipt).unwrap();
    assert!(
        written.contains(r#""ftReceiptCase":4707422694881099777"#),
        "{written}"
    );
}

#[test]
fn unknown_members_survive() {
    let receipt = read(STORED).unwrap();
    let written = write(&receipt).unwrap();
    assert!(written.contains("0.1234567890123456789"), "{written}");
    assert_eq!(read(&written).unwrap(), receipt);
}

#[test]
fn a_receipt_that_was_made_here_can_be_read_back() {
    let moment: Moment = "2026-06-01T10:15:30Z".parse().unwrap();
    let receipt = cash_sale("ARCHIVE-2", moment, "Espresso", Amount::from_cents(290)).unwrap();
    assert_eq!(total(&receipt), Some(Amount::from_cents(290)));
    assert_eq!(read(&write(&receipt).unwrap()).unwrap(), receipt);
}

#[test]
fn a_null_in_a_list_holds_nothing() {
    let listed = r#""cbPayItems": [{ "#;
    let receipt = read(&STORED.replace(listed, r#""cbPayItems": [null, { "#)).unwrap();
    assert_eq!(receipt, read(STORED).unwrap());
}

#[test]
fn what_is_no_receipt_is_an_error() {
    assert!(read(r#"{"cbChargeItems": 3}"#).is_err());
    assert!(read("<html>").is_err());
}
