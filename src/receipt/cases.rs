//! The receipts by name.

use super::content::{Copied, Daily, Items, Lifecycle};
use super::{Customer, Receipt};
use crate::codes::ReceiptCase;
use crate::types::Moment;

/// `reference` is the till's own key of the receipt, unique within the queue and at most 1023
/// characters; `moment` is when the receipt was made, and is sent in UTC (API facts, section 4.2). The cases
/// are those of section 5.7. What is wrong, [`build`](Self::build) says.
impl Receipt<Items> {
    /// A sale at the point of sale.
    ///
    /// ```
    /// use pos_system_api::codes::VatRate;
    /// use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
    /// use pos_system_api::types::{Amount, Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    ///
    /// let sale = Receipt::sale("S-1", moment)
    ///     .charge(ChargeItem::goods("Coffee", Amount::from_cents(350), 20, VatRate::Normal))
    ///     .pay(PayItem::cash("Cash", 5))
    ///     .pay(PayItem::change("Change", Amount::from_cents(150)))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sale(reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::of(ReceiptCase::POINT_OF_SALE, reference, moment)
    }

    /// A sale over the internet or otherwise at a distance. Built as a [`sale`](Self::sale).
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let order = Receipt::e_commerce("W-1", moment)
    ///     .charge(ChargeItem::goods("Lamp", 49, 20, VatRate::Normal))
    ///     .pay(PayItem::online("Web shop", 49))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn e_commerce(reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::of(ReceiptCase::E_COMMERCE, reference, moment)
    }

    /// Money moves between means of payment, into the till or out of it.
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
    /// # use pos_system_api::types::Moment;
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let float = Receipt::payment_transfer("F-1", moment)
    ///     .charge(ChargeItem::cash_transfer("Float", 200))
    ///     .pay(PayItem::cash("Cash", 200))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payment_transfer(reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::of(ReceiptCase::PAYMENT_TRANSFER, reference, moment)
    }

    /// A delivery note; the invoice is written elsewhere. Its sums need not be equal.
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let note = Receipt::delivery_note("D-1", moment)
    ///     .charge(ChargeItem::goods("Flour, 25 kg", 30, 10, VatRate::Discounted1))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn delivery_note(reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::of(ReceiptCase::DELIVERY_NOTE, reference, moment)
    }

    /// The bill a guest sees before paying. Its sums need not be equal. Not in every market.
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let check = Receipt::table_check("C-1", moment)
    ///     .area("Table 12")
    ///     .charge(ChargeItem::service("Menu", 45, 10, VatRate::Discounted1))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn table_check(reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::of(ReceiptCase::TABLE_CHECK, reference, moment)
    }

    /// A pro forma invoice or an offer. Its sums need not be equal. Not in every market.
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let offer = Receipt::pro_forma("P-1", moment)
    ///     .charge(ChargeItem::service("Wedding cake", 300, 10, VatRate::Discounted1))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pro_forma(reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::of(ReceiptCase::PRO_FORMA, reference, moment)
    }

    /// An order. Its sums need not be equal.
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let order = Receipt::order("O-1", moment)
    ///     .area("Table 12")
    ///     .charge(ChargeItem::service("Soup", 6, 10, VatRate::Discounted1))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn order(reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::of(ReceiptCase::ORDER, reference, moment)
    }

    /// An invoice to a consumer, who may stay unnamed.
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let invoice = Receipt::invoice_b2c("I-1", moment)
    ///     .charge(ChargeItem::goods("Bicycle", 900, 20, VatRate::Normal))
    ///     .pay(PayItem::on_account("By transfer", 900))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn invoice_b2c(reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::of(ReceiptCase::INVOICE_B2C, reference, moment)
    }

    /// An invoice to a business.
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, Customer, PayItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let customer = Customer::new("Sample Bakery Club").vat_id("ATU00000000").country("AT");
    /// let invoice = Receipt::invoice_b2b("I-2", moment, &customer)
    ///     .charge(ChargeItem::goods("Flour, 25 kg", 30, 10, VatRate::Discounted1))
    ///     .pay(PayItem::on_account("By transfer", 30))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn invoice_b2b(
        reference: impl Into<String>,
        moment: impl Into<Moment>,
        customer: &Customer,
    ) -> Self {
        Self::of(ReceiptCase::INVOICE_B2B, reference, moment).customer(customer)
    }

    /// An invoice to a public body. Otherwise as [`invoice_b2b`](Self::invoice_b2b).
    ///
    /// ```
    /// # use pos_system_api::receipt::{ChargeItem, Customer, PayItem, Receipt};
    /// # use pos_system_api::{codes::VatRate, types::Moment};
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let invoice = Receipt::invoice_b2g("I-3", moment, &Customer::new("Town hall"))
    ///     .charge(ChargeItem::service("Buffet", 250, 10, VatRate::Discounted1))
    ///     .pay(PayItem::on_account("By transfer", 250))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn invoice_b2g(
        reference: impl Into<String>,
        moment: impl Into<Moment>,
        customer: &Customer,
    ) -> Self {
        Self::of(ReceiptCase::INVOICE_B2G, reference, moment).customer(customer)
    }

    /// A receipt of any case. What the compiler cannot know of the case, [`build`](Self::build) checks.
    ///
    /// ```
    /// # use pos_system_api::codes::{ReceiptCase, VatRate};
    /// # use pos_system_api::receipt::{ChargeItem, Receipt};
    /// # use pos_system_api::types::Moment;
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let eaten = Receipt::of(ReceiptCase::INTERNAL_USAGE, "U-1", moment)
    ///     .charge(ChargeItem::goods("Staff lunch", 8, 10, VatRate::Discounted1))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(case: ReceiptCase, reference: impl Into<String>, moment: impl Into<Moment>) -> Self {
        Self::new(case, reference, moment)
    }

    /// The end of a shift.
    ///
    /// ```
    /// # use pos_system_api::receipt::Receipt;
    /// # let moment: pos_system_api::types::Moment = "2026-06-01T14:00:00Z".parse()?;
    /// let closing = Receipt::shift_closing("SHIFT-1", moment).user("Mira").build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shift_closing(
        reference: impl Into<String>,
        moment: impl Into<Moment>,
    ) -> Receipt<Daily> {
        Receipt::new(ReceiptCase::SHIFT_CLOSING, reference, moment)
    }

    /// The daily closing. A closing takes no items (API facts, section 6.5), which the compiler knows:
    ///
    /// ```compile_fail
    /// # use pos_system_api::receipt::{PayItem, Receipt};
    /// # use pos_system_api::types::Moment;
    /// let moment: Moment = "2026-06-01T22:00:00Z".parse().unwrap();
    /// Receipt::daily_closing("Z-1", moment).pay(PayItem::cash("Cash", 1));
    /// ```
    ///
    /// ```
    /// # use pos_system_api::receipt::Receipt;
    /// # let moment: pos_system_api::types::Moment = "2026-06-01T22:00:00Z".parse()?;
    /// let closing = Receipt::daily_closing("Z-1", moment).terminal("T1").build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn daily_closing(
        reference: impl Into<String>,
        moment: impl Into<Moment>,
    ) -> Receipt<Daily> {
        Receipt::new(ReceiptCase::DAILY_CLOSING, reference, moment)
    }

    /// The monthly closing.
    ///
    /// ```
    /// # use pos_system_api::receipt::Receipt;
    /// # let moment: pos_system_api::types::Moment = "2026-06-30T22:00:00Z".parse()?;
    /// let closing = Receipt::monthly_closing("M-1", moment).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn monthly_closing(
        reference: impl Into<String>,
        moment: impl Into<Moment>,
    ) -> Receipt<Daily> {
        Receipt::new(ReceiptCase::MONTHLY_CLOSING, reference, moment)
    }

    /// The yearly closing.
    ///
    /// ```
    /// # use pos_system_api::receipt::Receipt;
    /// # let moment: pos_system_api::types::Moment = "2026-12-31T22:00:00Z".parse()?;
    /// let closing = Receipt::yearly_closing("Y-1", moment).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn yearly_closing(
        reference: impl Into<String>,
        moment: impl Into<Moment>,
    ) -> Receipt<Daily> {
        Receipt::new(ReceiptCase::YEARLY_CLOSING, reference, moment)
    }

    /// A zero receipt, without items: checks the signing unit, reads messages, ends late signing (API facts,
    /// sections 5.10 and 6.5).
    ///
    /// ```
    /// # use pos_system_api::codes::DailyFlags;
    /// # use pos_system_api::receipt::Receipt;
    /// # let moment: pos_system_api::types::Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let zero = Receipt::zero("N-1", moment).flags(DailyFlags::REQUEST_SCU_INFORMATION).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn zero(reference: impl Into<String>, moment: impl Into<Moment>) -> Receipt<Daily> {
        Receipt::new(ReceiptCase::ZERO, reference, moment)
    }

    /// The receipt that starts a queue. Once in its life, without items (API facts, section 6.5).
    ///
    /// ```
    /// # use pos_system_api::receipt::Receipt;
    /// # let moment: pos_system_api::types::Moment = "2026-06-01T06:00:00Z".parse()?;
    /// let start = Receipt::start("START-1", moment).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start(reference: impl Into<String>, moment: impl Into<Moment>) -> Receipt<Lifecycle> {
        Receipt::new(ReceiptCase::INITIAL_OPERATION, reference, moment)
    }

    /// The receipt that stops a queue, for good, without items.
    ///
    /// ```
    /// # use pos_system_api::receipt::Receipt;
    /// # let moment: pos_system_api::types::Moment = "2026-06-01T06:00:00Z".parse()?;
    /// let stop = Receipt::stop("STOP-1", moment).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stop(reference: impl Into<String>, moment: impl Into<Moment>) -> Receipt<Lifecycle> {
        Receipt::new(ReceiptCase::OUT_OF_OPERATION, reference, moment)
    }

    /// A copy of the earlier receipt with the reference `previous`.
    ///
    /// ```
    /// # use pos_system_api::receipt::Receipt;
    /// # let moment: pos_system_api::types::Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let copy = Receipt::copy_of("S-1", "COPY-1", moment).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn copy_of(
        previous: impl Into<String>,
        reference: impl Into<String>,
        moment: impl Into<Moment>,
    ) -> Receipt<Copied> {
        let mut copy = Receipt::new(ReceiptCase::COPY, reference, moment);
        copy.previous.push(previous.into());
        copy
    }
}
