//! Receipts that do not build, each with the member that is named.

use pos_system_api::codes::{
    ChargeItemFlags, Country, PayItemCase, PayItemFlags, PaymentKind, ReceiptCase, ReceiptFlags,
    VatRate,
};
use pos_system_api::receipt::{ChargeItem, Customer, PayItem, Precision, Receipt, ReceiptError};
use pos_system_api::types::{self, Moment, ReceiptRequest};

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

const REFUND: ReceiptCase = ReceiptCase::POINT_OF_SALE.with_flags(ReceiptFlags::REFUND);
const VOID: ReceiptCase = ReceiptCase::POINT_OF_SALE.with_flags(ReceiptFlags::VOID);

/// A moment as it may come from the wire.
fn odd_moment() -> Moment {
    serde_json::from_str("\"2026-06-01T10:15:30\"").unwrap()
}

fn long() -> String {
    "ä".repeat(1024)
}

#[test]
fn the_error_names_the_member_and_the_reason() {
    let back = || tea().returned();
    let other_rate = ChargeItem::goods("Bread", 1, 10, VatRate::Discounted1);
    let mut without_description: types::PayItem = paid(3).build().unwrap();
    without_description.description = None;
    let mut no_reference = sold();
    no_reference.cb_receipt_reference = None;
    let closing = Receipt::daily_closing("Z-1", moment()).build().unwrap();
    let refund = Receipt::refund_of(sold(), "R-1", moment()).build().unwrap();
    let huge = || {
        "79228162514264337593543950335"
            .parse::<types::Amount>()
            .unwrap()
    };
    type Built = Result<ReceiptRequest, ReceiptError>;
    let cases: Vec<(Built, &str, &str)> = vec![
        // Head.
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
        // Texts and numbers of items.
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
        // Sums.
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
        // Cases that take no items.
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
        // Customers.
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
            sale()
                .customer(&Customer::new("Club").country("Austria"))
                .build(),
            "cbCustomer.CustomerCountry",
            "AT",
        ),
        // Discounts and extras.
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
        // Voids and refunds.
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
        (
            Receipt::copy_of("", "C-1", moment()).build(),
            "cbPreviousReceiptReference",
            "empty",
        ),
        // Tips.
        (
            sale()
                .charge(tea())
                .pay(paid(3).flags(PayItemFlags::TIP))
                .build(),
            "cbPayItems[0].Amount",
            "tip",
        ),
        // Precision.
        (
            sale()
                .precision(Precision::Hundredths)
                .charge(ChargeItem::tip(
                    "Tip",
                    types::Amount::from(rust_decimal(1005, 3)),
                ))
                .pay(PayItem::of(
                    PayItemCase::CASH,
                    "Cash",
                    types::Amount::from(rust_decimal(1005, 3)),
                ))
                .build(),
            "cbChargeItems[0].Amount",
            "1.005",
        ),
    ];
    for (index, (built, field, reason)) in cases.into_iter().enumerate() {
        let error = built.expect_err(&format!("number {index} builds, but {field} is wrong"));
        assert_eq!(error.field(), field, "number {index}: {error}");
        assert!(error.reason().contains(reason), "number {index}: {error}");
        assert_eq!(error.to_string(), format!("{field} {}", error.reason()));
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}

fn rust_decimal(number: i64, scale: u32) -> pos_system_api::rust_decimal::Decimal {
    pos_system_api::rust_decimal::Decimal::new(number, scale)
}

#[test]
fn what_only_looks_wrong_builds() {
    let receipts = [
        // As far apart as it was told to take.
        sale()
            .sum_tolerance(cents(1))
            .charge(tea())
            .pay(PayItem::cash("Cash", cents(299))),
        // A text as long as the API takes.
        Receipt::sale("ä".repeat(1023), moment()),
        // An earlier receipt that is not taken back, and several of them.
        sale()
            .previous("O-1")
            .previous("O-2")
            .charge(tea())
            .pay(paid(3)),
        // Greek refunds may stand alone, and Greek tips stay with the payment.
        of(REFUND)
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
