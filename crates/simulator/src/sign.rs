//! `POST /sign`: from a body to a signed receipt.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::call::Call;
use crate::fault::FiscalScript;
use crate::ledger::Ledger;
use crate::members::Members;
use crate::operation::Outcome;
use crate::problem::Failure;
use crate::queue::{Queue, Signing};
use crate::receipt::request;

pub(crate) fn sign(
    call: &Call,
    body: &Bytes,
    script: FiscalScript,
    now: DateTime<Utc>,
    queue: &mut Queue,
    ledger: &mut Ledger,
) -> Outcome {
    let Some(members) = Members::of_body(body) else {
        return Outcome::Failed(Failure::bad_request("The body is not a JSON object."));
    };
    let request = match request::validate(&members, call) {
        Ok(request) => request,
        Err(errors) => return Outcome::Failed(Failure::validation(errors)),
    };
    let signing = Signing {
        operation_id: call.operation_id,
        body,
        request,
        script,
        now,
    };
    match queue.sign(signing, ledger) {
        Ok(response) => Outcome::Done(response),
        Err(error) => Outcome::Failed(Failure::new(
            500,
            "Internal Server Error",
            error.to_string(),
        )),
    }
}
