//! What has to be right before a receipt builds.

mod line;
mod order;
mod position;
mod reversal;
mod sum;
mod vat;

pub(super) use line::Line;
use reversal::Reversal;
pub(super) use vat::rate_fault;

use super::members::text_fault;
use super::{Receipt, ReceiptError};
use crate::codes::{Country, ReceiptCase, ReceiptCategory, ReceiptKind};
use crate::types::Amount;

const PREVIOUS: &str = "cbPreviousReceiptReference";

/// The head of a receipt.
pub(super) fn head<C>(receipt: &Receipt<C>) -> Result<(), ReceiptError> {
    let request = &receipt.request;
    let reference = request.cb_receipt_reference.as_deref().unwrap_or_default();
    if let Some(reason) = text_fault(reference) {
        return Err(ReceiptError::new("cbReceiptReference", reason));
    }
    let moment = request.cb_receipt_moment.as_ref();
    if moment.and_then(|moment| moment.utc()).is_none() {
        return Err(ReceiptError::new(
            "cbReceiptMoment",
            "is no date and time with an offset",
        ));
    }
    for previous in &receipt.previous {
        if let Some(reason) = text_fault(previous) {
            return Err(ReceiptError::new(PREVIOUS, reason));
        }
        if previous == reference {
            return Err(ReceiptError::new(
                PREVIOUS,
                "is the receipt's own cbReceiptReference",
            ));
        }
    }
    Ok(())
}

/// A receipt's content. Numbers are as they are meant, whatever the precision.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) case: ReceiptCase,
    pub(super) charges: Vec<Line>,
    pub(super) pays: Vec<Line>,
    pub(super) previous: &'a [String],
    pub(super) has_customer: bool,
    /// The charge items are those of an earlier receipt, inverted, whatever signs they had.
    pub(super) is_inverse: bool,
    /// How far the sums may be apart.
    pub(super) tolerance: Amount,
}

impl Content<'_> {
    pub(super) fn check(&self) -> Result<(), ReceiptError> {
        let (case, charges, pays) = (self.case, &self.charges, &self.pays);
        if matches!(
            case.category(),
            ReceiptCategory::Daily | ReceiptCategory::Lifecycle
        ) {
            let list = match (charges.is_empty(), pays.is_empty()) {
                (false, _) => "cbChargeItems",
                (true, false) => "cbPayItems",
                (true, true) => return Ok(()),
            };
            return Err(ReceiptError::new(
                list,
                "must be empty: closings, zero receipts, start and stop take no items",
            ));
        }
        let needs_customer = matches!(
            case.kind(),
            ReceiptKind::InvoiceB2B | ReceiptKind::InvoiceB2G
        );
        if needs_customer && !self.has_customer {
            return Err(ReceiptError::new(
                "cbCustomer",
                "is missing: an invoice to a business or a public body names it",
            ));
        }
        // What a queue has taken is taken back as it was.
        if !self.is_inverse {
            vat::rates(charges)?;
            position::distinct(charges)?;
            position::distinct(pays)?;
        }
        let reversal = reversal::check(case, charges, pays, self.previous)?;
        if reversal.is_some_and(Reversal::is_whole) {
            if !self.is_inverse {
                reversal::inverted(charges)?;
            }
        } else {
            order::voids(charges)?;
            order::voids(pays)?;
            order::price_changes(charges)?;
            if !is_greek(case, pays.iter().map(|pay| pay.country)) {
                order::tips(pays)?;
            }
            let countries = charges.iter().chain(pays).map(|line| line.country);
            if reversal.is_none() && !is_greek(case, countries) {
                reversal::not_forgotten(case, charges)?;
            }
        }
        sum::check(case, charges, pays, self.tolerance)
    }
}

/// Whether any code says that the market is Greece, where refunds and tips are entered in other ways.
fn is_greek(case: ReceiptCase, mut items: impl Iterator<Item = Option<Country>>) -> bool {
    case.country() == Some(Country::GR) || items.any(|country| country == Some(Country::GR))
}
