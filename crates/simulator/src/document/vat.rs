//! The VAT contained in a receipt, by rate.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::amount::cents;

/// What was sold at one rate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct VatShare {
    pub(super) rate_percent: Decimal,
    pub(super) gross: Decimal,
    /// Rounded to two fraction digits.
    pub(super) vat: Decimal,
}

impl VatShare {
    pub(super) fn net(&self) -> Decimal {
        self.gross.saturating_sub(self.vat)
    }
}

/// Adds up lines by rate. Rounding happens once for each rate.
#[derive(Debug, Default)]
pub(super) struct VatByRate {
    gross_and_vat: BTreeMap<Decimal, (Decimal, Decimal)>,
}

impl VatByRate {
    /// A line with its VAT, which follows from the rate where it is not named.
    pub(super) fn add(&mut self, rate_percent: Decimal, gross: Decimal, vat: Option<Decimal>) {
        let vat = vat.unwrap_or_else(|| contained(gross, rate_percent));
        let (gross_sum, vat_sum) = self
            .gross_and_vat
            .entry(rate_percent.normalize())
            .or_default();
        *gross_sum = gross_sum.saturating_add(gross);
        *vat_sum = vat_sum.saturating_add(vat);
    }

    /// Highest rate first.
    pub(super) fn shares(self) -> Vec<VatShare> {
        let share = |(rate_percent, (gross, vat))| VatShare {
            rate_percent,
            gross,
            vat: cents(vat),
        };
        self.gross_and_vat.into_iter().rev().map(share).collect()
    }
}

/// The VAT in a gross amount; none for a rate that no VAT has.
fn contained(gross: Decimal, rate_percent: Decimal) -> Decimal {
    let whole = Decimal::ONE_HUNDRED.saturating_add(rate_percent);
    gross
        .checked_div(whole)
        .and_then(|percent| percent.checked_mul(rate_percent))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_happens_once_for_each_rate() {
        let decimal = |text| Decimal::from_str_exact(text).unwrap();
        let mut vat = VatByRate::default();
        vat.add(decimal("10"), decimal("0.10"), None);
        vat.add(decimal("10.0"), decimal("0.10"), None);
        vat.add(decimal("20"), decimal("5.80"), Some(decimal("0.97")));
        vat.add(decimal("-100"), Decimal::MAX, None);
        let shares: Vec<_> = vat
            .shares()
            .iter()
            .map(|share| format!("{} {} {}", share.rate_percent, share.net(), share.vat))
            .collect();
        assert_eq!(
            shares,
            [
                "20 4.83 0.97".to_owned(),
                "10 0.18 0.02".to_owned(),
                format!("-100 {} 0", Decimal::MAX),
            ]
        );
    }
}
