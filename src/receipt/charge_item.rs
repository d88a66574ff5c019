//! What was sold.

use crate::codes::{ChargeItemCase, VatRate};
use crate::types::{self, Amount};

/// One line of a receipt. Amounts are gross totals of the line.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct ChargeItem(types::ChargeItem);

impl ChargeItem {
    /// Goods. `amount` is the gross total of the line, `vat_percent` the rate in percent (20 is 20 %).
    pub fn goods(
        description: impl Into<String>,
        amount: impl Into<Amount>,
        vat_percent: impl Into<Amount>,
        vat: VatRate,
    ) -> Self {
        Self::of(ChargeItemCase::goods(vat), description, amount, vat_percent)
    }

    /// A service. Arguments as for [`goods`](Self::goods).
    pub fn service(
        description: impl Into<String>,
        amount: impl Into<Amount>,
        vat_percent: impl Into<Amount>,
        vat: VatRate,
    ) -> Self {
        Self::of(
            ChargeItemCase::service(vat),
            description,
            amount,
            vat_percent,
        )
    }

    /// A line with any case.
    pub fn of(
        case: ChargeItemCase,
        description: impl Into<String>,
        amount: impl Into<Amount>,
        vat_percent: impl Into<Amount>,
    ) -> Self {
        let (amount, vat_percent): (Amount, Amount) = (amount.into(), vat_percent.into());
        // A revision may make a required member optional; `into` is both.
        #[allow(clippy::useless_conversion)]
        Self(types::ChargeItem {
            amount: amount.into(),
            description: Some(description.into()),
            ft_charge_item_case: Some(case),
            quantity: Some(Amount::ONE),
            vat_rate: vat_percent.into(),
            // Members of a later revision stay absent.
            ..Default::default()
        })
    }

    /// How many. Default 1.
    pub fn quantity(mut self, quantity: impl Into<Amount>) -> Self {
        self.0.quantity = Some(quantity.into());
        self
    }
}

impl From<ChargeItem> for types::ChargeItem {
    fn from(item: ChargeItem) -> Self {
        item.0
    }
}
