//! A document that was issued.

use bytes::Bytes;
use serde::Serialize;
use uuid::Uuid;

use super::json_text::text_of;

/// An accepted call of `/issue`. One that names ids alone, without the receipt, matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IssueRecord {
    /// The operation that issued it.
    pub operation_id: Uuid,
    /// The queue item that was issued.
    pub queue_item_id: Uuid,
    /// Whether `ReceiptRequest` equals the signed request as a JSON value.
    pub request_matches: bool,
    /// Whether `ReceiptResponse` equals the response of `/sign` as a JSON value.
    pub response_matches: bool,
    /// The raw request body.
    #[serde(serialize_with = "text_of")]
    pub request: Bytes,
}
