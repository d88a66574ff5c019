//! `POST /sign`: a receipt becomes a fiscal receipt.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::Client;
use super::answer::{Misread, json};
use super::call::{OperationCall, sealed};
use super::completion::Completion;
use super::issued_item::IssuedItem;
use crate::codes::State;
use crate::error::{Error, ErrorKind, Result};
use crate::problem::one_line;
use crate::receipt::{self, Signable};
use crate::runtime::{Answer, Execution, Operation};
use crate::types::ReceiptResponse;

/// A receipt the queue has answered: the request and the answer, byte for byte.
///
/// Got from a call that succeeded, the receipt is signed. From
/// [`Error::fiscal_answer`](crate::Error::fiscal_answer) it is what the queue said instead.
#[derive(Clone)]
#[non_exhaustive]
pub struct Signed {
    /// The answer (API facts, section 4.5). Unknown members are kept in `extra`.
    pub response: ReceiptResponse,
    /// The exact bytes of the request, UTF-8 JSON. Kept, they are what a refund is made from and what the
    /// receipt is issued with.
    pub request_body: Bytes,
    /// How the operation was answered; [`Completion::body`] holds the exact bytes of the answer.
    pub completion: Completion,
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("item", &IssuedItem::from(self))
            .field("ft_state", &self.response.ft_state)
            .field("completion", &self.completion)
            .finish_non_exhaustive()
    }
}

impl Signed {
    /// Whether the receipt was signed now or had been signed before.
    #[must_use]
    pub fn execution(&self) -> Execution {
        self.completion.execution
    }

    /// The id it was signed under, sent as `x-operation-id` (API facts, section 2.1).
    #[must_use]
    pub fn operation_id(&self) -> Uuid {
        self.completion.operation_id
    }

    /// What the queue says in its failure signatures (type nibble 3), joined to one text.
    fn failure(&self) -> Option<String> {
        let texts: Vec<&str> = self
            .response
            .ft_signatures
            .iter()
            .filter(|signature| {
                signature
                    .ft_signature_type
                    .is_some_and(|kind| kind.case() >> 12 == 3)
            })
            .filter_map(|signature| signature.data.as_deref())
            .collect();
        (!texts.is_empty()).then(|| texts.join("; "))
    }
}

/// The one member that settles a receipt, whatever form the others have.
#[derive(serde::Deserialize)]
struct OnlyState {
    #[serde(rename = "ftState")]
    _state: State,
}

impl sealed::Sealed for Signed {
    type Document = ReceiptResponse;
    const OPERATION: &'static str = crate::raw::operations::SIGN.id;

    fn read(_: &Operation, answer: &Answer) -> std::result::Result<ReceiptResponse, Misread> {
        json(answer).map_err(|misread| {
            let has_state = serde_json::from_slice::<OnlyState>(&answer.body).is_ok();
            if has_state {
                misread.settling()
            } else {
                misread
            }
        })
    }

    fn judged(
        operation: &Operation,
        document: ReceiptResponse,
        completion: Completion,
    ) -> Result<Self> {
        let state = document.ft_state;
        let signed = Self {
            response: document,
            request_body: operation.body.clone().unwrap_or_default(),
            completion,
        };
        let (kind, message) = if state.is_fail() {
            (
                ErrorKind::FiscalFail,
                "The queue failed: the receipt was neither signed nor stored",
            )
        } else if state.is_error() {
            (
                ErrorKind::FiscalError,
                "The queue refused the receipt: it is not signed and has no number",
            )
        } else if state.is_queue_not_active() {
            (
                ErrorKind::QueueNotActive,
                "The queue is not active (not started yet, or stopped): the receipt is not signed",
            )
        } else {
            return Ok(signed);
        };
        let message = match signed.failure() {
            Some(failure) => format!("{message} (ftState {state:#}: {})", one_line(&failure)),
            None => format!("{message} (ftState {state:#})"),
        };
        Err(Error::new(kind, message)
            .with_operation(operation.clone())
            .with_answer(signed.completion.clone())
            .with_signed(signed))
    }
}

impl Client {
    /// Signs a receipt.
    ///
    /// Succeeds only if the receipt is signed: an error, fail or inactive state of the queue is an
    /// error here, although the server answers it with status 201 (API facts, section 6.2). Whatever
    /// happens to the network, the receipt is signed at most once, and the answer says whether it was
    /// this attempt or an earlier one.
    ///
    /// Empty item ids are left out, because servers refuse them (API facts, section 7, row 26), and the
    /// receipt's moment is written in UTC. A receipt without a case is sent as it is; servers read it as 0.
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::Invalid`] for a receipt without reference or moment, before anything
    /// is sent; otherwise what [`ErrorKind`] lists.
    pub fn sign(&self, receipt: impl Signable) -> OperationCall<Signed> {
        let request = receipt.into_request().map_err(Error::from);
        let prepared = request.and_then(receipt::sendable).and_then(|receipt| {
            self.freeze(|raw| async move { raw.sign().body(receipt).send().await })
        });
        OperationCall::new(Arc::clone(&self.engine), prepared)
    }
}
