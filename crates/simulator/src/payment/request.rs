//! The body of `POST /pay`, with amounts taken from the exact text.

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::body_check::{BodyCheck, members_of};
use crate::input::Command;
use crate::ledger::PaymentAction;
use crate::members::{Members, text, uuid};
use crate::payment::currency::Currency;
use crate::payment::terminal::Terminals;
use crate::wire::problem::Failure;

const ITEM: &str = "cbPayItem.";

/// A valid call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PayRequest {
    pub(crate) action: PaymentAction,
    /// As sent: `use_auto` stays as it is.
    pub(crate) protocol: String,
    pub(crate) terminal_id: Option<String>,
    pub(crate) item: RequestedItem,
}

/// What is to be paid, or the pay item that is to be given back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RequestedItem {
    pub(crate) description: String,
    /// In units of the currency, never zero.
    pub(crate) amount: Decimal,
    /// By how much the numbers of the item are scaled up, 1 when they are not.
    pub(crate) multiplier: Decimal,
    pub(crate) currency: Currency,
    pub(crate) id: Option<Uuid>,
    /// A uuid in `MoneyBarcode`: some clients name the operation of the payment there.
    pub(crate) paid_by: Option<Uuid>,
}

impl PayRequest {
    /// Collects everything that is wrong with the body.
    pub(crate) fn read(command: &Command, terminals: &Terminals) -> Result<Self, Failure> {
        let body = members_of(&command.request.body)?;
        let mut check = BodyCheck::default();
        let action = check.action(&body);
        let protocol = check.non_empty_text(&body, "", "Protocol");
        if protocol.as_ref().is_some_and(|own| !terminals.know(own)) {
            check.error("", "Protocol", "is no protocol that is served");
        }
        let terminal_id = check.terminal(&body, command.call.terminal_id.as_deref());
        let item = check.pay_item(&body, action);
        let read = action.zip(protocol).zip(item);
        let read = read.map(|((action, protocol), item)| Self {
            action,
            protocol,
            terminal_id,
            item,
        });
        check.finish(read).map_err(Failure::validation)
    }
}

impl BodyCheck {
    fn action(&mut self, body: &Members<'_>) -> Option<PaymentAction> {
        let name = "Action";
        let action = match self.non_empty_text(body, "", name)?.as_str() {
            "payment" => Some(PaymentAction::Payment),
            "refund" => Some(PaymentAction::Refund),
            "cancel" => Some(PaymentAction::Cancel),
            _ => None,
        };
        if action.is_none() {
            self.error("", name, "must be payment, refund or cancel");
        }
        action
    }

    fn pay_item(
        &mut self,
        body: &Members<'_>,
        action: Option<PaymentAction>,
    ) -> Option<RequestedItem> {
        let value = self.required(body, "", "cbPayItem")?;
        let Some(item) = Members::of_value(value) else {
            self.error("", "cbPayItem", "must be an object");
            return None;
        };
        let description = self.non_empty_text(&item, ITEM, "Description");
        let multiplier = self.multiplier(&item, ITEM).unwrap_or(Decimal::ONE);
        let amount = self.paid_amount(&item, multiplier);
        let currency = self.currency(&item);
        let id = self.pay_item_id(&item);
        let amount = amount?;
        if action == Some(PaymentAction::Payment) && amount < Decimal::ZERO {
            self.error(ITEM, "Amount", "must be positive");
        }
        Some(RequestedItem {
            description: description?,
            amount,
            multiplier,
            currency: currency?,
            id,
            paid_by: item.get("MoneyBarcode").and_then(uuid),
        })
    }

    /// In units of the currency.
    fn paid_amount(&mut self, item: &Members<'_>, multiplier: Decimal) -> Option<Decimal> {
        let name = "Amount";
        let amount = self.amount(item, ITEM, name, multiplier)?;
        if amount.is_zero() {
            self.error(ITEM, name, "must not be zero");
            return None;
        }
        Some(amount)
    }

    fn currency(&mut self, item: &Members<'_>) -> Option<Currency> {
        let name = "Currency";
        let Some(value) = item.get(name) else {
            return Some(Currency::default());
        };
        let currency = text(value).and_then(|code| Currency::parse(&code));
        if currency.is_none() {
            self.error(ITEM, name, "must be the code of a currency");
        }
        currency
    }

    /// Clients send an empty text for an item that has no id yet.
    fn pay_item_id(&mut self, item: &Members<'_>) -> Option<Uuid> {
        let name = "ftPayItemId";
        let value = item.get(name).filter(|value| value.get() != "\"\"")?;
        let id = uuid(value);
        if id.is_none() {
            self.error(ITEM, name, "must be a uuid, null or left out");
        }
        id
    }
}
