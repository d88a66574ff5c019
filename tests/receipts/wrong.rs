//! Receipts that do not build, each with the member that is named.

mod forgotten_refunds;
mod items;
mod returns;
mod reversals;

use pos_system_api::codes::{
    ChargeItemFlags, Country, PayItemFlags, ReceiptCase, ReceiptFlags, VatRate,
};
use pos_system_api::receipt::{ChargeItem, Customer, PayItem, Receipt, ReceiptError};
use pos_system_api::types::{Amount, Moment, ReceiptRequest};

use crate::{cents, moment};

fn tea() -> ChargeItem {
    ChargeItem::goods("Tea", 3, 20, VatRate::Normal)
}

fn paid(amount: i32) -> PayItem {
    PayItem::cash("Cash", amount)
}

fn sale() -> Receipt {
    Receipt::sale("S-1", moment())
}

fn of(case: ReceiptCase) -> Receipt {
    Receipt::of(case, "S-1", moment())
}

fn sold() -> ReceiptRequest {
    sale().charge(tea()).pay(paid(3)).build().unwrap()
}

/// A payment as a terminal reports it, with a position.
fn at_1(amount: i32) -> PayItem {
    let mut item = paid(amount).build().unwrap();
    item.position = Some(1.into());
    PayItem::from(item)
}

/// A moment as it may come from the wire.
fn odd_moment() -> Moment {
    serde_json::from_str("\"2026-06-01T10:15:30\"").unwrap()
}

fn long() -> String {
    "ä".repeat(1024)
}

/// What was built, the member that is wrong, and a part of the reason.
type Wrong = (
    Result<ReceiptRequest, ReceiptError>,
    &'static str,
    &'static str,
);

