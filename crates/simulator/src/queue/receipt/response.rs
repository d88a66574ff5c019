//! The receipt response in its JSON form.

use bytes::Bytes;
use serde::Serialize;

use crate::queue::receipt::signature::Signature;

/// `ftState` of a queue that is not started or already stopped.
pub(crate) const NOT_ACTIVE: u64 = 0x1;
/// `ftState` of a request that was stored and not processed.
pub(crate) const ERROR: u64 = 0xEEEE_EEEE;
/// `ftState` of a request that was not even stored.
pub(crate) const FAIL: u64 = 0xFFFF_FFFF;

#[derive(Debug, Serialize)]
pub(crate) struct ReceiptResponse {
    #[serde(rename = "ftQueueID")]
    pub(crate) queue_id: String,
    #[serde(rename = "ftQueueItemID")]
    pub(crate) queue_item_id: String,
    #[serde(rename = "ftQueueRow")]
    pub(crate) queue_row: u64,
    #[serde(rename = "ftCashBoxIdentification")]
    pub(crate) cash_box_identification: String,
    #[serde(rename = "ftCashBoxID")]
    pub(crate) cash_box_id: String,
    #[serde(rename = "cbTerminalID", skip_serializing_if = "Option::is_none")]
    pub(crate) terminal_id: Option<String>,
    #[serde(rename = "cbReceiptReference")]
    pub(crate) receipt_reference: String,
    #[serde(rename = "ftReceiptIdentification")]
    pub(crate) receipt_identification: String,
    #[serde(rename = "ftReceiptMoment")]
    pub(crate) receipt_moment: String,
    #[serde(rename = "ftSignatures")]
    pub(crate) signatures: Vec<Signature>,
    #[serde(rename = "ftState")]
    pub(crate) state: u64,
}

impl ReceiptResponse {
    pub(crate) fn to_bytes(&self) -> Result<Bytes, serde_json::Error> {
        serde_json::to_vec(self).map(Bytes::from)
    }
}
