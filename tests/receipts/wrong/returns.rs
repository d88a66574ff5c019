//! Lines that come back and are positive all the same.

use pos_system_api::codes::{ChargeItemFlags, VatRate};
use pos_system_api::receipt::{ChargeItem, Receipt};

use super::{paid, refused, sale, tea};
use crate::moment;

fn used_up() -> ChargeItem {
    ChargeItem::goods("Down payment of May", -200, 20, VatRate::Normal).down_payment()
}

fn bottle(euros: i32) -> ChargeItem {
    ChargeItem::goods("Bottle", euros, 20, VatRate::Normal).flags(ChargeItemFlags::RETURNABLE)
}

fn redeemed() -> ChargeItem {
    ChargeItem::voucher_single_use("Wellness", -30, 20, VatRate::Normal)
}

#[test]
fn what_was_taken_off_is_owed_again_when_it_comes_back() {
    for (line, owed) in [
        (used_up(), 200),
        (bottle(-1), 1),
        (redeemed(), 30),
        (ChargeItem::voucher("Gift card", -50), 50),
        (ChargeItem::discount_on(&tea(), "Less", 1), 1),
    ] {
        let refund = Receipt::partial_refund_of("S-0", "R-1", moment())
            .returned(tea().quantity(2))
            .returned(line.clone())
            .pay_items([paid(owed - 3)])
            .build()
            .unwrap();
        assert_eq!(refund.cb_charge_items[1].amount, owed.into(), "{line:?}");
        assert_eq!(refund.cb_charge_items[1].quantity, Some((-1).into()));
        let exchange = sale()
            .previous("S-0")
            .charge(tea())
            .charge(tea().returned())
            .charge(line.returned())
            .pay(paid(owed));
        if let Err(error) = exchange.build() {
            panic!("{owed}: {error}");
        }
    }
}

#[test]
fn what_was_given_out_is_owed_no_more_when_it_comes_back() {
    for (line, owed) in [
        (
            ChargeItem::goods("Sofa, down payment", 200, 20, VatRate::Normal).down_payment(),
            -200,
        ),
        (bottle(1), -1),
        (ChargeItem::voucher("Gift card", 50), -50),
    ] {
        let refund = Receipt::partial_refund_of("S-0", "R-1", moment())
            .returned(line)
            .pay_items([paid(owed)]);
        let refund = refund.build().unwrap();
        assert_eq!(refund.cb_charge_items[0].amount, owed.into());
    }
}

#[test]
fn the_signs_of_what_comes_back_are_still_looked_at() {
    let flagged = |line: ChargeItem| line.flags(ChargeItemFlags::REFUND);
    refused(vec![
        // Flagged, but with the signs of a sale.
        (
            sale()
                .previous("S-0")
                .charge(flagged(bottle(1)))
                .pay(paid(1))
                .build(),
            "cbChargeItems[0].Quantity",
            "negative",
        ),
        (
            sale()
                .previous("S-0")
                .charge(flagged(ChargeItem::tip("Tip", 3).quantity(-1)))
                .pay(paid(3))
                .build(),
            "cbChargeItems[0].Amount",
            "negative",
        ),
        // A void takes back a line of the receipt, whatever other flags it has.
        (
            sale()
                .previous("S-0")
                .charge(tea().returned().voided())
                .pay(paid(3))
                .build(),
            "cbChargeItems[0].Amount",
            "void",
        ),
    ]);
}
