//! Which document is meant.

use uuid::Uuid;

#[cfg(all(operation = "issue", operation = "sign"))]
use super::issue::Issued;
#[cfg(operation = "sign")]
use super::sign::Signed;
use crate::error::{Error, ErrorKind, Result};

/// The document of an issued receipt, by the two ids its calls take: from [`Issued`], from [`Signed`], or
/// from queue id and queue item id.
///
/// [`Issued`]: super::Issued
/// [`Signed`]: super::Signed
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IssuedItem {
    queue_id: Option<Uuid>,
    queue_item_id: Option<Uuid>,
}

impl IssuedItem {
    /// The document of this queue item.
    #[must_use]
    pub const fn new(queue_id: Uuid, queue_item_id: Uuid) -> Self {
        Self {
            queue_id: Some(queue_id),
            queue_item_id: Some(queue_item_id),
        }
    }

    /// The queue, `ftQueueID`; `None` if the answer it was taken from had no such id.
    #[must_use]
    pub const fn queue_id(self) -> Option<Uuid> {
        self.queue_id
    }

    /// The queue item, `ftQueueItemID`; `None` if the answer it was taken from had no such id.
    #[must_use]
    pub const fn queue_item_id(self) -> Option<Uuid> {
        self.queue_item_id
    }

    /// Both ids as they stand in a path.
    pub(super) fn in_path(self) -> Result<[String; 2]> {
        match (self.queue_id, self.queue_item_id) {
            (Some(queue), Some(item)) => Ok([queue.to_string(), item.to_string()]),
            _ => Err(Error::new(
                ErrorKind::Invalid,
                "The answer that the document is taken from has no queue id or no queue item id",
            )),
        }
    }
}

impl From<(Uuid, Uuid)> for IssuedItem {
    /// From queue id and queue item id.
    fn from((queue_id, queue_item_id): (Uuid, Uuid)) -> Self {
        Self::new(queue_id, queue_item_id)
    }
}

#[cfg(all(operation = "issue", operation = "sign"))]
impl From<&Issued> for IssuedItem {
    fn from(issued: &Issued) -> Self {
        let response = &issued.response;
        Self {
            queue_id: response.ft_queue_id.as_ref().and_then(|id| id.uuid()),
            queue_item_id: response.ft_queue_item_id.as_ref().and_then(|id| id.uuid()),
        }
    }
}

#[cfg(operation = "sign")]
impl From<&Signed> for IssuedItem {
    fn from(signed: &Signed) -> Self {
        let response = &signed.response;
        Self {
            queue_id: response.ft_queue_id.as_ref().and_then(|id| id.uuid()),
            queue_item_id: response.ft_queue_item_id.as_ref().and_then(|id| id.uuid()),
        }
    }
}
