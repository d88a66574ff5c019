//! Receipts that take earlier ones back, and requests that are sent another time.

use super::content::{Items, Returns, Reversal};
use super::members;
use super::original::Original;
use super::{ChargeItem, PayItem, Precision, Receipt, ReceiptError, inverse, precision};
use crate::codes::{ChargeItemFlags, PayItemFlags, ReceiptCase, ReceiptCategory, ReceiptFlags};
use crate::types::{Json, Moment, ReceiptRequest};

/// What a reversal takes over from the earlier receipt, besides its items and its currency: who it was
/// for, and which queue knows it.
const TAKEN_OVER: [&str; 2] = ["cbCustomer", "ftQueueID"];

/// What was said of the earlier receipt only.
const OF_THE_EARLIER: ReceiptFlags = ReceiptFlags::LATE_SIGNING
    .union(ReceiptFlags::HANDWRITTEN)
    .union(ReceiptFlags::RECEIPT_REQUESTED);

impl Receipt<Items> {
    /// The full refund of an earlier receipt: goods came back, money went back. Every item is inverted,
    /// items and receipt are flagged, and the earlier receipt is named (API facts, section 6.5).
    ///
    /// The money goes back the way it came; what a terminal paid back instead, or cash,
    /// [`pay_items`](Receipt::pay_items) takes. Customer, currency and queue are taken over, the ids of
    /// the items and the terminal's data are not. A refund, of a part too, is not refunded again.
    ///
    /// ```
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// # let later: Moment = "2026-06-01T12:00:00Z".parse()?;
    ///
    /// let sale = Receipt::sale("S-1", moment)
    ///     .charge(ChargeItem::goods("Tea", 3, 20, VatRate::Normal))
    ///     .pay(PayItem::cash("Cash", 3))
    ///     .build()?;
    /// // With a client: `Receipt::refund_of(&signed, "R-1", Moment::now())`.
    /// let refund = Receipt::refund_of(&sale, "R-1", later).build()?;
    /// assert_eq!(refund.cb_pay_items[0].amount, (-3).into());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn refund_of(
        original: impl Into<Original>,
        reference: impl Into<String>,
        moment: impl Into<Moment>,
    ) -> Receipt<Reversal> {
        reversal(original.into(), ReceiptFlags::REFUND, reference, moment)
    }

    /// The void of an earlier receipt, before goods or money moved; once only (API facts, section 6.5).
    /// Otherwise as [`refund_of`](Self::refund_of).
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// # let sale = Receipt::sale("S-1", moment.clone())
    /// #     .charge(ChargeItem::goods("Tea", 3, 20, VatRate::Normal))
    /// #     .pay(PayItem::cash("Cash", 3))
    /// #     .build()?;
    /// let void = Receipt::void_of(&sale, "V-1", moment).build()?;
    /// assert!(void.ft_receipt_case.is_some_and(|case| case.is_void()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn void_of(
        original: impl Into<Original>,
        reference: impl Into<String>,
        moment: impl Into<Moment>,
    ) -> Receipt<Reversal> {
        reversal(original.into(), ReceiptFlags::VOID, reference, moment)
    }

    /// Some articles of the earlier receipt with the reference `previous` come back. Only the lines are
    /// flagged, the receipt is not (API facts, section 6.5). They are given as they were sold, with positive
    /// amounts in the receipt's currency.
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::{Amount, Moment}};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let returned = ChargeItem::goods("Espresso", Amount::from_cents(290), 20, VatRate::Normal);
    /// let refund = Receipt::partial_refund_of("S-1", "R-2", moment)
    ///     .returned(returned)
    ///     .paid_back(PayItem::cash("Cash", Amount::from_cents(290)))
    ///     .build()?;
    /// assert_eq!(refund.cb_charge_items[0].amount, Amount::from_cents(-290));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn partial_refund_of(
        previous: impl Into<String>,
        reference: impl Into<String>,
        moment: impl Into<Moment>,
    ) -> Receipt<Returns> {
        let case = ReceiptCase::POINT_OF_SALE;
        let mut refund = Receipt::new(case, reference, moment);
        refund.previous.push(previous.into());
        refund.is_partial_refund = true;
        refund
    }

    /// A request that was kept while the queue was out of reach, marked as late: everything else stays,
    /// its moment too. Late receipts go in the order they were made, then a [zero receipt](Self::zero);
    /// that order is the caller's (API facts, section 6.5).
    ///
    /// # Errors
    /// If the request cannot be read, or its case cannot be late: closings are not.
    pub fn late_signing_of(original: impl Into<Original>) -> Result<ReceiptRequest, ReceiptError> {
        let request = flagged(original.into(), ReceiptFlags::LATE_SIGNING)?;
        let category = request.ft_receipt_case.unwrap_or_default().category();
        if matches!(
            category,
            ReceiptCategory::Daily | ReceiptCategory::Lifecycle
        ) {
            return Err(ReceiptError::new(
                "ftReceiptCase",
                "is a closing, zero, start or stop receipt, which cannot be signed late",
            ));
        }
        Ok(request)
    }

    /// A request that got no answer, asking for the stored one: everything else stays. It is a new
    /// operation; while the one it asks about is open, resume that. With nothing stored the queue fails (API
    /// facts, section 6.5).
    ///
    /// # Errors
    /// If the request cannot be read.
    pub fn receipt_requested_of(
        original: impl Into<Original>,
    ) -> Result<ReceiptRequest, ReceiptError> {
        flagged(original.into(), ReceiptFlags::RECEIPT_REQUESTED)
    }
}

