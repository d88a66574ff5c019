//! What a terminal is asked to do.

use std::fmt;

use bytes::Bytes;
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::types::{Amount, Currency, PayRequest};

/// The protocol that takes the terminal's own.
pub(super) const USE_AUTO: &str = "use_auto";

/// A payment to be taken.
#[derive(Debug, Clone)]
#[must_use]
pub struct Payment {
    description: String,
    amount: Amount,
    currency: Option<Currency>,
    protocol: String,
}

impl Payment {
    /// A payment of `amount`, in units of the currency: positive, or the call is
    /// [`ErrorKind::Invalid`] when it is awaited. `description` is shown and stored (API facts, section 4.8).
    pub fn new(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self {
            description: description.into(),
            amount: amount.into(),
            currency: None,
            protocol: USE_AUTO.to_owned(),
        }
    }

    /// The protocol of the terminal: a [`PaymentProtocol`](crate::types::PaymentProtocol) or any other
    /// name, because the list is open (API facts, section 5.1). Default `use_auto`, the one that is configured.
    pub fn protocol(mut self, protocol: impl fmt::Display) -> Self {
        self.protocol = protocol.to_string();
        self
    }

    /// The currency. Default: not sent, which means EUR (API facts, section 5.4).
    pub fn currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }
}

/// What [`Client::pay`](crate::Client::pay) sends: a [`Payment`], or a [`PayRequest`] put together by the
/// caller.
pub struct PayBody(Result<Bytes>);

impl fmt::Debug for PayBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body of a reversal holds what the terminal said about the card.
        let length = self.0.as_ref().map(Bytes::len);
        f.debug_tuple("PayBody").field(&length).finish()
    }
}

impl PayBody {
    pub(super) fn into_bytes(self) -> Result<Bytes> {
        self.0
    }

    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self(Err(Error::new(ErrorKind::Invalid, reason)))
    }

    pub(super) fn of<T: Serialize>(request: &T) -> Self {
        let bytes = serde_json::to_vec(request).map_err(|source| {
            Error::new(ErrorKind::Invalid, "The payment cannot be written").with_source(source)
        });
        Self(bytes.map(Bytes::from))
    }
}

/// The body as it stands on the wire. `I` is the pay item.
#[derive(Serialize)]
pub(super) struct Request<'a, I> {
    #[serde(rename = "Action")]
    pub(super) action: &'a str,
    #[serde(rename = "Protocol")]
    pub(super) protocol: &'a str,
    #[serde(rename = "cbPayItem")]
    pub(super) item: I,
}

#[derive(Serialize)]
struct Item<'a> {
    #[serde(rename = "Description")]
    description: &'a str,
    #[serde(rename = "Amount")]
    amount: Amount,
    #[serde(rename = "Currency", skip_serializing_if = "Option::is_none")]
    currency: Option<&'a Currency>,
}

impl From<Payment> for PayBody {
    fn from(payment: Payment) -> Self {
        if payment.amount <= Amount::ZERO {
            return Self::invalid(format!(
                "A payment of {} cannot be sent: cbPayItem.Amount has to be positive; money goes back by \
                 refund or cancel",
                payment.amount
            ));
        }
        Self::of(&Request {
            action: "payment",
            protocol: &payment.protocol,
            item: Item {
                description: &payment.description,
                amount: payment.amount,
                currency: payment.currency.as_ref(),
            },
        })
    }
}

impl From<PayRequest> for PayBody {
    fn from(request: PayRequest) -> Self {
        Self::of(&request)
    }
}
