//! The headers of a call: who calls, for which operation.

use std::time::Duration;

use hyper::HeaderMap;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::credentials::Credentials;
use crate::wire::problem::Failure;

pub(crate) const OPERATION_ID: &str = "x-operation-id";
pub(crate) const OPERATION_LIFETIME: &str = "x-operation-lifetime";
pub(crate) const CASH_BOX_ID: &str = "x-cashbox-id";
pub(crate) const ACCESS_TOKEN: &str = "x-cashbox-accesstoken";
pub(crate) const POS_SYSTEM_ID: &str = "x-possystem-id";
pub(crate) const TERMINAL_ID: &str = "x-terminal-id";

/// A call of an operation whose headers are in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) operation_id: Uuid,
    pub(crate) cash_box_id: Uuid,
    pub(crate) pos_system_id: Option<Uuid>,
    pub(crate) terminal_id: Option<String>,
    pub(crate) any_cash_box: bool,
}

impl Call {
    /// Checks the cash box id, then the token, then the rest. Nothing is stored for a refusal.
    pub(crate) fn read(headers: &HeaderMap, credentials: &Credentials) -> Result<Self, Failure> {
        authenticate(headers, credentials)?;
        Self::read_unauthenticated(headers, credentials)
    }

    /// For the one call of a client that has no credentials yet.
    pub(crate) fn read_unauthenticated(
        headers: &HeaderMap,
        credentials: &Credentials,
    ) -> Result<Self, Failure> {
        Ok(Self {
            operation_id: required_operation_id(headers)?,
            cash_box_id: credentials.cash_box_id,
            pos_system_id: optional_uuid(headers, POS_SYSTEM_ID)?,
            any_cash_box: credentials.any_cash_box,
            terminal_id: match headers.get(TERMINAL_ID).map(|id| id.to_str()) {
                None => None,
                Some(Ok(id)) => Some(id.to_owned()).filter(|id| !id.is_empty()),
                Some(Err(_)) => {
                    return Err(Failure::bad_request(format!(
                        "The header {TERMINAL_ID} is not plain text."
                    )));
                }
            },
        })
    }
}

/// Checks the cash box id, then the token.
pub(crate) fn authenticate(headers: &HeaderMap, credentials: &Credentials) -> Result<(), Failure> {
    let cash_box_id = required_uuid(headers, CASH_BOX_ID)?;
    let token = headers.get(ACCESS_TOKEN).map(|token| token.as_bytes());
    if cash_box_id != credentials.cash_box_id
        || token != Some(credentials.access_token.reveal().as_bytes())
    {
        return Err(Failure::new(
            401,
            "Unauthorized",
            "No such cash box, or its access token is missing or wrong.",
        ));
    }
    Ok(())
}

pub(crate) fn required_operation_id(headers: &HeaderMap) -> Result<Uuid, Failure> {
    required_uuid(headers, OPERATION_ID)
}

/// The operation id of a request, for the ledger.
pub(crate) fn operation_id(headers: &HeaderMap) -> Option<Uuid> {
    optional_uuid(headers, OPERATION_ID).ok().flatten()
}

/// How long the caller waits at most. What is no number of milliseconds is ignored: no source
/// says what a server does with it.
pub(crate) fn lifetime(headers: &HeaderMap) -> Option<Duration> {
    let milliseconds = headers.get(OPERATION_LIFETIME)?.to_str().ok()?;
    milliseconds.parse().ok().map(Duration::from_millis)
}

fn required_uuid(headers: &HeaderMap, name: &str) -> Result<Uuid, Failure> {
    optional_uuid(headers, name)?
        .ok_or_else(|| Failure::bad_request(format!("The header {name} is missing.")))
}

fn optional_uuid(headers: &HeaderMap, name: &str) -> Result<Option<Uuid>, Failure> {
    headers
        .get(name)
        .map(|value| Uuid::try_parse_ascii(value.as_bytes()))
        .transpose()
        .map_err(|_| Failure::bad_request(format!("The header {name} is not a uuid.")))
}
