//! What every answered call has in common.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use uuid::Uuid;

use crate::runtime::{Answer, Execution};

/// How an operation was answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Completion {
    /// The id it was sent under.
    pub operation_id: Uuid,
    /// Whether the server executed it now or had done so before.
    pub execution: Execution,
    /// How many attempts it took.
    pub attempts: u32,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers of the answer.
    pub headers: HeaderMap,
    /// The exact bytes of the answer.
    pub body: Bytes,
}

impl Completion {
    pub(super) fn new(operation_id: Uuid, answer: Answer, attempts: u32) -> Self {
        Self {
            operation_id,
            execution: answer.execution(),
            attempts,
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
        }
    }
}
