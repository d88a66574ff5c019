//! What every builder gives is signed in every market that has the case, and refused in the others.

use pos_system_api::codes::{
    ChargeItemFlags, Country, DailyFlags, ReceiptCase, ReceiptFlags, VatRate,
};
use pos_system_api::receipt::{ChargeItem, Customer, PayItem, Precision, Receipt};
use pos_system_api::types::ReceiptRequest;

use crate::queue::Queue;
use crate::{cents, moment};

/// The markets, and which of the cases below they do not have.
const MARKETS: [(&str, &[&str]); 8] = [
    ("AT", &["pro forma"]),
    (
        "BE",
        &[
            "invoice b2c",
            "invoice b2b",
            "invoice b2g",
            "shift closing",
            "daily closing",
            "monthly closing",
            "yearly closing",
        ],
    ),
    ("DE", &["table check", "pro forma"]),
    ("ES", &[]),
    ("FR", &[]),
    ("GR", &["table check", "pro forma", "internal use"]),
    ("IT", &["table check", "pro forma"]),
    ("PT", &[]),
];

fn tea() -> ChargeItem {
    ChargeItem::goods("Tea", cents(320), 20, VatRate::Normal)
}

fn customer() -> Customer {
    Customer::new("Sample Bakery Club")
        .id("C-7")
        .street("Main street 1")
        .zip("1010")
        .city("Vienna")
        .country("AT")
        .vat_id("ATU00000000")
        .tax_id("12 345/6789")
        .email("office@example.com")
        .endpoint_id("0205:ABCDEFG")
        .country_subentity("W")
        .customer_type("business")
        .with_extra("CustomerNote", "by the back door")
}

