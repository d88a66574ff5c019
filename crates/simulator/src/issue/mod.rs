//! `/issue`: a document for a receipt this queue signed, and what became of it.

use std::collections::HashSet;

use serde_json::value::RawValue;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::engine::{Arrival, Engine};
use crate::input::{Command, ItemId};
use crate::ledger::IssueRecord;
use crate::members::{Members, text};
use crate::operation::Outcome;
use crate::wire::problem::{Failure, FieldError};
use crate::wire::reply::Reply;
use crate::world::World;

/// The documents that were issued.
#[derive(Debug, Default)]
pub(crate) struct Issues {
    delivered: HashSet<ItemId>,
}

impl Issues {
    /// The customer looks at the document.
    pub(crate) fn viewed(&mut self, item: ItemId) {
        self.delivered.insert(item);
    }

    pub(crate) fn is_delivered(&self, item: ItemId) -> bool {
        self.delivered.contains(&item)
    }
}

pub(crate) fn issue(command: &Command, world: &mut World) -> Outcome {
    let body = &command.request.body;
    let World { queue, ledger, .. } = world;
    let Some(members) = Members::of_body(body) else {
        return Outcome::Failed(Failure::bad_request("The body is not a JSON object."));
    };
    let mut errors = Vec::new();
    let request = object(&members, "ReceiptRequest", &mut errors);
    let response = object(&members, "ReceiptResponse", &mut errors);
    let (Some(request), Some(response)) = (request, response) else {
        return Outcome::Failed(Failure::validation(errors));
    };
    let signed = queue_item_id(response).and_then(|id| Some((id, queue.signed(id)?)));
    let Some((queue_item_id, signed)) = signed else {
        return Outcome::Failed(Failure::validation(vec![FieldError::new(
            "ReceiptResponse.ftQueueItemID",
            "must be the id of a receipt signed by this queue",
        )]));
    };

    ledger.record_issue(IssueRecord {
        operation_id: command.call.operation_id,
        queue_item_id,
        request_matches: same_value(request, &signed.request),
        response_matches: same_value(response, &signed.response),
        request: body.clone(),
    });
    let queue_id = queue.id;
    let issued = json!({
        "ftQueueID": queue_id.to_string(),
        "ftQueueItemID": queue_item_id.to_string(),
        "ftQueueRow": signed.queue_row,
        "DocumentURL": format!(
            "{}/_sim/receipts/{queue_id}/{queue_item_id}", command.base_url
        ),
        "DocumentContentType": "text/html",
    });
    Outcome::json(issued.to_string())
}

pub(crate) fn update(_command: &Command, _item: ItemId, _world: &mut World) -> Outcome {
    Outcome::Failed(Failure::new(404, "Not Found", "Pending."))
}

pub(crate) fn document(
    _item: ItemId,
    _arrival: &Arrival,
    _world: &World,
) -> Result<Reply, Failure> {
    Err(Failure::new(404, "Not Found", "Pending."))
}

pub(crate) fn delivered(item: ItemId, world: &World) -> Result<bool, Failure> {
    Ok(world.issues.is_delivered(item))
}

pub(crate) fn qr_code(_item: ItemId, _engine: &Engine, _world: &World) -> Result<Reply, Failure> {
    Err(Failure::new(404, "Not Found", "Pending."))
}

fn object<'a>(
    members: &Members<'a>,
    name: &str,
    errors: &mut Vec<FieldError>,
) -> Option<&'a RawValue> {
    let object = members
        .get(name)
        .filter(|value| Members::of_value(value).is_some());
    if object.is_none() {
        errors.push(FieldError::new(name, "must be given and be an object"));
    }
    object
}

fn queue_item_id(response: &RawValue) -> Option<Uuid> {
    let id = Members::of_value(response)?
        .get("ftQueueItemID")
        .and_then(text)?;
    Uuid::try_parse(&id).ok()
}

/// Whitespace and the order of members do not count.
fn same_value(sent: &RawValue, stored: &[u8]) -> bool {
    let sent = serde_json::from_str::<Value>(sent.get());
    let stored = serde_json::from_slice::<Value>(stored);
    matches!((sent, stored), (Ok(sent), Ok(stored)) if sent == stored)
}
