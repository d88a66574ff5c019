//! Lines that are wrong by themselves or after the lines before them.

use pos_system_api::codes::{ChargeItemFlags, PayItemCase, PayItemFlags, PaymentKind, VatRate};
use pos_system_api::receipt::{ChargeItem, PayItem, Precision};
use pos_system_api::rust_decimal::Decimal;
use pos_system_api::types::{self, Amount};

use crate::cents;

use super::{long, paid, refused, sale, tea};

#[test]
fn texts_say_something_and_numbers_have_their_sign() {
    let mut without_description: types::PayItem = paid(3).build().unwrap();
    without_description.description = None;
    refused(vec![
        (
            sale().charge(ChargeItem::tip("", 3)).build(),
            "cbChargeItems[0].Description",
            "empty",
        ),
        (
            sale().charge(tea()).charge(tea().unit("")).build(),
            "cbChargeItems[1].Unit",
            "empty",
        ),
        (
            sale()
                .charge(ChargeItem::goods(long(), 3, 20, VatRate::Normal))
                .build(),
            "cbChargeItems[0].Description",
            "1023",
        ),
        (
            sale()
                .charge(ChargeItem::goods("Tea", 3, -20, VatRate::Normal))
                .build(),
            "cbChargeItems[0].VATRate",
            "negative",
        ),
        (
            sale().charge(tea()).pay(PayItem::cash("", 3)).build(),
            "cbPayItems[0].Description",
            "empty",
        ),
        (
            sale().charge(tea()).pay(without_description).build(),
            "cbPayItems[0].Description",
            "missing",
        ),
        (
            sale().pay(PayItem::change("Change", -2)).build(),
            "cbPayItems[0].Amount",
            "positive amount",
        ),
        (
            sale()
                .pay(PayItem::tip(PaymentKind::CreditCard, "Tip", 0))
                .build(),
            "cbPayItems[0].Amount",
            "positive amount",
        ),
        (
            sale()
                .charge(tea())
                .charge(ChargeItem::discount_on(&tea(), "Less", -1))
                .build(),
            "cbChargeItems[1].Amount",
            "positive amount",
        ),
        (
            sale()
                .charge(tea())
                .charge(ChargeItem::extra_on(&tea(), "More", -1))
                .build(),
            "cbChargeItems[1].Amount",
            "positive",
        ),
    ]);
}

/// A line of another till, taken over as it is.
fn from_elsewhere(change: impl FnOnce(&mut types::ChargeItem)) -> ChargeItem {
    let mut item = tea().build().unwrap();
    change(&mut item);
    ChargeItem::from(item)
}

#[test]
fn a_vat_rate_lies_between_nothing_and_everything() {
    refused(vec![
        (
            sale()
                .charge(ChargeItem::goods("Tea", 3, 2000, VatRate::Normal))
                .pay(paid(3))
                .build(),
            "cbChargeItems[0].VATRate",
            "2000",
        ),
        (
            sale()
                .charge(tea())
                .charge(from_elsewhere(|item| item.vat_rate = (-20).into()))
                .pay(paid(6))
                .build(),
            "cbChargeItems[1].VATRate",
            "negative",
        ),
        (
            sale()
                .charge(from_elsewhere(|item| item.vat_rate = 101.into()))
                .pay(paid(3))
                .build(),
            "cbChargeItems[0].VATRate",
            "101",
        ),
    ]);
}