/// One receipt a builder, by its name.
fn receipts() -> Vec<(&'static str, ReceiptRequest)> {
    let at = moment;
    let paid = || PayItem::cash("Cash", cents(320));
    let menu = ChargeItem::service("Menu", 45, 10, VatRate::Discounted1);
    let everything = Receipt::sale("EVERYTHING", at())
        .terminal("T1")
        .user("Mira")
        .area("Table 12")
        .settlement("2026-06-01 early")
        .customer(&customer())
        .charge(
            ChargeItem::goods("Cheese", cents(1245), 10, VatRate::Discounted1)
                .quantity("0.498".parse::<pos_system_api::types::Amount>().unwrap())
                .unit("kg")
                .unit_quantity(1)
                .unit_price(25)
                .vat_amount(cents(113))
                .position(1)
                .moment(at())
                .product_group("Dairy")
                .product_number("4711")
                .product_barcode("4006381333931")
                .account_number("4000")
                .cost_center("Shop")
                .case_data("counter 2"),
        )
        .charge(menu.clone())
        .charge(ChargeItem::discount_on(&menu, "Regulars", cents(250)))
        .charge(ChargeItem::extra_on(&menu, "Dessert", cents(350)))
        .charge(ChargeItem::tip("Tip", 2))
        .charge(ChargeItem::tip_to_owner(
            "Tip to the owner",
            1,
            20,
            VatRate::Normal,
        ))
        .charge(ChargeItem::voucher("Gift card", 50))
        .charge(ChargeItem::voucher_single_use(
            "Wellness",
            30,
            20,
            VatRate::Normal,
        ))
        .charge(ChargeItem::voucher_single_use(
            "Wellness, used",
            -30,
            20,
            VatRate::Normal,
        ))
        .charge(tea().flags(ChargeItemFlags::TAKE_AWAY))
        .charge(tea().voided())
        .charge(
            ChargeItem::goods("Bottle", cents(25), 20, VatRate::Normal)
                .flags(ChargeItemFlags::RETURNABLE),
        )
        .charge(ChargeItem::goods("Sofa, down payment", 200, 20, VatRate::Normal).down_payment())
        .pay(
            PayItem::debit_card("Bank card", 100)
                .money_group("Cards")
                .money_number("2")
                .money_barcode("99"),
        )
        .pay(PayItem::credit_card("Card", 100).position(2).moment(at()))
        .pay(PayItem::voucher("Gift card", 20).quantity(1))
        .pay(
            PayItem::online("Link", 40)
                .account_number("2800")
                .cost_center("Shop"),
        )
        .pay(PayItem::on_account("On account", cents(3170)))
        .pay(PayItem::cash("Cash", 30).case_data("drawer 1"))
        .pay(PayItem::cash("Cash, wrong", 5))
        .pay(PayItem::cash("Cash, wrong", 5).voided())
        .pay(PayItem::change("Change", 10));
    let transfer = Receipt::payment_transfer("TRANSFER", at())
        .charge(ChargeItem::receivable("Invoice of May", 50))
        .pay(PayItem::cash("Cash", 50));
    vec![
        (
            "sale",
            Receipt::sale("SALE", at())
                .charge(tea())
                .pay(paid())
                .build(),
        ),
        ("everything", everything.build()),
        (
            "e-commerce",
            Receipt::e_commerce("WEB", at())
                .charge(tea())
                .pay(paid())
                .build(),
        ),
        ("payment transfer", transfer.build()),
        (
            "delivery note",
            Receipt::delivery_note("NOTE", at()).charge(tea()).build(),
        ),
        (
            "table check",
            Receipt::table_check("CHECK", at()).charge(tea()).build(),
        ),
        (
            "pro forma",
            Receipt::pro_forma("OFFER", at()).charge(tea()).build(),
        ),
        ("order", Receipt::order("ORDER", at()).charge(tea()).build()),
        (
            "paid order",
            Receipt::sale("PAID-ORDER", at())
                .previous("ORDER")
                .charge(tea())
                .pay(paid())
                .build(),
        ),
        (
            "invoice b2c",
            Receipt::invoice_b2c("B2C", at())
                .charge(tea())
                .pay(paid())
                .build(),
        ),
        (
            "invoice b2b",
            Receipt::invoice_b2b("B2B", at(), &customer())
                .charge(tea())
                .pay(paid())
                .build(),
        ),
        (
            "invoice b2g",
            Receipt::invoice_b2g("B2G", at(), &customer())
                .charge(tea())
                .pay(paid())
                .build(),
        ),
        (
            "internal use",
            Receipt::of(ReceiptCase::INTERNAL_USAGE, "USE", at())
                .charge(tea())
                .build(),
        ),
        (
            "training",
            Receipt::sale("TRAINING", at())
                .training()
                .charge(tea())
                .pay(paid())
                .build(),
        ),
        (
            "flags",
            Receipt::sale("FLAGS", at())
                .flags(ReceiptFlags::GROUP_BY_POSITION)
                .charge(tea().position(1))
                .pay(paid())
                .build(),
        ),
        (
            "currency",
            Receipt::sale("PLN", at())
                .currency("PLN")
                .charge(tea())
                .pay(paid())
                .build(),
        ),
        (
            "precision",
            Receipt::sale("PRECISE", at())
                .precision(Precision::TenThousandths)
                .charge(tea())
                .pay(paid())
                .build(),
        ),
        (
            "lists",
            Receipt::sale("LISTS", at())
                .charge_items([tea(), tea()])
                .pay_items([paid(), paid()])
                .build(),
        ),
        (
            "exchange",
            Receipt::sale("EXCHANGE", at())
                .previous("SALE")
                .charge(tea().returned())
                .charge(tea())
                .build(),
        ),
        (
            "partial refund",
            Receipt::partial_refund_of("EVERYTHING", "RETURN", at())
                .returned(tea())
                .paid_back(paid())
                .build(),
        ),
        ("copy", Receipt::copy_of("SALE", "COPY", at()).build()),
        (
            "zero",
            Receipt::zero("ZERO", at())
                .flags(DailyFlags::REQUEST_SCU_INFORMATION)
                .build(),
        ),
        (
            "shift closing",
            Receipt::shift_closing("SHIFT", at()).build(),
        ),
        (
            "daily closing",
            Receipt::daily_closing("DAY", at()).terminal("T1").build(),
        ),
        (
            "monthly closing",
            Receipt::monthly_closing("MONTH", at()).build(),
        ),
        (
            "yearly closing",
            Receipt::yearly_closing("YEAR", at()).build(),
        ),
        ("stop", Receipt::stop("STOP", at()).build()),
    ]
    .into_iter()
    .map(|(name, receipt)| {
        (
            name,
            receipt.unwrap_or_else(|error| panic!("{name}: {error}")),
        )
    })
    .collect()
}

