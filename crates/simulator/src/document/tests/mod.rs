//! The documents as their readers see them.

mod forms;
mod layout;
mod properties;

use super::*;

const REQUEST: &str = r#"{
    "cbTerminalID": "T1",
    "cbUser": "Mira",
    "cbReceiptReference": "S-2026-000101",
    "cbReceiptMoment": "2026-06-01T10:15:30Z",
    "ftReceiptCase": 35184372088833,
    "cbChargeItems": [
        {"Quantity": 2, "Description": "Café & <b>Croissant</b>", "Amount": 5.80, "VATRate": 20},
        {"Quantity": 0.350, "Description": "Mountain cheese from the Bregenzerwald, aged ten months",
         "Amount": 8.225, "VATRate": 10.0},
        {"Quantity": 1, "Description": "Newspaper", "Amount": 2.20, "VATRate": 10, "VATAmount": 0.20}
    ],
    "cbPayItems": [
        {"Description": "Card", "Amount": 10.00,
         "ftPayItemCaseData": {"Receipt": ["CARD PAYMENT", "  APPROVED"]}},
        {"Description": "Cash", "Amount": 6.225,
         "ftPayItemCaseData": "{\"Receipt\": [\"from a text\"]}"}
    ]
}"#;

const QR_DATA: &str = "_SIM1-AT_SIM-AT-0b6f7a10_ft65#IT42_2026-06-01T10:15:31.1234567Z_16.225_abc";

fn response() -> String {
    format!(
        r#"{{
    "ftQueueID": "0b6f7a10-1111-4000-8000-000000000001",
    "ftQueueItemID": "0b6f7a10-2222-4000-8000-000000000101",
    "ftQueueRow": 101,
    "ftCashBoxIdentification": "SIM-AT-0b6f7a10",
    "ftReceiptIdentification": "ft65#IT42",
    "ftReceiptMoment": "2026-06-01T10:15:31.1234567Z",
    "ftReceiptHeader": ["Sample Bakery"],
    "ftChargeLines": ["charge lines"],
    "ftPayLines": ["pay lines"],
    "ftReceiptFooter": ["Thank you"],
    "ftState": 4707422694881099776,
    "ftSignatures": [
        {{"ftSignatureFormat": 262145, "ftSignatureType": 0, "Data": "after the footer"}},
        {{"ftSignatureFormat": 3, "ftSignatureType": 4707422694881099777, "Caption": "", "Data": "{QR_DATA}"}},
        {{"ftSignatureFormat": 1, "ftSignatureType": 4707422694881099776, "Caption": "S I M U L A T E D",
         "Data": "This is no fiscal signature."}},
        {{"ftSignatureFormat": 1, "ftSignatureType": 2097152, "Data": "not to be printed"}},
        {{"ftSignatureFormat": 65537, "ftSignatureType": 0, "Data": "after the header"}},
        {{"ftSignatureFormat": 131073, "ftSignatureType": 0, "Data": "after the charge items"}},
        {{"ftSignatureFormat": 196609, "ftSignatureType": 0, "Data": "after the total"}},
        {{"ftSignatureFormat": 327681, "ftSignatureType": 0, "Data": "before the header"}}
    ]
}}"#
    )
}

const FORMS: [Choice; 8] = [
    Choice::Invoice,
    Choice::Json,
    Choice::Pdf,
    Choice::Html,
    Choice::Png(PrintWidth::Mm80),
    Choice::Png(PrintWidth::Mm58),
    Choice::EscPos(PrintWidth::Mm72),
    Choice::EscPos(PrintWidth::Mm48),
];

fn rendered(request: &str, response: &str, choice: Choice) -> Rendered {
    let receipt = Receipt {
        request: request.as_bytes(),
        response: response.as_bytes(),
        is_copy: false,
    };
    render(receipt, choice).unwrap()
}
