//! `POST /sign`: from a body to a signed receipt.

use chrono::{DateTime, Utc};

use crate::body_check::members_of;
use crate::input::Command;
use crate::ledger::Ledger;
use crate::operation::Outcome;
use crate::queue::origin::Origin;
use crate::queue::receipt::request;
use crate::queue::{Queue, Signing};
use crate::wire::problem::Failure;

pub(crate) fn sign(
    command: &Command,
    now: DateTime<Utc>,
    queue: &mut Queue,
    ledger: &mut Ledger,
) -> Outcome {
    let body = &command.request.body;
    let members = match members_of(body) {
        Ok(members) => members,
        Err(failure) => return Outcome::Failed(failure),
    };
    let request = match request::validate(&members, &command.call) {
        Ok(request) => request,
        Err(errors) => return Outcome::Failed(Failure::validation(errors)),
    };
    let signing = Signing {
        operation_id: command.call.operation_id,
        body,
        origin: match command.call.any_cash_box {
            true => Origin::of(&request, queue.market()),
            false => Origin::own(queue.market()),
        },
        request,
        script: command.script,
        arrived: command.request.moment,
        now,
    };
    match queue.sign(&signing, ledger) {
        Ok(response) => Outcome::json(response),
        Err(error) => Outcome::Failed(Failure::new(
            500,
            "Internal Server Error",
            error.to_string(),
        )),
    }
}