#[tokio::test]
async fn every_builder_is_signed_where_the_market_has_the_case() {
    for (market, missing) in MARKETS {
        let queue = Queue::of(market).await;
        for (name, receipt) in receipts() {
            if missing.contains(&name) {
                let error = queue.refuses(receipt).await.to_string();
                assert!(error.contains("receipt case"), "{market} {name}: {error}");
            } else {
                let signed = queue.client.sign(receipt).await;
                let signed = signed.unwrap_or_else(|error| panic!("{market} {name}: {error}"));
                let state = signed.done().unwrap().response.ft_state;
                assert_eq!(state.value() & 0xFFFF_FFFF, 0, "{market} {name}: {state}");
            }
        }
    }
}

#[tokio::test]
async fn a_receipt_says_its_country_in_every_code_if_told_to() {
    for (market, country) in [("AT", Country::AT), ("GR", Country::GR)] {
        let queue = Queue::of(market).await;
        let sale = Receipt::sale("S-1", moment())
            .country(country)
            .charge(tea())
            .pay(PayItem::cash("Cash", cents(320)))
            .build()
            .unwrap();
        assert_eq!(sale.ft_receipt_case.unwrap().country(), Some(country));
        assert_eq!(
            sale.cb_charge_items[0]
                .ft_charge_item_case
                .unwrap()
                .country(),
            Some(country)
        );
        assert_eq!(
            sale.cb_pay_items[0].ft_pay_item_case.unwrap().country(),
            Some(country)
        );
        let signed = queue.signs(sale).await;
        let _ = queue
            .signs(Receipt::refund_of(&signed, "R-1", moment()))
            .await;
    }
    // Without being told, no code has a country: the cash box knows it.
    for (_, receipt) in receipts() {
        assert_eq!(receipt.ft_receipt_case.unwrap().country(), None);
        for item in &receipt.cb_charge_items {
            assert_eq!(item.ft_charge_item_case.unwrap().country(), None);
        }
        for item in &receipt.cb_pay_items {
            assert_eq!(item.ft_pay_item_case.unwrap().country(), None);
        }
    }
}

#[tokio::test]
async fn a_sale_is_refunded_and_voided_in_every_market() {
    for (market, _) in MARKETS {
        let queue = Queue::of(market).await;
        let mut kept = Vec::new();
        for (name, receipt) in receipts() {
            if [
                "sale",
                "everything",
                "currency",
                "precision",
                "training",
                "invoice b2b",
            ]
            .contains(&name)
                && !(market == "BE" && name == "invoice b2b")
            {
                let signed = queue.signs(receipt).await;
                kept.push((name, signed));
            }
        }
        for (name, signed) in &kept {
            let refund = Receipt::refund_of(signed, format!("REFUND {name}"), moment());
            let _ = queue.signs(refund).await;
        }
        // Once only: the queue knows, the builder cannot.
        let again = Receipt::refund_of(&kept[0].1, "AGAIN", moment())
            .build()
            .unwrap();
        let error = queue.refuses(again).await.to_string();
        assert!(error.contains("already"), "{error}");

        let sale = Receipt::sale("S-2", moment())
            .charge(tea())
            .pay(PayItem::cash("Cash", cents(320)));
        let signed = queue.signs(sale).await;
        let _ = queue.signs(Receipt::void_of(signed, "V-2", moment())).await;
    }
}
