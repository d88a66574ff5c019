//! What a refund or void takes over from the earlier receipt, and what it does not.

use pos_system_api::codes::{PayItemFlags, ReceiptFlags, VatRate};
use pos_system_api::receipt::{ChargeItem, Customer, PayItem, Precision, Receipt};
use pos_system_api::types::{Json, Moment, ReceiptRequest};

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

#[test]
fn a_refund_says_the_currency_of_the_sale_on_every_item() {
    let in_cash = || [PayItem::cash("Cash", cents(-640))];
    for back in [
        Receipt::refund_of(sale(), "R-1", moment()).pay_items(in_cash()),
        Receipt::void_of(sale(), "V-1", moment())
            .pay_items(in_cash().map(|item| item.flags(PayItemFlags::VOID))),
    ] {
        let back = serde_json::to_value(back.build().unwrap()).unwrap();
        assert_eq!(back["Currency"], "PLN");
        assert_eq!(back["cbChargeItems"][0]["Currency"], "PLN");
        assert_eq!(back["cbPayItems"][0]["Currency"], "PLN");
    }
}

#[test]
fn an_item_keeps_a_currency_of_its_own() {
    let mut paid = PayItem::cash("Cash", cents(640)).build().unwrap();
    paid.currency = Some("CZK".parse().unwrap());
    let sale = Receipt::sale("S-1", moment())
        .currency("PLN")
        .charge(ChargeItem::goods("Tea", cents(640), 23, VatRate::Normal))
        .pay(paid)
        .build()
        .unwrap();
    let refund = Receipt::refund_of(&sale, "R-1", moment()).build().unwrap();
    for receipt in [sale, refund] {
        let written = serde_json::to_value(receipt).unwrap();
        assert_eq!(written["Currency"], "PLN");
        assert_eq!(written["cbChargeItems"][0]["Currency"], "PLN");
        assert_eq!(written["cbPayItems"][0]["Currency"], "CZK");
    }
}

#[test]
fn a_part_that_comes_back_has_nothing_of_the_item_that_was_sold_alone() {
    let sold = sale();
    let line = || ChargeItem::from(sold.cb_charge_items[0].clone());
    let paid = || PayItem::from(sold.cb_pay_items[0].clone());
    let refund = Receipt::partial_refund_of("S-1", "R-1", moment())
        .returned(line())
        .paid_back(paid())
        .build()
        .unwrap();
    let written = serde_json::to_value(&refund).unwrap();
    for (item, left_out, kept) in [
        (
            &written["cbChargeItems"][0],
            ["ftChargeItemId", "Moment"],
            "ProductNumber",
        ),
        (
            &written["cbPayItems"][0],
            ["ftPayItemId", "ftPayItemCaseData"],
            "Currency",
        ),
    ] {
        for member in left_out {
            assert!(item.get(member).is_none(), "{member}: {item}");
        }
        assert!(item.get(kept).is_some(), "{kept}: {item}");
    }

    // On the same receipt it is still that item.
    let voided = line().voided().build().unwrap();
    assert_eq!(
        voided.ft_charge_item_id,
        sold.cb_charge_items[0].ft_charge_item_id
    );
    let voided = paid().voided().build().unwrap();
    assert_eq!(voided.ft_pay_item_case_data, Some(Json::from("slip")));
}

#[test]
fn what_is_said_of_the_return_itself_stays() {
    let sold = sale();
    let later: Moment = "2026-06-02T08:00:00Z".parse().unwrap();
    let line = ChargeItem::from(sold.cb_charge_items[0].clone()).moment(later.clone());
    let line = line.returned().build().unwrap();
    assert_eq!(line.moment, Some(later.clone()));
    assert_eq!(line.ft_charge_item_id, None);
    let paid = PayItem::from(sold.cb_pay_items[0].clone()).case_data("new slip");
    let paid = paid.returned().build().unwrap();
    assert_eq!(paid.ft_pay_item_case_data, Some(Json::from("new slip")));
    let own = PayItem::cash("Cash", 3)
        .moment(later.clone())
        .case_data("slip");
    let own = own.returned().build().unwrap();
    assert_eq!(own.moment, Some(later));
    assert_eq!(own.ft_pay_item_case_data, Some(Json::from("slip")));
}

#[test]
fn the_void_of_a_partial_refund_sells_again_what_came_back() {
    let refund = Receipt::partial_refund_of("S-1", "R-1", moment())
        .returned(ChargeItem::goods("Tea", 3, 20, VatRate::Normal))
        .paid_back(PayItem::cash("Cash", 3))
        .build()
        .unwrap();
    let void = Receipt::void_of(&refund, "V-1", moment()).build().unwrap();
    assert_eq!(void.cb_charge_items[0].amount, 3.into());
}
