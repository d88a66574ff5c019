//! Payments that went through, and what of them was given back.

use std::collections::HashMap;

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::ledger::PaymentAction;
use crate::payment::currency::Currency;
use crate::payment::request::RequestedItem;
use crate::wire::problem::{Failure, FieldError};

/// Money that was taken.
#[derive(Debug)]
pub(crate) struct Charge {
    pub(crate) operation_id: Uuid,
    pub(crate) pay_item_id: Uuid,
    pub(crate) currency: Currency,
    /// With the tip.
    pub(crate) taken: Decimal,
    /// What of it was given back.
    pub(crate) returned: Decimal,
}

/// All payments, found by what a refund can name.
#[derive(Debug, Default)]
pub(crate) struct Charges {
    by_pay_item: HashMap<Uuid, Charge>,
    /// The pay item of the last run of an operation.
    by_operation: HashMap<Uuid, Uuid>,
}

impl Charges {
    pub(crate) fn add(&mut self, charge: Charge) {
        self.by_operation
            .insert(charge.operation_id, charge.pay_item_id);
        self.by_pay_item.insert(charge.pay_item_id, charge);
    }

    /// Gives money back; says which operation had taken it.
    ///
    /// No source says how a service refuses these. The rules are those of a card payment: not
    /// more than was taken, and a cancellation only of the whole and untouched payment.
    pub(crate) fn give_back(
        &mut self,
        action: PaymentAction,
        item: &RequestedItem,
    ) -> Result<Uuid, Failure> {
        let named_by_operation = item.paid_by.and_then(|id| self.by_operation.get(&id));
        let named_by_item = item.id.filter(|id| self.by_pay_item.contains_key(id));
        let pay_item_id = match (named_by_item, named_by_operation.copied()) {
            (Some(item), Some(other)) if item != other => {
                let message = "must name the same payment as ftPayItemId";
                return Err(refusal("MoneyBarcode", message));
            }
            (Some(id), _) | (None, Some(id)) => Some(id),
            (None, None) => None,
        };
        let Some(charge) = pay_item_id.and_then(|id| self.by_pay_item.get_mut(&id)) else {
            let message = "must be the id of an item that was paid";
            return Err(refusal("ftPayItemId", message));
        };
        if item.amount > Decimal::ZERO && named_by_operation.is_none() {
            let message = "must be negative, unless MoneyBarcode names the operation that paid";
            return Err(refusal("Amount", message));
        }
        if item.currency != charge.currency {
            return Err(refusal("Currency", "must be the currency of the payment"));
        }
        let amount = item.amount.abs();
        if action == PaymentAction::Cancel && amount != charge.taken {
            let message = "must be the whole payment with its tip";
            return Err(refusal("Amount", message));
        }
        if amount > charge.taken - charge.returned {
            let message = "must not be more than what is left of the payment";
            return Err(refusal("Amount", message));
        }
        charge.returned += amount;
        Ok(charge.operation_id)
    }
}

fn refusal(member: &str, message: &str) -> Failure {
    Failure::validation(vec![FieldError::new(
        format!("cbPayItem.{member}"),
        message,
    )])
}
