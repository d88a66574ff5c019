//! The receipt itself.

use crate::codes::ReceiptCase;
use crate::types::{self, Moment, ReceiptRequest};

/// A receipt to be signed.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Receipt(ReceiptRequest);

impl Receipt {
    /// A sale at the point of sale. `reference` is the till's own key, unique within the queue.
    pub fn sale(reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::of(ReceiptCase::POINT_OF_SALE, reference, moment)
    }

    /// The receipt that starts a queue. Once in its life, without items.
    pub fn start(reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::of(ReceiptCase::INITIAL_OPERATION, reference, moment)
    }

    /// A receipt of any case, without items.
    pub fn of(case: ReceiptCase, reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self(ReceiptRequest {
            cb_receipt_moment: Some(moment.into()),
            cb_receipt_reference: Some(reference.into()),
            ft_receipt_case: Some(case),
            // Members of a later revision stay absent.
            ..Default::default()
        })
    }

    /// Adds a line.
    pub fn charge(mut self, item: impl Into<types::ChargeItem>) -> Self {
        self.0.cb_charge_items.push(item.into());
        self
    }

    /// Adds a payment.
    pub fn pay(mut self, item: impl Into<types::PayItem>) -> Self {
        self.0.cb_pay_items.push(item.into());
        self
    }

    /// The terminal the receipt was made at. Default: none.
    pub fn terminal(mut self, id: impl Into<String>) -> Self {
        self.0.cb_terminal_id = Some(id.into());
        self
    }

    /// The cashier. Default: none.
    pub fn user(mut self, name: impl Into<String>) -> Self {
        self.0.cb_user = Some(name.into().into());
        self
    }
}

impl From<Receipt> for ReceiptRequest {
    fn from(receipt: Receipt) -> Self {
        receipt.0
    }
}
