//! One multiplier counts for a receipt and all its items.

use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Precision, Receipt};
use pos_system_api::types::{self, ReceiptRequest};
use serde_json::Value;

use crate::{cents, moment};

const MULTIPLIER: &str = "DecimalPrecisionMultiplier";

fn tea() -> ChargeItem {
    ChargeItem::goods("Tea", cents(320), 20, VatRate::Normal).position(1)
}

/// A sale in integers.
fn sold() -> ReceiptRequest {
    Receipt::sale("S-1", moment())
        .precision(Precision::Hundredths)
        .charge(tea())
        .pay(PayItem::cash("Cash", cents(320)))
        .build()
        .unwrap()
}

/// A payment as a terminal reports it that answers in integers.
fn paid_in_cents(amount: i64) -> types::PayItem {
    let item = serde_json::json!({
        "Description": "Card", "Amount": amount, "Quantity": 100, "Position": 100,
        "DecimalPrecisionMultiplier": 100, "ftPayItemCase": 35_184_372_088_836_u64
    });
    serde_json::from_value(item).unwrap()
}

fn written(request: &ReceiptRequest) -> Value {
    serde_json::to_value(request).unwrap()
}

#[test]
fn items_with_a_multiplier_are_written_as_decimals_on_a_receipt_without_one() {
    let sold = sold();
    let refund = Receipt::partial_refund_of("S-1", "R-1", moment())
        .returned(sold.cb_charge_items[0].clone())
        .paid_back(sold.cb_pay_items[0].clone())
        .build()
        .unwrap();
    let refund = written(&refund);
    let (line, paid) = (&refund["cbChargeItems"][0], &refund["cbPayItems"][0]);
    for object in [&refund, line, paid] {
        assert!(object.get(MULTIPLIER).is_none(), "{object}");
    }
    for (member, value) in [
        ("Quantity", "-1"),
        ("Amount", "-3.2"),
        ("VATRate", "20"),
        ("Position", "1"),
    ] {
        assert_eq!(line[member].to_string().parse(), value.parse::<f64>());
    }
    assert_eq!(paid["Amount"].to_string().parse(), Ok(-3.2));
    assert_eq!(paid["Quantity"].to_string().parse(), Ok(-1.0));
}

#[test]
fn payments_of_a_terminal_that_answers_in_integers_have_the_precision_of_the_receipt() {
    let sale = |reference| Receipt::sale(reference, moment()).charge(tea());
    let decimals = sale("S-1").pay_items([paid_in_cents(320)]).build().unwrap();
    assert_eq!(decimals.cb_pay_items[0].amount, cents(320));
    let decimals = written(&decimals);
    assert!(decimals["cbPayItems"][0].get(MULTIPLIER).is_none());
    assert_eq!(
        decimals["cbPayItems"][0]["Quantity"].to_string().parse(),
        Ok(1.0)
    );

    let finer = sale("S-2")
        .precision(Precision::TenThousandths)
        .pay_items([paid_in_cents(320)])
        .build()
        .unwrap();
    let finer = written(&finer);
    assert_eq!(finer[MULTIPLIER], 10_000);
    assert_eq!(finer["cbPayItems"][0][MULTIPLIER], 10_000);
    assert_eq!(finer["cbPayItems"][0]["Amount"], 32_000);
}

#[test]
fn a_reversal_writes_its_total_as_it_writes_its_items() {
    let plain = || {
        let sale = Receipt::sale("S-1", moment()).charge(tea());
        let mut sale = sale.pay(PayItem::cash("Cash", cents(320))).build().unwrap();
        sale.cb_receipt_amount = Some(cents(320));
        sale
    };
    let in_hundredths = || {
        let mut sale = sold();
        sale.cb_receipt_amount = Some(320.into());
        sale
    };
    let hundredths = Precision::Hundredths;
    let ten_thousandths = Precision::TenThousandths;
    for (original, precision, total) in [
        (plain(), None, cents(-320)),
        (plain(), Some(hundredths), (-320).into()),
        (in_hundredths(), None, (-320).into()),
        (in_hundredths(), Some(hundredths), (-320).into()),
        (in_hundredths(), Some(ten_thousandths), (-32_000).into()),
    ] {
        let refund = Receipt::refund_of(original, "R-1", moment());
        let refund = match precision {
            Some(precision) => refund.precision(precision),
            None => refund,
        };
        let refund = refund.build().unwrap();
        assert_eq!(refund.cb_receipt_amount, Some(total), "{precision:?}");
        assert_eq!(refund.cb_charge_items[0].amount, total, "{precision:?}");
    }
}

#[test]
fn a_total_that_is_no_whole_number_of_the_precision_is_not_rounded() {
    let mut sale = Receipt::sale("S-1", moment())
        .charge(tea())
        .pay(PayItem::cash("Cash", cents(320)))
        .build()
        .unwrap();
    sale.cb_receipt_amount = Some("3.201".parse().unwrap());
    let refund = Receipt::refund_of(sale, "R-1", moment()).precision(Precision::Hundredths);
    let error = refund.build().unwrap_err();
    assert_eq!(error.field(), "cbReceiptAmount");
    assert!(error.reason().contains("1/100"), "{error}");
}
