//! How it was paid.

use super::ReceiptError;
use super::members::{self, Options, text_fault};
use super::{inverse, precision};
use crate::codes::{Country, PayItemCase, PayItemFlags, PaymentKind};
use crate::types::{self, Amount, Json, Moment};

/// One payment of a receipt, in the receipt's currency. Positive amounts are money in.
///
/// Payments that a terminal made come from `POST /pay` as generated
/// [`types::PayItem`]s and go onto the receipt unchanged.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct PayItem {
    item: types::PayItem,
    options: Options,
    /// From elsewhere, with members that no method here sets.
    is_taken_over: bool,
}

impl PayItem {
    /// Cash.
    pub fn cash(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::of(PayItemCase::CASH, description, amount)
    }

    /// A debit card, at a terminal this API knows nothing of.
    pub fn debit_card(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::of(PayItemCase::DEBIT_CARD, description, amount)
    }

    /// A credit card, at a terminal this API knows nothing of.
    pub fn credit_card(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::of(PayItemCase::CREDIT_CARD, description, amount)
    }

    /// A voucher worth money.
    pub fn voucher(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::of(PayItemCase::VOUCHER, description, amount)
    }

    /// An online payment.
    pub fn online(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::of(PayItemCase::ONLINE, description, amount)
    }

    /// On account: the customer pays later.
    pub fn on_account(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::of(PayItemCase::ACCOUNTS_RECEIVABLE, description, amount)
    }

    /// Change given back in cash. `amount` is positive; the item's amount is its negative.
    ///
    /// ```
    /// # use pos_system_api::receipt::PayItem;
    /// # use pos_system_api::types::Amount;
    /// let change = PayItem::change("Change", Amount::from_cents(250)).build()?;
    /// assert_eq!(change.amount, Amount::from_cents(-250));
    /// assert_eq!(change.ft_pay_item_case.map(|case| case.value()), Some(35184374185985));
    /// # Ok::<(), pos_system_api::receipt::ReceiptError>(())
    /// ```
    pub fn change(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        let case = PayItemCase::CASH.with_flags(PayItemFlags::CHANGE);
        Self::leaving(case, description, amount, "change")
    }

