//! The receipt itself: what it is made of.

use std::fmt;
use std::marker::PhantomData;

use super::content::{Daily, Items, Lifecycle, Returns, Reversal, WithItems};
use super::members::{Options, text_fault};
use super::{ChargeItem, Customer, PayItem, Precision};
use crate::codes::{Country, DailyFlags, LifecycleFlags, ReceiptCase, ReceiptFlags};
use crate::types::{Amount, Json, Moment, ReceiptRequest};

/// A receipt to be signed. `C` is what it is made of, and decides which methods there are.
///
/// [`Client::sign`](crate::Client::sign) takes it as it is, or [`build`](Self::build) it.
#[derive(Clone, PartialEq)]
#[must_use]
pub struct Receipt<C = Items> {
    /// The head, without items.
    pub(super) request: ReceiptRequest,
    pub(super) options: Options,
    pub(super) charge_items: Vec<ChargeItem>,
    pub(super) pay_items: Vec<PayItem>,
    /// The lines are those of an earlier receipt, inverted, whatever signs they had.
    pub(super) is_inverse: bool,
    /// Some articles of an earlier receipt come back.
    pub(super) is_partial_refund: bool,
    /// The payments are those of the earlier receipt, inverted.
    pub(super) is_paid_back_as_paid: bool,
    pub(super) previous: Vec<String>,
    pub(super) currency: Option<String>,
    pub(super) country: Option<Country>,
    pub(super) precision: Option<Precision>,
    /// `cbReceiptAmount` as it is meant.
    pub(super) total: Option<Amount>,
    pub(super) tolerance: Amount,
    content: PhantomData<fn() -> C>,
}

impl<C> Receipt<C> {
    pub(super) fn new(
        case: ReceiptCase,
        reference: impl Into<String>,
        moment: impl Into<Moment>,
    ) -> Self {
        Self {
            request: ReceiptRequest {
                cb_receipt_moment: Some(moment.into()),
                cb_receipt_reference: Some(reference.into()),
                ft_receipt_case: Some(case),
                // Members of a later revision stay absent.
                ..Default::default()
            },
            options: Options::default(),
            charge_items: Vec::new(),
            pay_items: Vec::new(),
            is_inverse: false,
            is_partial_refund: false,
            is_paid_back_as_paid: false,
            previous: Vec::new(),
            currency: None,
            country: None,
            precision: None,
            total: None,
            tolerance: Amount::ZERO,
            content: PhantomData,
        }
    }

    pub(super) fn case(&self) -> ReceiptCase {
        self.request.ft_receipt_case.unwrap_or_default()
    }

    fn with_case(mut self, case: ReceiptCase) -> Self {
        self.request.ft_receipt_case = Some(case);
        self
    }

    /// The terminal the receipt was made at. Default: none.
    pub fn terminal(mut self, id: impl Into<String>) -> Self {
        let id = id.into();
        if let Some(reason) = text_fault(&id) {
            self.options.refuse("cbTerminalID", reason);
        }
        self.request.cb_terminal_id = Some(id);
        self
    }

    /// The cashier. Default: none.
    pub fn user(mut self, name: impl Into<String>) -> Self {
        self.options.set_text("cbUser", name.into());
        self
    }

    /// The table, department or vehicle. Default: none.
    pub fn area(mut self, area: impl Into<String>) -> Self {
        self.options.set_text("cbArea", area.into());
        self
    }

    /// The shift or business day it belongs to. Default: none.
    pub fn settlement(mut self, settlement: impl Into<String>) -> Self {
        self.options.set_text("cbSettlement", settlement.into());
        self
    }

    /// What one market wants to know beyond that. Default: none.
    pub fn case_data(mut self, data: impl Into<Json>) -> Self {
        self.options.set("ftReceiptCaseData", &data.into());
        self
    }

    /// Writes this country into all codes that name none. Default: none, the cash box knows it.
    pub fn country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// Asks for the stored answer to an earlier request with the same reference, instead of signing.
    /// For a request that was kept, see
    /// [`receipt_requested_of`](Receipt::receipt_requested_of).
    pub fn receipt_requested(self) -> Self {
        let case = self.case().with_flags(ReceiptFlags::RECEIPT_REQUESTED);
        self.with_case(case)
    }

    /// Adds payments as they are.
    fn with_pay_items<I>(mut self, items: I) -> Self
    where
        I: IntoIterator<Item: Into<PayItem>>,
    {
        self.pay_items.extend(items.into_iter().map(Into::into));
        self
    }
}

