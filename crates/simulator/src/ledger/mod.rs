//! What really happened at the server, for a test to compare with what the client believes.

use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

/// A request that arrived completely.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The header `x-operation-id`, when it is a uuid.
    pub operation_id: Option<Uuid>,
    /// The HTTP method in capitals.
    pub method: String,
    /// The path as received, without the query.
    pub path: String,
    /// The headers in order, names in lower case. The access token is left out.
    pub headers: Vec<(String, String)>,
    /// The raw body; of a body over the size limit, the part within the limit.
    pub body: Bytes,
    /// The HTTP status that was sent. `None` while it is open, and for resets and hangs.
    pub status: Option<u16>,
    /// Whether this request started the run of its operation. `false` for repeats, for requests
    /// refused by their headers, and for faults before commit; `true` also for a run that ends
    /// in a stored failure.
    pub executed: bool,
}

impl RequestRecord {
    /// The first value of a header; the name is compared without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A receipt that was really signed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceiptRecord {
    /// The operation that signed it.
    pub operation_id: Uuid,
    /// The receipt number, from 1, without gaps.
    pub receipt_number: u64,
    /// The row of the queue item, from 1. Rows also count items that were not signed.
    pub queue_row: u64,
    /// The queue item.
    pub queue_item_id: Uuid,
    /// The raw request body.
    pub request: Bytes,
    /// The response body.
    pub response: Bytes,
}

/// An accepted call of `/issue`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssueRecord {
    /// The operation that issued it.
    pub operation_id: Uuid,
    /// The queue item that was issued.
    pub queue_item_id: Uuid,
    /// Whether `ReceiptRequest` equals the signed request as a JSON value.
    pub request_matches: bool,
    /// Whether `ReceiptResponse` equals the response of `/sign` as a JSON value.
    pub response_matches: bool,
    /// The raw request body.
    pub request: Bytes,
}

/// Everything that arrived and everything that was done, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    requests: Vec<RequestRecord>,
    receipts: Vec<ReceiptRecord>,
    issues: Vec<IssueRecord>,
}

impl Ledger {
    /// Every request in order of arrival, except those to `/_sim/`.
    pub fn requests(&self) -> &[RequestRecord] {
        &self.requests
    }

    /// The signed receipts in order of their numbers.
    pub fn receipts(&self) -> &[ReceiptRecord] {
        &self.receipts
    }

    /// The accepted calls of `/issue` in order.
    pub fn issues(&self) -> &[IssueRecord] {
        &self.issues
    }

    /// The receipts one operation signed: one at most, unless the simulator is wrong.
    pub fn receipts_of(&self, operation_id: Uuid) -> Vec<&ReceiptRecord> {
        self.receipts
            .iter()
            .filter(|receipt| receipt.operation_id == operation_id)
            .collect()
    }

    /// The requests that carried one operation id, in order of arrival.
    pub fn requests_of(&self, operation_id: Uuid) -> Vec<&RequestRecord> {
        self.requests
            .iter()
            .filter(|request| request.operation_id == Some(operation_id))
            .collect()
    }

    pub(crate) fn record_request(&mut self, request: RequestRecord) -> usize {
        self.requests.push(request);
        self.requests.len() - 1
    }

    pub(crate) fn record_execution(&mut self, request: usize) {
        if let Some(request) = self.requests.get_mut(request) {
            request.executed = true;
        }
    }

    pub(crate) fn record_status(&mut self, request: usize, status: u16) {
        if let Some(request) = self.requests.get_mut(request) {
            request.status = Some(status);
        }
    }

    pub(crate) fn record_receipt(&mut self, receipt: ReceiptRecord) {
        self.receipts.push(receipt);
    }

    pub(crate) fn record_issue(&mut self, issue: IssueRecord) {
        self.issues.push(issue);
    }

    /// The form of `GET /_sim/ledger`. Bodies are texts there; bytes that are no UTF-8 are
    /// replaced.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "requests": self.requests.iter().map(|request| json!({
                "operation_id": request.operation_id.map(|id| id.to_string()),
                "method": request.method,
                "path": request.path,
                "headers": request.headers,
                "body": String::from_utf8_lossy(&request.body),
                "status": request.status,
                "executed": request.executed,
            })).collect::<Vec<_>>(),
            "receipts": self.receipts.iter().map(|receipt| json!({
                "operation_id": receipt.operation_id.to_string(),
                "receipt_number": receipt.receipt_number,
                "queue_row": receipt.queue_row,
                "queue_item_id": receipt.queue_item_id.to_string(),
                "request": String::from_utf8_lossy(&receipt.request),
                "response": String::from_utf8_lossy(&receipt.response),
            })).collect::<Vec<_>>(),
            "issues": self.issues.iter().map(|issue| json!({
                "operation_id": issue.operation_id.to_string(),
                "queue_item_id": issue.queue_item_id.to_string(),
                "request_matches": issue.request_matches,
                "response_matches": issue.response_matches,
                "request": String::from_utf8_lossy(&issue.request),
            })).collect::<Vec<_>>(),
        })
    }
}
