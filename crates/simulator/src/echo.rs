//! `POST /echo`: the message comes back. Without one a local server restarts its middleware.

use std::time::Duration;

use serde_json::json;

use crate::body_check::members_of;
use crate::ledger::Ledger;
use crate::members::{Members, text};
use crate::operation::Outcome;
use crate::profile::Profile;
use crate::wire::problem::{Failure, FieldError};

/// How long a restart takes, well within the 30 seconds a local server waits for it.
const RESTART: Duration = Duration::from_secs(3);

/// How long an echo takes on the server's clock.
pub(crate) fn duration(body: &[u8], profile: Profile) -> Duration {
    match Members::of_body(body) {
        Some(members) if restarts(&members, profile) => RESTART,
        _ => Duration::ZERO,
    }
}

fn restarts(members: &Members<'_>, profile: Profile) -> bool {
    profile == Profile::Local && members.get("Message").is_none()
}

pub(crate) fn echo(body: &[u8], profile: Profile, ledger: &mut Ledger) -> Outcome {
    let members = match members_of(body) {
        Ok(members) => members,
        Err(failure) => return Outcome::Failed(failure),
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
    if restarts(&members, profile) {
        ledger.record_restart();
    }
    Outcome::json(json!({ "Message": message }).to_string())
}
