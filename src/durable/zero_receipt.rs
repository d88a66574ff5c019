//! Whether a zero receipt is due: the rules want one after receipts that were signed late.

use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use super::log::Log;
use super::record::Record;
use crate::client::Signed;
use crate::codes::{ReceiptCase, ReceiptKind};
use crate::raw::operations;
use crate::store::{Selection, StoreError};

/// How many rows are read at a time.
const PAGE: u32 = 500;

/// How far the log was read.
#[derive(Debug, Default)]
pub(super) struct LateSigned {
    read: Mutex<Read>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Read {
    /// Up to this number everything has ended, and counts.
    after: u64,
    is_due: bool,
}

/// What a receipt does to it.
enum Effect {
    SignedLate,
    Zero,
}

/// The member of a receipt that says what it is.
#[derive(Deserialize)]
struct Case {
    #[serde(rename = "ftReceiptCase")]
    case: ReceiptCase,
}

impl Log {
    /// Whether a receipt was signed late, and no zero receipt after it: by what the log holds, whoever sent
    /// them.
    pub(super) async fn is_zero_receipt_due(&self) -> Result<bool, StoreError> {
        let mut read = *self.late_signed.lock();
        let (mut is_due, mut is_ended) = (read.is_due, true);
        let mut after = read.after;
        loop {
            let rows = self.store.page(Selection::All, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.sequence;
            for row in rows {
                let sequence = row.sequence;
                is_ended &= !row.stage.is_open();
                if row.queue == self.queue
                    && let Some(effect) = effect(&Record::from_row(row)?)
                {
                    is_due = matches!(effect, Effect::SignedLate);
                }
                if is_ended {
                    read = Read {
                        after: sequence,
                        is_due,
                    };
                }
            }
        }
        *self.late_signed.lock() = read;
        Ok(is_due)
    }
}

impl LateSigned {
    fn lock(&self) -> std::sync::MutexGuard<'_, Read> {
        // A plain value, written whole: a panic elsewhere leaves nothing half done.
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an operation did; nothing for one that is no receipt, is not signed, or is a receipt like others.
fn effect(record: &Record) -> Option<Effect> {
    if record.name() != operations::SIGN.id {
        return None;
    }
    let Case { case } = serde_json::from_slice(record.body()).ok()?;
    let effect = if case.is_late_signing() {
        Effect::SignedLate
    } else if case.kind() == ReceiptKind::Zero {
        Effect::Zero
    } else {
        return None;
    };
    record.read::<Signed>().ok().map(|_| effect)
}
