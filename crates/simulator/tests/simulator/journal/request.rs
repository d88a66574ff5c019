//! What `POST /journal` takes, and what it refuses.

use pos_system_api_simulator::Simulator;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{RECEIPTS, five_receipts, numbers, send, started};
use crate::till::{SALE, Till, operation};

#[tokio::test]
async fn codes_may_be_texts_and_common_codes_may_carry_a_version() {
    let sim = five_receipts().await;
    for code in [
        json!(2),
        json!("2"),
        json!("0x2"),
        json!("0X0000_0000_0000_0002"),
        json!(0x2000_0000_0002_u64),
    ] {
        let body = json!({"ftJournalType": code, "To": -1});
        assert_eq!(numbers(&sim, body).await, [1], "{code}");
    }
}

#[tokio::test]
async fn an_export_is_not_recorded_under_its_operation_id() {
    let sim = five_receipts().await;
    let till = Till::new(&sim);
    for count in [1_usize, 2] {
        let body = json!({"ftJournalType": RECEIPTS, "To": -(count as i64)}).to_string();
        let answer = till.send("/journal", operation(9), body).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.location, None);
        assert_eq!(answer.json().as_array().unwrap().len(), count);
    }
    assert_eq!(till.sign(operation(9), SALE).await.status, 201);
    assert!(sim.ledger().requests()[5..7].iter().all(|r| !r.executed));
}

#[tokio::test]
async fn the_headers_are_demanded() {
    let sim = Simulator::start().await.unwrap();
    let till = Till::new(&sim);
    let body = json!({"ftJournalType": RECEIPTS}).to_string();
    let with = |token: &str| {
        till.bare_post("/v2/journal")
            .header("x-cashbox-id", sim.cashbox_id().to_string())
            .header("x-cashbox-accesstoken", token)
            .body(body.clone())
    };
    let no_operation = with(sim.access_token()).send().await.unwrap();
    assert_eq!(no_operation.status(), 400);
    assert!(
        no_operation
            .text()
            .await
            .unwrap()
            .contains("x-operation-id")
    );
    let wrong_token = with("wrong").header("x-operation-id", operation(1).to_string());
    assert_eq!(wrong_token.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_malformed_request_is_400_and_names_the_member() {
    let sim = Simulator::start().await.unwrap();
    for (body, member) in [
        ("", None),
        ("[]", None),
        ("no json", None),
        ("{}", Some("ftJournalType")),
        (r#"{"ftJournalType":null}"#, Some("ftJournalType")),
        (r#"{"ftJournalType":-1}"#, Some("ftJournalType")),
        (r#"{"ftJournalType":1.5}"#, Some("ftJournalType")),
        (
            r#"{"ftJournalType":18446744073709551616}"#,
            Some("ftJournalType"),
        ),
        (r#"{"ftJournalType":"two"}"#, Some("ftJournalType")),
        (r#"{"ftJournalType":[2]}"#, Some("ftJournalType")),
        (r#"{"ftJournalType":2,"From":"yesterday"}"#, Some("From")),
        (r#"{"ftJournalType":2,"From":true}"#, Some("From")),
        (
            r#"{"ftJournalType":2,"To":9223372036854775808}"#,
            Some("To"),
        ),
        (r#"{"ftJournalType":2,"To":"2026-02-30"}"#, Some("To")),
    ] {
        let response = send(&sim, body).await;
        assert_eq!(response.status(), 400, "{body}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["status"], 400, "{body}");
        assert_eq!(problem["errors"][0]["field"].as_str(), member, "{body}");
    }
}

/// A body that is near to a request, or not at all.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![
        any::<u64>().prop_map(Value::from),
        (0_u64..=4, any::<bool>()).prop_map(|(code, zip)| Value::from(code | u64::from(zip) << 16)),
        (0_u64..=0x1FFF).prop_map(|code| Value::from(0x4445_2000_0000_0000 | code)),
        any::<String>().prop_map(Value::from),
    ];
    let bound = || {
        prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{8}Z?)?".prop_map(Value::from),
            Just(Value::Null),
        ]
    };
    let near = (code, bound(), bound()).prop_map(|(code, from, to)| {
        json!({"ftJournalType": code, "From": from, "To": to})
            .to_string()
            .into_bytes()
    });
    prop_oneof![4 => near, 1 => any::<Vec<u8>>()]
}

#[test]
fn any_body_is_answered_200_or_400() {
    let runtime = Runtime::new().unwrap();
    let builder = Simulator::builder().market("DE").past_receipts(5);
    let sim = runtime.block_on(started(builder));
    let till = Till::new(&sim);
    proptest!(|(body in body())| {
        let request = till.post("/v2/journal", operation(1), "").body(body);
        let (status, length) = runtime.block_on(async {
            let response = request.send().await.unwrap();
            (response.status(), response.bytes().await.unwrap().len())
        });
        prop_assert!(status == 200 || status == 400, "{}", status);
        prop_assert!(length > 0);
    });
}
