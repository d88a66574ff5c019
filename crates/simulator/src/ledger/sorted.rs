//! What a ledger says whatever the order in which concurrent requests came in.

use serde::Serialize;
use uuid::Uuid;

use super::Ledger;
use crate::members::Members;

#[derive(Serialize)]
struct Sorted {
    receipts: Vec<Receipt>,
    payments: Vec<Payment>,
    issues: Vec<Issue>,
    issue_updates: Vec<IssueUpdate>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Receipt {
    operation_id: Uuid,
    queue_item_id: Uuid,
    /// As it is written in the response.
    state: String,
    request: String,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Payment {
    operation_id: Uuid,
    action: String,
    amount: String,
    request: String,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Issue {
    operation_id: Uuid,
    queue_item_id: Uuid,
    request_matches: bool,
    response_matches: bool,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct IssueUpdate {
    operation_id: Uuid,
    queue_item_id: Uuid,
    action: String,
    request: String,
}

fn sorted<T: Ord>(records: impl Iterator<Item = T>) -> Vec<T> {
    let mut records: Vec<T> = records.collect();
    records.sort();
    records
}

/// The sorted part as indented JSON.
pub(super) fn text(ledger: &Ledger) -> Result<String, serde_json::Error> {
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    serde_json::to_string_pretty(&Sorted {
        receipts: sorted(ledger.receipts.iter().map(|receipt| {
            Receipt {
                operation_id: receipt.operation_id,
                queue_item_id: receipt.queue_item_id,
                state: Members::of_body(&receipt.response)
                    .and_then(|response| Some(response.get("ftState")?.get().to_owned()))
                    .unwrap_or_default(),
                request: lossy(&receipt.request),
            }
        })),
        payments: sorted(ledger.payments.iter().map(|payment| Payment {
            operation_id: payment.operation_id,
            action: payment.action.to_string(),
            amount: payment.amount.to_string(),
            request: lossy(&payment.request),
        })),
        issues: sorted(ledger.issues.iter().map(|issue| Issue {
            operation_id: issue.operation_id,
            queue_item_id: issue.queue_item_id,
            request_matches: issue.request_matches,
            response_matches: issue.response_matches,
        })),
        issue_updates: sorted(ledger.issue_updates.iter().map(|update| IssueUpdate {
            operation_id: update.operation_id,
            queue_item_id: update.queue_item_id,
            action: update.action.to_string(),
            request: lossy(&update.request),
        })),
    })
}
