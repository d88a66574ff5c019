//! The receipt's data as JSON: both objects, with their exact text.

use serde::Serialize;
use serde_json::value::RawValue;

use super::Receipt;

#[derive(Debug, Serialize)]
struct ReceiptData<'a> {
    /// `null` for what is no JSON.
    #[serde(rename = "ReceiptRequest")]
    request: Option<&'a RawValue>,
    #[serde(rename = "ReceiptResponse")]
    response: Option<&'a RawValue>,
}

pub(super) fn json(receipt: Receipt<'_>) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&ReceiptData {
        request: serde_json::from_slice(receipt.request).ok(),
        response: serde_json::from_slice(receipt.response).ok(),
    })
}
