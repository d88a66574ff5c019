//! `POST /echo`: the message comes back.

use serde_json::json;

use crate::members::{Members, text};
use crate::operation::Outcome;
use crate::wire::problem::{Failure, FieldError};

pub(crate) fn echo(body: &[u8]) -> Outcome {
    let Some(members) = Members::of_body(body) else {
        return Outcome::Failed(Failure::bad_request("The body is not a JSON object."));
    };
    let message = match members.get("Message") {
        None => None,
        Some(value) => match text(value) {
            Some(message) => Some(message),
            None => {
                let error = FieldError::new("Message", "must be a text or null");
                return Outcome::Failed(Failure::validation(vec![error]));
            }
        },
    };
    Outcome::json(json!({ "Message": message }).to_string())
}