#[test]
fn a_position_stands_once() {
    let bread = || ChargeItem::goods("Bread", 1, 10, VatRate::Discounted1);
    let less = || ChargeItem::discount_on(&tea(), "Less", 1);
    refused(vec![
        (
            sale()
                .charge(tea().position(1))
                .charge(bread().position(2))
                .charge(tea().position(1))
                .pay(paid(7))
                .build(),
            "cbChargeItems[2].Position",
            "cbChargeItems[0]",
        ),
        // However it is written.
        (
            sale()
                .charge(tea().position(cents(110)))
                .charge(tea_in_hundredths().position(cents(110)))
                .pay(paid(6))
                .build(),
            "cbChargeItems[1].Position",
            "1.1",
        ),
        (
            sale()
                .charge(from_elsewhere(|item| item.position = Some(3.into())))
                .charge(bread().position(3))
                .pay(paid(4))
                .build(),
            "cbChargeItems[1].Position",
            "cbChargeItems[0]",
        ),
        // The next line after a discount that has a number of its own.
        (
            sale()
                .charge(tea().position(1))
                .charge(less().position(2))
                .charge(tea().position(2))
                .pay(paid(5))
                .build(),
            "cbChargeItems[2].Position",
            "cbChargeItems[1]",
        ),
        (
            sale()
                .charge(tea())
                .pay(paid(1).position(1))
                .pay(paid(2).position(1))
                .build(),
            "cbPayItems[1].Position",
            "cbPayItems[0]",
        ),
    ]);
}

#[test]
fn a_discount_or_extra_follows_a_line_with_its_rate() {
    let other_rate = ChargeItem::goods("Bread", 1, 10, VatRate::Discounted1);
    refused(vec![
        (
            sale()
                .charge(tea().flags(ChargeItemFlags::EXTRA_OR_DISCOUNT))
                .pay(paid(3))
                .build(),
            "cbChargeItems[0].ftChargeItemCase",
            "no line before",
        ),
        (
            sale()
                .charge(other_rate.clone())
                .charge(ChargeItem::discount_on(&tea(), "Less", 1))
                .build(),
            "cbChargeItems[1].VATRate",
            "this rate",
        ),
        (
            sale()
                .charge(tea())
                .charge(ChargeItem::discount_on(&tea(), "Less", 1).quantity(-1))
                .pay(paid(2))
                .build(),
            "cbChargeItems[1].Quantity",
            "positive",
        ),
    ]);
}

#[test]
fn a_voided_line_follows_the_line_it_takes_back() {
    let other_rate = ChargeItem::goods("Bread", 1, 10, VatRate::Discounted1);
    refused(vec![
        (
            sale().charge(tea().voided()).pay(paid(-3)).build(),
            "cbChargeItems[0].Amount",
            "void",
        ),
        (
            sale()
                .charge(tea())
                .charge(other_rate.voided())
                .pay(paid(2))
                .build(),
            "cbChargeItems[1].Amount",
            "void",
        ),
        (
            sale().charge(tea()).pay(paid(3).voided()).build(),
            "cbPayItems[0].Amount",
            "void",
        ),
        // The same amount with another rate, and of another number of pieces.
        (
            sale()
                .charge(ChargeItem::goods("Bread", 3, 10, VatRate::Discounted1))
                .charge(tea().voided())
                .pay(paid(0))
                .build(),
            "cbChargeItems[1].Amount",
            "VAT rate 20",
        ),
        (
            sale()
                .charge(tea().quantity(2))
                .charge(tea().voided())
                .pay(paid(0))
                .build(),
            "cbChargeItems[1].Amount",
            "quantity 1",
        ),
        // A line is taken back once.
        (
            sale()
                .charge(tea())
                .charge(tea().voided())
                .charge(tea().voided())
                .charge(ChargeItem::goods("Bread", 3, 10, VatRate::Discounted1))
                .pay(paid(0))
                .build(),
            "cbChargeItems[2].Amount",
            "void",
        ),
        (
            sale()
                .charge(tea())
                .pay(paid(3))
                .pay(paid(3).voided())
                .pay(paid(3).voided())
                .pay(paid(6))
                .build(),
            "cbPayItems[2].Amount",
            "void",
        ),
    ]);
}

