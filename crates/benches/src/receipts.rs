//! What is signed, and what is answered.

use pos_system_api::codes::{Country, VatRate};
use pos_system_api::receipt::{ChargeItem, Customer, PayItem, Receipt, ReceiptError};
use pos_system_api::types::{Amount, Moment, ReceiptRequest};
use uuid::Uuid;

/// The cash box.
pub const CASHBOX_ID: Uuid = Uuid::from_u128(0x6f1c_2d5e_0000_4000_8000_0000_0000_00c1);
/// Its access token.
pub const ACCESS_TOKEN: &str = "BAbenchmarkbenchmarkbenchmarkbenchmarkbenchmark=";
/// The product.
pub const POS_SYSTEM_ID: Uuid = Uuid::from_u128(0x7a0d_9c11_0000_4000_8000_0000_0000_0001);

/// What the server answers to each receipt.
pub const ANSWER: &str = concat!(
    r#"{"cbTerminalID":"T1","cbReceiptReference":"2026-000101","#,
    r#""ftCashBoxID":"6f1c2d5e-0000-4000-8000-0000000000c1","#,
    r#""ftQueueID":"4b6f8a10-0000-4000-8000-00000000a001","#,
    r#""ftQueueItemID":"9d2c7e54-0000-4000-8000-00000000b101","ftQueueRow":101,"#,
    r#""ftCashBoxIdentification":"bench-cash-box-1","ftReceiptIdentification":"ft65#ATBENCH101","#,
    r#""ftReceiptMoment":"2026-06-01T10:15:31.1230000Z","#,
    r#""ftSignatures":[{"ftSignatureItemId":"5e0f3d21-0000-4000-8000-00000000c101","#,
    r#""ftSignatureFormat":3,"ftSignatureType":4707422694881099777,"Caption":"www.example.org","#,
    r#""Data":"_R1-AT0_bench-cash-box-1_ft65#ATBENCH101_2026-06-01T10:15:31_19,40_22,60_0,00_0,00_0,00_"#,
    r#"q0sWmP2xT1k=_4d2a9c7e5b_b1Yt8sQ0dGk=_Zm9yIGJlbmNobWFya3Mgb25seSwgbm8gZmlzY2FsIHZhbHVlIGF0IGFsbCwg"#,
    r#"bm90IHNpZ25lZCBieSBhbnlib2R5"},"#,
    r#"{"ftSignatureFormat":1,"ftSignatureType":4707422694881099776,"Caption":"Benchmark","#,
    r#""Data":"No fiscal value"}],"ftState":4707422694881099776}"#,
);

/// A dinner for two: eight lines, one payment.
///
/// # Errors
/// If it were no receipt.
pub fn dinner() -> Result<ReceiptRequest, ReceiptError> {
    let dishes = [
        ("Sparkling water 0.75 l", 580, 20, VatRate::Normal),
        ("House wine 0.25 l", 760, 20, VatRate::Normal),
        ("Pumpkin soup", 590, 10, VatRate::Discounted1),
        ("Schnitzel with potatoes", 1690, 10, VatRate::Discounted1),
        (
            "Mixed salad, pumpkin seed oil",
            480,
            10,
            VatRate::Discounted1,
        ),
        (
            "Curd dumplings with plum roaster",
            850,
            10,
            VatRate::Discounted1,
        ),
        ("Apple strudel", 520, 10, VatRate::Discounted1),
        ("Espresso", 600, 20, VatRate::Normal),
    ];
    let total = dishes.iter().map(|dish| dish.1).sum();
    let lines = dishes.into_iter().zip(1..);
    lines
        .fold(
            Receipt::sale("2026-000101", moment()),
            |receipt, ((name, cents, percent, vat), position)| {
                receipt.charge(
                    ChargeItem::goods(name, Amount::from_cents(cents), percent, vat)
                        .quantity(1)
                        .unit("portion")
                        .unit_price(Amount::from_cents(cents))
                        .position(position)
                        .product_number(format!("P-{position:05}"))
                        .product_group("Restaurant"),
                )
            },
        )
        .pay(PayItem::cash("Cash", Amount::from_cents(total)))
        .terminal("T1")
        .user("Chris")
        .area("Table 12")
        .customer(
            &Customer::new("Sample Bakery Club")
                .street("Main street 1")
                .zip("1010")
                .city("Vienna")
                .country("AT")
                .vat_id("ATU00000000"),
        )
        .country(Country::AT)
        .build()
}

/// A receipt of this many lines.
pub fn long(lines: u32) -> Receipt {
    let receipt = (1..=lines).fold(Receipt::sale("2026-000102", moment()), |receipt, line| {
        let cents = i64::from(line % 997 + 1);
        receipt.charge(
            ChargeItem::goods(
                format!("Article number {line}"),
                Amount::from_cents(cents),
                20,
                VatRate::Normal,
            )
            .quantity(1)
            .position(line)
            .product_number(format!("A-{line:06}")),
        )
    });
    let total = (1..=lines).map(|line| i64::from(line % 997 + 1)).sum();
    receipt
        .pay(PayItem::cash("Cash", Amount::from_cents(total)))
        .terminal("T1")
        .country(Country::AT)
}

/// When all receipts are made.
fn moment() -> Moment {
    // The moment of the answer, less a second.
    Moment::from(
        pos_system_api::chrono::DateTime::from_timestamp(1_780_308_930, 0).unwrap_or_default(),
    )
}