impl<C: WithItems> Receipt<C> {
    /// Practice, without fiscal effect.
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let practice = Receipt::sale("T-1", moment)
    ///     .training()
    ///     .charge(ChargeItem::goods("Tea", 3, 20, VatRate::Normal))
    ///     .pay(PayItem::cash("Cash", 3))
    ///     .build()?;
    /// assert!(practice.ft_receipt_case.is_some_and(|case| case.is_training()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn training(self) -> Self {
        self.flags(ReceiptFlags::TRAINING)
    }

    /// Marks the receipt as made while the queue was out of reach. Its moment is the original one. Late
    /// receipts go in the order they were made, then a [zero receipt](Receipt::zero): that order is the
    /// caller's. For a request that was kept, see [`late_signing_of`](Receipt::late_signing_of).
    pub fn late_signing(self) -> Self {
        self.flags(ReceiptFlags::LATE_SIGNING)
    }

    /// Sets these flags as well. Default: none.
    pub fn flags(self, flags: ReceiptFlags) -> Self {
        let case = self.case().with_flags(flags);
        self.with_case(case)
    }

    /// Who it is for. Default: nobody named.
    pub fn customer(mut self, customer: &Customer) -> Self {
        match customer.to_json() {
            Ok(json) => self.options.set("cbCustomer", &json),
            Err(error) => self.options.refuse(error.field(), error.reason()),
        }
        self
    }

    /// The currency of all amounts, such as `PLN`. Default: not stated, which is EUR. Servers want it on
    /// the receipt and on every item, and there it goes; an item from elsewhere that has a currency keeps it.
    pub fn currency(mut self, currency: impl ToString) -> Self {
        self.currency = Some(currency.to_string());
        self
    }

    /// Writes all numbers as integers. Amounts are given to the builder as they are meant, whatever the
    /// precision. Default: numbers are written as decimals. Items from elsewhere that have another
    /// multiplier are written anew, because that of the receipt counts for all (API facts, section 4.2).
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, PayItem, Precision, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::{Amount, Moment}};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let sale = Receipt::sale("S-1", moment)
    ///     .precision(Precision::Hundredths)
    ///     .charge(ChargeItem::goods("Tea", Amount::from_cents(320), 20, VatRate::Normal))
    ///     .pay(PayItem::cash("Cash", Amount::from_cents(320)))
    ///     .build()?;
    /// assert_eq!(sale.cb_charge_items[0].amount, 320.into());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn precision(mut self, precision: Precision) -> Self {
        self.precision = Some(precision);
        self
    }

    /// How far the sums of charge items and pay items may be apart, in the receipt's currency. Default:
    /// nothing, they must be equal; a negative tolerance is nothing, too. Servers take 0.01 (API facts,
    /// section 6.5).
    pub fn sum_tolerance(mut self, tolerance: impl Into<Amount>) -> Self {
        self.tolerance = tolerance.into().max(Amount::ZERO);
        self
    }
}

impl Receipt<Items> {
    /// Adds a line.
    pub fn charge(mut self, item: impl Into<ChargeItem>) -> Self {
        self.charge_items.push(item.into());
        self
    }

    /// Adds lines.
    pub fn charge_items<I>(mut self, items: I) -> Self
    where
        I: IntoIterator<Item: Into<ChargeItem>>,
    {
        self.charge_items.extend(items.into_iter().map(Into::into));
        self
    }

    /// Adds a payment.
    pub fn pay(mut self, item: impl Into<PayItem>) -> Self {
        self.pay_items.push(item.into());
        self
    }

    /// Adds payments, such as those of a `POST /pay`, unchanged but for the [precision](Self::precision)
    /// of the receipt.
    pub fn pay_items<I>(self, items: I) -> Self
    where
        I: IntoIterator<Item: Into<PayItem>>,
    {
        self.with_pay_items(items)
    }

    /// Names an earlier receipt of the same business, such as an order. Called again, it names one more.
    pub fn previous(mut self, reference: impl Into<String>) -> Self {
        self.previous.push(reference.into());
        self
    }
}

impl Receipt<Returns> {
    /// Adds an article that comes back. The line is given as it was sold; it goes onto the receipt
    /// [`returned`](ChargeItem::returned): flagged, with quantity and amount negated.
    pub fn returned(mut self, item: impl Into<ChargeItem>) -> Self {
        self.charge_items.push(item.into().returned());
        self
    }

    /// Adds a payment that is given back. It is given as it was paid; it goes onto the receipt
    /// [`returned`](PayItem::returned): flagged, with quantity and amount negated.
    pub fn paid_back(mut self, item: impl Into<PayItem>) -> Self {
        self.pay_items.push(item.into().returned());
        self
    }

    /// Adds payments as they are, such as those of a refund by `POST /pay`, which are negative already.
    pub fn pay_items<I>(self, items: I) -> Self
    where
        I: IntoIterator<Item: Into<PayItem>>,
    {
        self.with_pay_items(items)
    }
}

impl Receipt<Reversal> {
    /// The payments that are given back, as they are: negative, such as those of a refund by
    /// `POST /pay`. They stand instead of the payments of the earlier receipt, inverted, which is the
    /// default.
    pub fn pay_items<I>(mut self, items: I) -> Self
    where
        I: IntoIterator<Item: Into<PayItem>>,
    {
        if std::mem::take(&mut self.is_paid_back_as_paid) {
            self.pay_items.clear();
        }
        self.with_pay_items(items)
    }
}

impl Receipt<Daily> {
    /// Sets these flags as well. Default: none.
    pub fn flags(self, flags: DailyFlags) -> Self {
        let case = self.case().with_daily_flags(flags);
        self.with_case(case)
    }
}

impl Receipt<Lifecycle> {
    /// Sets these flags as well. Default: none.
    pub fn flags(self, flags: LifecycleFlags) -> Self {
        let case = self.case().with_lifecycle_flags(flags);
        self.with_case(case)
    }
}

/// Without what may say who the customer or the cashier is.
impl<C> fmt::Debug for Receipt<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipt")
            .field("case", &self.case())
            .field("reference", &self.request.cb_receipt_reference)
            .field("moment", &self.request.cb_receipt_moment)
            .field("options", &self.options)
            .field("charge_items", &self.charge_items)
            .field("pay_items", &self.pay_items)
            .field("previous", &self.previous)
            .finish_non_exhaustive()
    }
}
