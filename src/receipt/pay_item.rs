//! How it was paid.

use std::fmt;

use super::ReceiptError;
use super::draft::{Draft, setters};
use super::inverse;
use super::members::{Options, text_fault};
use crate::codes::{PayItemCase, PayItemFlags, PaymentKind};
use crate::types::{self, Amount, Json, Moment};

/// One payment of a receipt, in the receipt's currency: the integer 3 is 3.00, and cents are
/// [`Amount::from_cents`]. Positive amounts are money in.
///
/// Payments that a terminal made come from `POST /pay` as generated
/// [`types::PayItem`]s and go onto the receipt unchanged.
#[derive(Clone, PartialEq)]
#[must_use]
pub struct PayItem(pub(super) Draft<types::PayItem>);

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
        Self(Draft::new(item, options))
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
            item.0.options.refuse(
                "Amount",
                format!("is the negative of {what}, which is given as a positive amount, not as {amount}"),
            );
        }
        item
    }

    setters! {
        /// How many, such as the number of meal vouchers. Default: none, which is 1.
        quantity: Amount, "Quantity";
        /// The number of the line, from 1. Default: none.
        position: Amount, "Position";
        /// When it was paid, sent in UTC. Default: none, the receipt's moment.
        moment: Moment, "Moment";
        /// The group of the means of payment. Default: none.
        money_group: String, "MoneyGroup";
        /// The number of the means of payment, such as that of a voucher. Default: none.
        money_number: String, "MoneyNumber";
        /// The bar code of the means of payment. Default: none.
        money_barcode: String, "MoneyBarcode";
        /// The account in the books. Default: none.
        account_number: String, "AccountNumber";
        /// The cost centre. Default: none.
        cost_center: String, "CostCenter";
        /// What the payment provider or one market wants to know beyond that. Default: none.
        case_data: Json, "ftPayItemCaseData";
    }

    /// Sets these flags as well, such as a foreign currency or a down payment. Default: none.
    pub fn flags(self, flags: PayItemFlags) -> Self {
        Self(self.0.with_case(|case| case.with_flags(flags)))
    }

    /// The same payment given back: flagged, quantity and amount negated. Of a payment from an earlier
    /// receipt or a terminal, the id, the moment and the terminal's data are left out.
    pub fn returned(self) -> Self {
        Self(self.0.given_back()).flags(PayItemFlags::REFUND)
    }

    /// The same payment taken back on the same receipt: flagged, quantity and amount negated. No money
    /// changed hands.
    pub fn voided(self) -> Self {
        Self(self.0.inverted()).flags(PayItemFlags::VOID)
    }

    /// The generated type, with public fields.
    ///
    /// # Errors
    /// The first member that is wrong whatever receipt the payment is on.
    pub fn build(self) -> Result<types::PayItem, ReceiptError> {
        self.0.build()
    }
}

/// A payment as it is, from `POST /pay` or elsewhere.
impl From<types::PayItem> for PayItem {
    fn from(item: types::PayItem) -> Self {
        Self(Draft::taken_over(item))
    }
}

/// Without what may say who the customer is.
impl fmt::Debug for PayItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show("PayItem", f)
    }
}

impl TryFrom<PayItem> for types::PayItem {
    type Error = ReceiptError;

    fn try_from(item: PayItem) -> Result<Self, ReceiptError> {
        item.build()
    }
}
