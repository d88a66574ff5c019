//! What a document belongs to.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A queue item of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct ItemId {
    pub(crate) queue_id: Uuid,
    pub(crate) queue_item_id: Uuid,
}
