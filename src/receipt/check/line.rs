//! An item as the checks see it.

use crate::codes::{
    ChargeItemCase, ChargeItemFlags, Country, PayItemCase, PayItemFlags, TypeOfService,
};
use crate::receipt::draft::Item;
use crate::receipt::{ReceiptError, precision};
use crate::types::{self, Amount};

const CHARGE_ITEMS: &str = types::ChargeItem::LIST;
const PAY_ITEMS: &str = types::PayItem::LIST;

/// Flags that say why a line is negative, or that it belongs to another one.
const NEGATIVE_BY_FLAG: ChargeItemFlags = ChargeItemFlags::VOID
    .union(ChargeItemFlags::REFUND)
    .union(ChargeItemFlags::EXTRA_OR_DISCOUNT)
    .union(ChargeItemFlags::DOWN_PAYMENT)
    .union(ChargeItemFlags::RETURNABLE)
    .union(ChargeItemFlags::SHOW_IN_PAYMENTS);

/// Flags of lines that are positive one way and negative the other. What comes back has the opposite sign
/// of either.
const BOTH_WAYS: ChargeItemFlags = ChargeItemFlags::DOWN_PAYMENT.union(ChargeItemFlags::RETURNABLE);

/// A charge item or a pay item, with its numbers as they are meant.
#[derive(Debug, Clone, Copy)]
pub(in crate::receipt) struct Line {
    list: &'static str,
    index: usize,
    pub(super) quantity: Amount,
    pub(super) amount: Amount,
    /// In percent; 0 of pay items.
    pub(super) vat_rate: Amount,
    pub(super) country: Option<Country>,
    pub(super) is_void: bool,
    pub(super) is_refund: bool,
    /// A discount or extra on the line before it.
    pub(super) changes_price: bool,
    /// A down payment, a deposit or a voucher: positive one way, negative the other.
    pub(super) goes_both_ways: bool,
    /// A tip that leaves the means of payment.
    pub(super) is_tip: bool,
    /// Goods or a service, sold as such: negative only if they come back.
    pub(super) is_sold: bool,
    /// Its number among the lines; 0 for none.
    pub(super) position: Amount,
}

impl Line {
    /// A charge item whose numbers are `multiplier` times what they mean.
    pub(in crate::receipt) fn charge(
        index: usize,
        item: &types::ChargeItem,
        multiplier: u32,
    ) -> Result<Self, ReceiptError> {
        let meant = |number: Option<Amount>| Some(precision::meant(number?, multiplier));
        let case: ChargeItemCase = item.ft_charge_item_case.unwrap_or_default();
        let on_subtotal = matches!(case.country(), None | Some(Country::IT))
            && case.flags().intersects(
                ChargeItemFlags::IT_SUBTOTAL_DISCOUNT | ChargeItemFlags::IT_SUBTOTAL_SURCHARGE,
            );
        let line = Self {
            country: case.country(),
            is_void: case.is_void(),
            is_refund: case.is_refund(),
            changes_price: case.is_extra_or_discount() && !on_subtotal,
            goes_both_ways: case.flags().intersects(BOTH_WAYS)
                || case.version() == 2 && case.type_of_service() == TypeOfService::Voucher,
            is_sold: is_sold(case),
            quantity: meant(item.quantity).unwrap_or(Amount::ONE),
            vat_rate: meant(item.vat_rate.into()).unwrap_or_default(),
            ..Self::new(CHARGE_ITEMS, index, meant(item.amount.into()))?
        };
        line.described(item.description.as_deref())
    }

    /// A pay item whose numbers are `multiplier` times what they mean. Its quantity matters to nothing.
    pub(in crate::receipt) fn pay(
        index: usize,
        item: &types::PayItem,
        multiplier: u32,
    ) -> Result<Self, ReceiptError> {
        let meant = |number: Option<Amount>| Some(precision::meant(number?, multiplier));
        let case: PayItemCase = item.ft_pay_item_case.unwrap_or_default();
        let line = Self {
            country: case.country(),
            is_void: case.is_void(),
            is_refund: case.is_refund(),
            is_tip: case.flags().contains(PayItemFlags::TIP),
            ..Self::new(PAY_ITEMS, index, meant(item.amount.into()))?
        };
        line.described(item.description.as_deref())
    }

    fn new(list: &'static str, index: usize, amount: Option<Amount>) -> Result<Self, ReceiptError> {
        let line = Self {
            list,
            index,
            quantity: Amount::ONE,
            amount: amount.unwrap_or_default(),
            vat_rate: Amount::ZERO,
            country: None,
            is_void: false,
            is_refund: false,
            changes_price: false,
            goes_both_ways: false,
            is_tip: false,
            is_sold: false,
            position: Amount::ZERO,
        };
        match amount {
            Some(_) => Ok(line),
            None => Err(line.wrong("Amount", "is missing")),
        }
    }

    /// The builder's descriptions say something; those of a terminal are at least there, because
    /// servers refuse items without.
    fn described(self, description: Option<&str>) -> Result<Self, ReceiptError> {
        let reason = match description {
            None => "is missing",
            Some(text) => match super::text_fault(text) {
                Some(reason) if !text.is_empty() => reason,
                _ => return Ok(self),
            },
        };
        Err(self.wrong("Description", reason))
    }

    /// The line at this position; 0 for none.
    pub(in crate::receipt) fn at(mut self, position: Amount) -> Self {
        self.position = position;
        self
    }

    /// A pay item.
    pub(super) fn is_payment(&self) -> bool {
        self.list == PAY_ITEMS
    }

    /// Where it stands on the receipt, such as `cbChargeItems[1]`.
    pub(super) fn place(&self) -> String {
        format!("{}[{}]", self.list, self.index)
    }

    /// What is wrong with a member of this line.
    pub(super) fn wrong(&self, member: &str, reason: impl Into<String>) -> ReceiptError {
        ReceiptError::new(format!("{}.{member}", self.place()), reason)
    }

    /// What is wrong with the case of this line.
    pub(super) fn wrong_case(&self, reason: impl Into<String>) -> ReceiptError {
        let member = if self.is_payment() {
            "ftPayItemCase"
        } else {
            "ftChargeItemCase"
        };
        self.wrong(member, reason)
    }
}

/// Tips, vouchers, receivables, cash, and what is sold for others or used in the house, are negative for
/// reasons of their own. The cases of version 0 are numbered differently.
fn is_sold(case: ChargeItemCase) -> bool {
    case.version() == 2
        && !case.flags().intersects(NEGATIVE_BY_FLAG)
        && matches!(
            case.type_of_service(),
            TypeOfService::Unknown
                | TypeOfService::Delivery
                | TypeOfService::OtherService
                | TypeOfService::CatalogService
        )
}