#[test]
fn each_line_is_voided_on_its_own() {
    let less = || ChargeItem::discount_on(&tea(), "Less", 1);
    let receipts = [
        sale()
            .charge(tea())
            .charge(tea())
            .charge(tea().voided())
            .charge(tea().voided())
            .pay(paid(0)),
        // With its discount, whichever goes first.
        sale()
            .charge(tea())
            .charge(less())
            .charge(less().voided())
            .charge(tea().voided())
            .pay(paid(0)),
        // However its numbers are written.
        sale()
            .charge(tea_in_hundredths())
            .charge(tea().voided())
            .pay(paid(0)),
        // What came back stays here, after all.
        sale()
            .previous("S-0")
            .charge(tea().returned())
            .charge(tea().returned().voided())
            .charge(tea())
            .pay(paid(3)),
        // How many a payment is says nothing of the void.
        sale()
            .charge(tea())
            .pay(paid(3).quantity(2))
            .pay(paid(3).voided())
            .pay(PayItem::debit_card("Card", 3)),
    ];
    for (index, receipt) in receipts.into_iter().enumerate() {
        if let Err(error) = receipt.build() {
            panic!("number {index}: {error}");
        }
    }
}

#[test]
fn a_tip_leaves_the_means_of_payment() {
    refused(vec![(
        sale()
            .charge(tea())
            .pay(paid(3).flags(PayItemFlags::TIP))
            .build(),
        "cbPayItems[0].Amount",
        "tip",
    )]);
}

#[test]
fn what_is_no_whole_number_of_the_precision_is_not_rounded() {
    let tenth_of_a_cent = || Amount::from(Decimal::new(1005, 3));
    refused(vec![(
        sale()
            .precision(Precision::Hundredths)
            .charge(ChargeItem::tip("Tip", tenth_of_a_cent()))
            .pay(PayItem::of(PayItemCase::CASH, "Cash", tenth_of_a_cent()))
            .build(),
        "cbChargeItems[0].Amount",
        "1.005",
    )]);
}

/// Tea as it stands on a receipt of integers.
fn tea_in_hundredths() -> ChargeItem {
    let sold = sale().precision(Precision::Hundredths).charge(tea());
    let sold = sold.pay(paid(3)).build().unwrap();
    ChargeItem::from(sold.cb_charge_items[0].clone())
}

#[test]
fn a_number_is_given_as_it_is_meant_to_a_line_with_a_multiplier_too() {
    let line = tea_in_hundredths().quantity(2).unit_price(cents(150));
    let line = line.build().unwrap();
    assert_eq!(line.quantity, Some(200.into()));
    let written = serde_json::to_value(&line).unwrap();
    assert_eq!(written["UnitPrice"], 150);
    assert_eq!(written["DecimalPrecisionMultiplier"], 100);
    let half_a_cent = Amount::from(Decimal::new(5, 3));
    let error = tea_in_hundredths()
        .unit_price(half_a_cent)
        .build()
        .unwrap_err();
    assert_eq!(error.field(), "UnitPrice");
    assert!(error.reason().contains("1/100"), "{error}");
}

#[test]
fn a_discount_has_the_rate_that_a_line_with_a_multiplier_means() {
    let line = tea_in_hundredths();
    let less = ChargeItem::discount_on(&line, "Less", 1).build().unwrap();
    assert_eq!(less.vat_rate, 20.into());
    assert_eq!(less.amount, (-1).into());
    let cheaper = sale()
        .charge(line.clone())
        .charge(ChargeItem::discount_on(&line, "Less", 1))
        .pay(paid(2))
        .build()
        .unwrap();
    // Both are written as the receipt is, which has no multiplier.
    assert_eq!(cheaper.cb_charge_items[0].amount, 3.into());
    assert_eq!(cheaper.cb_charge_items[1].amount, (-1).into());
    let written = serde_json::to_value(&cheaper).unwrap();
    let line = &written["cbChargeItems"][0];
    assert!(line.get("DecimalPrecisionMultiplier").is_none(), "{line}");
}
