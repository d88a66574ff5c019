//! Bodies that are refused, and what is said about them.

use pos_system_api_simulator::{Profile, Simulator};
use serde_json::{Value, json};

use crate::till::{SALE, Till, operation};

fn sale() -> Value {
    serde_json::from_str(SALE).unwrap()
}

/// The fields a body is refused for, in order.
fn refused_fields(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn what_is_missing_or_null_is_named() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let empty = till.sign(operation(1), "{}").await.json();
    assert_eq!(empty["title"], "Validation error");
    assert_eq!(
        refused_fields(&empty),
        [
            "cbReceiptReference",
            "cbReceiptMoment",
            "cbChargeItems",
            "cbPayItems"
        ]
    );
    let body = json!({
        "cbReceiptReference": null, "cbReceiptMoment": "yesterday",
        "cbChargeItems": [{}], "cbPayItems": [null, {"Description": "Cash", "Amount": null}],
    });
    let problem = till.sign(operation(2), body.to_string()).await.json();
    assert_eq!(
        refused_fields(&problem),
        [
            "cbReceiptReference",
            "cbReceiptMoment",
            "cbChargeItems[0].Description",
            "cbChargeItems[0].Quantity",
            "cbChargeItems[0].VATRate",
            "cbChargeItems[0].Amount",
            "cbPayItems[0]",
            "cbPayItems[1].Amount",
        ]
    );
    assert!(sim.ledger().receipts().is_empty());
}

#[tokio::test]
async fn single_members_are_checked() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let cases = [
        ("/ftReceiptCase", json!("35184372088833"), 400),
        ("/ftReceiptCase", json!("0x200000000001"), 400),
        ("/ftReceiptCase", json!(-1), 400),
        ("/ftReceiptCase", json!(1.5), 400),
        ("/ftReceiptCase", Value::Null, 400),
        ("/ftReceiptCase", json!(0x4154_2000_0000_0001_u64), 201),
        ("/ftReceiptCase", json!(0x4445_2000_0000_0001_u64), 201),
        ("/cbReceiptReference", json!(""), 400),
        ("/cbReceiptReference", json!("x".repeat(1024)), 400),
        ("/cbReceiptReference", json!("ü".repeat(1023)), 201),
        ("/cbReceiptMoment", json!("2026-06-01T10:15:30+02:00"), 201),
        ("/cbChargeItems", json!({}), 400),
        ("/cbChargeItems/0/Amount", json!("5.80"), 400),
        ("/cbChargeItems/0/VATRate", json!(true), 400),
        ("/cbPayItems/0/Description", json!(17), 400),
    ];
    for (number, (pointer, value, status)) in cases.into_iter().enumerate() {
        let mut body = sale();
        *body.pointer_mut(pointer).unwrap() = value.clone();
        let answer = till.sign(operation(number as u128), body.to_string()).await;
        assert_eq!(answer.status, status, "{pointer} {value} {}", answer.body);
    }
    for (number, (item, member, value, status)) in [
        ("cbPayItems", "ftPayItemId", json!(""), 400),
        ("cbPayItems", "ftPayItemId", Value::Null, 201),
        ("cbPayItems", "ftPayItemCase", json!("1"), 400),
        (
            "cbChargeItems",
            "ftChargeItemCase",
            json!(35184372088851_u64),
            201,
        ),
        (
            "cbChargeItems",
            "DecimalPrecisionMultiplier",
            json!(10),
            400,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = sale();
        body[item][0][member] = value.clone();
        let answer = till
            .sign(operation(100 + number as u128), body.to_string())
            .await;
        assert_eq!(answer.status, status, "{member} {value} {}", answer.body);
    }
}

#[tokio::test]
async fn member_names_are_read_without_regard_to_case_and_an_absent_case_is_zero() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let body = SALE.replace("cbReceiptReference", "CBRECEIPTREFERENCE");
    assert_eq!(
        till.sign(operation(1), body).await.json()["cbReceiptReference"],
        "S-1"
    );
    let body = SALE.replace(r#","ftReceiptCase":35184372088833"#, "");
    assert_ne!(body, SALE);
    assert_eq!(
        till.sign(operation(2), body).await.json()["ftState"],
        0x4154_2000_0000_0000_u64
    );
}

#[tokio::test]
async fn an_echo_returns_any_text_and_null_and_refuses_the_rest() {
    for profile in [Profile::Cloud21, Profile::Local] {
        let sim = Simulator::builder().profile(profile).start().await.unwrap();
        let till = Till::new(&sim);
        for (number, (body, status, message)) in [
            (
                r#"{"Message":"süß \u0000 \"q\""}"#,
                201,
                json!("süß \0 \"q\""),
            ),
            (r#"{"Message":null}"#, 201, Value::Null),
            (r#"{}"#, 201, Value::Null),
            (r#"{"Message":17}"#, 400, Value::Null),
            (r#"[]"#, 400, Value::Null),
        ]
        .into_iter()
        .enumerate()
        {
            // Without a message a local server restarts first, which takes its time.
            if profile == Profile::Local && status == 201 && message.is_null() {
                continue;
            }
            let answer = till.send("/v2/echo", operation(number as u128), body).await;
            assert_eq!(answer.status, status, "{body}");
            assert_eq!(answer.json()["Message"], message, "{body}");
        }
    }
}

#[tokio::test]
async fn a_body_over_8_mib_is_413_and_not_stored() {
    let sim = Simulator::builder().start().await.unwrap();
    let till = Till::new(&sim);
    let message = |length: usize| format!(r#"{{"Message":"{}"}}"#, "x".repeat(length));
    let frame = message(0).len();
    let limit = 8 * 1024 * 1024;
    let large = till
        .send("/echo", operation(1), message(limit - frame + 1))
        .await;
    assert_eq!(large.status, 413);
    assert_eq!(large.json()["status"], 413);
    let fitting = till
        .send("/echo", operation(1), message(limit - frame))
        .await;
    assert_eq!(fitting.status, 201);
    assert_eq!(fitting.body.len(), limit);
}
