//! Earlier receipts by their references: what may be refunded, voided or asked for again.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::queue::market::Country;
use crate::queue::receipt::request::{Item, ReceiptRequest};
use crate::queue::rules::Reversal;

/// A stored request with its response.
#[derive(Debug)]
struct Stored {
    queue_item_id: Uuid,
    response: Bytes,
    /// The charge items and their pay total; `None` when the request was not processed.
    processed: Option<Processed>,
}

#[derive(Debug)]
struct Processed {
    identification: String,
    charge_items: Vec<Item>,
    pay_total: Decimal,
}

/// What the queue remembers under each reference.
#[derive(Debug, Default)]
pub(crate) struct EarlierReceipts {
    by_reference: HashMap<String, Vec<Stored>>,
    /// Receipts that were voided or refunded in full.
    reversed: HashSet<Uuid>,
}

/// The receipt that a reversal takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Original {
    pub(crate) queue_item_id: Uuid,
    /// `ftReceiptIdentification`.
    pub(crate) identification: String,
}

impl EarlierReceipts {
    /// Remembers a queue item, and the identification of the receipt when there is one.
    pub(crate) fn remember(
        &mut self,
        request: &ReceiptRequest,
        queue_item_id: Uuid,
        response: &Bytes,
        identification: Option<String>,
    ) {
        let stored = Stored {
            queue_item_id,
            response: response.clone(),
            processed: identification.map(|identification| Processed {
                identification,
                charge_items: request.charge_items.clone(),
                pay_total: request.pay_total,
            }),
        };
        self.by_reference
            .entry(request.receipt_reference.clone())
            .or_default()
            .push(stored);
    }

    /// Takes note that a receipt is void or refunded in full.
    pub(crate) fn reverse(&mut self, original: &Original) {
        self.reversed.insert(original.queue_item_id);
    }

    /// The stored response under a reference: of a processed receipt when there is one, of the
    /// latest when there are several.
    pub(crate) fn response(&self, reference: &str) -> Option<Bytes> {
        let stored = self.by_reference.get(reference)?;
        stored
            .iter()
            .rfind(|stored| stored.processed.is_some())
            .or_else(|| stored.last())
            .map(|stored| stored.response.clone())
    }

    /// Checks what a receipt refers to; gives the receipt that it takes back, if any.
    pub(crate) fn check(
        &self,
        request: &ReceiptRequest,
        reversal: Option<Reversal>,
        country: Country,
    ) -> Result<Option<Original>, String> {
        let mut found = Vec::new();
        for reference in &request.previous_references {
            found.push(self.only_processed(reference)?);
        }
        let Some(reversal) = reversal else {
            return Ok(None);
        };
        let (stored, processed) = match found.as_slice() {
            [original] => *original,
            // Greek credit notes may stand alone.
            [] if country == Country::Greece && reversal != Reversal::Void => return Ok(None),
            _ => {
                return Err(
                    "A refund or void needs exactly one previous receipt reference.".to_owned(),
                );
            }
        };
        if self.reversed.contains(&stored.queue_item_id) {
            return Err("The previous receipt is void or refunded already.".to_owned());
        }
        if matches!(reversal, Reversal::Void | Reversal::FullRefund) {
            check_inverted(request, processed)?;
        }
        Ok(Some(Original {
            queue_item_id: stored.queue_item_id,
            identification: processed.identification.clone(),
        }))
    }

    fn only_processed(&self, reference: &str) -> Result<(&Stored, &Processed), String> {
        let mut processed = self
            .by_reference
            .get(reference)
            .into_iter()
            .flatten()
            .filter_map(|stored| Some((stored, stored.processed.as_ref()?)));
        match (processed.next(), processed.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => Err(format!(
                "No processed receipt of this queue has the reference {reference:?}."
            )),
            (Some(_), Some(_)) => Err(format!(
                "Several receipts of this queue have the reference {reference:?}."
            )),
        }
    }
}

/// Every charge item comes back with the opposite sign, and the money too, by whatever means.
fn check_inverted(request: &ReceiptRequest, original: &Processed) -> Result<(), String> {
    let figures = |item: &Item, sign: Decimal| {
        [sign * item.quantity, sign * item.amount, item.vat_rate].map(|number| number.normalize())
    };
    let sorted = |items: &[Item], sign: Decimal| {
        let mut figures: Vec<_> = items.iter().map(|item| figures(item, sign)).collect();
        figures.sort_unstable();
        figures
    };
    let given = sorted(&request.charge_items, Decimal::NEGATIVE_ONE);
    if given != sorted(&original.charge_items, Decimal::ONE) {
        return Err(
            "The charge items are not those of the previous receipt with opposite signs."
                .to_owned(),
        );
    }
    if request.pay_total != -original.pay_total {
        return Err("The pay items do not give back what was paid.".to_owned());
    }
    Ok(())
}
