//! Members by their names on the wire.
//!
//! The builders write most members this way: a revision of the document that lacks one keeps it
//! among the unknown members of the same object, and nobody loses the call.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ReceiptError;
use crate::types::Json;

/// The longest text the API takes, in characters (API facts, section 4).
pub(super) const LONGEST_TEXT: usize = 1023;

/// The members of an object.
pub(super) type Members = BTreeMap<String, Json>;

/// The members of a value as they are written.
pub(super) fn of<T: Serialize>(value: &T) -> Result<Members, serde_json::Error> {
    serde_json::from_str(&serde_json::to_string(value)?)
}

/// The value with these members.
pub(super) fn value_of<T: DeserializeOwned>(members: &Members) -> Result<T, serde_json::Error> {
    serde_json::from_str(&serde_json::to_string(members)?)
}

/// Members that say who the customer or the cashier is, and free ones that may.
const PRIVATE: [&str; 5] = [
    "cbCustomer",
    "cbUser",
    "ftReceiptCaseData",
    "ftChargeItemCaseData",
    "ftPayItemCaseData",
];

/// The members for `Debug`, which shows what is private as `…`.
fn shown(members: &Members) -> Members {
    let show = |(name, value): (&String, &Json)| {
        let is_private = PRIVATE.contains(&name.as_str());
        let value = if is_private {
            "…".into()
        } else {
            value.clone()
        };
        (name.clone(), value)
    };
    members.iter().map(show).collect()
}

/// A generated value for `Debug`, without what is private.
pub(super) struct Shown<'a, T>(pub(super) &'a T);

impl<T: fmt::Debug + Serialize + DeserializeOwned> fmt::Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match of(self.0).and_then(|members| value_of::<T>(&shown(&members))) {
            Ok(value) => value.fmt(f),
            Err(_) => f.write_str("…"),
        }
    }
}

/// Members that were set, and the first that could not be.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Options {
    set: Members,
    fault: Option<ReceiptError>,
}

impl Options {
    pub(super) fn set<T: Serialize>(&mut self, member: &str, value: &T) {
        match Json::of(value) {
            Ok(json) => {
                self.set.insert(member.to_owned(), json);
            }
            Err(error) => self.refuse(member, format!("cannot be written: {error}")),
        }
    }

    /// Sets a text that must say something and fit.
    pub(super) fn set_text(&mut self, member: &str, text: String) {
        match text_fault(&text) {
            Some(reason) => self.refuse(member, reason),
            None => self.set(member, &text),
        }
    }

    pub(super) fn refuse(&mut self, member: &str, reason: impl Into<String>) {
        self.fault
            .get_or_insert_with(|| ReceiptError::new(member, reason));
    }

    pub(super) fn has(&self, member: &str) -> bool {
        self.set.contains_key(member)
    }

    /// What a member was set to.
    pub(super) fn read<T: DeserializeOwned>(&self, member: &str) -> Option<T> {
        self.set.get(member)?.read().ok()
    }

    /// The value with what was set.
    pub(super) fn apply<T>(&self, value: T) -> Result<T, ReceiptError>
    where
        T: Serialize + DeserializeOwned,
    {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        if self.set.is_empty() {
            return Ok(value);
        }
        let changed = of(&value).and_then(|mut members| {
            members.extend(self.set.clone());
            value_of(&members)
        });
        changed.map_err(|error| {
            let names: Vec<&str> = self.set.keys().map(String::as_str).collect();
            ReceiptError::new(names.join(", "), format!("cannot be written: {error}"))
        })
    }
}

impl Options {
    /// The value with what was set, then changed.
    pub(super) fn applied_and<T>(
        &self,
        value: &T,
        change: impl FnOnce(&T) -> Result<T, serde_json::Error>,
    ) -> Result<T, ReceiptError>
    where
        T: Clone + Serialize + DeserializeOwned,
    {
        let value = self.apply(value.clone())?;
        change(&value).map_err(|error| {
            ReceiptError::new(
                "Amount",
                format!("or another number cannot be written: {error}"),
            )
        })
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("set", &shown(&self.set))
            .field("fault", &self.fault)
            .finish()
    }
}

/// Why a text is not sent.
pub(super) fn text_fault(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("is empty")
    } else if text.chars().count() > LONGEST_TEXT {
        Some("is longer than 1023 characters")
    } else {
        None
    }
}
