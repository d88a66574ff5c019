//! What is said about the body of a call.

use pos_system_api_simulator::Profile;
use serde_json::{Value, json};

use super::{PATH, simulator, wrong_members};
use crate::till::operation;

#[tokio::test]
async fn what_is_wrong_with_a_call_is_told_by_member_and_stored() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    let valid = json!({
        "Action": "payment",
        "Protocol": "use_auto",
        "cbPayItem": {"Description": "Card", "Amount": 30},
    });
    let changes: [(&str, &str, Value); 20] = [
        ("", "Action", Value::Null),
        ("", "Action", json!("Payment")),
        ("", "Action", json!("pre_authorization")),
        ("", "Action", json!("other")),
        ("", "Action", json!(1)),
        ("", "Protocol", Value::Null),
        ("", "Protocol", json!("")),
        ("", "Protocol", json!("none")),
        ("", "Protocol", json!("carrier_pigeon")),
        ("", "cbPayItem", json!("Card")),
        ("", "cbTerminalID", json!(7)),
        ("/cbPayItem", "Description", Value::Null),
        ("/cbPayItem", "Description", json!("x".repeat(1024))),
        ("/cbPayItem", "Amount", Value::Null),
        ("/cbPayItem", "Amount", json!("30")),
        ("/cbPayItem", "Amount", json!(0.0)),
        ("/cbPayItem", "Amount", json!(-30)),
        ("/cbPayItem", "DecimalPrecisionMultiplier", json!(10)),
        ("/cbPayItem", "Currency", json!("EURO")),
        ("/cbPayItem", "ftPayItemId", json!("7")),
    ];
    for (number, (place, member, value)) in (10..).zip(changes) {
        let mut call = valid.clone();
        call.pointer_mut(place).unwrap()[member] = value;
        let answer = till.send(PATH, operation(number), call.to_string()).await;
        assert_eq!(answer.status, 400, "{call}");
        let prefix = if place.is_empty() { "" } else { "cbPayItem." };
        assert_eq!(
            wrong_members(&answer),
            [format!("{prefix}{member}")],
            "{call}"
        );
        let again = till.send(PATH, operation(number), call.to_string()).await;
        assert_eq!(again, answer, "{call}");
    }
    let fraction = r#"{"Action":"payment","Protocol":"test","cbPayItem":{"Description":"Card","Amount":0.5,"DecimalPrecisionMultiplier":100}}"#;
    let answer = till.send(PATH, operation(1), fraction).await;
    assert_eq!(wrong_members(&answer), ["cbPayItem.Amount"]);
    sim.ledger().payments().none();
    let paid = till.send(PATH, operation(2), valid.to_string()).await;
    assert_eq!(paid.status, 201);
}

#[tokio::test]
async fn a_client_that_sends_an_empty_item_id_is_served() {
    let (_sim, till, _) = simulator(Profile::Cloud21).await;
    let body = r#"{"action":"payment","protocol":"use_auto","cbPayItem":{"Description":"Card","Amount":30,"ftPayItemId":""},"cbTerminalId":"T1","Unknown":1}"#;
    assert_eq!(till.send(PATH, operation(1), body).await.status, 201);
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let (_sim, till, _) = simulator(Profile::Cloud21).await;
    let call = json!({
        "Action": "other",
        "Protocol": "",
        "cbTerminalID": 7,
        "cbPayItem": {
            "Description": "",
            "DecimalPrecisionMultiplier": 10,
            "Amount": "30",
            "Currency": "EURO",
            "ftPayItemId": "7",
        },
    });
    let answer = till.send(PATH, operation(1), call.to_string()).await;
    assert_eq!(
        wrong_members(&answer),
        [
            "Action",
            "Protocol",
            "cbTerminalID",
            "cbPayItem.Description",
            "cbPayItem.DecimalPrecisionMultiplier",
            "cbPayItem.Amount",
            "cbPayItem.Currency",
            "cbPayItem.ftPayItemId",
        ]
    );
}
