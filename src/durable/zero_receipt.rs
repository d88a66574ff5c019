//! Whether a zero receipt is due: the rules want one after receipts that were signed late.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;

use super::log::Log;
use super::record::Record;
use crate::client::Signed;
use crate::codes::{ReceiptCase, ReceiptKind};
use crate::raw::operations;
use crate::store::{Selection, Stage, StoreError};

/// How many rows are read at a time.
const PAGE: u32 = 500;

/// What was learnt of it.
#[derive(Debug, Default)]
pub(super) struct LateSigned {
    due: Mutex<Due>,
}

/// Whether one is due, as far as is known.
#[derive(Debug, Clone, Copy, Default)]
struct Due {
    /// By what earlier programs left in the log; `None` before it was read.
    by_log: Option<bool>,
    /// By what was settled since; `None` if nothing said so or otherwise.
    by_answers: Option<bool>,
}

/// The member of a receipt that says what it is.
#[derive(Deserialize)]
struct Case {
    #[serde(rename = "ftReceiptCase")]
    case: ReceiptCase,
}

impl LateSigned {
    /// Takes note of what was settled. The queue says itself whether it is in late signing mode, so that a
    /// program that began anew learns it with the first receipt.
    pub(super) fn note(&self, settled: &Record) {
        let Some(case) = case(settled) else { return };
        let Ok(signed) = settled.read::<Signed>() else {
            return;
        };
        let due = due_after(case).or(signed.response.ft_state.is_late_signing().then_some(true));
        if due.is_some() {
            self.due().by_answers = due;
        }
    }

    /// Takes note that something may have been settled unseen: the log has to be read.
    pub(super) fn forget(&self) {
        *self.due() = Due::default();
    }

    fn due(&self) -> MutexGuard<'_, Due> {
        // Plain values: a panic elsewhere leaves nothing half done.
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    /// Whether a receipt was signed late, and no zero receipt after it. A log that cannot be read says nothing
    /// about it, nor does one that many share: the queue's next answer does.
    pub(super) async fn is_zero_receipt_due(&self) -> bool {
        let due = *self.late_signed.due();
        if let Some(due) = due.by_answers.or(due.by_log) {
            return due;
        }
        if self.store.is_shared() {
            return false;
        }
        let Ok(is_due) = self.was_left_due().await else {
            return false;
        };
        self.late_signed.due().by_log = Some(is_due);
        is_due
    }

    async fn was_left_due(&self) -> Result<bool, StoreError> {
        let (mut is_due, mut after) = (false, 0);
        loop {
            let rows = self.store.page(Selection::All, after, PAGE).await?;
            let Some(last) = rows.last() else {
                return Ok(is_due);
            };
            after = last.sequence;
            for row in rows {
                let is_settled = matches!(row.stage, Stage::Final | Stage::Acknowledged);
                if !is_settled || row.queue != self.queue {
                    continue;
                }
                let record = Record::from_row(row)?;
                if let Some(due) = case(&record).and_then(due_after)
                    && record.read::<Signed>().is_ok()
                {
                    is_due = due;
                }
            }
        }
    }
}

/// What a receipt is.
fn case(record: &Record) -> Option<ReceiptCase> {
    if record.name() != operations::SIGN.id {
        return None;
    }
    let Case { case } = serde_json::from_slice(record.body()).ok()?;
    Some(case)
}

/// What a receipt that was signed makes of it.
fn due_after(case: ReceiptCase) -> Option<bool> {
    if case.kind() == ReceiptKind::Zero {
        Some(false)
    } else {
        case.is_late_signing().then_some(true)
    }
}
