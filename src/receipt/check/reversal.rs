//! Refunds and voids.

use super::line::Line;
use super::{PREVIOUS, is_greek};
use crate::codes::{ReceiptCase, ReceiptCategory, ReceiptKind};
use crate::receipt::{ReceiptError, inverse};
use crate::types::Amount;

/// What a receipt does to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reversal {
    Void,
    FullRefund,
    /// Some lines of the earlier receipt come back.
    PartialRefund,
}

impl Reversal {
    /// The earlier receipt is taken back as a whole; flags of its items then mean nothing else.
    pub(super) fn is_whole(self) -> bool {
        self != Self::PartialRefund
    }
}

pub(super) fn check(
    case: ReceiptCase,
    charges: &[Line],
    pays: &[Line],
    previous: &[String],
) -> Result<Option<Reversal>, ReceiptError> {
    let reversal = match (case.is_void(), case.is_refund()) {
        (true, true) => {
            return Err(ReceiptError::new(
                "ftReceiptCase",
                "has the flags of a void and of a refund; it can be one of both",
            ));
        }
        (true, false) => Reversal::Void,
        (false, true) => Reversal::FullRefund,
        (false, false) => {
            returned(charges)?;
            let returned = charges.iter().filter(|line| line.is_refund).count();
            // With other lines beside the returned ones it is an exchange.
            if returned == 0 || returned < charges.len() {
                return Ok(None);
            }
            Reversal::PartialRefund
        }
    };
    if reversal == Reversal::Void {
        let mut lines = charges.iter().chain(pays);
        if let Some(line) = lines.find(|line| !line.is_void) {
            return Err(line.wrong_case("is not flagged as void, on the void of a receipt"));
        }
    }
    let countries = charges.iter().chain(pays).map(|line| line.country);
    match previous.len() {
        1 => Ok(Some(reversal)),
        // Greek credit notes may stand alone.
        0 if reversal != Reversal::Void && is_greek(case, countries) => Ok(Some(reversal)),
        0 => Err(ReceiptError::new(
            PREVIOUS,
            "is missing: a refund or void names the receipt that it takes back",
        )),
        several => Err(ReceiptError::new(
            PREVIOUS,
            format!("names {several} receipts; a refund or void takes back exactly one"),
        )),
    }
}

/// What comes back has the opposite sign of a sale, unless it is void and stays where it is.
fn returned(charges: &[Line]) -> Result<(), ReceiptError> {
    for line in charges
        .iter()
        .filter(|line| line.is_refund && !line.is_void)
    {
        if line.quantity > Amount::ZERO {
            return Err(line.wrong("Quantity", "must be negative on what comes back"));
        }
        // What a discount, a down payment, a deposit or a voucher took off is paid again.
        if line.amount > Amount::ZERO && !line.changes_price && !line.goes_both_ways {
            return Err(line.wrong("Amount", "must be negative on what comes back"));
        }
    }
    Ok(())
}

/// A sale of which every line is negative is a refund, unless the lines say why: the queue would record
/// turnover that never was, negative, without the receipt that it belongs to.
pub(super) fn not_forgotten(case: ReceiptCase, charges: &[Line]) -> Result<(), ReceiptError> {
    let is_sale = matches!(
        case.kind(),
        ReceiptKind::Unknown
            | ReceiptKind::PointOfSale
            | ReceiptKind::PointOfSaleWithoutObligation
            | ReceiptKind::ECommerce
    ) || case.category() == ReceiptCategory::Invoice;
    // A discount has the opposite sign of its line, whichever that is.
    let is_other = |line: &Line| line.amount > Amount::ZERO && !line.changes_price;
    if case.version() != 2
        || !is_sale
        || charges.iter().any(|line| line.is_refund || is_other(line))
    {
        return Ok(());
    }
    match charges
        .iter()
        .find(|line| line.is_sold && line.amount.is_negative())
    {
        Some(line) => Err(line.wrong_case(
            "is that of a sale, but no line of the receipt is positive: make a refund of it with \
             Receipt::refund_of or Receipt::partial_refund_of, or mark what comes back with \
             ChargeItem::returned",
        )),
        None => Ok(()),
    }
}

/// What was sold as one of something is taken back as minus one of it; lines put together by hand may
/// have been forgotten. A line that was voided within the earlier receipt comes back beside its
/// opposite, and discounts and deposits have different signs in quantity and amount.
pub(super) fn inverted(charges: &[Line]) -> Result<(), ReceiptError> {
    for line in charges {
        let is_opposite = |other: &Line| {
            other.quantity == inverse::negated(line.quantity)
                && other.amount == inverse::negated(line.amount)
        };
        let is_sold = line.quantity > Amount::ZERO && line.amount > Amount::ZERO;
        if is_sold && !line.changes_price && !charges.iter().any(is_opposite) {
            return Err(line.wrong(
                "Amount",
                "is positive, with a positive quantity, on a receipt that takes all items back",
            ));
        }
    }
    Ok(())
}
