//! What a test can ask the ledger.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pos_system_api_simulator::{Simulator, Uuid};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::till::{Answer, SALE, Till, operation};

async fn started() -> (Simulator, Till) {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    (sim, till)
}

fn sale(reference: &str) -> String {
    SALE.replace("S-1", reference)
}

/// What an assertion that does not hold says.
fn said(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

async fn get(till: &Till, path: &str) -> Answer {
    Answer::of(till.get(path).send().await.unwrap()).await
}

#[tokio::test]
async fn receipts_signed_once_are_exactly_once() {
    let (sim, till) = started().await;
    sim.ledger().receipts().none();
    sim.ledger().payments().none();
    sim.ledger().issues().none();
    for number in 1..=3 {
        till.sign(operation(number), sale(&format!("S-{number}")))
            .await;
        till.sign(operation(number), "").await;
    }
    let ledger = sim.ledger();
    let receipts = ledger.receipts();
    receipts.exactly_once();
    receipts.exactly_once_for((1..=3).map(operation));
    receipts.each_reference_once();
    assert_eq!(receipts.count(), 3);
    assert_eq!(receipts.references(), ["S-1", "S-2", "S-3"]);
    assert_eq!(receipts.operations(), [1, 2, 3].map(operation));
    assert_eq!(receipts.of(operation(2))[0].receipt_number, 2);
    assert!(receipts.of(operation(4)).is_empty());
    let numbers: Vec<u64> = receipts
        .into_iter()
        .map(|receipt| receipt.receipt_number)
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[tokio::test]
async fn an_operation_that_signed_twice_is_named() {
    let (sim, till) = started().await;
    till.sign(operation(1), sale("S-1")).await;
    till.sign(operation(2), sale("S-2")).await;
    sim.forget_operations().unwrap();
    assert_eq!(till.sign(operation(2), sale("S-2")).await.status, 201);

    let ledger = sim.ledger();
    let message = said(|| ledger.receipts().exactly_once());
    let named = format!(
        "operation {} has 2: number 2 for \"S-2\", number 3 for \"S-2\"",
        operation(2)
    );
    assert!(message.contains(&named), "{message}");
    assert!(!message.contains(&operation(1).to_string()), "{message}");
    let message = said(|| ledger.receipts().exactly_once_for([1, 2].map(operation)));
    assert!(message.contains(&named), "{message}");
}

#[tokio::test]
async fn lost_and_unexpected_operations_are_named() {
    let (sim, till) = started().await;
    assert_eq!(
        said(|| sim.ledger().receipts().exactly_once()),
        "there are no receipts"
    );
    till.sign(operation(1), SALE).await;
    let ledger = sim.ledger();
    let message = said(|| ledger.receipts().exactly_once_for([operation(2)]));
    let (lost, other) = (operation(2), operation(1));
    assert!(
        message.contains(&format!("operation {lost} has none")),
        "{message}"
    );
    assert!(
        message.contains(&format!("operation {other} was not expected")),
        "{message}"
    );
    let message = said(|| ledger.receipts().none());
    assert!(message.contains(&other.to_string()), "{message}");
}

#[tokio::test]
async fn a_sale_repeated_under_a_new_id_shares_its_reference() {
    let (sim, till) = started().await;
    for (number, reference) in [(1, "S-1"), (2, "S-2"), (3, "S-1")] {
        till.sign(operation(number), sale(reference)).await;
    }
    let ledger = sim.ledger();
    ledger.receipts().exactly_once();
    let message = said(|| ledger.receipts().each_reference_once());
    let named = format!("\"S-1\": 1 by {}, 3 by {}", operation(1), operation(3));
    assert!(message.contains(&named), "{message}");
    assert!(!message.contains("S-2"), "{message}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_runs_have_the_same_sorted_ledger() {
    let mut texts = Vec::new();
    for backwards in [false, true] {
        let (sim, till) = started().await;
        let till = Arc::new(till);
        let mut order: Vec<u128> = (1..=24).collect();
        if backwards {
            order.reverse();
        }
        let mut sends = JoinSet::new();
        for number in order {
            let till = Arc::clone(&till);
            sends.spawn(async move {
                let receipt = sale(&format!("S-{number}"));
                let signed = till.sign(operation(number), receipt.clone()).await.json();
                let request: Value = serde_json::from_str(&receipt).unwrap();
                let issue = json!({"ReceiptRequest": request, "ReceiptResponse": signed});
                till.send("/v2/issue", operation(100 + number), issue.to_string())
                    .await
            });
        }
        let answers = sends.join_all().await;
        assert!(answers.iter().all(|answer| answer.status == 201));
        let sorted = sim.ledger().sorted();
        let over_http = get(&till, "/_sim/ledger?sorted").await;
        assert_eq!(over_http.body, sorted);
        texts.push(sorted);
    }
    assert_eq!(texts[0], texts[1]);
    let sorted: Value = serde_json::from_str(&texts[0]).unwrap();
    assert_eq!(sorted["receipts"].as_array().unwrap().len(), 24);
    assert_eq!(sorted["issues"].as_array().unwrap().len(), 24);
}

#[tokio::test]
async fn another_run_has_another_sorted_ledger() {
    let mut texts = Vec::new();
    for amount in ["8.00", "8.01"] {
        let (sim, till) = started().await;
        till.sign(operation(1), SALE.replace("8.00", amount)).await;
        texts.push(sim.ledger().sorted());
    }
    assert_ne!(texts[0], texts[1]);
}

#[tokio::test]
async fn the_ledger_is_asked_over_http_by_operation_and_kind() {
    let (_sim, till) = started().await;
    for number in 1..=2 {
        till.sign(operation(number), sale(&format!("S-{number}")))
            .await;
    }
    let all = get(&till, "/_sim/ledger").await;
    assert_eq!(all.content_type, "application/json");
    let all = all.json();
    assert_eq!(all["requests"].as_array().unwrap().len(), 2);
    assert_eq!(all["requests"][0]["status"], 201);
    assert_eq!(all["receipts"][1]["request"], sale("S-2"));
    assert_eq!(all["dropped_requests"], 0);

    let id = operation(2);
    let of_one = get(&till, &format!("/_sim/ledger?operation={id}"))
        .await
        .json();
    assert_eq!(of_one["requests"].as_array().unwrap().len(), 1);
    assert_eq!(of_one["receipts"].as_array().unwrap().len(), 1);
    assert_eq!(of_one["receipts"][0]["operation_id"], id.to_string());

    let receipts = get(&till, &format!("/_sim/ledger?kind=receipts&operation={id}"))
        .await
        .json();
    let members: Vec<_> = receipts.as_object().unwrap().keys().collect();
    assert_eq!(members, ["receipts"]);
    let unknown = get(&till, &format!("/_sim/ledger?operation={}", Uuid::nil()))
        .await
        .json();
    assert_eq!(unknown["receipts"], json!([]));

    let last = get(&till, "/_sim/requests?last=1").await.json();
    assert_eq!(last["requests"].as_array().unwrap().len(), 1);
    assert_eq!(last["requests"][0]["operation_id"], id.to_string());
    for wrong in [
        "ledger?operation=7",
        "ledger?kind=sales",
        "ledger?kind=receipts&kind=issues",
        "ledger?sorted&kind=receipts",
        "ledger?since=1",
        "requests?last=-1",
        "summary?x",
    ] {
        let refused = get(&till, &format!("/_sim/{wrong}")).await;
        assert_eq!(refused.status, 400, "{wrong}");
        assert!(refused.json()["error"].is_string(), "{wrong}");
    }
}

#[tokio::test]
async fn the_summary_counts() {
    let (sim, till) = started().await;
    till.sign(operation(1), SALE).await;
    till.sign(operation(2), "{}").await;
    sim.forget_operations().unwrap();
    till.sign(operation(1), SALE).await;
    let summary = get(&till, "/_sim/summary").await.json();
    assert_eq!(summary["profile"], "cloud21");
    assert_eq!(summary["queue"]["activity"], "started");
    assert_eq!(summary["queue"]["receipts"], 2);
    assert_eq!(
        summary["operations"],
        json!({"processing": 0, "done": 1, "failed": 0})
    );
    assert_eq!(summary["ledger"]["requests"], 3);
    assert_eq!(summary["ledger"]["receipts"], 2);
    assert_eq!(summary["ledger"]["operations_with_several_receipts"], 1);
    assert_eq!(summary["faults_remaining"], 0);
}

#[tokio::test]
async fn older_requests_are_dropped_and_counted() {
    let builder = Simulator::builder().started(true).kept_requests(3);
    let sim = builder.start().await.unwrap();
    let till = Till::new(&sim);
    for number in 1..=10 {
        assert_eq!(till.sign(operation(number), SALE).await.status, 201);
    }
    let ledger = sim.ledger();
    let kept: Vec<_> = ledger
        .requests()
        .iter()
        .map(|request| (request.operation_id, request.status, request.executed))
        .collect();
    let expected = [8, 9, 10].map(|number| (Some(operation(number)), Some(201), true));
    assert_eq!(kept, expected);
    assert_eq!(ledger.dropped_requests(), 7);
    assert_eq!(ledger.receipts().count(), 10);
    let summary = get(&till, "/_sim/summary").await.json();
    assert_eq!(summary["ledger"]["requests"], 10);
    assert_eq!(summary["ledger"]["dropped_requests"], 7);
}
