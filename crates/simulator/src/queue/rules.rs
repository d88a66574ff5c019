//! The rules a receipt has to keep before it is signed.

use rust_decimal::Decimal;

use crate::queue::case_table::{
    Category, category, check_charge_item, check_pay_item, check_receipt, is_on_subtotal,
    item_flag, receipt_flag,
};
use crate::queue::market::Country;
use crate::queue::origin::Origin;
use crate::queue::receipt::request::{Item, ReceiptRequest};

/// The tolerance of the sum check, in units.
const SUM_TOLERANCE: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// What a receipt does to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reversal {
    Void,
    FullRefund,
    /// Some lines of the earlier receipt come back.
    PartialRefund,
}

/// What the code of a receipt says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) category: Category,
    pub(crate) reversal: Option<Reversal>,
}

/// Checks everything that needs no look at earlier receipts.
pub(crate) fn read(request: &ReceiptRequest, origin: Origin) -> Result<Reading, String> {
    if origin.is_foreign {
        return read_foreign(request);
    }
    let market = origin.market;
    let country = market.country();
    request.code.check_belongs_to(market)?;
    let category = check_receipt(request.code, country)?;
    check_item_count(request, category)?;
    for item in &request.charge_items {
        item.code.check_belongs_to(market)?;
        check_charge_item(item.code, item.quantity, country)?;
    }
    for item in &request.pay_items {
        item.code.check_belongs_to(market)?;
        check_pay_item(item.code, country)?;
    }
    if has_sum_check(request.code.case(), category) {
        check_sum(request)?;
    }
    let reversal = reversal(request, category)?;
    check_void_items(request, reversal)?;
    check_discounts(&request.charge_items, reversal, country)?;
    check_tips(&request.pay_items, reversal, country)?;
    if country == Country::Portugal && request.code.case() == 0x0002 && !has_receivable(request) {
        return Err("A payment transfer needs a charge item for the receivable.".to_owned());
    }
    Ok(Reading { category, reversal })
}

/// A receipt of another queue is stored to be sent again, not to be judged again: of its codes
/// only the case counts, and it reverses nothing here.
fn read_foreign(request: &ReceiptRequest) -> Result<Reading, String> {
    let case = request.code.case();
    let category = category(case).ok_or_else(|| format!("There is no receipt case {case:04X}."))?;
    check_item_count(request, category)?;
    if has_sum_check(case, category) {
        check_sum(request)?;
    }
    Ok(Reading {
        category,
        reversal: None,
    })
}

fn check_item_count(request: &ReceiptRequest, category: Category) -> Result<(), String> {
    let count = request.charge_items.len() + request.pay_items.len();
    if count > 0 && matches!(category, Category::Daily | Category::Lifecycle) {
        return Err("This receipt case takes no charge items and no pay items.".to_owned());
    }
    Ok(())
}

/// Documents that move no money need not balance: delivery notes, table checks, pro forma
/// invoices, and the whole log.
fn has_sum_check(case: u16, category: Category) -> bool {
    category != Category::Log && !matches!(case, 0x0005..=0x0007)
}

fn check_sum(request: &ReceiptRequest) -> Result<(), String> {
    let difference = request.charge_total.checked_sub(request.pay_total);
    if difference.is_some_and(|difference| difference.abs() <= SUM_TOLERANCE) {
        return Ok(());
    }
    Err(format!(
        "Charge items and pay items do not have the same sum: {} and {}.",
        request.charge_total, request.pay_total
    ))
}

