//! Control calls that are not carried out.

use hyper::header::ALLOW;
use serde_json::json;

use crate::store::StoreError;
use crate::virtual_time::TimeError;
use crate::wire::reply::Reply;

/// Why a control call was not carried out. Its JSON form is `{"error": ".."}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: u16,
    message: String,
    allowed: Option<&'static str>,
}

impl Refusal {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            allowed: None,
        }
    }

    pub(super) fn not_allowed(allowed: &'static str) -> Self {
        Self {
            allowed: Some(allowed),
            ..Self::new(405, format!("This path takes {allowed} only."))
        }
    }

    pub(super) fn reply(self) -> Reply {
        let reply = Reply::json(self.status, json!({"error": self.message}).to_string());
        match self.allowed {
            Some(allowed) => reply.with_header(ALLOW, allowed),
            None => reply,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::new(503, format!("Nothing was done: {error}."))
    }
}

impl From<TimeError> for Refusal {
    fn from(error: TimeError) -> Self {
        let status = match error {
            TimeError::NotVirtual => 409,
            TimeError::OutOfRange => 400,
        };
        Self::new(status, format!("Nothing was done: {error}."))
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::new(500, error.to_string())
    }
}
