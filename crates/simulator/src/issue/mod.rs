//! `/issue`: a document for a receipt this queue signed, and what became of it.

mod document;
mod receipt;
mod update;

use std::collections::{HashMap, HashSet};

use crate::input::ItemId;
use crate::queue::SignedReceipt;
use crate::wire::problem::Failure;
use crate::world::World;

pub(crate) use document::{document, qr_code};
pub(crate) use receipt::issue;
pub(crate) use update::update;

/// The documents that were issued.
#[derive(Debug, Default)]
pub(crate) struct Issues {
    issued: HashSet<ItemId>,
    delivered: HashSet<ItemId>,
    /// How often somebody asked whether a document is delivered, where that counts.
    asked: HashMap<ItemId, u32>,
}

impl Issues {
    pub(crate) fn is_issued(&self, item: ItemId) -> bool {
        self.issued.contains(&item)
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
fn document_url(base_url: &str, item: ItemId) -> String {
    let ItemId {
        queue_id,
        queue_item_id,
    } = item;
    format!("{base_url}/_sim/receipts/{queue_id}/{queue_item_id}")
}

fn issued(item: ItemId, world: &World) -> Result<&SignedReceipt, Failure> {
    world.issued_receipt(item).ok_or_else(|| {
        let detail = "No document was issued under these ids.";
        Failure::new(404, "Not Found", detail)
    })
}

/// Whether a document that was issued is delivered.
pub(crate) fn delivered(item: ItemId, world: &World) -> Result<bool, Failure> {
    issued(item, world).map(|_| world.issues.is_delivered(item))
}
