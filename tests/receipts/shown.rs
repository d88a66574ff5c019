//! What `Debug` shows: what a receipt is, not who it is for.

use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, Customer, Original, PayItem, Receipt};
use pos_system_api::types;
use serde_json::json;

use crate::moment;

/// Every value that says who somebody is, or may.
const PRIVATE: [&str; 5] = ["Mira", "Vienna", "mira@", "Eve", "4711-card"];

fn mira() -> Customer {
    Customer::new("Mira Muster")
        .city("Vienna")
        .email("mira@example.com")
        .with_extra("CustomerNickname", "Mira")
}

fn sale() -> Receipt {
    let paid = PayItem::credit_card("Card", 3).case_data(json!({ "Card": "4711-card" }));
    let tea = ChargeItem::goods("Tea", 3, 20, VatRate::Normal);
    Receipt::sale("S-1", moment())
        .customer(&mira())
        .user("Eve")
        .area("Table 12")
        .case_data(json!({ "Guest": "Mira" }))
        .charge(tea.case_data(json!({ "For": "Mira" })))
        .pay(paid)
}

fn shown<T: std::fmt::Debug>(value: &T, is_said: &[&str]) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        for private in PRIVATE {
            assert!(!text.contains(private), "{private}: {text}");
        }
        for said in is_said {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
}

#[test]
fn a_customer_shows_which_members_it_has() {
    shown(
        &mira(),
        &["CustomerName", "CustomerEmail", "CustomerNickname"],
    );
    assert!(!format!("{:?}", mira()).contains("CustomerStreet"));
}

#[test]
fn a_receipt_shows_what_it_is() {
    let said = ["PointOfSaleReceipt", "S-1", "Tea", "Table 12", "cbCustomer"];
    shown(&sale(), &said);
    let sold = sale().build().unwrap();
    shown(
        &Receipt::refund_of(&sold, "R-1", moment()),
        &["Refund", "R-1", "S-1", "Tea", "cbCustomer"],
    );
    shown(&Original::from(&sold), &["PointOfSaleReceipt", "S-1"]);
}

#[test]
fn a_line_shows_all_but_its_free_data() {
    let tea = ChargeItem::goods("Tea", 3, 20, VatRate::Normal).unit("cup");
    let tea = tea.case_data(json!({ "For": "Mira" }));
    shown(
        &tea,
        &["Tea", "NormalVatRate", "cup", "ftChargeItemCaseData"],
    );
    shown(&tea.returned(), &["Tea", "NormalVatRate", "cup", "Refund"]);
    let paid: types::PayItem = serde_json::from_value(json!({
        "Description": "Card", "Amount": 3, "ftPayItemCaseData": { "Card": "4711-card" },
    }))
    .unwrap();
    shown(&PayItem::from(paid), &["Card", "ft_pay_item_case_data"]);
}
