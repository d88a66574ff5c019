//! How it was paid.

use crate::codes::PayItemCase;
use crate::types::{self, Amount};

/// One payment of a receipt. Positive amounts are money in.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct PayItem(types::PayItem);

impl PayItem {
    /// Cash.
    pub fn cash(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::of(PayItemCase::CASH, description, amount)
    }

    /// A payment with any case.
    pub fn of(
        case: PayItemCase,
        description: impl Into<String>,
        amount: impl Into<Amount>,
    ) -> Self {
        let amount: Amount = amount.into();
        // A revision may make a required member optional; `into` is both.
        #[allow(clippy::useless_conversion)]
        Self(types::PayItem {
            amount: amount.into(),
            description: Some(description.into()),
            ft_pay_item_case: Some(case),
            // Members of a later revision stay absent.
            ..Default::default()
        })
    }
}

impl From<PayItem> for types::PayItem {
    fn from(item: PayItem) -> Self {
        item.0
    }
}
