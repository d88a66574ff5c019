//! One id, one body, one run.

use std::sync::Arc;

use pos_system_api_simulator::{Profile, Simulator};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::till::{SALE, Till, operation};

async fn started(profile: Profile) -> Simulator {
    let builder = Simulator::builder().profile(profile).started(true);
    builder.start().await.unwrap()
}

#[tokio::test]
async fn the_first_run_is_201_and_a_repeat_is_200_with_the_same_bytes() {
    for profile in [Profile::Cloud21, Profile::Spec20, Profile::Local] {
        let sim = started(profile).await;
        let till = Till::new(&sim);
        let first = till.sign(operation(1), SALE).await;
        let again = till.sign(operation(1), SALE).await;
        assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 200));
        assert_eq!(first.body, again.body);
        assert_eq!(sim.ledger().receipts_of(operation(1)).len(), 1);
        let executed: Vec<bool> = sim.ledger().requests().iter().map(|r| r.executed).collect();
        assert_eq!(executed, [true, false]);
    }
}

#[tokio::test]
async fn finished_operations_name_their_location_in_the_cloud() {
    let expected = format!("/v2/journal/OperationItem/{}", operation(1));
    for (profile, location) in [
        (Profile::Cloud21, Some(expected.clone())),
        (Profile::Spec20, Some(expected.clone())),
        (Profile::Local, None),
    ] {
        let sim = started(profile).await;
        let till = Till::new(&sim);
        for body in [SALE, "", "other"] {
            let answer = till.sign(operation(1), body).await;
            let expected = if body == "other" {
                None
            } else {
                location.clone()
            };
            assert_eq!(answer.location, expected, "{profile} {body:?}");
        }
    }
}

#[tokio::test]
async fn another_body_is_a_conflict_even_if_only_whitespace_differs() {
    for profile in [Profile::Cloud21, Profile::Spec20, Profile::Local] {
        let sim = started(profile).await;
        let till = Till::new(&sim);
        till.sign(operation(1), SALE).await;
        let conflict = till.sign(operation(1), format!("{SALE} ")).await;
        assert_eq!(conflict.status, 409);
        assert_eq!(conflict.json()["status"], 409);
        assert_eq!(sim.ledger().receipts().len(), 1);
    }
}

#[tokio::test]
async fn an_empty_body_on_a_repeat_is_not_compared() {
    let sim = started(Profile::Cloud21).await;
    let till = Till::new(&sim);
    let first = till.sign(operation(1), SALE).await;
    let again = till.sign(operation(1), "").await;
    assert_eq!(again.status, 200);
    assert_eq!(again.body, first.body);
}

#[tokio::test]
async fn an_id_at_another_endpoint_is_a_conflict_except_at_the_local_server() {
    for profile in Profile::ALL {
        let sim = started(profile).await;
        let till = Till::new(&sim);
        let message = "{\"Message\":\"a\"}";
        let echo = till.send("/v2/echo", operation(1), message).await;
        for body in [message, ""] {
            let sign = till.sign(operation(1), body).await;
            match profile {
                Profile::Local => {
                    assert_eq!(sign.status, 200, "{body:?}");
                    assert_eq!(sign.body, echo.body);
                }
                Profile::Draft => assert_eq!(sign.status, 422, "{body:?}"),
                _ => assert_eq!(sign.status, 409, "{profile} {body:?}"),
            }
        }
        assert_eq!(sim.ledger().receipts().len(), 0);
    }
}

#[tokio::test]
async fn a_repeat_of_a_running_operation_is_422_in_spec20_and_local() {
    for profile in [Profile::Spec20, Profile::Local] {
        let sim = started(profile).await;
        let till = Till::new(&sim);
        let hold = sim.hold();
        let mut first = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
        sim.arrivals_while(1, &mut first).await.unwrap();

        let running = till.sign(operation(1), SALE).await;
        assert_eq!(running.status, 422);
        assert_eq!(running.json().get("errors"), None);
        assert_eq!(till.sign(operation(1), "{}").await.status, 409);
        assert_eq!(sim.ledger().requests()[0].status, None);
        assert_eq!(sim.ledger().receipts().len(), 0);

        hold.release();
        assert_eq!(first.await.unwrap().unwrap().status(), 201);
        assert_eq!(till.sign(operation(1), SALE).await.status, 200);
        assert_eq!(sim.ledger().receipts().len(), 1);
    }
}

