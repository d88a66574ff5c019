//! Lines that depend on the lines before them, and tips.

use super::line::Line;
use crate::receipt::{ReceiptError, inverse};
use crate::types::Amount;

/// A line voided within a receipt takes back an earlier line of it: one with its rate and the opposite
/// numbers, which no other void takes back.
pub(super) fn voids(lines: &[Line]) -> Result<(), ReceiptError> {
    let mut left: Vec<&Line> = Vec::new();
    for line in lines {
        if line.is_void {
            let (amount, quantity) = (
                inverse::negated(line.amount),
                inverse::negated(line.quantity),
            );
            let is_taken_back = |earlier: &&Line| {
                earlier.amount == amount
                    && earlier.vat_rate == line.vat_rate
                    && (line.is_payment() || earlier.quantity == quantity)
            };
            let Some(taken_back) = left.iter().position(is_taken_back) else {
                let numbers = if line.is_payment() {
                    format!("the amount {amount}")
                } else {
                    let rate = line.vat_rate;
                    format!("the amount {amount}, the quantity {quantity} and the VAT rate {rate}")
                };
                return Err(line.wrong(
                    "Amount",
                    format!("is void, but no line before it that still stands has {numbers}"),
                ));
            };
            left.swap_remove(taken_back);
        }
        left.push(line);
    }
    Ok(())
}

/// A discount or extra follows a line with the same VAT rate.
pub(super) fn price_changes(lines: &[Line]) -> Result<(), ReceiptError> {
    for (index, line) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.changes_price)
    {
        let mut before = lines.iter().take(index).filter(|line| !line.changes_price);
        let Some(first) = before.next() else {
            return Err(line.wrong_case("is a discount or extra, but there is no line before it"));
        };
        let is_same = |earlier: &Line| earlier.vat_rate == line.vat_rate;
        if !is_same(first) && !before.any(is_same) {
            return Err(line.wrong(
                "VATRate",
                format!(
                    "is {} on a discount or extra, but no line before it has this rate",
                    line.vat_rate
                ),
            ));
        }
        if line.quantity.is_negative() && !line.is_void && !line.is_refund {
            return Err(line.wrong(
                "Quantity",
                "of a discount or extra must be positive; the amount has the sign",
            ));
        }
    }
    Ok(())
}

/// A tip leaves the means of payment.
pub(super) fn tips(pays: &[Line]) -> Result<(), ReceiptError> {
    let is_wrong =
        |pay: &&Line| pay.is_tip && !pay.is_void && !pay.is_refund && pay.amount > Amount::ZERO;
    match pays.iter().find(is_wrong) {
        Some(tip) => Err(tip.wrong(
            "Amount",
            "of a tip must be negative: it leaves the means of payment",
        )),
        None => Ok(()),
    }
}
