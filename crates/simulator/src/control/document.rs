//! The page behind the address of a document: what the customer of the till opens.

use uuid::Uuid;

use crate::control::refusal::Refusal;
use crate::document::{Choice, Receipt, render};
use crate::engine::Engine;
use crate::input::Input;
use crate::item_id::ItemId;
use crate::wire::reply::Reply;

/// Shows the document and remembers that it was looked at.
pub(super) fn show(
    engine: &Engine,
    queue: &str,
    item: &str,
    format: Option<&str>,
    is_copy: bool,
) -> Result<Reply, Refusal> {
    let missing = || Refusal::new(404, "There is no such receipt.");
    let queue_id = Uuid::try_parse(queue).map_err(|_| missing())?;
    let queue_item_id = Uuid::try_parse(item).map_err(|_| missing())?;
    let choice = Choice::of_format(format)
        .ok_or_else(|| Refusal::new(400, "format is pdf or png; without it comes a page."))?;
    let signed = {
        let mut state = engine.state();
        let item = ItemId {
            queue_id,
            queue_item_id,
        };
        let signed = state.world.issued_receipt(item).cloned();
        let signed = signed.ok_or_else(missing)?;
        if !state.world.issues.is_delivered(item) {
            engine.commit(&mut state, &Input::Viewed(item))?;
        }
        signed
    };
    let receipt = Receipt {
        request: &signed.request,
        response: &signed.response,
        is_copy,
    };
    let rendered = render(receipt, choice).map_err(|error| Refusal::new(500, error.to_string()))?;
    Ok(rendered.into_reply())
}
