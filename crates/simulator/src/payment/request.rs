//! The body of `POST /pay`, with amounts taken from the exact text.

use rust_decimal::Decimal;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::input::Command;
use crate::ledger::PaymentAction;
use crate::members::{Members, text};
use crate::number::decimal;
use crate::payment::currency::Currency;
use crate::payment::terminal::Terminals;
use crate::wire::problem::{Failure, FieldError};

/// Longest text the API takes, in characters.
const TEXT_LIMIT: usize = 1023;

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
        let Some(body) = Members::of_body(&command.request.body) else {
            return Err(Failure::bad_request("The body is not a JSON object."));
        };
        let mut check = Check::default();
        let action = check.action(&body);
        let protocol = check.text(&body, "", "Protocol");
        if !protocol.is_empty() && !terminals.know(&protocol) {
            check.error("", "Protocol", "is no protocol that is served");
        }
        let terminal_id = check.terminal(&body, command.call.terminal_id.as_deref());
        let item = check.item(&body, action);
        match (action, item) {
            (Some(action), Some(item)) if check.errors.is_empty() => Ok(Self {
                action,
                protocol,
                terminal_id,
                item,
            }),
            _ => Err(Failure::validation(check.errors)),
        }
    }
}

/// Collects what is wrong.
#[derive(Default)]
struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    fn error(&mut self, prefix: &str, name: &str, message: &str) {
        self.errors
            .push(FieldError::new(format!("{prefix}{name}"), message));
    }

    fn required<'a>(
        &mut self,
        members: &Members<'a>,
        prefix: &str,
        name: &str,
    ) -> Option<&'a RawValue> {
        let value = members.get(name);
        if value.is_none() {
            self.error(prefix, name, "must be given and not be null");
        }
        value
    }

    /// A required text that is not empty; empty when it is wrong.
    fn text(&mut self, members: &Members<'_>, prefix: &str, name: &str) -> String {
        let Some(value) = self.required(members, prefix, name) else {
            return String::new();
        };
        match text(value) {
            None => self.error(prefix, name, "must be a text"),
            Some(text) if text.is_empty() => self.error(prefix, name, "must not be empty"),
            Some(text) if text.chars().count() > TEXT_LIMIT => {
                self.error(prefix, name, "must have at most 1023 characters");
            }
            Some(text) => return text,
        }
        String::new()
    }

    fn action(&mut self, body: &Members<'_>) -> Option<PaymentAction> {
        let name = "Action";
        let action = match self.text(body, "", name).as_str() {
            // Already said what is wrong.
            "" => return None,
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

    fn terminal(&mut self, body: &Members<'_>, header: Option<&str>) -> Option<String> {
        let name = "cbTerminalID";
        let own = match body.get(name).map(text) {
            None => None,
            Some(None) => {
                self.error("", name, "must be a text");
                None
            }
            Some(Some(own)) => Some(own).filter(|own| !own.is_empty()),
        };
        match (own, header) {
            (Some(own), Some(header)) if own != header => {
                self.error("", name, "must be the same as in the header");
                None
            }
            (own, header) => own.or(header.map(str::to_owned)),
        }
    }

    fn item(&mut self, body: &Members<'_>, action: Option<PaymentAction>) -> Option<RequestedItem> {
        let value = self.required(body, "", "cbPayItem")?;
        let Some(item) = Members::of_value(value) else {
            self.error("", "cbPayItem", "must be an object");
            return None;
        };
        let description = self.text(&item, ITEM, "Description");
        let multiplier = self.multiplier(&item);
        let amount = self.amount(&item, multiplier?);
        let currency = self.currency(&item);
        let id = self.id(&item);
        let amount = amount?;
        if action == Some(PaymentAction::Payment) && amount < Decimal::ZERO {
            self.error(ITEM, "Amount", "must be positive");
        }
        Some(RequestedItem {
            description,
            amount,
            multiplier: multiplier?,
            currency: currency?,
            id,
            paid_by: item.get("MoneyBarcode").and_then(uuid),
        })
    }

    fn multiplier(&mut self, item: &Members<'_>) -> Option<Decimal> {
        let name = "DecimalPrecisionMultiplier";
        match item.get(name).map(RawValue::get) {
            None => Some(Decimal::ONE),
            Some(json @ ("1" | "100" | "10000" | "1000000" | "100000000")) => decimal(json),
            Some(_) => {
                self.error(ITEM, name, "must be 1, 100, 10000, 1000000 or 100000000");
                None
            }
        }
    }

    /// In units of the currency.
    fn amount(&mut self, item: &Members<'_>, multiplier: Decimal) -> Option<Decimal> {
        let name = "Amount";
        let json = self.required(item, ITEM, name)?;
        let number = decimal(json.get());
        let message = match number {
            None => "must be a number of at most 28 digits",
            Some(number) if number.is_zero() => "must not be zero",
            Some(number) if multiplier != Decimal::ONE && !number.is_integer() => {
                "must be an integer when a multiplier is given"
            }
            Some(number) if multiplier == Decimal::ONE => return Some(number),
            Some(number) => return number.checked_div(multiplier),
        };
        self.error(ITEM, name, message);
        None
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
    fn id(&mut self, item: &Members<'_>) -> Option<Uuid> {
        let name = "ftPayItemId";
        let value = item.get(name).filter(|value| value.get() != "\"\"")?;
        let id = uuid(value);
        if id.is_none() {
            self.error(ITEM, name, "must be a uuid, null or left out");
        }
        id
    }
}

fn uuid(value: &RawValue) -> Option<Uuid> {
    Uuid::try_parse(&text(value)?).ok()
}
