//! Which type a payload is read into, by its kind.

use pos_system_api::types::{
    ChargeItem, EchoRequest, IssueRequest, IssueResponse, JournalRequest, PayItem, PayRequest,
    PayResponse, ProblemDetails, ReceiptRequest, ReceiptResponse, SignatureItem,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads `json` as a document of this kind and writes it back; `None` for a kind without a type.
pub(crate) fn written_back(kind: &str, json: &str) -> Option<serde_json::Result<String>> {
    Some(match kind {
        "receipt-request" => through::<ReceiptRequest>(json),
        "receipt-response" => through::<ReceiptResponse>(json),
        "issue-request" => through::<IssueRequest>(json),
        "issue-response" => through::<IssueResponse>(json),
        "pay-request" => through::<PayRequest>(json),
        "pay-response" => through::<PayResponse>(json),
        "journal" => through::<JournalRequest>(json),
        "echo" => through::<EchoRequest>(json),
        "problem" => through::<ProblemDetails>(json),
        "charge-item" => through::<ChargeItem>(json),
        "pay-item" => through::<PayItem>(json),
        "signature" => through::<SignatureItem>(json),
        _ => return None,
    })
}

fn through<T: DeserializeOwned + Serialize>(json: &str) -> serde_json::Result<String> {
    serde_json::to_string(&serde_json::from_str::<T>(json)?)
}
