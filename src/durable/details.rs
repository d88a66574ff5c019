//! What a row says besides what is decided with: a JSON document.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::runtime::StoredRequest;

/// The form the details have. A later one is refused, not guessed at.
pub(super) const DETAILS_VERSION: u32 = 1;

/// The details of an operation, as they are stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Details {
    pub(super) version: u32,
    pub(super) request: StoredRequest,
    /// SHA-256 of method, path and body, in hexadecimal digits: what makes it the same operation.
    pub(super) digest: String,
    pub(super) created_unix_ms: i64,
    /// When the first attempt began that may have been executed; `None` if it is proved that none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) first_sent_unix_ms: Option<i64>,
    #[serde(default)]
    pub(super) attempts: u32,
    /// Why the last attempt did not settle it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<String>,
    /// The operation it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) predecessor: Option<Uuid>,
    /// The operation that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) successor: Option<Uuid>,
    /// When the customer left with an offline receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) handed_over_unix_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) abandoned: Option<Abandoned>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<AnswerHead>,
}

/// Who gave an operation up, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Abandoned {
    pub(super) who: String,
    pub(super) why: String,
}

/// An answer without its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerHead {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
}
