//! Rates of VAT.

use super::line::Line;
use crate::receipt::ReceiptError;
use crate::types::Amount;

/// Why a number is no rate in percent.
pub(in crate::receipt) fn rate_fault(percent: Amount) -> Option<String> {
    if percent.is_negative() {
        Some(format!("must not be negative, as {percent}"))
    } else if percent > Amount::from(100) {
        Some(format!("must be at most 100, in percent, not {percent}"))
    } else {
        None
    }
}

pub(super) fn rates(charges: &[Line]) -> Result<(), ReceiptError> {
    for line in charges {
        if let Some(reason) = rate_fault(line.vat_rate) {
            return Err(line.wrong("VATRate", reason));
        }
    }
    Ok(())
}