    /// The tip within a payment of this kind, which leaves the till again: the payment is entered with
    /// the tip, this item takes it out. `amount` is positive; the item's amount is its negative.
    ///
    /// A tip from `POST /pay` comes as such an item already.
    ///
    /// ```
    /// use pos_system_api::codes::{PaymentKind, VatRate};
    /// use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
    /// # use pos_system_api::types::Moment;
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    ///
    /// let sale = Receipt::sale("S-1", moment)
    ///     .charge(ChargeItem::service("Dinner", 30, 10, VatRate::Discounted1))
    ///     .pay(PayItem::credit_card("Card", 35))
    ///     .pay(PayItem::tip(PaymentKind::CreditCard, "Tip", 5))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn tip(of: PaymentKind, description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        let case = PayItemCase::of(of).with_flags(PayItemFlags::TIP);
        Self::leaving(case, description, amount, "a tip")
    }

    /// A payment with any case.
    pub fn of(
        case: PayItemCase,
        description: impl Into<String>,
        amount: impl Into<Amount>,
    ) -> Self {
        let amount: Amount = amount.into();
        let description: String = description.into();
        let mut options = Options::default();
        if let Some(reason) = text_fault(&description) {
            options.refuse("Description", reason);
        }
        // A revision may make a required member optional; `into` is both.
        #[allow(clippy::useless_conversion)]
        let item = types::PayItem {
            amount: amount.into(),
            description: Some(description),
            ft_pay_item_case: Some(case),
            // Members of a later revision stay absent.
            ..Default::default()
        };
        Self {
            item,
            options,
            is_taken_over: false,
        }
    }

    /// Money that leaves, given as a positive amount.
    fn leaving(
        case: PayItemCase,
        description: impl Into<String>,
        amount: impl Into<Amount>,
        what: &str,
    ) -> Self {
        let amount = amount.into();
        let mut item = Self::of(case, description, inverse::negated(amount));
        if amount <= Amount::ZERO {
            item.options.refuse(
                "Amount",
                format!("is the negative of {what}, which is given as a positive amount, not as {amount}"),
            );
        }
        item
    }

    /// How many, such as the number of meal vouchers. Default: none, which is 1.
    pub fn quantity(self, quantity: impl Into<Amount>) -> Self {
        self.with("Quantity", &quantity.into())
    }

    /// The number of the line, from 1. Default: none.
    pub fn position(self, position: impl Into<Amount>) -> Self {
        self.with("Position", &position.into())
    }

    /// When it was paid. Default: none, the receipt's moment.
    pub fn moment(self, moment: impl Into<Moment>) -> Self {
        self.with("Moment", &moment.into())
    }

    /// The group of the means of payment. Default: none.
    pub fn money_group(self, group: impl Into<String>) -> Self {
        self.text("MoneyGroup", group)
    }

    /// The number of the means of payment, such as that of a voucher. Default: none.
    pub fn money_number(self, number: impl Into<String>) -> Self {
        self.text("MoneyNumber", number)
    }

    /// The bar code of the means of payment. Default: none.
    pub fn money_barcode(self, barcode: impl Into<String>) -> Self {
        self.text("MoneyBarcode", barcode)
    }

    /// The account in the books. Default: none.
    pub fn account_number(self, number: impl Into<String>) -> Self {
        self.text("AccountNumber", number)
    }

    /// The cost centre. Default: none.
    pub fn cost_center(self, cost_center: impl Into<String>) -> Self {
        self.text("CostCenter", cost_center)
    }

    /// What the payment provider or one market wants to know beyond that. Default: none.
    pub fn case_data(self, data: impl Into<Json>) -> Self {
        self.with("ftPayItemCaseData", &data.into())
    }

    /// Sets these flags as well, such as a foreign currency or a down payment. Default: none.
    pub fn flags(mut self, flags: PayItemFlags) -> Self {
        self.item.ft_pay_item_case = Some(self.case().with_flags(flags));
        self
    }

    /// The same payment given back: flagged, quantity and amount negated.
    pub fn returned(self) -> Self {
        self.inverted(PayItemFlags::REFUND)
    }

    /// The same payment taken back on the same receipt: flagged, quantity and amount negated. No money
    /// changed hands.
    pub fn voided(self) -> Self {
        self.inverted(PayItemFlags::VOID)
    }

    /// The generated type, with public fields.
    ///
    /// # Errors
    /// The first member that is wrong whatever receipt the payment is on.
    pub fn build(self) -> Result<types::PayItem, ReceiptError> {
        self.options.apply(self.item)
    }

    pub(super) fn inverted(mut self, flags: PayItemFlags) -> Self {
        match self.options.applied_and(&self.item, inverse::signs) {
            Ok(item) => Self::from(item).flags(flags),
            Err(fault) => {
                self.options.refuse(fault.field(), fault.reason());
                self
            }
        }
    }

    /// What its numbers are multiplied with.
    pub(super) fn multiplier(&self) -> u32 {
        let members = self.is_taken_over.then(|| members::of(&self.item).ok());
        let multiplier = members
            .flatten()
            .and_then(|members| precision::of(&members));
        multiplier.unwrap_or(1)
    }

    /// For this country, unless it says one itself.
    pub(super) fn in_country(mut self, country: Country) -> Self {
        if self.case().country().is_none() {
            self.item.ft_pay_item_case = Some(self.case().with_country(country));
        }
        self
    }

    fn case(&self) -> PayItemCase {
        self.item.ft_pay_item_case.unwrap_or_default()
    }

    fn with<T: serde::Serialize>(mut self, member: &str, value: &T) -> Self {
        self.options.set(member, value);
        self
    }

    fn text(mut self, member: &str, text: impl Into<String>) -> Self {
        self.options.set_text(member, text.into());
        self
    }
}

/// A payment as it is, from `POST /pay` or elsewhere.
impl From<types::PayItem> for PayItem {
    fn from(item: types::PayItem) -> Self {
        Self {
            item,
            options: Options::default(),
            is_taken_over: true,
        }
    }
}

impl TryFrom<PayItem> for types::PayItem {
    type Error = ReceiptError;

    fn try_from(item: PayItem) -> Result<Self, ReceiptError> {
        item.build()
    }
}
