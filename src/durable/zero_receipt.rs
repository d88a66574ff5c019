//! Whether a zero receipt is due: the rules want one after receipts that were signed late.

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;

use super::record::Record;
use crate::client::Signed;
use crate::codes::{ReceiptCase, ReceiptKind};
use crate::raw::operations;

/// What the answers of the queue said, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct LateSigned {
    is_zero_receipt_due: AtomicBool,
}

/// The member of a receipt that says what it is.
#[derive(Deserialize)]
struct Case {
    #[serde(rename = "ftReceiptCase")]
    case: ReceiptCase,
}

impl LateSigned {
    /// Whether a receipt was signed late, and no zero receipt after it.
    pub(super) fn is_zero_receipt_due(&self) -> bool {
        self.is_zero_receipt_due.load(Ordering::SeqCst)
    }

    /// Takes note of what was settled. The queue says itself whether it is in late signing mode, so that a
    /// program that began anew learns it with the first receipt.
    pub(super) fn note(&self, settled: &Record) {
        if settled.name() != operations::SIGN.id {
            return;
        }
        let Ok(Case { case }) = serde_json::from_slice(settled.body()) else {
            return;
        };
        let Ok(signed) = settled.read::<Signed>() else {
            return;
        };
        if case.kind() == ReceiptKind::Zero {
            self.is_zero_receipt_due.store(false, Ordering::SeqCst);
        } else if case.is_late_signing() || signed.response.ft_state.is_late_signing() {
            self.is_zero_receipt_due.store(true, Ordering::SeqCst);
        }
    }
}