fn flagged(original: Original, flags: ReceiptFlags) -> Result<ReceiptRequest, ReceiptError> {
    let mut request = *original.0.map_err(unreadable)?;
    let case = request.ft_receipt_case.unwrap_or_default();
    request.ft_receipt_case = Some(case.with_flags(flags));
    Ok(request)
}

fn unreadable(error: String) -> ReceiptError {
    ReceiptError::new(
        "The earlier receipt",
        format!("cannot be read, so nothing can refer to it: {error}"),
    )
}

fn reversal(
    original: Original,
    kind: ReceiptFlags,
    reference: impl Into<String>,
    moment: impl Into<Moment>,
) -> Receipt<Reversal> {
    let case = match &original.0 {
        Ok(request) => request.ft_receipt_case.unwrap_or_default(),
        Err(_) => Default::default(),
    };
    let case = case.without_flags(OF_THE_EARLIER).with_flags(kind);
    let mut receipt = Receipt::new(case, reference, moment);
    let inverted = original
        .0
        .map_err(unreadable)
        .and_then(|request| receipt.invert(&request, kind));
    if let Err(error) = inverted {
        receipt.options.refuse(error.field(), error.reason());
    }
    receipt
}

impl Receipt<Reversal> {
    fn invert(
        &mut self,
        original: &ReceiptRequest,
        kind: ReceiptFlags,
    ) -> Result<(), ReceiptError> {
        let case = original.ft_receipt_case.unwrap_or_default();
        if matches!(
            case.category(),
            ReceiptCategory::Daily | ReceiptCategory::Lifecycle
        ) {
            return Err(ReceiptError::new(
                "ftReceiptCase",
                format!("cannot be taken back: {case}"),
            ));
        }
        if case.is_refund() || case.is_void() {
            return Err(ReceiptError::new(
                "ftReceiptCase",
                format!("of the earlier receipt takes back another one: {case}"),
            ));
        }
        // A partial refund has no flag of its own, but all its lines have.
        let mut lines = original.cb_charge_items.iter();
        if kind == ReceiptFlags::REFUND
            && !original.cb_charge_items.is_empty()
            && lines.all(|line| line.ft_charge_item_case.unwrap_or_default().is_refund())
        {
            return Err(ReceiptError::new(
                "cbChargeItems",
                "of the earlier receipt have all come back: it takes back another one",
            ));
        }
        self.previous
            .extend(original.cb_receipt_reference.as_deref().map(str::to_owned));
        let head = ReceiptRequest {
            cb_charge_items: Vec::new(),
            cb_pay_items: Vec::new(),
            ..original.clone()
        };
        let unwritable = |error: serde_json::Error| unreadable(error.to_string());
        let head = members::of(&head).map_err(unwritable)?;
        for member in TAKEN_OVER {
            if let Some(value) = head.get(member) {
                self.options.set(member, value);
            }
        }
        // What is put in the place of the payments is in it, too.
        if let Some(currency) = head.get("Currency") {
            self.currency = Some(currency.read().map_err(unwritable)?);
        }
        let multiplier = precision::of(&head);
        self.precision = multiplier.and_then(Precision::from_multiplier);
        if let Some(total) = head.get("cbReceiptAmount") {
            let total = inverse::negated(total.read().map_err(unwritable)?);
            self.total = Some(precision::meant(total, multiplier.unwrap_or(1)));
        }
        let (charge_flags, pay_flags) = if kind == ReceiptFlags::VOID {
            (ChargeItemFlags::VOID, PayItemFlags::VOID)
        } else {
            (ChargeItemFlags::REFUND, PayItemFlags::REFUND)
        };
        for item in &original.cb_charge_items {
            let item = inverse::item(&own_multiplier(item, multiplier).map_err(unwritable)?);
            let item = ChargeItem::from(item.map_err(unwritable)?);
            self.charge_items.push(item.flags(charge_flags));
        }
        for item in &original.cb_pay_items {
            let item = inverse::item(&own_multiplier(item, multiplier).map_err(unwritable)?);
            let item = PayItem::from(item.map_err(unwritable)?);
            self.pay_items.push(item.flags(pay_flags));
        }
        self.is_inverse = true;
        self.is_paid_back_as_paid = true;
        Ok(())
    }
}

/// The receipt's multiplier counts for all items (API facts, section 4.2): says so on the item.
fn own_multiplier<T>(item: &T, multiplier: Option<u32>) -> Result<T, serde_json::Error>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let mut members = members::of(item)?;
    if let Some(multiplier) = multiplier {
        members.insert(precision::MEMBER.to_owned(), Json::of(&multiplier)?);
    }
    members::value_of(&members)
}
