//! What `GET /_sim/operations` tells a test of repeats and crashes.

use pos_system_api_simulator::{Fault, Simulator};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::till::{Answer, SALE, Till, operation};

/// SHA-256 of `{}` and of nothing.
const OF_BRACES: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const PAYMENT: &str =
    r#"{"Action":"payment","Protocol":"use_auto","cbPayItem":{"Description":"Card","Amount":30}}"#;

async fn audit(till: &Till, query: &str) -> Value {
    let asked = till.get(&format!("/_sim/operations{query}")).send().await;
    let answer = Answer::of(asked.unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn ids(numbers: &[u128]) -> Value {
    json!(numbers.iter().map(|n| operation(*n)).collect::<Vec<_>>())
}

/// Whether the audit names these operations and no others.
#[track_caller]
fn assert_several(audit: &Value, bodies: &[u128], runs: &[u128], receipts: &[u128]) {
    assert_eq!(audit["several_bodies"], ids(bodies));
    assert_eq!(audit["several_runs"], ids(runs));
    assert_eq!(audit["several_receipts"], ids(receipts));
    assert_eq!(audit["several_payments"], ids(&[]));
}

#[tokio::test]
async fn each_body_that_arrived_is_told_by_its_digest() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    for body in ["{}", "{}", "", "{}"] {
        till.send("/v2/echo", operation(1), body).await;
    }
    let shown = audit(&till, "").await;
    let arrived = json!([
        {"method": "POST", "path": "/v2/echo", "sha256": OF_BRACES, "length": 2, "requests": 3},
        {"method": "POST", "path": "/v2/echo", "sha256": OF_NOTHING, "length": 0, "requests": 1},
    ]);
    assert_eq!(
        shown["operations"],
        json!([{
            "operation_id": operation(1), "runs": 1, "arrived": arrived,
            "receipts": [], "payments": 0, "issues": 0, "issue_updates": 0,
        }])
    );
    assert_several(&shown, &[], &[], &[]);
    assert_eq!(sim.ledger().requests()[0].body_sha256, OF_BRACES);

    // Another body under the same id is refused, and told.
    let other = till.send("/v2/echo", operation(1), "{ }").await;
    assert_eq!(other.status, 409);
    let shown = audit(&till, "").await;
    assert_several(&shown, &[1], &[], &[]);
    assert_eq!(shown["operations"][0]["runs"], 1);
    assert!(sim.ledger().operations()[0].has_several_bodies());
}

#[tokio::test]
async fn what_was_done_is_told_by_operation() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    sim.faults()
        .script([Fault::ResetBeforeCommit, Fault::ResetAfterCommit]);
    for _ in 0..2 {
        let lost = till.post("/v2/sign", operation(2), SALE).send().await;
        assert!(lost.is_err());
    }
    assert_eq!(till.sign(operation(2), SALE).await.status, 200);
    till.send("/v2/pay", operation(1), PAYMENT).await;
    // The payment is asked for under its own id, without a body.
    till.send("/v2/PayResponse", operation(1), "").await;
    till.sign(operation(3), "{}").await;

    let shown = audit(&till, "").await;
    assert_several(&shown, &[], &[], &[]);
    let [signed, paid, refused] = &shown["operations"].as_array().unwrap()[..] else {
        panic!("{shown}")
    };
    // In order of arrival, not of their ids.
    assert_eq!(signed["operation_id"], json!(operation(2)));
    assert_eq!(signed["runs"], 1);
    assert_eq!(signed["arrived"][0]["requests"], 3);
    let ledger = sim.ledger();
    let receipt = &ledger.receipts_of(operation(2))[0];
    assert_eq!(
        signed["receipts"],
        json!([{
            "receipt_number": 1, "queue_row": receipt.queue_row,
            "queue_item_id": receipt.queue_item_id, "reference": "S-1",
        }])
    );
    assert_eq!(
        (&paid["payments"], &paid["receipts"]),
        (&json!(1), &json!([]))
    );
    assert_eq!(paid["arrived"].as_array().unwrap().len(), 2);
    // A refusal of the body is the end of an operation.
    assert_eq!(
        (&refused["runs"], &refused["receipts"]),
        (&json!(1), &json!([]))
    );

    let one = audit(&till, &format!("?operation={}", operation(1))).await;
    assert_eq!(one["operations"], json!([paid]));
    let none = audit(&till, &format!("?operation={}", operation(9))).await;
    assert_eq!(none["operations"], json!([]));
}

#[tokio::test]
async fn nothing_is_lost_with_the_requests_that_are_dropped() {
    let builder = Simulator::builder().started(true).kept_requests(1);
    let sim = builder.start().await.unwrap();
    let till = Till::new(&sim);
    for number in [1, 2, 3, 1, 2, 3] {
        till.sign(operation(number), SALE).await;
    }
    assert_eq!(sim.ledger().requests().len(), 1);
    let shown = audit(&till, "").await;
    let operations = shown["operations"].as_array().unwrap();
    assert_eq!(operations.len(), 3);
    for operation in operations {
        assert_eq!(operation["arrived"][0]["requests"], 2);
        assert_eq!(operation["runs"], 1);
    }
    sim.reset().unwrap();
    assert_eq!(audit(&till, "").await["operations"], json!([]));
}

#[tokio::test]
async fn what_is_done_again_after_it_was_forgotten_is_named() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    for number in [1, 2] {
        till.sign(operation(number), SALE).await;
    }
    sim.forget_operations().unwrap();
    assert_eq!(till.sign(operation(2), SALE).await.status, 201);
    let shown = audit(&till, "").await;
    assert_several(&shown, &[], &[2], &[2]);
    let numbers = |receipt: &Value| receipt["receipt_number"].as_u64().unwrap();
    let receipts = shown["operations"][1]["receipts"].as_array().unwrap();
    assert_eq!(receipts.iter().map(numbers).collect::<Vec<_>>(), [2, 3]);
}

#[tokio::test]
async fn runs_are_counted_over_all_lives_of_a_store() {
    let folder = TempDir::new().unwrap();
    let builder = || {
        let path = folder.path().join("simulator.store");
        Simulator::builder().started(true).store(path)
    };
    let sim = builder().start().await.unwrap();
    Till::new(&sim).sign(operation(1), SALE).await;
    sim.shutdown().await;
    let sim = builder().start().await.unwrap();
    let till = Till::new(&sim);
    let shown = audit(&till, "").await;
    let signed = &shown["operations"][0];
    assert_eq!(
        (&signed["runs"], &signed["arrived"]),
        (&json!(1), &json!([]))
    );
    assert_eq!(signed["receipts"][0]["receipt_number"], 1);
    assert_eq!(till.sign(operation(1), SALE).await.status, 200);
    let shown = audit(&till, "").await;
    assert_eq!(shown["operations"][0]["runs"], 1);
    assert_eq!(shown["operations"][0]["arrived"][0]["requests"], 1);
}
