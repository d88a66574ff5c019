//! The receipts that tests sign.

use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::types::{Amount, Moment};

/// When all receipts are made.
pub(crate) fn moment() -> Moment {
    "2026-06-01T10:15:30.25Z".parse().unwrap()
}

/// A sale of 8.00 that balances.
pub(crate) fn sale(reference: &str) -> Receipt {
    sale_paid_with(reference, 800)
}

/// A sale of 8.00 for which this many cents were paid.
pub(crate) fn sale_paid_with(reference: &str, cents: i64) -> Receipt {
    Receipt::sale(reference, moment())
        .charge(
            ChargeItem::goods("Espresso", Amount::from_cents(580), 20, VatRate::Normal).quantity(2),
        )
        .charge(ChargeItem::goods(
            "Newspaper",
            Amount::from_cents(220),
            10,
            VatRate::Discounted1,
        ))
        .pay(PayItem::cash("Cash", Amount::from_cents(cents)))
}
