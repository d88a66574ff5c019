//! Charge items and pay items come to the same.

use super::line::Line;
use crate::codes::{ReceiptCase, ReceiptCategory, ReceiptKind};
use crate::receipt::ReceiptError;
use crate::types::Amount;

pub(super) fn check(
    case: ReceiptCase,
    charges: &[Line],
    pays: &[Line],
    tolerance: Amount,
) -> Result<(), ReceiptError> {
    // What moves no money need not balance.
    let moves_no_money = case.category() == ReceiptCategory::Log
        || matches!(
            case.kind(),
            ReceiptKind::DeliveryNote | ReceiptKind::TableCheck | ReceiptKind::ProForma
        );
    let charged = sum("cbChargeItems", charges)?;
    let paid = sum("cbPayItems", pays)?;
    let difference = charged.decimal().checked_sub(paid.decimal());
    let is_equal = difference.is_some_and(|difference| difference.abs() <= tolerance.decimal());
    if moves_no_money || is_equal {
        return Ok(());
    }
    Err(ReceiptError::new(
        "cbPayItems",
        format!("must come to {charged}, as the charge items do, not to {paid}"),
    ))
}

fn sum(list: &str, lines: &[Line]) -> Result<Amount, ReceiptError> {
    let mut amounts = lines.iter().map(|line| line.amount);
    amounts
        .try_fold(Amount::ZERO, Amount::checked_add)
        .ok_or_else(|| ReceiptError::new(list, "have a sum of more than 28 digits"))
}
