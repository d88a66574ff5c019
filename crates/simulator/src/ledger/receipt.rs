//! A receipt that was signed.

use bytes::Bytes;
use serde::Serialize;
use uuid::Uuid;

use super::json_text::text_of;
use crate::members::{Members, text};

/// A receipt that was really signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReceiptRecord {
    /// The operation that signed it.
    pub operation_id: Uuid,
    /// The receipt number, from 1, without gaps.
    pub receipt_number: u64,
    /// The row of the queue item, from 1. Rows also count items that were not signed.
    pub queue_row: u64,
    /// The queue item.
    pub queue_item_id: Uuid,
    /// The raw request body.
    #[serde(serialize_with = "text_of")]
    pub request: Bytes,
    /// The response body.
    #[serde(serialize_with = "text_of")]
    pub response: Bytes,
}

impl ReceiptRecord {
    /// The `cbReceiptReference` of the request, empty when it has none.
    pub fn reference(&self) -> String {
        Members::of_body(&self.request)
            .and_then(|request| text(request.get("cbReceiptReference")?))
            .unwrap_or_default()
    }
}
