//! The receipt response in its JSON form.

use bytes::Bytes;
use serde::Serialize;

use crate::queue::market::Market;
use crate::queue::receipt::signature::Signature;

/// The lower 32 bits of `ftState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Ok,
    QueueNotActive,
    Error,
    Fail,
}

impl State {
    pub(crate) fn code(self, market: Market) -> u64 {
        let low = match self {
            Self::Ok => 0,
            Self::QueueNotActive => 1,
            Self::Error => 0xEEEE_EEEE,
            Self::Fail => 0xFFFF_FFFF,
        };
        market.code_base() | low
    }
}

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
