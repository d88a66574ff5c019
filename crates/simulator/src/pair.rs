//! `POST /pair`: credentials for a PIN.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::body_check::members_of;
use crate::credentials::Credentials;
use crate::ids::Ids;
use crate::input::Command;
use crate::members::text;
use crate::operation::Outcome;
use crate::wire::problem::{Failure, FieldError};

/// How long a PIN is good.
const VALIDITY: TimeDelta = TimeDelta::minutes(5);

/// How many PINs of six digits there are.
const PINS: u128 = 1_000_000;

/// From one PIN to the next. It has no divisor in common with [`PINS`], so that none comes again
/// before all have come.
const STEP: u128 = 618_033;

/// The PINs that were issued and not used.
#[derive(Debug)]
pub(crate) struct Pins {
    credentials: Credentials,
    first: Uuid,
    issued: u128,
    /// Until when a PIN is good.
    open: HashMap<String, DateTime<Utc>>,
}

impl Pins {
    pub(crate) fn new(credentials: Credentials, seed: u64) -> Self {
        Self {
            credentials,
            first: Ids::fixed(seed, "pin"),
            issued: 0,
            open: HashMap::new(),
        }
    }

    /// A PIN that is not issued yet.
    pub(crate) fn fresh(&self) -> String {
        let pin = (self.first.as_u128() % PINS + self.issued % PINS * STEP) % PINS;
        format!("{pin:06}")
    }

    /// Makes a PIN good for a while.
    pub(crate) fn issue(&mut self, pin: String, moment: DateTime<Utc>) {
        let until = moment
            .checked_add_signed(VALIDITY)
            .unwrap_or(DateTime::<Utc>::MAX_UTC);
        self.open.retain(|_, until| moment <= *until);
        self.open.insert(pin, until);
        self.issued += 1;
    }

    fn redeem(&mut self, pin: &str, now: DateTime<Utc>) -> bool {
        self.open.remove(pin).is_some_and(|until| now <= until)
    }
}

pub(crate) fn pair(command: &Command, now: DateTime<Utc>, pins: &mut Pins) -> Outcome {
    let members = match members_of(&command.request.body) {
        Ok(members) => members,
        Err(failure) => return Outcome::Failed(failure),
    };
    let pin = members.get("Pin").and_then(text);
    let Some(pin) = pin.filter(|pin| !pin.is_empty()) else {
        let error = FieldError::new("Pin", "must be a text that is not empty");
        return Outcome::Failed(Failure::validation(vec![error]));
    };
    if !pins.redeem(&pin, now) {
        let detail = "The PIN is unknown, used or out of date.";
        return Outcome::Failed(Failure::new(401, "Unauthorized", detail));
    }
    let paired = json!({
        "CashBoxID": pins.credentials.cash_box_id.to_string(),
        "AccessToken": pins.credentials.access_token.reveal(),
    });
    Outcome::json(paired.to_string())
}
