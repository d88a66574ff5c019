//! `POST /PayResponse`: the result of a payment, for who lost the answer.

use chrono::{DateTime, Utc};
use hyper::HeaderMap;

use crate::clock;
use crate::engine::Answer;
use crate::operation::Operations;
use crate::profile::Profile;
use crate::wire::call;
use crate::wire::problem::Failure;
use crate::wire::route::{Action, Endpoint, Question};

/// The stored result, or where it will come from: a payment that runs is waited for whatever the
/// profile does with repeats.
pub(crate) fn response(
    headers: &HeaderMap,
    profile: Profile,
    now: DateTime<Utc>,
    operations: &Operations,
) -> Result<Answer, Failure> {
    let operation_id = call::required_operation_id(headers)?;
    let Some(operation) = operations.get(operation_id) else {
        let detail = "No payment is known under this operation id.";
        return Err(Failure::new(404, "Not Found", detail));
    };
    if operation.action != Action::Pay {
        let detail = "This operation id belongs to another operation than a payment.";
        return Err(Failure::new(409, "Conflict", detail));
    }
    let asked = Endpoint::Question(Question::PayResponse);
    let profile = profile.answering(&asked);
    Ok(match operation.outcome() {
        Some(outcome) => Answer::Ready(outcome.reply(operation_id, profile, true)),
        None => Answer::Outcome {
            outcome: operation.watch(),
            operation_id,
            profile,
            repeated: true,
            until: call::lifetime(headers).map(|lifetime| clock::after(now, lifetime)),
        },
    })
}
