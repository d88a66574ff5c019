//! `GET /PeekJournalItem/{queue}/{storage type}/{id}`.

use std::borrow::Cow;
use std::sync::Arc;

use uuid::Uuid;

use crate::journal::entry::Entry;
use crate::journal::operation_item::{known_queue, operation_item};
use crate::wire::problem::Failure;
use crate::wire::reply::Reply;
use crate::world::World;

/// The storage type is compared without regard to case, as paths are.
pub(crate) fn peek(
    queue_id: Uuid,
    storage_type: &str,
    id: Uuid,
    world: &World,
) -> Result<Reply, Failure> {
    known_queue(queue_id, world)?;
    let queue = &world.queue;
    match storage_type.to_ascii_lowercase().as_str() {
        "operationitem" => operation_item(id, world),
        "queueitem" => entry(id, queue.items(), queue_id, |id| {
            queue.past().queue_item_of(id)
        }),
        "receiptjournal" => entry(id, queue.receipts(), queue_id, |id| {
            queue.past().receipt_of(id)
        }),
        "actionjournal" => entry(id, queue.actions(), queue_id, |_| None),
        _ => Err(Failure::new(404, "Not Found", "No such storage type.")),
    }
}

fn entry<E: Entry + Clone>(
    id: Uuid,
    kept: &[Arc<E>],
    queue_id: Uuid,
    earlier: impl Fn(Uuid) -> Option<E>,
) -> Result<Reply, Failure> {
    let kept = kept.iter().find(|entry| entry.id() == id);
    let entry: Cow<'_, E> = kept
        .map(|entry| Cow::Borrowed(&**entry))
        .or_else(|| earlier(id).map(Cow::Owned))
        .ok_or_else(|| Failure::new(404, "Not Found", "Nothing is stored under this id."))?;
    let mut json = Vec::new();
    entry
        .write_json(queue_id, &mut json)
        .map_err(|error| Failure::new(500, "Internal Server Error", error.to_string()))?;
    Ok(Reply::json(200, json))
}
