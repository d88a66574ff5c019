//! What was sold.

use std::fmt;

use super::ReceiptError;
use super::check::rate_fault;
use super::draft::{Draft, Item, setters};
use super::members::{Options, text_fault};
use super::{inverse, precision};
use crate::codes::{ChargeItemCase, ChargeItemFlags, NatureOfVat, TypeOfService, VatRate};
use crate::types::{self, Amount, Json, Moment};

/// One line of a receipt. Amounts are gross totals of the line, in the receipt's currency: the integer
/// 3 is 3.00, and cents are [`Amount::from_cents`].
///
/// VAT is said twice: the rate in percent, which is the country's and may change, and the
/// [`VatRate`], which says what kind of rate it is.
///
/// ```
/// use pos_system_api::codes::{ChargeItemFlags, VatRate};
/// use pos_system_api::receipt::ChargeItem;
/// use pos_system_api::types::Amount;
///
/// let cheese = ChargeItem::goods("Cheese", Amount::from_cents(1245), 10, VatRate::Discounted1)
///     .quantity("0.498".parse::<Amount>()?)
///     .unit("kg")
///     .unit_price(25)
///     .position(1)
///     .product_number("4711")
///     .flags(ChargeItemFlags::TAKE_AWAY)
///     .build()?;
/// assert_eq!(cheese.unit.as_deref(), Some("kg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
#[must_use]
pub struct ChargeItem(pub(super) Draft<types::ChargeItem>);

impl ChargeItem {
    /// Goods. `amount` is the gross total of the line, `vat_percent` the rate in percent (20 is 20 %).
    pub fn goods(
        description: impl Into<String>,
        amount: impl Into<Amount>,
        vat_percent: impl Into<Amount>,
        vat: VatRate,
    ) -> Self {
        Self::of(ChargeItemCase::goods(vat), description, amount, vat_percent)
    }

    /// A service. Arguments as for [`goods`](Self::goods).
    pub fn service(
        description: impl Into<String>,
        amount: impl Into<Amount>,
        vat_percent: impl Into<Amount>,
        vat: VatRate,
    ) -> Self {
        Self::of(
            ChargeItemCase::service(vat),
            description,
            amount,
            vat_percent,
        )
    }

    /// A tip to an employee, which is not taxable.
    ///
    /// As a charge item it is part of what the guest pays. A tip that a card terminal took on top of the
    /// amount is a [`PayItem::tip`](super::PayItem::tip) instead.
    ///
    /// ```
    /// # use pos_system_api::receipt::ChargeItem;
    /// # use pos_system_api::types::Amount;
    /// let tip = ChargeItem::tip("Tip", Amount::from_cents(200)).build()?;
    /// assert_eq!(tip.ft_charge_item_case.map(|case| case.value()), Some(35184372088888));
    /// # Ok::<(), pos_system_api::receipt::ReceiptError>(())
    /// ```
    pub fn tip(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::untaxed(TypeOfService::Tip, description, amount)
    }

    /// A tip to the owner, which is taxed. Arguments as for [`goods`](Self::goods).
    pub fn tip_to_owner(
        description: impl Into<String>,
        amount: impl Into<Amount>,
        vat_percent: impl Into<Amount>,
        vat: VatRate,
    ) -> Self {
        Self::of(ChargeItemCase::tip(vat), description, amount, vat_percent)
    }

    /// A voucher for goods of any kind, taxed when it is redeemed. Positive when it is sold; what is
    /// paid with one is a [`PayItem::voucher`](super::PayItem::voucher).
    ///
    /// ```
    /// # use pos_system_api::receipt::ChargeItem;
    /// let voucher = ChargeItem::voucher("Gift card 50", 50).product_number("GC-77").build()?;
    /// # Ok::<(), pos_system_api::receipt::ReceiptError>(())
    /// ```
    pub fn voucher(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::untaxed(TypeOfService::Voucher, description, amount)
    }

    /// A voucher for one kind of goods, taxed when it is sold: positive then, negative when it is
    /// redeemed. Arguments as for [`goods`](Self::goods).
    pub fn voucher_single_use(
        description: impl Into<String>,
        amount: impl Into<Amount>,
        vat_percent: impl Into<Amount>,
        vat: VatRate,
    ) -> Self {
        Self::of(
            ChargeItemCase::voucher(vat),
            description,
            amount,
            vat_percent,
        )
    }