fn reversal(request: &ReceiptRequest, category: Category) -> Result<Option<Reversal>, String> {
    if matches!(category, Category::Daily | Category::Lifecycle) {
        return Ok(None);
    }
    let code = request.code;
    if code.has(receipt_flag::VOID) && code.has(receipt_flag::REFUND) {
        return Err("A receipt is either a void or a refund.".to_owned());
    }
    if code.has(receipt_flag::VOID) {
        let items = request.charge_items.iter().chain(&request.pay_items);
        return if items.clone().all(|item| item.code.has(item_flag::VOID)) {
            Ok(Some(Reversal::Void))
        } else {
            Err("Every item of a void has the flag 0001.".to_owned())
        };
    }
    if code.has(receipt_flag::REFUND) {
        return Ok(Some(Reversal::FullRefund));
    }
    let mut returned = request
        .charge_items
        .iter()
        .filter(|item| item.code.has(item_flag::REFUND))
        .peekable();
    if returned.peek().is_none() {
        return Ok(None);
    }
    if returned.clone().any(|item| item.quantity > Decimal::ZERO) {
        return Err("The quantity of a returned item is negative.".to_owned());
    }
    let is_charge_off =
        |item: &Item| !item.code.has(item_flag::EXTRA_OR_DISCOUNT) && item.amount > Decimal::ZERO;
    if returned.clone().any(is_charge_off) {
        return Err("The amount of a returned item is negative.".to_owned());
    }
    // With other lines beside the returned ones it is an exchange.
    let only_returned = returned.count() == request.charge_items.len();
    Ok(only_returned.then_some(Reversal::PartialRefund))
}

/// A voided line within a receipt cancels an earlier line of it.
fn check_void_items(request: &ReceiptRequest, reversal: Option<Reversal>) -> Result<(), String> {
    if matches!(reversal, Some(Reversal::Void | Reversal::FullRefund)) {
        return Ok(());
    }
    for items in [&request.charge_items, &request.pay_items] {
        for (index, item) in items.iter().enumerate() {
            let cancels = |earlier: &Item| earlier.amount == -item.amount;
            let earlier = items.iter().take(index);
            if item.code.has(item_flag::VOID) && !earlier.clone().any(cancels) {
                return Err("A void item has no earlier item with the opposite amount.".to_owned());
            }
        }
    }
    Ok(())
}

/// A discount or extra follows a line with the same VAT rate.
fn check_discounts(
    items: &[Item],
    reversal: Option<Reversal>,
    country: Country,
) -> Result<(), String> {
    // The flags of items do not count in a full refund.
    if matches!(reversal, Some(Reversal::Void | Reversal::FullRefund)) {
        return Ok(());
    }
    for (index, item) in items.iter().enumerate() {
        if !item.code.has(item_flag::EXTRA_OR_DISCOUNT) || is_on_subtotal(item.code, country) {
            continue;
        }
        let changes = |line: &Item| {
            !line.code.has(item_flag::EXTRA_OR_DISCOUNT) && line.vat_rate == item.vat_rate
        };
        if !items.iter().take(index).any(changes) {
            return Err(
                "A discount or extra stands after an item with the same VAT rate.".to_owned(),
            );
        }
        let is_inverted = item.code.has(item_flag::VOID | item_flag::REFUND);
        if item.quantity < Decimal::ZERO && !is_inverted {
            return Err("The quantity of a discount or extra is positive.".to_owned());
        }
    }
    Ok(())
}

/// A tip leaves the means of payment.
fn check_tips(items: &[Item], reversal: Option<Reversal>, country: Country) -> Result<(), String> {
    // Greek tills flag the card payment that brought the tip.
    if reversal.is_some() || country == Country::Greece {
        return Ok(());
    }
    let is_wrong = |item: &&Item| {
        item.code.has(item_flag::TIP)
            && !item.code.has(item_flag::VOID | item_flag::REFUND)
            && item.amount > Decimal::ZERO
    };
    match items.iter().find(is_wrong) {
        Some(_) => Err("The amount of a tip among the pay items is negative.".to_owned()),
        None => Ok(()),
    }
}

fn has_receivable(request: &ReceiptRequest) -> bool {
    let mut charge_items = request.charge_items.iter();
    charge_items.any(|item| item.code.case() >> 4 & 0xF == 0x9)
}
