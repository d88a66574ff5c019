//! Sales of which every line is negative: refunds that nobody flagged, and sums that are rightly negative.

use pos_system_api::codes::{
    ChargeItemCase, ChargeItemFlags, Country, ReceiptCase, ReceiptFlags, TypeOfService, VatRate,
};
use pos_system_api::receipt::{ChargeItem, Customer, PayItem, Receipt};

use super::{of, paid, refused, sale, tea};
use crate::{cents, moment};

fn minus_tea() -> ChargeItem {
    ChargeItem::goods("Tea", -3, 20, VatRate::Normal)
}

fn deposit(euros: i32) -> ChargeItem {
    ChargeItem::goods("Bottle", euros, 20, VatRate::Normal).flags(ChargeItemFlags::RETURNABLE)
}

#[test]
fn a_refund_that_nobody_flagged_does_not_build() {
    let bread = ChargeItem::goods("Bread", -1, 10, VatRate::Discounted1).quantity(-1);
    let invoice = Receipt::invoice_b2b("S-1", moment(), &Customer::new("Club"));
    let unsaid = ChargeItemCase::of(TypeOfService::Unknown, VatRate::Normal);
    let cases = [
        (sale().charge(minus_tea()).pay(paid(-3)), 0),
        (sale().charge(minus_tea().quantity(-1)).pay(paid(-3)), 0),
        (sale().previous("S-0").charge(minus_tea()).pay(paid(-3)), 0),
        (invoice.charge(minus_tea()).pay(paid(-3)), 0),
        (sale().training().charge(minus_tea()).pay(paid(-3)), 0),
        (
            sale()
                .charge(ChargeItem::service("Massage", -30, 20, VatRate::Normal))
                .pay(paid(-30)),
            0,
        ),
        (
            sale()
                .charge(ChargeItem::of(unsaid, "Something", -3, 20))
                .pay(paid(-3)),
            0,
        ),
        // Neither the bottle that came with it nor what costs nothing makes a sale of it.
        (
            sale()
                .charge(deposit(-1))
                .charge(ChargeItem::goods("Spoon", 0, 20, VatRate::Normal))
                .charge(minus_tea())
                .charge(bread)
                .pay(paid(-5)),
            2,
        ),
        // Nor does the discount that is paid again.
        (
            sale()
                .charge(minus_tea())
                .charge(ChargeItem::extra_on(&minus_tea(), "Less", 1))
                .pay(paid(-2)),
            0,
        ),
    ];
    refused(
        cases
            .into_iter()
            .map(|(receipt, line)| {
                let field = [
                    "cbChargeItems[0].ftChargeItemCase",
                    "",
                    "cbChargeItems[2].ftChargeItemCase",
                ];
                (receipt.build(), field[line], "partial_refund_of")
            })
            .collect(),
    );
    let error = sale().charge(minus_tea()).pay(paid(-3)).build();
    let error = error.unwrap_err().to_string();
    for way_out in ["Receipt::refund_of", "ChargeItem::returned"] {
        assert!(error.contains(way_out), "{error}");
    }
}

#[test]
fn a_sum_may_be_negative_for_a_reason() {
    let own_use = ChargeItemCase::of(TypeOfService::OwnConsumption, VatRate::Normal);
    let on_behalf = ChargeItemCase::of(TypeOfService::NotOwnSales, VatRate::NotTaxable);
    let receipts = [
        // Bottles back, a voucher redeemed, a down payment used up.
        sale().charge(deposit(-1)).pay(paid(-1)),
        sale()
            .charge(ChargeItem::voucher_single_use(
                "Wellness",
                -30,
                20,
                VatRate::Normal,
            ))
            .pay(paid(-30)),
        sale().charge(minus_tea().down_payment()).pay(paid(-3)),
        // Winnings of a lottery that somebody else runs, and the house's own use corrected.
        sale()
            .charge(ChargeItem::of(on_behalf, "Winnings", -50, 0))
            .pay(paid(-50)),
        sale()
            .charge(ChargeItem::of(own_use, "Lunch", -8, 20))
            .pay(paid(-8)),
        // Shown below the total.
        sale()
            .charge(minus_tea().flags(ChargeItemFlags::SHOW_IN_PAYMENTS))
            .pay(paid(-3)),
        // More came back than went out, and a negative line beside a positive one.
        sale()
            .previous("S-0")
            .charge(tea().returned())
            .charge(ChargeItem::goods("Bread", 1, 10, VatRate::Discounted1))
            .pay(paid(-2)),
        sale()
            .previous("S-0")
            .charge(tea().returned())
            .charge(minus_tea())
            .pay(paid(-6)),
        sale()
            .charge(tea().quantity(-1))
            .charge(minus_tea())
            .pay(PayItem::cash("Cash", 0)),
        // Money only, and none at all.
        Receipt::payment_transfer("S-1", moment())
            .charge(ChargeItem::cash_transfer("To the bank", -200))
            .pay(paid(-200)),
        Receipt::payment_transfer("S-1", moment())
            .charge(minus_tea())
            .pay(paid(-3)),
        Receipt::order("S-1", moment()).charge(minus_tea().quantity(-1)),
        Receipt::delivery_note("S-1", moment()).charge(minus_tea()),
        of(ReceiptCase::INTERNAL_USAGE).charge(minus_tea()),
        sale().charge(ChargeItem::goods("Spoon", 0, 20, VatRate::Normal)),
        // A refund flagged as a whole, and a Greek one, which is entered in other ways.
        of(ReceiptCase::POINT_OF_SALE.with_flags(ReceiptFlags::REFUND))
            .previous("S-0")
            .charge(minus_tea().quantity(-1))
            .pay(paid(-3)),
        sale()
            .country(Country::GR)
            .charge(minus_tea())
            .pay(paid(-3)),
        // Version 0 numbers its cases differently.
        sale()
            .charge(ChargeItem::of(
                ChargeItemCase::new(0x4154_0000_0000_0011),
                "?",
                -3,
                20,
            ))
            .pay(PayItem::cash("Cash", cents(-300))),
    ];
    for (index, receipt) in receipts.into_iter().enumerate() {
        if let Err(error) = receipt.build() {
            panic!("number {index}: {error}");
        }
    }
}
