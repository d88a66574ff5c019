//! The JSON form that tells, by operation, what arrived and what was done.

use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use super::{Ledger, OperationRecord, ReceiptRecord, Record};

/// The form of `GET /_sim/operations`. The lists of ids name the operations a test of a client
/// looks for: all of them are empty when nothing was done twice.
#[derive(Serialize)]
struct Audit<'a> {
    operations: Vec<Operation<'a>>,
    several_bodies: Vec<Uuid>,
    several_runs: Vec<Uuid>,
    several_receipts: Vec<Uuid>,
    several_payments: Vec<Uuid>,
}

#[derive(Serialize)]
struct Operation<'a> {
    #[serde(flatten)]
    record: &'a OperationRecord,
    receipts: Vec<Receipt>,
    payments: usize,
    issues: usize,
    issue_updates: usize,
}

#[derive(Serialize)]
struct Receipt {
    receipt_number: u64,
    queue_row: u64,
    queue_item_id: Uuid,
    reference: String,
}

impl From<&ReceiptRecord> for Receipt {
    fn from(record: &ReceiptRecord) -> Self {
        Self {
            receipt_number: record.receipt_number,
            queue_row: record.queue_row,
            queue_item_id: record.queue_item_id,
            reference: record.reference(),
        }
    }
}

impl Ledger {
    /// Of one operation or of all.
    pub(crate) fn audit(&self, operation: Option<Uuid>) -> Result<String, serde_json::Error> {
        let mut receipts: HashMap<Uuid, Vec<Receipt>> = HashMap::new();
        for record in &self.receipts {
            if operation.is_none_or(|wanted| wanted == record.operation_id) {
                let of_operation = receipts.entry(record.operation_id).or_default();
                of_operation.push(record.into());
            }
        }
        let payments = counts(&self.payments);
        let issues = counts(&self.issues);
        let issue_updates = counts(&self.issue_updates);
        let of = |counts: &HashMap<Uuid, usize>, id| counts.get(&id).copied().unwrap_or(0);
        let wanted = self
            .operations()
            .iter()
            .filter(|record| operation.is_none_or(|wanted| wanted == record.operation_id));
        let operations: Vec<Operation<'_>> = wanted
            .map(|record| {
                let id = record.operation_id;
                Operation {
                    record,
                    receipts: receipts.remove(&id).unwrap_or_default(),
                    payments: of(&payments, id),
                    issues: of(&issues, id),
                    issue_updates: of(&issue_updates, id),
                }
            })
            .collect();
        let ids_where = |is_so: fn(&Operation<'_>) -> bool| {
            let found = operations.iter().filter(|operation| is_so(operation));
            found.map(|found| found.record.operation_id).collect()
        };
        serde_json::to_string(&Audit {
            several_bodies: ids_where(|operation| operation.record.has_several_bodies()),
            several_runs: ids_where(|operation| operation.record.runs > 1),
            several_receipts: ids_where(|operation| operation.receipts.len() > 1),
            several_payments: ids_where(|operation| operation.payments > 1),
            operations,
        })
    }
}

fn counts<R: Record>(records: &[R]) -> HashMap<Uuid, usize> {
    let mut counts = HashMap::new();
    for record in records {
        *counts.entry(record.operation_id()).or_insert(0) += 1;
    }
    counts
}
