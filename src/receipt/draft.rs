//! A line while it is put together: what charge items and pay items have in common.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ReceiptError;
use super::members::{self, Options, Shown};
use super::{inverse, precision};
use crate::codes::{ChargeItemCase, Country, PayItemCase};
use crate::types::{self, Amount};

/// A generated item and its case.
pub(super) trait Item: Clone + Serialize + DeserializeOwned {
    /// The code that says what the item is.
    type Case: Copy;

    /// The list of a receipt that holds such items.
    const LIST: &'static str;

    fn case(&self) -> Self::Case;

    fn set_case(&mut self, case: Self::Case);

    /// Writes this country into the case, unless it has one.
    fn set_country(&mut self, country: Country);
}

macro_rules! item {
    ($item:ident, $case:ident, $member:ident, $list:literal) => {
        impl Item for types::$item {
            type Case = $case;

            const LIST: &'static str = $list;

            fn case(&self) -> $case {
                self.$member.unwrap_or_default()
            }

            fn set_case(&mut self, case: $case) {
                self.$member = Some(case);
            }

            fn set_country(&mut self, country: Country) {
                if self.case().country().is_none() {
                    self.set_case(self.case().with_country(country));
                }
            }
        }
    };
}
item!(
    ChargeItem,
    ChargeItemCase,
    ft_charge_item_case,
    "cbChargeItems"
);
item!(PayItem, PayItemCase, ft_pay_item_case, "cbPayItems");

/// An item, and the members that were set beside it.
#[derive(Clone, PartialEq)]
pub(super) struct Draft<T> {
    pub(super) item: T,
    pub(super) options: Options,
    /// From elsewhere, with members that no method here sets.
    is_taken_over: bool,
}

impl<T: Item> Draft<T> {
    pub(super) fn new(item: T, options: Options) -> Self {
        Self {
            item,
            options,
            is_taken_over: false,
        }
    }

    /// An item as it is, from elsewhere.
    pub(super) fn taken_over(item: T) -> Self {
        Self {
            item,
            options: Options::default(),
            is_taken_over: true,
        }
    }

    pub(super) fn build(self) -> Result<T, ReceiptError> {
        self.options.apply(self.item)
    }

    /// The item with another case.
    pub(super) fn with_case(mut self, change: impl FnOnce(T::Case) -> T::Case) -> Self {
        self.item.set_case(change(self.item.case()));
        self
    }

    /// The item with opposite signs; what keeps it from that, its `build` will say.
    pub(super) fn inverted(mut self) -> Self {
        match self.options.applied_and(&self.item, inverse::signs) {
            Ok(item) => Self::taken_over(item),
            Err(fault) => {
                self.options.refuse(fault.field(), fault.reason());
                self
            }
        }
    }

    /// The item given back, on a receipt of its own: with opposite signs, and without what belongs to the
    /// item of the earlier receipt alone. What was set here stays.
    pub(super) fn given_back(mut self) -> Self {
        if self.is_taken_over {
            match inverse::anew(&self.item) {
                Ok(item) => self.item = item,
                Err(error) => self
                    .options
                    .refuse("The item", format!("cannot be written: {error}")),
            }
        }
        self.inverted()
    }

    /// Sets a number, which is given as it is meant.
    pub(super) fn set_number(&mut self, member: &str, number: Amount) {
        if let Some(number) = self.written(member, number) {
            self.options.set(member, &number);
        }
    }

    /// A number as it is written in this item; refused if it cannot be.
    pub(super) fn written(&mut self, member: &str, number: Amount) -> Option<Amount> {
        let written = precision::written(member, number, self.multiplier());
        written
            .map_err(|fault| self.options.refuse(fault.field(), fault.reason()))
            .ok()
    }

    /// Its position as it is written, if it has one. Payments from elsewhere are numbered by their
    /// terminal, each from 1: those say nothing of their place on the receipt.
    pub(super) fn position(&self) -> Option<Amount> {
        let set = self.options.read("Position");
        let is_own = T::LIST == types::ChargeItem::LIST && self.is_taken_over;
        set.or_else(|| {
            let members = is_own.then(|| members::of(&self.item).ok()).flatten()?;
            members.get("Position")?.read().ok()
        })
    }

    /// What its numbers are multiplied with.
    pub(super) fn multiplier(&self) -> u32 {
        let members = self.is_taken_over.then(|| members::of(&self.item).ok());
        let multiplier = members
            .flatten()
            .and_then(|members| precision::of(&members));
        multiplier.unwrap_or(1)
    }
}

impl<T: Item + fmt::Debug> Draft<T> {
    /// Shows the item and what was set, under the name of the builder.
    pub(super) fn show(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("item", &Shown(&self.item))
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Writes the setters of members by their names on the wire: of texts, which say something and fit, of
/// numbers, of moments, which queues take in UTC only, and of other types.
macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ident, $member:literal;)*) => {$(
        $crate::receipt::draft::setters!(@one $(#[$doc])* $name: $type, $member);
    )*};
    (@one $(#[$doc:meta])* $name:ident: String, $member:literal) => {
        $(#[$doc])*
        pub fn $name(mut self, $name: impl Into<String>) -> Self {
            self.0.options.set_text($member, $name.into());
            self
        }
    };
    (@one $(#[$doc:meta])* $name:ident: Amount, $member:literal) => {
        $(#[$doc])*
        pub fn $name(mut self, $name: impl Into<Amount>) -> Self {
            self.0.set_number($member, $name.into());
            self
        }
    };
    (@one $(#[$doc:meta])* $name:ident: Moment, $member:literal) => {
        $(#[$doc])*
        pub fn $name(mut self, $name: impl Into<Moment>) -> Self {
            let $name: Moment = $name.into();
            self.0.options.set($member, &$name.in_utc());
            self
        }
    };
    (@one $(#[$doc:meta])* $name:ident: $type:ident, $member:literal) => {
        $(#[$doc])*
        pub fn $name(mut self, $name: impl Into<$type>) -> Self {
            let $name: $type = $name.into();
            self.0.options.set($member, &$name);
            self
        }
    };
}
pub(super) use setters;
