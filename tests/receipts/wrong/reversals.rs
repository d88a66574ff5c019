//! Refunds and voids that are wrong: put together by hand, or made from an earlier receipt.

use pos_system_api::codes::{ChargeItemFlags, Country, ReceiptCase, ReceiptFlags};
use pos_system_api::receipt::Receipt;

use super::{of, paid, refused, sale, sold, tea};
use crate::moment;

const REFUND: ReceiptCase = ReceiptCase::POINT_OF_SALE.with_flags(ReceiptFlags::REFUND);
const VOID: ReceiptCase = ReceiptCase::POINT_OF_SALE.with_flags(ReceiptFlags::VOID);

#[test]
fn refunds_and_voids_by_hand() {
    let back = || tea().returned();
    refused(vec![
        (
            of(VOID)
                .previous("S-0")
                .charge(back())
                .pay(paid(-3))
                .build(),
            "cbChargeItems[0].ftChargeItemCase",
            "not flagged",
        ),
        (
            of(VOID)
                .previous("S-0")
                .charge(tea().voided())
                .pay(paid(-3))
                .build(),
            "cbPayItems[0].ftPayItemCase",
            "not flagged",
        ),
        (
            of(VOID.with_flags(ReceiptFlags::REFUND))
                .previous("S-0")
                .build(),
            "ftReceiptCase",
            "one of both",
        ),
        (
            of(REFUND).charge(back()).pay(paid(-3)).build(),
            "cbPreviousReceiptReference",
            "missing",
        ),
        (
            of(REFUND)
                .previous("A")
                .previous("B")
                .charge(back())
                .pay(paid(-3))
                .build(),
            "cbPreviousReceiptReference",
            "exactly one",
        ),
        (
            of(REFUND)
                .previous("S-0")
                .charge(tea())
                .pay(paid(3))
                .build(),
            "cbChargeItems[0].Amount",
            "positive",
        ),
        (
            of(VOID)
                .charge(tea().voided())
                .pay(paid(3).voided())
                .build(),
            "cbPreviousReceiptReference",
            "missing",
        ),
        (
            of(VOID)
                .country(Country::GR)
                .charge(tea().voided())
                .pay(paid(3).voided())
                .build(),
            "cbPreviousReceiptReference",
            "missing",
        ),
        (
            sale().charge(back()).pay(paid(-3)).build(),
            "cbPreviousReceiptReference",
            "missing",
        ),
        (
            sale()
                .previous("S-0")
                .charge(tea().flags(ChargeItemFlags::REFUND))
                .pay(paid(3))
                .build(),
            "cbChargeItems[0].Quantity",
            "negative",
        ),
        (
            sale()
                .previous("S-0")
                .charge(tea().quantity(-1).flags(ChargeItemFlags::REFUND))
                .pay(paid(3))
                .build(),
            "cbChargeItems[0].Amount",
            "negative",
        ),
    ]);
}

#[test]
fn what_refers_to_an_earlier_receipt() {
    let mut no_reference = sold();
    no_reference.cb_receipt_reference = None;
    let closing = Receipt::daily_closing("Z-1", moment()).build().unwrap();
    let refund = Receipt::refund_of(sold(), "R-1", moment()).build().unwrap();
    let partial_refund = Receipt::partial_refund_of("S-1", "R-1", moment())
        .returned(tea())
        .paid_back(paid(3))
        .build()
        .unwrap();
    refused(vec![
        (
            Receipt::partial_refund_of("", "R-1", moment()).build(),
            "cbPreviousReceiptReference",
            "empty",
        ),
        (
            Receipt::partial_refund_of("R-1", "R-1", moment()).build(),
            "cbPreviousReceiptReference",
            "own",
        ),
        (
            Receipt::partial_refund_of("S-1", "R-1", moment()).build(),
            "cbChargeItems",
            "nothing",
        ),
        (
            Receipt::partial_refund_of("S-1", "R-1", moment())
                .returned(tea())
                .pay_items([paid(3)])
                .build(),
            "cbPayItems",
            "-3",
        ),
        (
            Receipt::refund_of(sold(), "S-1", moment()).build(),
            "cbPreviousReceiptReference",
            "own",
        ),
        (
            Receipt::refund_of(sold(), "R-1", moment())
                .pay_items([paid(-2)])
                .build(),
            "cbPayItems",
            "-3",
        ),
        (
            Receipt::refund_of(no_reference, "R-1", moment()).build(),
            "cbPreviousReceiptReference",
            "missing",
        ),
        (
            Receipt::refund_of(&closing, "R-1", moment()).build(),
            "ftReceiptCase",
            "DailyClosing",
        ),
        (
            Receipt::refund_of(&refund, "R-2", moment()).build(),
            "ftReceiptCase",
            "takes back another",
        ),
        (
            Receipt::void_of(refund, "R-2", moment()).build(),
            "ftReceiptCase",
            "takes back another",
        ),
        // It has no flag of its own, but all its lines have.
        (
            Receipt::refund_of(partial_refund, "R-2", moment()).build(),
            "cbChargeItems",
            "takes back another",
        ),
        (
            Receipt::copy_of("", "C-1", moment()).build(),
            "cbPreviousReceiptReference",
            "empty",
        ),
    ]);
}
