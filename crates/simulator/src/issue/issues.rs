//! Documents that were issued, and what became of them.

use std::collections::{HashMap, HashSet};

use crate::item_id::ItemId;
use crate::queue::{Queue, SignedReceipt};
use crate::wire::problem::Failure;

/// The documents that were issued.
#[derive(Debug, Default)]
pub(crate) struct Issues {
    pub(super) issued: HashSet<ItemId>,
    delivered: HashSet<ItemId>,
    /// How often somebody asked whether a document is delivered, where that counts.
    asked: HashMap<ItemId, u32>,
}

impl Issues {
    pub(crate) fn is_issued(&self, item: ItemId) -> bool {
        self.issued.contains(&item)
    }

    /// The receipt behind a document that was issued.
    pub(crate) fn receipt<'a>(&self, item: ItemId, queue: &'a Queue) -> Option<&'a SignedReceipt> {
        let is_issued = self.is_issued(item);
        is_issued.then(|| queue.signed(item.queue_item_id))?
    }

    /// The customer has the document: it was looked at, printed, sent or downloaded.
    pub(crate) fn deliver(&mut self, item: ItemId) {
        self.delivered.insert(item);
    }

    /// Somebody asks whether the document is delivered: the first `delivered_after` of these
    /// questions find that it is not, by themselves the next one finds that it is.
    pub(crate) fn asked(&mut self, item: ItemId, delivered_after: u32) {
        if !self.is_issued(item) {
            return;
        }
        let asked = self.asked.entry(item).or_insert(0);
        if *asked >= delivered_after {
            self.delivered.insert(item);
        }
        *asked = asked.saturating_add(1);
    }

    pub(crate) fn is_pending(&self, item: ItemId) -> bool {
        self.is_issued(item) && !self.is_delivered(item)
    }

    pub(crate) fn is_delivered(&self, item: ItemId) -> bool {
        self.delivered.contains(&item)
    }
}

/// The address of a document, below the URL of the server.
pub(super) fn document_url(base_url: &str, item: ItemId) -> String {
    let ItemId {
        queue_id,
        queue_item_id,
    } = item;
    format!("{base_url}/_sim/receipts/{queue_id}/{queue_item_id}")
}

/// The receipt behind a document. Being signed is not enough: it has to be issued.
pub(crate) fn issued<'a>(
    item: ItemId,
    queue: &'a Queue,
    issues: &Issues,
) -> Result<&'a SignedReceipt, Failure> {
    issues.receipt(item, queue).ok_or_else(|| {
        let detail = "No document was issued under these ids.";
        Failure::new(404, "Not Found", detail)
    })
}
