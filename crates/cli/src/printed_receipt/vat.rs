//! The VAT contained in a receipt, by rate.

use std::collections::BTreeMap;

use pos_system_api::types::ChargeItem;
use rust_decimal::Decimal;

use super::cents;

/// What was sold at one rate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct VatShare {
    /// In percent.
    pub(super) rate: Decimal,
    pub(super) gross: Decimal,
    /// In whole cents.
    pub(super) vat: Decimal,
}

impl VatShare {
    pub(super) fn net(&self) -> Decimal {
        self.gross.saturating_sub(self.vat)
    }
}

/// Highest rate first. Where a line does not name its VAT, it follows from the rate; rounding happens
/// once for each rate.
pub(super) fn vat_by_rate<'a>(items: impl Iterator<Item = &'a ChargeItem>) -> Vec<VatShare> {
    let mut shares: BTreeMap<Decimal, (Decimal, Decimal)> = BTreeMap::new();
    for item in items {
        let (rate, gross) = (item.vat_rate.decimal(), item.amount.decimal());
        let vat = match item.vat_amount {
            Some(vat) => vat.decimal(),
            None => contained(gross, rate),
        };
        let (gross_sum, vat_sum) = shares.entry(rate.normalize()).or_default();
        *gross_sum = gross_sum.saturating_add(gross);
        *vat_sum = vat_sum.saturating_add(vat);
    }
    let share = |(rate, (gross, vat))| VatShare {
        rate,
        gross,
        vat: cents(vat),
    };
    shares.into_iter().rev().map(share).collect()
}

/// The VAT in a gross amount; none for a rate that no VAT has.
fn contained(gross: Decimal, rate: Decimal) -> Decimal {
    let whole = Decimal::ONE_HUNDRED.saturating_add(rate);
    gross
        .checked_div(whole)
        .and_then(|percent| percent.checked_mul(rate))
        .unwrap_or_default()
}