#[tokio::test]
async fn a_repeat_of_a_running_operation_blocks_in_cloud21() {
    let sim = started(Profile::Cloud21).await;
    let till = Till::new(&sim);
    let hold = sim.hold();
    let mut first = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
    sim.arrivals_while(1, &mut first).await.unwrap();
    let mut second = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
    sim.arrivals_while(2, &mut second).await.unwrap();
    let open: Vec<_> = sim.ledger().requests().iter().map(|r| r.status).collect();
    assert_eq!(open, [None, None]);

    drop(hold);
    let first = first.await.unwrap().unwrap();
    let second = second.await.unwrap().unwrap();
    assert_eq!(first.status(), 201);
    assert_eq!(second.status(), 200);
    assert_eq!(first.text().await.unwrap(), second.text().await.unwrap());
    assert_eq!(sim.ledger().receipts().len(), 1);
}

#[tokio::test]
async fn a_held_operation_outlives_its_client() {
    let sim = started(Profile::Cloud21).await;
    let till = Till::new(&sim);
    let hold = sim.hold();
    let mut first = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
    sim.arrivals_while(1, &mut first).await.unwrap();
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    hold.release();
    let again = till.sign(operation(1), SALE).await;
    assert_eq!(again.status, 200);
    assert_eq!(sim.ledger().receipts_of(operation(1)).len(), 1);
}

#[tokio::test]
async fn a_hold_begun_later_does_not_hold_earlier_operations() {
    let sim = started(Profile::Cloud21).await;
    let till = Till::new(&sim);
    let first_hold = sim.hold();
    let mut first = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
    sim.arrivals_while(1, &mut first).await.unwrap();
    let second_hold = sim.hold();
    let mut second = tokio::spawn(till.post("/v2/sign", operation(2), SALE).send());
    sim.arrivals_while(2, &mut second).await.unwrap();

    first_hold.release();
    assert_eq!(first.await.unwrap().unwrap().status(), 201);
    assert_eq!(sim.ledger().receipts_of(operation(2)).len(), 0);
    second_hold.release();
    assert_eq!(second.await.unwrap().unwrap().status(), 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_id_sent_many_times_at_once_runs_once() {
    let sim = started(Profile::Cloud21).await;
    let till = Arc::new(Till::new(&sim));
    let mut sends = JoinSet::new();
    for _ in 0..32 {
        let till = Arc::clone(&till);
        sends.spawn(async move { till.sign(operation(1), SALE).await });
    }
    let answers = sends.join_all().await;
    let new = answers.iter().filter(|answer| answer.status == 201).count();
    let repeated = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((new, repeated), (1, 31));
    assert!(answers.iter().all(|answer| answer.body == answers[0].body));
    let ledger = sim.ledger();
    assert_eq!(ledger.receipts().len(), 1);
    assert_eq!(ledger.requests().iter().filter(|r| r.executed).count(), 1);
}

#[tokio::test]
async fn a_validation_failure_is_stored_under_the_id() {
    for profile in [Profile::Cloud21, Profile::Spec20] {
        let sim = started(profile).await;
        let till = Till::new(&sim);
        let first = till.sign(operation(1), "{}").await;
        assert_eq!(first.status, 400);
        assert_eq!(first.content_type, "application/problem+json");
        assert_eq!(till.sign(operation(1), "{}").await, first);
        assert_eq!(till.sign(operation(1), SALE).await.status, 409);
        assert_eq!(till.sign(operation(2), SALE).await.status, 201);
    }
}

#[tokio::test]
async fn a_stored_failure_of_the_local_server_has_a_detail_encoded_twice() {
    let sim = started(Profile::Local).await;
    let till = Till::new(&sim);
    let body =
        r#"{"cbReceiptReference":"S-1","cbReceiptMoment":"2026-06-01T10:00:00Z","cbPayItems":[]}"#;
    let first = till.sign(operation(1), body).await;
    let again = till.sign(operation(1), body).await;
    for answer in [&first, &again] {
        assert_eq!(answer.status, 400);
        assert_eq!(answer.content_type, "application/json");
        let problem = answer.json();
        assert_eq!(problem["title"], "Error");
        let literal = problem["detail"].as_str().unwrap();
        assert!(literal.contains("\\u0022cbChargeItems\\u0022"), "{literal}");
        let inner: String = serde_json::from_str(literal).unwrap();
        let fields: Value = serde_json::from_str(&inner).unwrap();
        assert_eq!(
            fields,
            json!({"cbChargeItems": ["must be given and not be null"]})
        );
    }
    assert!(first.json()["errors"]["cbChargeItems"].is_array());
    assert_eq!(again.json().get("errors"), None);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_stored_as_a_failure() {
    let sim = started(Profile::Cloud21).await;
    let till = Till::new(&sim);
    for (number, path) in [(1, "/v2/echo"), (2, "/v2/sign"), (3, "/v2/issue")] {
        let first = till.send(path, operation(number), "no json").await;
        assert_eq!(first.status, 400, "{path}");
        assert_eq!(till.send(path, operation(number), "no json").await, first);
        assert_eq!(till.send(path, operation(number), "{}").await.status, 409);
    }
}
