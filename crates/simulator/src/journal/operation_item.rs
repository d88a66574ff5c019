//! What the server shows of an operation it remembers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::clock::format_moment;
use crate::input::StoredRequest;
use crate::journal::listing::Listing;
use crate::operation::{Operation, Outcome};
use crate::wire::call::{POS_SYSTEM_ID, TERMINAL_ID};
use crate::wire::problem::Failure;
use crate::wire::reply::Reply;
use crate::wire::route::Action;
use crate::world::World;

/// `GET /journal/OperationItem/{id}`.
pub(crate) fn operation_item(id: Uuid, world: &World) -> Result<Reply, Failure> {
    let operation = world
        .operations
        .get(id)
        .ok_or_else(|| Failure::new(404, "Not Found", "No operation is known under this id."))?;
    let item = OperationItem::of(operation, world.queue.id);
    let mut json = Vec::new();
    item.write_json(&mut json)
        .map_err(|error| Failure::new(500, "Internal Server Error", error.to_string()))?;
    Ok(Reply::json(200, json))
}

/// `GET /PeekJournalItem/{queue}/OperationItem`: all of them, in order of arrival.
pub(crate) fn operation_items(queue_id: Uuid, world: &World) -> Result<Reply, Failure> {
    known_queue(queue_id, world)?;
    let items: Arc<[OperationItem]> = world
        .operations
        .iter()
        .map(|operation| OperationItem::of(operation, queue_id))
        .collect();
    let listing = Listing::json_array(move || {
        let items = Arc::clone(&items);
        (0..items.len()).map(move |index| {
            let mut json = Vec::new();
            items[index].write_json(&mut json)?;
            Ok(json)
        })
    });
    Ok(Reply::streamed(200, "application/json", Arc::new(listing)))
}

pub(crate) fn known_queue(queue_id: Uuid, world: &World) -> Result<(), Failure> {
    if queue_id == world.queue.id {
        Ok(())
    } else {
        Err(Failure::new(404, "Not Found", "No queue has this id."))
    }
}

/// An operation as it is when it is asked for.
#[derive(Debug, Clone)]
struct OperationItem {
    id: Uuid,
    queue_id: Uuid,
    request: StoredRequest,
    response: Option<Response>,
    response_code: Option<u16>,
    last_state: &'static str,
    changed: DateTime<Utc>,
}

#[derive(Debug, Clone)]
enum Response {
    Content(Bytes),
    Detail(String),
}

#[derive(Serialize)]
struct Form<'a> {
    #[serde(rename = "cbOperationItemID")]
    id: Uuid,
    #[serde(rename = "ftQueueID")]
    queue_id: Uuid,
    #[serde(rename = "ftPosSystemID", skip_serializing_if = "Option::is_none")]
    pos_system_id: Option<Uuid>,
    #[serde(rename = "cbTerminalID", skip_serializing_if = "Option::is_none")]
    terminal_id: Option<&'a str>,
    #[serde(rename = "Method")]
    method: &'a str,
    #[serde(rename = "Path")]
    path: &'a str,
    #[serde(rename = "RequestHeaders")]
    request_headers: BTreeMap<&'a str, Vec<&'a str>>,
    #[serde(rename = "Request")]
    request: &'a str,
    #[serde(rename = "Response", skip_serializing_if = "Option::is_none")]
    response: Option<&'a str>,
    #[serde(rename = "ResponseCode", skip_serializing_if = "Option::is_none")]
    response_code: Option<u16>,
    #[serde(rename = "LastState")]
    last_state: &'a str,
    #[serde(rename = "TimeStamp")]
    time_stamp: String,
    #[serde(rename = "ftOperationItemMoment")]
    moment: String,
}

impl OperationItem {
    fn of(operation: &Operation, queue_id: Uuid) -> Self {
        let (last_state, response_code, response) = match operation.outcome().map(Arc::as_ref) {
            None => ("processing", None, None),
            Some(Outcome::Done(content)) => (
                "done",
                Some(201),
                // The answer to a PIN holds the access token.
                (operation.action != Action::Pair)
                    .then(|| Response::Content(content.bytes.clone())),
            ),
            Some(Outcome::Failed(failure)) => (
                "failed",
                Some(failure.status),
                Some(Response::Detail(failure.twice_encoded_detail())),
            ),
        };
        Self {
            id: operation.id,
            queue_id,
            request: operation.request.clone(),
            response,
            response_code,
            last_state,
            changed: operation.changed,
        }
    }

    fn write_json(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let mut request_headers = BTreeMap::<&str, Vec<&str>>::new();
        for (name, value) in &self.request.headers {
            request_headers.entry(name).or_default().push(value);
        }
        let first = |name: &str| request_headers.get(name)?.first().copied();
        let response = self.response.as_ref().map(|response| match response {
            // Files are no texts: a document in PDF, or an image.
            Response::Content(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => text.into(),
                Err(_) => STANDARD.encode(bytes).into(),
            },
            Response::Detail(detail) => Cow::from(detail),
        });
        let form = Form {
            id: self.id,
            queue_id: self.queue_id,
            pos_system_id: first(POS_SYSTEM_ID).and_then(|id| Uuid::try_parse(id).ok()),
            terminal_id: first(TERMINAL_ID).filter(|id| !id.is_empty()),
            method: &self.request.method,
            path: &self.request.path,
            request: &String::from_utf8_lossy(&self.request.body),
            response: response.as_deref(),
            response_code: self.response_code,
            last_state: self.last_state,
            time_stamp: with_offset(self.changed),
            moment: with_offset(self.request.moment),
            request_headers,
        };
        serde_json::to_writer(out, &form)
    }
}

fn with_offset(moment: DateTime<Utc>) -> String {
    let utc = format_moment(moment);
    format!("{}+00:00", utc.trim_end_matches('Z'))
}
