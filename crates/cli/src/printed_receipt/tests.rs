#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

const REQUEST: &str = r#"{
    "cbReceiptReference": "S-2026-000101",
    "cbReceiptMoment": "2026-06-01T10:15:30Z",
    "cbReceiptAmount": null,
    "ftReceiptCase": 35184372088833,
    "cbChargeItems": [
        {"Quantity": 2, "Description": "Espresso", "Amount": 5.80, "VATRate": 20},
        {"Quantity": 0.350, "Description": "Mountain cheese from the Bregenzerwald, aged ten months",
         "Amount": 8.225, "VATRate": 10.0},
        {"Quantity": 1, "Description": "Newspaper", "Amount": 2.20, "VATRate": 10, "VATAmount": 0.20}
    ],
    "cbPayItems": [{"Description": "Cash", "Amount": 16.225}]
}"#;

const RESPONSE: &str = r#"{
    "ftCashBoxIdentification": "REG-01",
    "ftReceiptIdentification": "ft65#IT42",
    "ftReceiptMoment": "2026-06-01T10:15:31.1234567Z",
    "ftReceiptHeader": ["Sample Bakery"],
    "ftChargeLines": ["lines of the queue"],
    "ftPayLines": ["pay lines"],
    "ftReceiptFooter": ["Thank you"],
    "ftQueueRow": 101,
    "ftState": 4707422694881099776,
    "ftSignatures": [
        {"ftSignatureFormat": 262145, "ftSignatureType": 0, "Data": "after the footer"},
        {"ftSignatureFormat": 1, "ftSignatureType": 0, "Caption": "S A N D B O X",
         "Data": "0b6f7a10-1111-4000-8000-000000000001 is the queue"},
        {"ftSignatureFormat": 4, "ftSignatureType": 0, "Data": "4012345678901"},
        {"ftSignatureFormat": 3, "ftSignatureType": 0, "Caption": "", "Data": "A\u001b"},
        {"ftSignatureFormat": 1, "ftSignatureType": 2097152, "Data": "not to be printed"},
        {"ftSignatureFormat": 1, "ftSignatureType": 8388608, "Data": "for digital receipts"},
        {"ftSignatureFormat": 65537, "ftSignatureType": 0, "Data": "after the header"},
        {"ftSignatureFormat": 131073, "ftSignatureType": 0, "Data": "after the charge items"},
        {"ftSignatureFormat": 196609, "ftSignatureType": 0, "Data": "after the total\u001b[2J"},
        {"ftSignatureFormat": 327681, "ftSignatureType": 0, "Data": "before the header"},
        {"ftSignatureFormat": 393217, "ftSignatureType": 0, "Data": "at a place of later"}
    ]
}"#;

const PRINTED: &str = "\
before the header
==========================================
  S I M U L A T E D - no fiscal receipt
==========================================
Sample Bakery
after the header
Reference                    S-2026-000101
------------------------------------------
2 x Espresso                          5.80
0.35 x Mountain cheese from the
Bregenzerwald, aged ten months        8.23
Newspaper                             2.20
lines of the queue
after the charge items
------------------------------------------
TOTAL EUR                            16.23
after the total [2J
Cash                                 16.23
pay lines
------------------------------------------
VAT              Net        VAT      Gross
20 %            4.83       0.97       5.80
10 %            9.48       0.95      10.43
------------------------------------------
Receipt                          ft65#IT42
Moment        2026-06-01T10:15:31.1234567Z
Cash box                            REG-01
S A N D B O X
0b6f7a10-1111-4000-8000-000000000001 is
the queue
Code 128: 4012345678901
[QR]
at a place of later
Thank you
after the footer
";

fn printed(request: &str, response: &str, simulated: bool) -> String {
    PrintedReceipt {
        request: &serde_json::from_str(request).unwrap(),
        response: &serde_json::from_str(response).unwrap(),
        simulated,
    }
    .to_string()
}

#[test]
fn everything_stands_in_its_place() {
    let printed = printed(REQUEST, RESPONSE, true);
    // The code itself is tested by scanning it.
    let code = crate::qr::half_blocks("A\u{1b}").unwrap();
    assert_eq!(printed.replace(&code, "[QR]"), PRINTED);
}

#[test]
fn without_the_simulator_there_is_no_banner() {
    assert!(!printed(REQUEST, RESPONSE, false).contains("no fiscal receipt"));
}

#[test]
fn amounts_beyond_all_money_are_printed_too() {
    let item = r#"{"Amount": 79228162514264337593543950335, "VATRate": -100}"#;
    let request = format!(r#"{{"cbChargeItems": [{item}, {item}]}}"#);
    let printed = printed(&request, r#"{"ftQueueRow": 1, "ftState": 0}"#, false);
    assert!(
        printed.contains("79228162514264337593543950335.00"),
        "{printed}"
    );
}
