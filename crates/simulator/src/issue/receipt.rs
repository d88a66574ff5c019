//! `POST /issue`: a document for a signed receipt.

use serde_json::value::RawValue;
use serde_json::{Value, json};
use uuid::Uuid;

use super::issues::{Issues, document_url};
use crate::body_check::members_of;
use crate::input::Command;
use crate::item_id::ItemId;
use crate::ledger::{IssueRecord, Ledger};
use crate::members::{Members, uuid};
use crate::operation::Outcome;
use crate::queue::{Queue, SignedReceipt};
use crate::wire::problem::{Failure, FieldError};

/// The receipt that is to be issued.
struct Wanted<'a> {
    queue_item_id: Uuid,
    signed: &'a SignedReceipt,
    request_matches: bool,
    response_matches: bool,
}

pub(crate) fn issue(
    command: &Command,
    queue: &Queue,
    issues: &mut Issues,
    ledger: &mut Ledger,
) -> Outcome {
    let body = &command.request.body;
    let members = match members_of(body) {
        Ok(members) => members,
        Err(failure) => return Outcome::Failed(failure),
    };
    let wanted = if names_ids_only(&members) {
        by_ids(&members, queue)
    } else {
        by_receipt(&members, queue)
    };
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(errors) => return Outcome::Failed(Failure::validation(errors)),
    };
    let item = ItemId {
        queue_id: queue.id,
        queue_item_id: wanted.queue_item_id,
    };
    ledger.record_issue(IssueRecord {
        operation_id: command.call.operation_id,
        queue_item_id: item.queue_item_id,
        request_matches: wanted.request_matches,
        response_matches: wanted.response_matches,
        request: body.clone(),
    });
    issues.issued.insert(item);
    let issued = json!({
        "ftQueueID": item.queue_id.to_string(),
        "ftQueueItemID": item.queue_item_id.to_string(),
        "ftQueueRow": wanted.signed.queue_row,
        "DocumentURL": document_url(&command.base_url, item),
        "DocumentContentType": "text/html",
    });
    Outcome::json(issued.to_string())
}

/// One source tells of bodies with the ids alone, and does not prove how they are spelled.
fn names_ids_only(members: &Members<'_>) -> bool {
    let none_of = |names: [&str; 2]| names.iter().all(|name| members.get(name).is_none());
    none_of(["ReceiptRequest", "ReceiptResponse"])
        && (!none_of(["QueueItemId", "ftQueueItemID"]) || !none_of(["QueueId", "ftQueueID"]))
}

fn by_ids<'a>(members: &Members<'_>, queue: &'a Queue) -> Result<Wanted<'a>, Vec<FieldError>> {
    let spelled = |name: &'static str, other| match members.get(name) {
        Some(_) => name,
        None => other,
    };
    let queue_name = spelled("QueueId", "ftQueueID");
    let item_name = spelled("QueueItemId", "ftQueueItemID");
    let mut errors = Vec::new();
    if members.get(queue_name).and_then(uuid) != Some(queue.id) {
        errors.push(FieldError::new(queue_name, NOT_THIS_QUEUE));
    }
    let signed = members
        .get(item_name)
        .and_then(uuid)
        .and_then(|id| Some((id, queue.signed(id)?)));
    match signed {
        Some((queue_item_id, signed)) if errors.is_empty() => Ok(Wanted {
            queue_item_id,
            signed,
            // Nothing came back that could have been altered.
            request_matches: true,
            response_matches: true,
        }),
        Some(_) => Err(errors),
        None => {
            errors.push(FieldError::new(item_name, NOT_SIGNED));
            Err(errors)
        }
    }
}

const NOT_THIS_QUEUE: &str = "must be the id of this queue";
const NOT_SIGNED: &str = "must be the id of a receipt signed by this queue";

fn by_receipt<'a>(members: &Members<'_>, queue: &'a Queue) -> Result<Wanted<'a>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let request = object(members, "ReceiptRequest", &mut errors);
    let response = object(members, "ReceiptResponse", &mut errors);
    let (Some((request, _)), Some((response, fields))) = (request, response) else {
        return Err(errors);
    };
    // A response without the id of its queue is altered, but it says of which receipt it is.
    if fields.get("ftQueueID").is_some() && fields.get("ftQueueID").and_then(uuid) != Some(queue.id)
    {
        errors.push(FieldError::new("ReceiptResponse.ftQueueID", NOT_THIS_QUEUE));
    }
    let signed = fields
        .get("ftQueueItemID")
        .and_then(uuid)
        .and_then(|id| Some((id, queue.signed(id)?)));
    let Some((queue_item_id, signed)) = signed else {
        errors.push(FieldError::new("ReceiptResponse.ftQueueItemID", NOT_SIGNED));
        return Err(errors);
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Wanted {
        queue_item_id,
        signed,
        request_matches: same_value(request, &signed.request),
        response_matches: same_value(response, &signed.response),
    })
}

fn object<'a>(
    members: &Members<'a>,
    name: &str,
    errors: &mut Vec<FieldError>,
) -> Option<(&'a RawValue, Members<'a>)> {
    let object = members
        .get(name)
        .and_then(|value| Some((value, Members::of_value(value)?)));
    if object.is_none() {
        errors.push(FieldError::new(name, "must be given and be an object"));
    }
    object
}

/// Whitespace and the order of members do not count.
fn same_value(sent: &RawValue, stored: &[u8]) -> bool {
    let sent = serde_json::from_str::<Value>(sent.get());
    let stored = serde_json::from_slice::<Value>(stored);
    matches!((sent, stored), (Ok(sent), Ok(stored)) if sent == stored)
}
