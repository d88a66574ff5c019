//! What a terminal is asked to do.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use serde::Serialize;

use crate::client::terminal::terminal_header;
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
    terminal: Option<String>,
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
            terminal: None,
        }
    }

    /// The protocol of the terminal: a [`PaymentProtocol`](crate::types::PaymentProtocol) or any other
    /// name, because the list is open (API facts, section 5.1). Default `use_auto`, the one that is configured.
    pub fn protocol(mut self, protocol: impl fmt::Display) -> Self {
        self.protocol = protocol.to_string();
        self
    }

    /// The terminal that takes it, sent as `cbTerminalID` and as the header `x-terminal-id` alike: a server
    /// may look at one of them only, and refuses two that differ (API facts, sections 2.1 and 4.8). Default:
    /// not sent; then devices that have no terminal id react (API facts, section 3.3). An empty one, or one
    /// that no header can carry, is [`ErrorKind::Invalid`] when the call is awaited.
    pub fn terminal(mut self, id: impl Into<String>) -> Self {
        self.terminal = Some(id.into());
        self
    }

    /// The currency. Default: not sent, which means EUR (API facts, section 5.4).
    pub fn currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }
}

/// What [`Client::pay`](crate::Client::pay) sends: a [`Payment`], or a [`PayRequest`] put together by the
/// caller, which is sent as it is.
pub struct PayBody(Result<Written>);

/// What goes out.
pub(super) struct Written {
    pub(super) body: Bytes,
    /// The terminal of the body, for the header.
    pub(super) terminal: Option<HeaderValue>,
}

impl fmt::Debug for PayBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body of a reversal holds what the terminal said about the card.
        let length = self.0.as_ref().map(|written| written.body.len());
        f.debug_tuple("PayBody").field(&length).finish()
    }
}

impl PayBody {
    pub(super) fn into_written(self) -> Result<Written> {
        self.0
    }

    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self(Err(Error::new(ErrorKind::Invalid, reason)))
    }

    pub(super) fn of<I: Serialize>(request: &Request<'_, I>) -> Self {
        let terminal = request.terminal.map(terminal_header).transpose();
        Self(terminal.and_then(|terminal| {
            let body = written(request)?;
            Ok(Written { body, terminal })
        }))
    }
}

fn written<T: Serialize>(request: &T) -> Result<Bytes> {
    let bytes = serde_json::to_vec(request).map_err(|source| {
        Error::new(ErrorKind::Invalid, "The payment cannot be written").with_source(source)
    })?;
    Ok(bytes.into())
}

/// The body as it stands on the wire. `I` is the pay item.
#[derive(Serialize)]
pub(super) struct Request<'a, I> {
    #[serde(rename = "Action")]
    pub(super) action: &'a str,
    #[serde(rename = "Protocol")]
    pub(super) protocol: &'a str,
    #[serde(rename = "cbTerminalID", skip_serializing_if = "Option::is_none")]
    pub(super) terminal: Option<&'a str>,
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
            terminal: payment.terminal.as_deref(),
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
        Self(written(&request).map(|body| Written {
            body,
            terminal: None,
        }))
    }
}
