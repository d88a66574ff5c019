//! The action journal: what happened to the queue beside receipts.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Something that happened to the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ActionJournalEntry {
    pub(crate) id: Uuid,
    /// The queue item that caused it, or the one before when none did.
    pub(crate) queue_item_id: Option<Uuid>,
    pub(crate) moment: DateTime<Utc>,
    /// Higher is more urgent; 0 is for information.
    pub(crate) priority: i32,
    /// The receipt case in hexadecimal, or the name of the event.
    pub(crate) kind: String,
    pub(crate) message: String,
}