    /// A receivable: negative when it arises, positive when it is settled. Not taxable.
    pub fn receivable(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::untaxed(TypeOfService::Receivable, description, amount)
    }

    /// Cash that is put into the till (positive) or taken out of it (negative). Not taxable.
    pub fn cash_transfer(description: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::untaxed(TypeOfService::CashTransfer, description, amount)
    }

    /// What is taken off the price of `line`, given as a positive amount: a line of its own, to be
    /// charged right after the other, with the same VAT.
    ///
    /// ```
    /// use pos_system_api::codes::VatRate;
    /// use pos_system_api::receipt::ChargeItem;
    /// use pos_system_api::types::Amount;
    ///
    /// let menu = ChargeItem::service("Menu", Amount::from_cents(4500), 10, VatRate::Discounted1);
    /// let less = ChargeItem::discount_on(&menu, "Regulars", Amount::from_cents(250)).build()?;
    /// assert_eq!(less.amount, Amount::from_cents(-250));
    /// assert_eq!(less.vat_rate, 10.into());
    /// # Ok::<(), pos_system_api::receipt::ReceiptError>(())
    /// ```
    pub fn discount_on(
        line: &Self,
        description: impl Into<String>,
        amount: impl Into<Amount>,
    ) -> Self {
        let amount = amount.into();
        let mut discount = line.changed_by(description, inverse::negated(amount));
        if amount <= Amount::ZERO {
            discount.0.options.refuse(
                "Amount",
                format!("is the negative of a discount, which is given as a positive amount, not as {amount}"),
            );
        }
        discount
    }

    /// What is added to the price of `line`, such as an extra topping. Otherwise as
    /// [`discount_on`](Self::discount_on).
    pub fn extra_on(
        line: &Self,
        description: impl Into<String>,
        amount: impl Into<Amount>,
    ) -> Self {
        let amount = amount.into();
        let mut extra = line.changed_by(description, amount);
        if amount <= Amount::ZERO {
            extra.0.options.refuse(
                "Amount",
                format!("of an extra must be positive, not {amount}"),
            );
        }
        extra
    }

    /// A line with any case.
    pub fn of(
        case: ChargeItemCase,
        description: impl Into<String>,
        amount: impl Into<Amount>,
        vat_percent: impl Into<Amount>,
    ) -> Self {
        let (amount, vat_percent): (Amount, Amount) = (amount.into(), vat_percent.into());
        let description: String = description.into();
        let mut options = Options::default();
        if let Some(reason) = text_fault(&description) {
            options.refuse("Description", reason);
        }
        if let Some(reason) = rate_fault(vat_percent) {
            options.refuse("VATRate", reason);
        }
        // A revision may make a required member optional; `into` is both.
        #[allow(clippy::useless_conversion)]
        let item = types::ChargeItem {
            amount: amount.into(),
            description: Some(description),
            ft_charge_item_case: Some(case),
            quantity: Some(Amount::ONE),
            vat_rate: vat_percent.into(),
            // Members of a later revision stay absent.
            ..Default::default()
        };
        Self(Draft::new(item, options))
    }

    fn untaxed(
        service: TypeOfService,
        description: impl Into<String>,
        amount: impl Into<Amount>,
    ) -> Self {
        let case = ChargeItemCase::of(service, VatRate::NotTaxable);
        Self::of(case, description, amount, 0)
    }

    /// A line that changes the price of this one.
    fn changed_by(&self, description: impl Into<String>, amount: Amount) -> Self {
        let case = self
            .0
            .item
            .case()
            .with_flags(ChargeItemFlags::EXTRA_OR_DISCOUNT);
        let rate = Option::<Amount>::from(self.0.item.vat_rate);
        let rate = precision::meant(rate.unwrap_or_default(), self.0.multiplier());
        Self::of(case, description, amount, rate)
    }

    /// How many. Default 1.
    pub fn quantity(mut self, quantity: impl Into<Amount>) -> Self {
        if let Some(quantity) = self.0.written("Quantity", quantity.into()) {
            self.0.item.quantity = Some(quantity);
        }
        self
    }

