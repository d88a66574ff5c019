//! The receipt journal: one entry for each receipt number.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A processed receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReceiptJournalEntry {
    pub(crate) id: Uuid,
    pub(crate) queue_item_id: Uuid,
    /// The moment of processing.
    pub(crate) moment: DateTime<Utc>,
    /// From 1, without gaps.
    pub(crate) number: u64,
    /// The gross sum in units.
    pub(crate) total: Decimal,
    /// Chained to the entry before, as in the QR payload.
    pub(crate) hash: [u8; 32],
}
