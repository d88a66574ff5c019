//! Money that goes back.

use std::collections::BTreeMap;
use std::fmt;

use super::paid::Paid;
use super::request::{PayBody, Request, USE_AUTO};
use crate::types::{Amount, Json, PayItem};

/// An earlier payment that is to be refunded or cancelled: from [`Paid`], or from the pay item that it put
/// on the receipt.
///
/// Of a payment with tip it is the item with the whole charge, tip included. Everything that came with the
/// item goes back with it; only its amount becomes negative (API facts, section 3.3). A payment that came in
/// several items beside its tip is given back item by item.
#[derive(Clone)]
#[must_use]
pub struct Reversal {
    /// Or the number of items with money in them, where it is not one.
    item: Result<Box<PayItem>, usize>,
    part: Option<Amount>,
    protocol: String,
    terminal: Option<String>,
}

impl fmt::Debug for Reversal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The item came from the terminal, with what it says about the card.
        f.debug_struct("Reversal")
            .field("part", &self.part)
            .finish_non_exhaustive()
    }
}

impl Reversal {
    /// A part of the payment, in the units of the item and positive. Default: all of it.
    pub fn amount(mut self, part: impl Into<Amount>) -> Self {
        self.part = Some(part.into());
        self
    }

    /// The protocol of the terminal. Default: that of the payment, or `use_auto` where only its item is
    /// known.
    pub fn protocol(mut self, protocol: impl fmt::Display) -> Self {
        self.protocol = protocol.to_string();
        self
    }

    /// The terminal that gives it back. As [`Payment::terminal`](super::Payment::terminal).
    pub fn terminal(mut self, id: impl Into<String>) -> Self {
        self.terminal = Some(id.into());
        self
    }

    pub(super) fn body(self, action: &str) -> PayBody {
        let item = match self.item {
            Ok(item) => item,
            Err(0) => {
                return PayBody::invalid(
                    "The answer of the payment has no item that could be given back",
                );
            }
            Err(count) => {
                return PayBody::invalid(format!(
                    "The payment came in {count} items; give each of them back by itself"
                ));
            }
        };
        // A revision may make the amount optional.
        let (mut members, charged) = match members(&item) {
            Ok(read) => read,
            Err(error) => return PayBody::invalid(format!("The pay item cannot be read: {error}")),
        };
        if charged <= Amount::ZERO {
            return PayBody::invalid(format!(
                "A pay item of {charged} has nothing to give back: its amount has to be positive"
            ));
        }
        if self.part.is_some() && action == "cancel" {
            return PayBody::invalid(
                "A cancellation takes the whole payment back; refund a part of it instead",
            );
        }
        let amount = self.part.unwrap_or(charged);
        if amount <= Amount::ZERO || amount > charged {
            return PayBody::invalid(format!(
                "Of a payment of {charged}, {amount} cannot be given back"
            ));
        }
        match Json::of(&-amount) {
            Ok(amount) => members.insert("Amount".to_owned(), amount),
            Err(error) => {
                return PayBody::invalid(format!("The amount cannot be written: {error}"));
            }
        };
        PayBody::of(&Request {
            action,
            protocol: &self.protocol,
            terminal: self.terminal.as_deref(),
            item: members,
        })
    }
}

/// The members of an item with their exact texts, and its amount.
fn members(item: &PayItem) -> serde_json::Result<(BTreeMap<String, Json>, Amount)> {
    let text = serde_json::to_string(item)?;
    let mut members: BTreeMap<String, Json> = serde_json::from_str(&text)?;
    // Servers refuse an empty id (API facts, section 7, row 26).
    members.retain(|name, value| name != "ftPayItemId" || value.as_text() != "\"\"");
    let amount = match members.get("Amount") {
        Some(amount) => amount.read()?,
        None => Amount::ZERO,
    };
    Ok((members, amount))
}

impl From<&Paid> for Reversal {
    fn from(paid: &Paid) -> Self {
        Self {
            item: paid.charged_item().cloned().map(Box::new),
            part: None,
            protocol: paid.protocol().unwrap_or(USE_AUTO).to_owned(),
            terminal: None,
        }
    }
}

impl From<&PayItem> for Reversal {
    fn from(item: &PayItem) -> Self {
        Self {
            item: Ok(Box::new(item.clone())),
            part: None,
            protocol: USE_AUTO.to_owned(),
            terminal: None,
        }
    }
}

impl From<PayItem> for Reversal {
    fn from(item: PayItem) -> Self {
        Self::from(&item)
    }
}
