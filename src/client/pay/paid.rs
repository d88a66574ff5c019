//! What came of a payment.

use std::fmt;
use std::time::Duration;

use rust_decimal::Decimal;
use serde::Deserialize;
use uuid::Uuid;

#[cfg(operation = "pay_response")]
use crate::client::answer::reading;
use crate::client::answer::{Misread, json};
use crate::client::call::sealed;
use crate::client::completion::Completion;
use crate::codes::PayItemCase;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::operations;
use crate::runtime::{Answer, Execution, Operation};
#[cfg(operation = "pay_response")]
use crate::runtime::{Ending, Engine};
use crate::types::{Amount, PayItem, PayResponse};

/// How long a payment may take as a whole: guests take minutes (API facts, section 6.4).
pub(super) const DEADLINE: Duration = Duration::from_secs(15 * 60);

/// How long one attempt may take. Shorter than a guest may take, so that a connection that has died in
/// silence is noticed.
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(90);

/// Money that moved, or for a refund and a cancellation, that went back.
///
/// All amounts here are in units of the currency; those of a refund are negative.
#[derive(Clone)]
#[non_exhaustive]
pub struct Paid {
    /// The answer (API facts, section 4.9), in which numbers are as they came: integers, if it says so by a
    /// `DecimalPrecisionMultiplier`. Unknown members are kept in `extra`.
    pub response: PayResponse,
    /// How the operation was answered.
    pub completion: Completion,
    items: Vec<PayItem>,
    sums: Sums,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sums {
    requested: Decimal,
    approved: Decimal,
    tip: Decimal,
}

impl fmt::Debug for Paid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paid")
            .field("completion", &self.completion)
            .finish_non_exhaustive()
    }
}

impl Paid {
    /// The items that pay for a receipt, exactly as they came: `.pay_items(paid.pay_items())` puts them
    /// into one. Their sum is [`approved`](Self::approved).
    #[must_use]
    pub fn pay_items(&self) -> Vec<PayItem> {
        self.items.clone()
    }

    /// What was asked for.
    #[must_use]
    pub fn requested(&self) -> Amount {
        self.sums.requested.into()
    }

    /// What of it was approved: the sum of all items. It is what the receipt is paid with.
    #[must_use]
    pub fn approved(&self) -> Amount {
        self.sums.approved.into()
    }

    /// What the guest added on top, or zero. It is part of what was charged, but pays for nothing: a
    /// second, negative item takes it off again (API facts, section 3.3).
    #[must_use]
    pub fn tip(&self) -> Amount {
        self.sums.tip.into()
    }

    /// The money that really moved: [`approved`](Self::approved) and [`tip`](Self::tip).
    #[must_use]
    pub fn charged(&self) -> Amount {
        (self.sums.approved + self.sums.tip).into()
    }

    /// Whether the terminal approved less than was asked for, which is a success: the rest is still to be paid
    /// (API facts, section 3.3).
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.sums.approved.abs() < self.sums.requested.abs()
    }

    /// Whether the money moved in this attempt or in an earlier one.
    #[must_use]
    pub fn execution(&self) -> Execution {
        self.completion.execution
    }

    /// The id it was sent under.
    #[must_use]
    pub fn operation_id(&self) -> Uuid {
        self.completion.operation_id
    }

    /// The item with the whole charge, tip included; or how many there are, where it is not one.
    pub(super) fn charged_item(&self) -> Result<&PayItem, usize> {
        let mut items = self.items.iter().filter(|item| !is_tip(item));
        match (items.next(), items.count()) {
            (Some(item), 0) => Ok(item),
            (None, _) => Err(0),
            (Some(_), more) => Err(more + 1),
        }
    }

    /// The protocol that was asked for.
    pub(super) fn protocol(&self) -> Option<&str> {
        self.response.protocol.as_deref()
    }
}

fn is_tip(item: &PayItem) -> bool {
    item.ft_pay_item_case.is_some_and(PayItemCase::is_tip)
}

/// The members of a pay item that make its amount.
#[derive(Deserialize)]
struct Money {
    #[serde(rename = "Amount")]
    amount: Amount,
    #[serde(rename = "DecimalPrecisionMultiplier", default)]
    multiplier: Option<Amount>,
    #[serde(rename = "ftPayItemCase", default)]
    case: Option<PayItemCase>,
}

