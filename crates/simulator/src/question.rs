//! Calls that change nothing, each answered from what the server knows.

use std::time::Duration;

use crate::clock;
use crate::engine::{Answer, Arrival, Engine};
use crate::issue;
use crate::journal;
use crate::payment;
use crate::wire::call::{authenticate, required_operation_id};
use crate::wire::problem::Failure;
use crate::wire::reply::Reply;
use crate::wire::route::Question;
use crate::world::World;

/// How long a call waits for the delivery of a document before it is answered that there was none.
const DELIVERY_PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn answer(
    question: &Question,
    engine: &Engine,
    world: &World,
    arrival: &Arrival,
) -> Result<Answer, Failure> {
    authenticate(&arrival.headers, &engine.credentials)?;
    match question {
        Question::PayResponse => payment::response(&arrival.headers, engine, world),
        Question::Document(item) => issue::document(*item, arrival, world).map(Answer::Ready),
        Question::Delivered(item) => {
            issue::delivered(*item, world).map(|delivered| Answer::Ready(delivery_reply(delivered)))
        }
        Question::WhileDelivered(item) => Ok(match issue::delivered(*item, world)? {
            true => Answer::Ready(delivery_reply(true)),
            false => Answer::Delivered {
                item: *item,
                until: clock::after(engine.clock.now(), DELIVERY_PATIENCE),
            },
        }),
        Question::QrCode(item) => issue::qr_code(*item, engine, world).map(Answer::Ready),
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
