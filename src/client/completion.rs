//! What every answered call has in common.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use uuid::Uuid;

use crate::runtime::{Answer, Execution, Operation};

/// How an operation was answered.
///
/// `Debug` shows no headers and of the body only its length: they hold customer data. What a call answers
/// with, such as [`Signed`](super::Signed), shows this and at most ids and the state.
#[derive(Clone)]
#[non_exhaustive]
pub struct Completion {
    /// The id it was sent under.
    pub operation_id: Uuid,
    /// Whether the server executed it now (201) or had done so before (200); API facts, section 6.1.
    pub execution: Execution,
    /// How many attempts it took, those before it was resumed included if this process made them.
    pub attempts: u32,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers of the answer, as they came.
    pub headers: HeaderMap,
    /// The exact bytes of the answer.
    pub body: Bytes,
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion")
            .field("operation_id", &self.operation_id)
            .field("execution", &self.execution)
            .field("attempts", &self.attempts)
            .field("status", &self.status)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Completion {
    pub(crate) fn new(operation: &Operation, answer: Answer) -> Self {
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
