//! What a refund or void takes over from the earlier receipt, and what it does not.

use pos_system_api::codes::{ReceiptFlags, VatRate};
use pos_system_api::receipt::{ChargeItem, Customer, PayItem, Precision, Receipt};
use pos_system_api::types::{Json, ReceiptRequest};

use crate::{cents, moment};

fn sale() -> ReceiptRequest {
    let mut sale = Receipt::invoice_b2b("S-1", moment(), &Customer::new("Club"))
        .terminal("T1")
        .user("Mira")
        .flags(ReceiptFlags::HANDWRITTEN | ReceiptFlags::RECEIVER_IS_BUSINESS)
        .late_signing()
        .currency("PLN")
        .charge(
            ChargeItem::goods("Tea", cents(640), 23, VatRate::Normal)
                .quantity(2)
                .vat_amount(cents(120))
                .product_number("7")
                .moment(moment()),
        )
        .pay(PayItem::cash("Cash", cents(640)))
        .build()
        .unwrap();
    sale.cb_receipt_amount = Some(cents(640));
    sale.ft_queue_id = Some("0b6f7a10-1111-4000-8000-000000000001".into());
    sale.cb_charge_items[0].ft_charge_item_id = Some("0b6f7a10-3333-4000-8000-000000000001".into());
    sale.cb_pay_items[0].ft_pay_item_id = Some("0b6f7a10-3333-4000-8000-000000000002".into());
    sale.cb_pay_items[0].ft_pay_item_case_data = Some(Json::from("slip"));
    sale
}

#[test]
fn a_refund_is_the_sale_inverted_and_flagged() {
    let refund = Receipt::refund_of(sale(), "R-1", moment()).build().unwrap();
    let expected = r#"{
        "cbReceiptReference": "R-1",
        "cbReceiptMoment": "2026-06-01T10:15:30Z",
        "cbPreviousReceiptReference": "S-1",
        "cbReceiptAmount": -6.40,
        "ftReceiptCase": 35184390967298,
        "ftQueueID": "0b6f7a10-1111-4000-8000-000000000001",
        "cbCustomer": { "CustomerName": "Club" },
        "Currency": "PLN",
        "cbChargeItems": [{
            "Quantity": -2, "Description": "Tea", "Amount": -6.40, "VATRate": 23, "VATAmount": -1.20,
            "ftChargeItemCase": 35184372219923, "ProductNumber": "7", "Currency": "PLN"
        }],
        "cbPayItems": [{
            "Quantity": -1, "Description": "Cash", "Amount": -6.40, "ftPayItemCase": 35184372219905,
            "Currency": "PLN"
        }]
    }"#;
    let expected: ReceiptRequest = serde_json::from_str(expected).unwrap();
    assert_eq!(refund, expected);
    // 0100 and 0020 of the sale; it was late and handwritten, the refund is not.
    assert_eq!(refund.ft_receipt_case.unwrap().value(), 0x2000_0120_1002);
}

#[test]
fn a_void_is_flagged_as_one() {
    let void = Receipt::void_of(sale(), "V-1", moment()).build().unwrap();
    assert_eq!(void.ft_receipt_case.unwrap().value(), 0x2000_0024_1002);
    assert_eq!(
        void.cb_charge_items[0].ft_charge_item_case.unwrap().value(),
        0x2000_0001_0013
    );
    assert_eq!(
        void.cb_pay_items[0].ft_pay_item_case.unwrap().value(),
        0x2000_0001_0001
    );
    assert_eq!(void.cb_charge_items[0].quantity, Some((-2).into()));
}

#[test]
fn integers_stay_integers() {
    let sale = Receipt::sale("S-1", moment())
        .precision(Precision::Hundredths)
        .charge(ChargeItem::goods("Tea", cents(320), 20, VatRate::Normal).position(1))
        .pay(PayItem::cash("Cash", cents(320)))
        .build()
        .unwrap();
    let written = serde_json::to_value(&sale).unwrap();
    assert_eq!(written["DecimalPrecisionMultiplier"], 100);
    let item = &written["cbChargeItems"][0];
    assert_eq!(item["DecimalPrecisionMultiplier"], 100);
    for (member, value) in [
        ("Quantity", 100),
        ("Amount", 320),
        ("VATRate", 2000),
        ("Position", 100),
    ] {
        assert_eq!(item[member], value, "{member}");
    }
    let refund = Receipt::refund_of(sale, "R-1", moment());
    let refund = refund
        .pay_items([PayItem::cash("Cash", cents(-320))])
        .build()
        .unwrap();
    let written = serde_json::to_value(&refund).unwrap();
    assert_eq!(written["DecimalPrecisionMultiplier"], 100);
    assert_eq!(written["cbChargeItems"][0]["Quantity"], -100);
    assert_eq!(written["cbChargeItems"][0]["Amount"], -320);
    assert_eq!(written["cbPayItems"][0]["Amount"], -320);
}