/// None of these builds, and the error names the member and the reason in one line.
#[track_caller]
fn refused(cases: Vec<Wrong>) {
    for (index, (built, field, reason)) in cases.into_iter().enumerate() {
        let error = built.expect_err(&format!("number {index} builds, but {field} is wrong"));
        assert_eq!(error.field(), field, "number {index}: {error}");
        assert!(error.reason().contains(reason), "number {index}: {error}");
        assert_eq!(error.to_string(), format!("{field} {}", error.reason()));
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}

#[test]
fn the_head() {
    refused(vec![
        (
            Receipt::sale("", moment()).build(),
            "cbReceiptReference",
            "empty",
        ),
        (
            Receipt::sale(long(), moment()).build(),
            "cbReceiptReference",
            "1023",
        ),
        (
            Receipt::sale("S-1", odd_moment()).build(),
            "cbReceiptMoment",
            "offset",
        ),
        (sale().terminal("").build(), "cbTerminalID", "empty"),
        (sale().user("").build(), "cbUser", "empty"),
        (sale().user(long()).build(), "cbUser", "1023"),
        (sale().area(long()).build(), "cbArea", "1023"),
        (sale().settlement("").build(), "cbSettlement", "empty"),
        (
            sale().currency("euro").build(),
            "Currency",
            "three capital letters",
        ),
        (
            sale().previous("").build(),
            "cbPreviousReceiptReference",
            "empty",
        ),
        (
            sale().previous("S-1").build(),
            "cbPreviousReceiptReference",
            "own",
        ),
    ]);
}

#[test]
fn sums() {
    let huge = || "79228162514264337593543950335".parse::<Amount>().unwrap();
    refused(vec![
        (
            sale().charge(tea()).pay(paid(2)).build(),
            "cbPayItems",
            "must come to 3",
        ),
        (
            sale()
                .charge(tea())
                .pay(PayItem::cash("Cash", cents(299)))
                .build(),
            "cbPayItems",
            "2.99",
        ),
        (
            sale()
                .sum_tolerance(cents(1))
                .charge(tea())
                .pay(PayItem::cash("Cash", cents(298)))
                .build(),
            "cbPayItems",
            "2.98",
        ),
        (
            sale()
                .charge(ChargeItem::voucher("A", huge()))
                .charge(ChargeItem::voucher("B", huge()))
                .build(),
            "cbChargeItems",
            "28 digits",
        ),
    ]);
}

#[test]
fn cases_that_take_no_items() {
    refused(vec![
        (
            of(ReceiptCase::DAILY_CLOSING)
                .charge(tea())
                .pay(paid(3))
                .build(),
            "cbChargeItems",
            "must be empty",
        ),
        (
            of(ReceiptCase::ZERO).pay(paid(0)).build(),
            "cbPayItems",
            "must be empty",
        ),
        (
            of(ReceiptCase::INITIAL_OPERATION).pay(paid(0)).build(),
            "cbPayItems",
            "must be empty",
        ),
    ]);
}

#[test]
fn customers() {
    refused(vec![
        (
            of(ReceiptCase::INVOICE_B2B)
                .charge(tea())
                .pay(paid(3))
                .build(),
            "cbCustomer",
            "missing",
        ),
        (
            of(ReceiptCase::INVOICE_B2G)
                .charge(tea())
                .pay(paid(3))
                .build(),
            "cbCustomer",
            "missing",
        ),
        (
            Receipt::invoice_b2b("I-1", moment(), &Customer::new("")).build(),
            "cbCustomer.CustomerName",
            "empty",
        ),
        (
            Receipt::invoice_b2b("I-1", moment(), &Customer::default()).build(),
            "cbCustomer",
            "names nobody",
        ),
        (
            sale()
                .customer(&Customer::new("Club").country("Austria"))
                .build(),
            "cbCustomer.CustomerCountry",
            "AT",
        ),
    ]);
}

#[test]
fn what_only_looks_wrong_builds() {
    let receipts = [
        // As far apart as it was told to take.
        sale()
            .sum_tolerance(cents(1))
            .charge(tea())
            .pay(PayItem::cash("Cash", cents(299))),
        // No tolerance is less than none.
        sale().sum_tolerance(cents(-1)).charge(tea()).pay(paid(3)),
        // A text as long as the API takes.
        Receipt::sale("ä".repeat(1023), moment()),
        // An earlier receipt that is not taken back, and several of them.
        sale()
            .previous("O-1")
            .previous("O-2")
            .charge(tea())
            .pay(paid(3)),
        // Greek refunds may stand alone, and Greek tips stay with the payment.
        of(ReceiptCase::POINT_OF_SALE.with_flags(ReceiptFlags::REFUND))
            .country(Country::GR)
            .charge(tea().returned())
            .pay(paid(-3)),
        sale()
            .country(Country::GR)
            .charge(tea())
            .pay(paid(3).flags(PayItemFlags::TIP)),
        // A discount somewhere after a line with its rate.
        sale()
            .charge(tea())
            .charge(ChargeItem::goods("Bread", 1, 10, VatRate::Discounted1))
            .charge(ChargeItem::discount_on(&tea(), "Less", 1))
            .pay(paid(3)),
        // Deposits and vouchers go both ways.
        sale()
            .charge(
                ChargeItem::goods("Bottle", -1, 20, VatRate::Normal)
                    .flags(ChargeItemFlags::RETURNABLE),
            )
            .pay(paid(-1)),
        // A discount and a voided line have the position of the line they belong to.
        sale()
            .charge(tea().position(1))
            .charge(ChargeItem::discount_on(&tea(), "Less", 1).position(1))
            .charge(ChargeItem::discount_on(&tea(), "Less still", 1).position(1))
            .charge(tea().position(2))
            .charge(tea().position(2).voided())
            .charge(tea().position(0))
            .charge(tea().position(0))
            .pay(paid(7)),
        // Terminals number each payment from 1.
        sale().charge(tea()).pay(at_1(1)).pay(at_1(2)),
        // All of it is VAT, and none of it.
        sale()
            .charge(ChargeItem::goods("Tax", 3, 100, VatRate::Unknown))
            .charge(ChargeItem::goods("Export", 3, 0, VatRate::Zero))
            .pay(paid(6)),
        // On the subtotal of an Italian receipt, whatever its rate.
        sale().country(Country::IT).charge(
            ChargeItem::goods("All", 0, 0, VatRate::Unknown)
                .flags(ChargeItemFlags::EXTRA_OR_DISCOUNT | ChargeItemFlags::IT_SUBTOTAL_DISCOUNT),
        ),
    ];
    for (index, receipt) in receipts.into_iter().enumerate() {
        if let Err(error) = receipt.build() {
            panic!("number {index}: {error}");
        }
    }
}

#[test]
fn what_a_queue_has_taken_is_taken_back_however_odd() {
    let mut odd = sale().charge(tea()).charge(tea()).pay(paid(6));
    odd = odd.pay(paid(0));
    let mut odd = odd.build().unwrap();
    for item in &mut odd.cb_charge_items {
        item.vat_rate = 2000.into();
        item.position = Some(1.into());
    }
    for item in &mut odd.cb_pay_items {
        item.position = Some(1.into());
    }
    let moment = moment();
    assert!(
        Receipt::refund_of(&odd, "R-1", moment.clone())
            .build()
            .is_ok()
    );
    assert!(Receipt::void_of(&odd, "V-1", moment).build().is_ok());
}

#[test]
fn several_earlier_receipts_are_a_list() {
    let several = sale().previous("O-1").previous("O-2").build().unwrap();
    let written = serde_json::to_value(&several).unwrap();
    assert_eq!(
        written["cbPreviousReceiptReference"],
        serde_json::json!(["O-1", "O-2"])
    );
}

#[cfg(feature = "client")]
#[tokio::test]
async fn a_client_sends_no_wrong_receipt() {
    use pos_system_api::{ErrorKind, Standing};
    let queue = crate::queue::Queue::of("AT").await;
    let before = queue.simulator.ledger().requests().len();
    let call = queue.client.sign(sale().charge(tea()));
    assert!(call.operation_id().is_none());
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.outcome(), Standing::NotSent);
    assert!(
        error.to_string().contains("cbPayItems must come to 3"),
        "{error}"
    );
    let source = std::error::Error::source(&error).unwrap();
    let reason = source.downcast_ref::<ReceiptError>().unwrap();
    assert_eq!(reason.field(), "cbPayItems");
    assert_eq!(queue.simulator.ledger().requests().len(), before);
}
