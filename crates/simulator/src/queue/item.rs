//! What the queue keeps of a request.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A receipt request the queue has taken in, whatever became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueueItem {
    pub(crate) id: Uuid,
    /// From 1, without gaps, in order of processing.
    pub(crate) row: u64,
    pub(crate) operation_id: Uuid,
    /// When the request arrived.
    pub(crate) queue_moment: DateTime<Utc>,
    /// When its processing began.
    pub(crate) work_moment: DateTime<Utc>,
    /// When its processing was finished.
    pub(crate) done_moment: DateTime<Utc>,
    /// `cbReceiptMoment` of the request.
    pub(crate) receipt_moment: DateTime<Utc>,
    pub(crate) terminal_id: Option<String>,
    /// `cbReceiptReference` of the request.
    pub(crate) receipt_reference: String,
    /// The two letters of the market.
    pub(crate) country: String,
    /// The raw body.
    pub(crate) request: Bytes,
    /// The response body.
    pub(crate) response: Bytes,
    /// The number of the receipt; `None` when the request was not processed.
    pub(crate) receipt_number: Option<u64>,
}
