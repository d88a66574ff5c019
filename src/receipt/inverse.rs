//! Numbers and items the other way round.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::members::{self, Members};
use super::precision;
use crate::types::{Amount, Json};

/// Numbers of an item that change their sign when it is taken back.
const SIGNED: [&str; 3] = ["Quantity", "Amount", "VATAmount"];

/// What belongs to the item of the earlier receipt alone: its id, when it was, and for payments what
/// the terminal reported.
const LEFT_OUT: [&str; 4] = [
    "ftChargeItemId",
    "ftPayItemId",
    "Moment",
    "ftPayItemCaseData",
];

/// The amount with the other sign; nothing stays nothing.
pub(super) fn negated(amount: Amount) -> Amount {
    if amount == Amount::ZERO {
        amount
    } else {
        -amount
    }
}

/// The item with opposite signs.
pub(super) fn signs<T>(item: &T) -> Result<T, serde_json::Error>
where
    T: Serialize + DeserializeOwned,
{
    let mut members = members::of(item)?;
    negate(&mut members)?;
    members::value_of(&members)
}

/// An item of an earlier receipt with opposite signs, for a receipt of its own.
pub(super) fn item<T>(item: &T) -> Result<T, serde_json::Error>
where
    T: Serialize + DeserializeOwned,
{
    let mut members = members::of(item)?;
    leave_out(&mut members);
    negate(&mut members)?;
    members::value_of(&members)
}

/// An item of an earlier receipt without what belongs to it alone.
pub(super) fn anew<T>(item: &T) -> Result<T, serde_json::Error>
where
    T: Serialize + DeserializeOwned,
{
    let mut members = members::of(item)?;
    leave_out(&mut members);
    members::value_of(&members)
}

fn leave_out(members: &mut Members) {
    members.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
}

fn negate(members: &mut Members) -> Result<(), serde_json::Error> {
    // A missing quantity is 1.
    if !members.contains_key("Quantity") {
        let one = Amount::from(precision::of(members).unwrap_or(1));
        members.insert("Quantity".to_owned(), Json::of(&one)?);
    }
    for (name, value) in members {
        if SIGNED.contains(&name.as_str()) {
            *value = Json::of(&negated(value.read()?))?;
        }
    }
    Ok(())
}
