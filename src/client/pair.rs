//! `POST /pair`: credentials for a PIN.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::answer::{Misread, json};
use super::builder::ClientBuilder;
use super::call::{OperationCall, sealed};
use super::completion::Completion;
use super::credentials::AccessToken;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::operations;
use crate::runtime::{Answer, Execution, Operation};
use crate::types::{Id, Secret};

/// What stands in the place of a token while there is none. It is not sent.
const NO_TOKEN: &str = "not-paired-yet";

#[derive(Serialize)]
struct Request {
    #[serde(rename = "Pin")]
    pin: Secret,
}

/// The members that matter, in the spellings that occur.
#[derive(Deserialize)]
pub struct Document {
    #[serde(rename = "CashBoxID", alias = "CashBoxId", alias = "cashBoxID")]
    cashbox_id: Id,
    #[serde(rename = "AccessToken", alias = "accessToken")]
    access_token: Secret,
}

/// The credentials of a cash box, fresh from pairing (API facts, section 4.14). The token is never shown.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Paired {
    /// The cash box, for [`ClientBuilder::cashbox_id`].
    pub cashbox_id: Uuid,
    /// Its access token, for [`ClientBuilder::access_token`].
    pub access_token: Secret,
    /// The id it was sent under.
    pub operation_id: Uuid,
    /// Whether the PIN was redeemed now or had been by an earlier attempt.
    pub execution: Execution,
}

impl sealed::Sealed for Paired {
    type Document = Document;
    const OPERATION: &'static str = operations::PAIR.id;

    fn read(_: &Operation, answer: &Answer) -> std::result::Result<Document, Misread> {
        let document: Document = json(answer)?;
        if document.cashbox_id.uuid().is_none() || document.access_token.expose().is_empty() {
            return Err(Misread::new(""));
        }
        Ok(document)
    }

    fn judged(operation: &Operation, document: Document, completion: Completion) -> Result<Self> {
        let cashbox_id = document.cashbox_id.uuid().ok_or_else(|| {
            Error::new(ErrorKind::Unreadable, "The cash box id is no UUID")
                .with_operation(operation.clone())
        })?;
        Ok(Self {
            cashbox_id,
            access_token: document.access_token,
            operation_id: completion.operation_id,
            execution: completion.execution,
        })
    }
}

impl ClientBuilder {
    /// Exchanges a pairing PIN for the credentials of a cash box, before there are any: nothing but the
    /// server and [`pos_system_id`](Self::pos_system_id) has to be set (API facts, section 3.7).
    ///
    /// A PIN can be used once and for about five minutes. An answer that is lost is asked for again under
    /// the same operation id, so that the PIN is not lost with it. Neither the PIN nor the token is ever
    /// logged, and the [handle](crate::Handle) of this operation cannot be stored.
    ///
    /// ```no_run
    /// # async fn example(pin: String) -> Result<(), Box<dyn std::error::Error>> {
    /// use pos_system_api::Client;
    ///
    /// let set_up = || Client::builder().sandbox().pos_system_id(uuid::Uuid::nil());
    /// if let Some(paired) = set_up().pair(pin)?.await?.done() {
    ///     let client = set_up().paired(&paired).build()?;
    ///     client.echo("hello").await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] as for [`build`](Self::build). When awaited:
    /// [`ErrorKind::Unauthorized`] or [`ErrorKind::Rejected`] for a PIN that is unknown, used or out of
    /// date; otherwise what [`ErrorKind`] lists.
    pub fn pair(self, pin: impl Into<Secret>) -> Result<OperationCall<Paired>> {
        let client = self
            .cashbox_id(Uuid::nil())
            .access_token(AccessToken::from(NO_TOKEN))
            .build()?;
        let body = serde_json::to_vec(&Request { pin: pin.into() }).map_err(|source| {
            Error::new(ErrorKind::Invalid, "The PIN cannot be written").with_source(source)
        })?;
        let prepared = client
            .fixed(
                &operations::PAIR,
                &[],
                "application/json",
                Some(body.into()),
            )
            .map(|mut operation| {
                operation.options.anonymous = true;
                operation
            });
        Ok(OperationCall::new(Arc::clone(&client.engine), prepared))
    }

    /// Takes the credentials from a pairing: [`cashbox_id`](Self::cashbox_id) and
    /// [`access_token`](Self::access_token).
    pub fn paired(self, paired: &Paired) -> Self {
        self.cashbox_id(paired.cashbox_id)
            .access_token(paired.access_token.expose())
    }
}
