//! Calls that change nothing, each answered from what the server knows.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::clock;
use crate::credentials::Credentials;
use crate::engine::{Answer, Arrival};
use crate::issue;
use crate::journal;
use crate::payment;
use crate::profile::Profile;
use crate::wire::call::{authenticate, required_operation_id};
use crate::wire::problem::Failure;
use crate::wire::reply::Reply;
use crate::wire::route::Question;
use crate::world::World;

/// How long a call waits for the delivery of a document before it is answered that there was none.
const DELIVERY_PATIENCE: Duration = Duration::from_secs(30);

/// A call with what its answer depends on.
pub(crate) struct Asked<'a> {
    pub(crate) question: &'a Question,
    pub(crate) arrival: &'a Arrival,
    pub(crate) world: &'a World,
    pub(crate) credentials: &'a Credentials,
    pub(crate) profile: Profile,
    /// Reaches the simulator from where its clients are.
    pub(crate) public_url: &'a str,
    pub(crate) now: DateTime<Utc>,
}

pub(crate) fn answer(asked: &Asked<'_>) -> Result<Answer, Failure> {
    let Asked { arrival, world, .. } = *asked;
    authenticate(&arrival.headers, asked.credentials)?;
    let issued = |item| issue::issued(item, &world.queue, &world.issues);
    let is_delivered = |item| issued(item).map(|_| world.issues.is_delivered(item));
    match asked.question {
        Question::PayResponse => {
            let operations = &world.operations;
            payment::response(&arrival.headers, asked.profile, asked.now, operations)
        }
        Question::Document(item) => issue::document(issued(*item)?, arrival).map(Answer::Ready),
        Question::Delivered(item) => {
            is_delivered(*item).map(|delivered| Answer::Ready(delivery_reply(delivered)))
        }
        Question::WhileDelivered(item) => Ok(match is_delivered(*item)? {
            true => Answer::Ready(delivery_reply(true)),
            false => Answer::Delivered {
                item: *item,
                until: clock::after(asked.now, DELIVERY_PATIENCE),
            },
        }),
        Question::QrCode(item) => {
            issued(*item)?;
            issue::qr_code(*item, asked.public_url).map(Answer::Ready)
        }
        Question::Journal => {
            required_operation_id(&arrival.headers)?;
            journal::export(&arrival.body, world).map(Answer::Ready)
        }
        Question::OperationItem(id) => journal::operation_item(*id, world).map(Answer::Ready),
        Question::OperationItems { queue_id } => {
            journal::operation_items(*queue_id, world).map(Answer::Ready)
        }
        Question::PeekJournalItem {
            queue_id,
            storage_type,
            id,
        } => journal::peek(*queue_id, storage_type, *id, world).map(Answer::Ready),
    }
}

/// 200 with a message, or 204 while the document is not delivered.
pub(crate) fn delivery_reply(delivered: bool) -> Reply {
    if delivered {
        Reply::json(200, r#"{"message":"The document was delivered."}"#)
    } else {
        Reply::empty(204)
    }
}
