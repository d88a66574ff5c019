//! The items of a receipt with their numbers in units.

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::amount::{Scaling, money};
use super::fields::Fields;

const DEFAULT_CURRENCY: &str = "EUR";

/// An item and the scaling of its numbers.
pub(super) struct Item<'a> {
    pub(super) fields: Fields<'a>,
    scaling: Scaling,
}

impl Item<'_> {
    pub(super) fn amount(&self, name: &str) -> Option<Decimal> {
        self.scaling.amount(&self.fields, name)
    }

    /// `2 x Espresso`, or the name alone for one.
    pub(super) fn described(&self) -> String {
        let name = self.fields.shown("Description").unwrap_or_default();
        match self.amount("Quantity") {
            Some(quantity) if quantity != Decimal::ONE => {
                format!("{} x {name}", quantity.normalize())
            }
            _ => name,
        }
    }

    pub(super) fn money(&self, name: &str) -> String {
        self.amount(name).map(money).unwrap_or_default()
    }
}

/// The items of the request, then those the queue added.
pub(super) fn items<'a>(
    request: &Fields<'a>,
    response: &Fields<'a>,
    requested: &str,
    added: &str,
) -> Vec<Item<'a>> {
    // The receipt's multiplier applies to all its items; an item's own counts without one.
    let of_receipt = Scaling::of(request);
    let item = |value: &'a RawValue, of_receipt: Option<Scaling>| {
        let fields = Fields::of_value(value);
        let scaling = of_receipt.or_else(|| Scaling::of(&fields));
        Item {
            fields,
            scaling: scaling.unwrap_or(Scaling::NONE),
        }
    };
    let requested = request.list(requested).into_iter();
    let added = response.list(added).into_iter();
    requested
        .map(|value| item(value, of_receipt))
        .chain(added.map(|value| item(value, None)))
        .collect()
}

/// `cbReceiptAmount`, or the sum of the charge items without one.
pub(super) fn total(request: &Fields<'_>, charge_items: &[Item<'_>]) -> Decimal {
    Scaling::of(request)
        .unwrap_or(Scaling::NONE)
        .amount(request, "cbReceiptAmount")
        .unwrap_or_else(|| {
            let amounts = charge_items.iter().filter_map(|item| item.amount("Amount"));
            amounts.fold(Decimal::ZERO, Decimal::saturating_add)
        })
}

pub(super) fn currency(request: &Fields<'_>) -> String {
    let currency = request.shown("Currency");
    currency.unwrap_or_else(|| DEFAULT_CURRENCY.to_owned())
}
