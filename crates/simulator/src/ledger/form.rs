//! The JSON forms of the ledger, as the control endpoints give them.

use serde::Serialize;
use uuid::Uuid;

use super::{
    IssueRecord, IssueUpdateRecord, Ledger, PaymentRecord, ReceiptRecord, Record, RequestRecord,
};

/// One of the lists of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Requests,
    Receipts,
    Payments,
    Issues,
    IssueUpdates,
}

impl Kind {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "requests" => Some(Self::Requests),
            "receipts" => Some(Self::Receipts),
            "payments" => Some(Self::Payments),
            "issues" => Some(Self::Issues),
            "issue_updates" => Some(Self::IssueUpdates),
            _ => None,
        }
    }
}

/// What of a ledger is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Of one operation only.
    pub(crate) operation: Option<Uuid>,
    /// One list only.
    pub(crate) kind: Option<Kind>,
    /// The last ones only, of each list.
    pub(crate) last: Option<usize>,
}

/// What stands before the lists of a whole ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Head {
    /// The seed of the plan of faults, `None` without one.
    pub(crate) fault_seed: Option<u64>,
}

#[derive(Serialize)]
struct Lists<'a> {
    #[serde(flatten)]
    head: Option<Head>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restarts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped_requests: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<Vec<&'a RequestRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipts: Option<Vec<&'a ReceiptRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payments: Option<Vec<&'a PaymentRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issues: Option<Vec<&'a IssueRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issue_updates: Option<Vec<&'a IssueUpdateRecord>>,
}

impl Selection {
    fn list<'a, R>(
        &self,
        kind: Kind,
        records: &'a [R],
        operation_id: impl Fn(&R) -> Option<Uuid>,
    ) -> Option<Vec<&'a R>> {
        if self.kind.is_some_and(|wanted| wanted != kind) {
            return None;
        }
        let mut list: Vec<&R> = records
            .iter()
            .filter(|record| self.operation.is_none() || operation_id(record) == self.operation)
            .collect();
        if let Some(last) = self.last {
            list.drain(..list.len().saturating_sub(last));
        }
        Some(list)
    }
}

/// The figures of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Summary {
    /// All requests, also those that are no longer kept.
    pub(crate) requests: usize,
    pub(crate) dropped_requests: usize,
    pub(crate) receipts: usize,
    pub(crate) payments: usize,
    pub(crate) issues: usize,
    pub(crate) issue_updates: usize,
    /// Restarts of the middleware by an echo.
    pub(crate) restarts: u64,
    /// Operations with more than one receipt.
    pub(crate) operations_with_several_receipts: usize,
    /// Operations with more than one payment.
    pub(crate) operations_with_several_payments: usize,
}

impl Ledger {
    /// The form of `GET /_sim/ledger`.
    pub(crate) fn to_json(
        &self,
        head: Head,
        selection: &Selection,
    ) -> Result<String, serde_json::Error> {
        let is_whole = selection.kind.is_none();
        let requests = selection.list(Kind::Requests, self.requests(), |record| {
            record.operation_id
        });
        serde_json::to_string(&Lists {
            head: is_whole.then_some(head),
            restarts: is_whole.then_some(self.restarts),
            dropped_requests: requests.is_some().then(|| self.dropped_requests()),
            requests,
            receipts: selection.list(Kind::Receipts, &self.receipts, operation_of),
            payments: selection.list(Kind::Payments, &self.payments, operation_of),
            issues: selection.list(Kind::Issues, &self.issues, operation_of),
            issue_updates: selection.list(Kind::IssueUpdates, &self.issue_updates, operation_of),
        })
    }

    pub(crate) fn summary(&self) -> Summary {
        Summary {
            requests: self.dropped_requests() + self.requests().len(),
            dropped_requests: self.dropped_requests(),
            receipts: self.receipts.len(),
            payments: self.payments.len(),
            issues: self.issues.len(),
            issue_updates: self.issue_updates.len(),
            restarts: self.restarts,
            operations_with_several_receipts: self.receipts().operations_with_several().len(),
            operations_with_several_payments: self.payments().operations_with_several().len(),
        }
    }
}

fn operation_of(record: &impl Record) -> Option<Uuid> {
    Some(record.operation_id())
}
