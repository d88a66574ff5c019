//! A payment that went through.

use std::fmt;

use bytes::Bytes;
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::json_text::{displayed, text_of};

/// What a payment terminal was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PaymentAction {
    /// Takes money.
    Payment,
    /// Gives money of an earlier payment back, all or part of it.
    Refund,
    /// Takes a whole earlier payment back.
    Cancel,
}

impl fmt::Display for PaymentAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Cancel => "cancel",
        })
    }
}

/// A payment, refund or cancellation that really moved money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PaymentRecord {
    /// The operation that made it.
    pub operation_id: Uuid,
    /// What the terminal was asked to do.
    pub action: PaymentAction,
    /// The protocol that was asked for, such as `use_auto`.
    pub protocol: String,
    /// The amount that was asked for, in units of the currency; negative for money given back.
    #[serde(serialize_with = "displayed")]
    pub requested: Decimal,
    /// How much of it was approved: the sum of the pay items. Less than `requested` for a
    /// payment that was approved in part.
    #[serde(serialize_with = "displayed")]
    pub approved: Decimal,
    /// The money that really moved: `approved`, and the tip on top of it.
    #[serde(serialize_with = "displayed")]
    pub amount: Decimal,
    /// The pay items of the answer in order; the second one, if any, is the tip.
    pub pay_item_ids: Vec<Uuid>,
    /// The operation of the payment that was given back, `None` for a payment.
    pub refunds: Option<Uuid>,
    /// The raw request body.
    #[serde(serialize_with = "text_of")]
    pub request: Bytes,
    /// The response body.
    #[serde(serialize_with = "text_of")]
    pub response: Bytes,
}
