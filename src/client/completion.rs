//! What every answered call has in common.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use uuid::Uuid;

use crate::runtime::{Answer, Execution, Operation};

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
    pub(super) fn new(operation: &Operation, answer: Answer) -> Self {
        Self {
            operation_id: operation.id,
            execution: answer.execution(),
            attempts: operation.progress.attempts(),
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
        }
    }
}
