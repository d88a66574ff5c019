//! `POST /issue`: a signed receipt becomes a document for the customer.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::Client;
use super::answer::{Misread, json};
use super::call::{OperationCall, sealed};
use super::completion::Completion;
use super::issued_item::IssuedItem;
use super::sign::Signed;
use crate::error::{Error, ErrorKind, Result};
use crate::runtime::{Answer, Operation};
use crate::types::{IssueRequest, IssueResponse};

/// An issued receipt.
#[derive(Clone)]
#[non_exhaustive]
pub struct Issued {
    /// The answer: the ids of the document and its address (API facts, section 4.10).
    pub response: IssueResponse,
    /// How the operation was answered.
    pub completion: Completion,
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued")
            .field("item", &IssuedItem::from(self))
            .field("completion", &self.completion)
            .finish_non_exhaustive()
    }
}

impl Issued {
    /// The address of the digital receipt, for a link or a QR code.
    #[must_use]
    pub fn document_url(&self) -> Option<&str> {
        self.response.document_url.as_deref()
    }
}

impl sealed::Sealed for Issued {
    type Document = IssueResponse;
    const OPERATION: &'static str = crate::raw::operations::ISSUE.id;

    fn read(_: &Operation, answer: &Answer) -> std::result::Result<IssueResponse, Misread> {
        let document: IssueResponse = json(answer)?;
        match &document.document_url {
            Some(_) => Ok(document),
            None => Err(Misread::new("DocumentURL is missing")),
        }
    }

    fn judged(_: &Operation, document: IssueResponse, completion: Completion) -> Result<Self> {
        Ok(Self {
            response: document,
            completion,
        })
    }
}

/// What can be issued: a [`Signed`] receipt, or an [`IssueRequest`] put together by the caller.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Issuable {
    /// Request and answer of a signed receipt. Both are sent on byte for byte.
    Signed(Box<Signed>),
    /// A body of the caller's.
    Request(Box<IssueRequest>),
}

impl From<Signed> for Issuable {
    fn from(signed: Signed) -> Self {
        Self::Signed(Box::new(signed))
    }
}

impl From<&Signed> for Issuable {
    fn from(signed: &Signed) -> Self {
        Self::from(signed.clone())
    }
}

impl From<IssueRequest> for Issuable {
    fn from(request: IssueRequest) -> Self {
        Self::Request(Box::new(request))
    }
}

impl Client {
    /// Issues a signed receipt as a digital document.
    ///
    /// Request and answer go to the server exactly as they went to and came from
    /// [`sign`](Self::sign), members this crate does not know included (API facts, section 3.4).
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::Invalid`] for a receipt that is not signed, or whose request is lost,
    /// before anything is sent; otherwise what [`ErrorKind`] lists.
    pub fn issue(&self, receipt: impl Into<Issuable>) -> OperationCall<Issued> {
        let prepared = match receipt.into() {
            Issuable::Request(request) => self.freeze_issue(*request),
            Issuable::Signed(signed) => {
                self.freeze_issue(IssueRequest::builder())
                    .and_then(|mut operation| {
                        operation.body = Some(joined(&signed)?);
                        Ok(operation)
                    })
            }
        };
        OperationCall::new(Arc::clone(&self.engine), prepared)
    }

    fn freeze_issue<B>(&self, body: B) -> Result<Operation>
    where
        B: TryInto<IssueRequest>,
        B::Error: std::fmt::Display,
    {
        self.freeze(|raw| async move { raw.issue().body(body).send().await })
    }
}

/// The body of a signed receipt: both documents as they are.
fn joined(signed: &Signed) -> Result<Bytes> {
    if !signed.response.ft_state.is_signed() {
        return Err(Error::new(
            ErrorKind::Invalid,
            "The receipt is not signed, so it cannot be issued",
        ));
    }
    if signed.request_body.is_empty() {
        return Err(Error::new(
            ErrorKind::Invalid,
            "The signed receipt has lost its request, so it cannot be issued",
        ));
    }
    let (request, response) = (&signed.request_body, &signed.completion.body);
    let mut body = Vec::with_capacity(request.len() + response.len() + 40);
    body.extend_from_slice(br#"{"ReceiptRequest":"#);
    body.extend_from_slice(request);
    body.extend_from_slice(br#","ReceiptResponse":"#);
    body.extend_from_slice(response);
    body.push(b'}');
    Ok(body.into())
}