impl Money {
    /// In units of the currency.
    fn units(&self) -> Result<Decimal, &'static str> {
        match self.multiplier {
            None => Ok(self.amount.decimal()),
            Some(multiplier) => (self.amount.decimal())
                .checked_div(multiplier.decimal())
                .ok_or("an amount of the payment has an unusable multiplier"),
        }
    }

    fn is_tip(&self) -> bool {
        self.case.is_some_and(PayItemCase::is_tip)
    }
}

/// The part of the answer that the sums are made from.
#[derive(Deserialize)]
struct Moneys {
    #[serde(rename = "ftPayItems", default)]
    items: Vec<Money>,
}

/// The part of the request that says what was asked for.
#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "cbPayItem")]
    item: Money,
}

/// The items as the receipt's own type.
#[derive(Deserialize)]
struct Items {
    #[serde(rename = "ftPayItems", default)]
    items: Vec<PayItem>,
}

/// What is read from an answer.
pub struct Document {
    response: PayResponse,
    items: Vec<PayItem>,
    sums: Sums,
}

fn sums(operation: &Operation, answer: &Answer) -> Result<Sums, Misread> {
    let asked: Asked = serde_json::from_slice(operation.body())
        .map_err(|_| Misread::new("the request has no amount"))?;
    let moneys: Moneys = json(answer)?;
    if moneys.items.is_empty() {
        return Err(Misread::new("ftPayItems is empty"));
    }
    let too_large = || Misread::new("the amounts are too large for a sum");
    let (mut approved, mut tip) = (Decimal::ZERO, Decimal::ZERO);
    for money in &moneys.items {
        let units = money.units().map_err(Misread::new)?;
        approved = approved.checked_add(units).ok_or_else(too_large)?;
        if money.is_tip() {
            tip = tip.checked_sub(units).ok_or_else(too_large)?;
        }
    }
    approved.checked_add(tip).ok_or_else(too_large)?;
    Ok(Sums {
        requested: asked.item.units().map_err(Misread::new)?,
        approved,
        tip,
    })
}

impl sealed::Sealed for Paid {
    type Document = Document;
    const OPERATION: &'static str = operations::PAY.id;
    // With `/PayResponse`, that depends on whether the terminal may have been reached.
    const DEADLINE: Option<Duration> = if cfg!(operation = "pay_response") {
        None
    } else {
        Some(DEADLINE)
    };
    const ATTEMPT_TIMEOUT: Option<Duration> = Some(ATTEMPT_TIMEOUT);
    const ADVICE: Option<&'static str> = Some(
        "ask the operator whether money moved at the terminal, and start another payment only if it did not",
    );

    fn read(operation: &Operation, answer: &Answer) -> Result<Document, Misread> {
        let sums = sums(operation, answer)?;
        let items: Items = json(answer)?;
        Ok(Document {
            response: json(answer)?,
            items: items.items,
            sums,
        })
    }

    /// Without `/PayResponse` in the document, a payment is resent as every operation is.
    #[cfg(operation = "pay_response")]
    fn run(
        engine: &Engine,
        operation: &Operation,
        is_resumed: bool,
    ) -> impl Future<Output = Ending<Document>> + Send {
        let read = |answer: &Answer| reading::<Self>(operation, answer);
        super::settle::settle(engine, operation, is_resumed, read)
    }

    fn judged(_: &Operation, document: Document, completion: Completion) -> Result<Self> {
        Ok(Self {
            response: document.response,
            items: document.items,
            sums: document.sums,
            completion,
        })
    }
}

impl Error {
    /// Whether this is the end of a payment without money: declined, cancelled by the guest or timed out
    /// at the terminal, or not accepted by any. The server's own words are in [`problem`](Self::problem);
    /// which of these it is, the API tells in words only (API facts, section 3.3).
    ///
    /// `false` for a request that was malformed, and wherever money may have moved: a server that failed
    /// (status 500, API facts, section 6.1) may have done so when the terminal had taken the money.
    #[must_use]
    pub fn is_payment_refused(&self) -> bool {
        self.kind() == ErrorKind::Rejected
            && self.status().is_some_and(|status| status.is_client_error())
            && self
                .operation()
                .is_some_and(|operation| operation.name() == operations::PAY.id)
            && self
                .problem()
                .is_none_or(|problem| problem.errors.is_none())
    }
}
