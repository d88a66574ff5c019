//! From what a receipt is made of to the request.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::check::Line;
use super::draft::{Draft, Item};
use super::{Precision, Receipt, ReceiptError, check, members, precision};
use crate::codes::Country;
use crate::types::{Json, ReceiptRequest};

impl<C> Receipt<C> {
    /// The generated type, with public fields for whatever the builder does not know.
    ///
    /// # Errors
    /// The first member that is wrong. What the queue alone can know, such as whether an earlier
    /// receipt exists, it says when the receipt is signed.
    pub fn build(mut self) -> Result<ReceiptRequest, ReceiptError> {
        check::head(&self)?;
        self.set_members()?;
        let case = self.case();
        let mut request = self.options.apply(self.request)?;
        let whole = Whole {
            currency: self.currency.as_deref(),
            country: self.country,
        };
        if self.is_partial_refund && self.charge_items.is_empty() {
            // It has no flag of its own: without a line it would be a sale of nothing.
            return Err(ReceiptError::new(
                "cbChargeItems",
                "is empty: nothing of the earlier receipt comes back",
            ));
        }
        let items = self.charge_items.into_iter().map(|item| item.0);
        let (charge_items, charges) = whole.lines(items, Line::charge)?;
        let items = self.pay_items.into_iter().map(|item| item.0);
        let (pay_items, pays) = whole.lines(items, Line::pay)?;
        let content = check::Content {
            case,
            charges,
            pays,
            previous: &self.previous,
            has_customer: self.options.has("cbCustomer"),
            is_inverse: self.is_inverse,
            tolerance: self.tolerance,
        };
        content.check()?;
        request.cb_charge_items = scaled(charge_items, self.precision)?;
        request.cb_pay_items = scaled(pay_items, self.precision)?;
        Ok(request)
    }

    /// Members of the head that several methods have a say in.
    fn set_members(&mut self) -> Result<(), ReceiptError> {
        if let Some(currency) = &self.currency {
            let is_code = currency.len() == 3 && currency.bytes().all(|c| c.is_ascii_uppercase());
            if !is_code {
                return Err(ReceiptError::new(
                    "Currency",
                    format!("must be three capital letters, not {currency:?}"),
                ));
            }
            self.options.set("Currency", currency);
        }
        let multiplier = self.precision.map_or(1, Precision::multiplier);
        if self.precision.is_some() {
            self.options.set(precision::MEMBER, &multiplier);
        }
        if let Some(total) = self.total {
            let total = precision::written("cbReceiptAmount", total, multiplier)?;
            self.options.set("cbReceiptAmount", &total);
        }
        match self.previous.as_slice() {
            [] => {}
            [one] => self.options.set("cbPreviousReceiptReference", one),
            several => self.options.set("cbPreviousReceiptReference", &several),
        }
        if let Some(country) = self.country
            && self.case().country().is_none()
        {
            let case = self.case().with_country(country);
            self.request.ft_receipt_case = Some(case);
        }
        Ok(())
    }
}

/// An item whose numbers are `multiplier` times what they mean.
struct Given<T> {
    item: T,
    multiplier: u32,
}

/// What is said once of a receipt and stands on every item.
struct Whole<'a> {
    currency: Option<&'a str>,
    country: Option<Country>,
}

impl Whole<'_> {
    /// The items as they were given, and as the checks see them.
    fn lines<T: Item>(
        &self,
        drafts: impl Iterator<Item = Draft<T>>,
        line: fn(usize, &T, u32) -> Result<Line, ReceiptError>,
    ) -> Result<(Vec<Given<T>>, Vec<Line>), ReceiptError> {
        let numbered = drafts.enumerate();
        numbered
            .map(|(index, mut draft)| {
                let multiplier = draft.multiplier();
                let position = draft.position().unwrap_or_default();
                if let Some(country) = self.country {
                    draft.item.set_country(country);
                }
                let item = draft
                    .build()
                    .and_then(|item| self.in_currency(item))
                    .map_err(|error| within::<T>(index, error))?;
                let line = line(index, &item, multiplier)?;
                let line = line.at(precision::meant(position, multiplier));
                Ok((Given { item, multiplier }, line))
            })
            .collect()
    }

    /// Servers want the currency on every item too (API facts, section 4.2). One of its own stays.
    fn in_currency<T>(&self, item: T) -> Result<T, ReceiptError>
    where
        T: Serialize + DeserializeOwned,
    {
        let Some(currency) = self.currency else {
            return Ok(item);
        };
        let unwritable = |error: serde_json::Error| {
            ReceiptError::new("Currency", format!("cannot be written: {error}"))
        };
        let mut members = members::of(&item).map_err(unwritable)?;
        if members.contains_key("Currency") {
            return Ok(item);
        }
        let currency = Json::of(&currency).map_err(unwritable)?;
        members.insert("Currency".to_owned(), currency);
        members::value_of(&members).map_err(unwritable)
    }
}

/// The items with the precision of the receipt.
fn scaled<T: Item>(
    items: Vec<Given<T>>,
    precision: Option<Precision>,
) -> Result<Vec<T>, ReceiptError> {
    let numbered = items.into_iter().enumerate();
    numbered
        .map(|(index, Given { item, multiplier })| {
            precision::scaled(item, multiplier, precision)
                .map_err(|error| within::<T>(index, error))
        })
        .collect()
}

/// The fault of an item, by its place on the receipt.
fn within<T: Item>(index: usize, error: ReceiptError) -> ReceiptError {
    error.within(&format!("{}[{index}]", T::LIST))
}

impl<C> TryFrom<Receipt<C>> for ReceiptRequest {
    type Error = ReceiptError;

    fn try_from(receipt: Receipt<C>) -> Result<Self, ReceiptError> {
        receipt.build()
    }
}
