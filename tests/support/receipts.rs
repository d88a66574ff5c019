//! The receipts that tests sign.

use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::types::{Amount, Moment, ReceiptRequest};

/// When all receipts are made.
pub(crate) fn moment() -> Moment {
    "2026-06-01T10:15:30.25Z".parse().unwrap()
}

/// A sale of 8.00 that balances.
pub(crate) fn sale(reference: &str) -> Receipt {
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
        .pay(PayItem::cash("Cash", Amount::from_cents(800)))
}

/// A sale of 8.00 for which this many cents were paid, which no builder would give.
pub(crate) fn sale_paid_with(reference: &str, cents: i64) -> ReceiptRequest {
    let mut request = sale(reference).build().unwrap();
    request.cb_pay_items[0].amount = Amount::from_cents(cents);
    request
}