    setters! {
        /// The unit of the quantity, such as `kg`. Default: none.
        unit: String, "Unit";
        /// How much one unit is, such as 0.5 of a litre. Default: none.
        unit_quantity: Amount, "UnitQuantity";
        /// The gross price of one unit. Default: none.
        unit_price: Amount, "UnitPrice";
        /// The VAT within the amount, where the till must name its own figure. Default: none.
        vat_amount: Amount, "VATAmount";
        /// The number of the line, from 1; 1.1 belongs to 1 on receipts that are
        /// [grouped by position](crate::codes::ReceiptFlags::GROUP_BY_POSITION). No two lines have the
        /// same, but a discount, an extra or a void may have that of its line. Default: none.
        position: Amount, "Position";
        /// When it was served or handed over, sent in UTC. Default: none, the receipt's moment.
        moment: Moment, "Moment";
        /// The group of the article. Default: none.
        product_group: String, "ProductGroup";
        /// The number of the article. Default: none.
        product_number: String, "ProductNumber";
        /// The bar code of the article. Default: none.
        product_barcode: String, "ProductBarcode";
        /// The account in the books. Default: none.
        account_number: String, "AccountNumber";
        /// The cost centre. Default: none.
        cost_center: String, "CostCenter";
        /// What one market wants to know beyond that. Default: none.
        case_data: Json, "ftChargeItemCaseData";
    }

    /// Why VAT is not as usual. Default: [`NatureOfVat::USUAL`].
    pub fn nature(self, nature: NatureOfVat) -> Self {
        Self(self.0.with_case(|case| case.with_nature(nature)))
    }

    /// Sets these flags as well, such as a deposit or take-away. Default: none.
    pub fn flags(self, flags: ChargeItemFlags) -> Self {
        Self(self.0.with_case(|case| case.with_flags(flags)))
    }

    /// A down payment: made if the amount is positive, used up if it is negative.
    ///
    /// ```
    /// # use pos_system_api::codes::VatRate;
    /// # use pos_system_api::receipt::ChargeItem;
    /// let made = ChargeItem::goods("Sofa, down payment", 200, 20, VatRate::Normal).down_payment();
    /// let used = ChargeItem::goods("Down payment of May", -200, 20, VatRate::Normal).down_payment();
    /// ```
    pub fn down_payment(self) -> Self {
        self.flags(ChargeItemFlags::DOWN_PAYMENT)
    }

    /// The same line given back: flagged, quantity and amount negated. For exchanges, where some lines
    /// of a [`sale`](super::Receipt::sale) come back and others go out. The id and the moment of a line
    /// from an earlier receipt are left out.
    pub fn returned(self) -> Self {
        Self(self.0.given_back()).flags(ChargeItemFlags::REFUND)
    }

    /// The same line taken back on the same receipt, where both stay to be seen: flagged, quantity and
    /// amount negated.
    ///
    /// ```
    /// # use pos_system_api::codes::VatRate;
    /// # use pos_system_api::receipt::{ChargeItem, Receipt};
    /// # use pos_system_api::types::Moment;
    /// # let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
    /// let wrong = ChargeItem::goods("Tea", 3, 20, VatRate::Normal);
    /// let sale = Receipt::sale("S-1", moment).charge(wrong.clone()).charge(wrong.voided()).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn voided(self) -> Self {
        Self(self.0.inverted()).flags(ChargeItemFlags::VOID)
    }

    /// The generated type, with public fields.
    ///
    /// # Errors
    /// The first member that is wrong whatever receipt the line is on.
    pub fn build(self) -> Result<types::ChargeItem, ReceiptError> {
        self.0.build()
    }
}

/// A line as it is, from elsewhere.
impl From<types::ChargeItem> for ChargeItem {
    fn from(item: types::ChargeItem) -> Self {
        Self(Draft::taken_over(item))
    }
}

/// Without what may say who the customer is.
impl fmt::Debug for ChargeItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show("ChargeItem", f)
    }
}

impl TryFrom<ChargeItem> for types::ChargeItem {
    type Error = ReceiptError;

    fn try_from(item: ChargeItem) -> Result<Self, ReceiptError> {
        item.build()
    }
}
