//! Documents for signed receipts.

use pos_system_api_simulator::{Profile, Simulator};
use serde_json::{Value, json};

use crate::till::{SALE, Till, operation};

fn issue_body(response: &Value) -> String {
    let request: Value = serde_json::from_str(SALE).unwrap();
    json!({"ReceiptRequest": request, "ReceiptResponse": response}).to_string()
}

#[tokio::test]
async fn a_signed_receipt_is_issued_and_compared() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let signed = till.sign(operation(1), SALE).await.json();
    let item = signed["ftQueueItemID"].as_str().unwrap();
    let body = issue_body(&signed);
    let issued = till.send("/v2/issue", operation(2), body.as_str()).await;
    assert_eq!(issued.status, 201);
    assert_eq!(
        issued.json(),
        json!({
            "ftQueueID": sim.queue_id().to_string(),
            "ftQueueItemID": item,
            "ftQueueRow": 1,
            "DocumentURL": format!("{}/_sim/receipts/{}/{item}", sim.base_url(), sim.queue_id()),
            "DocumentContentType": "text/html",
        })
    );
    let mut altered = signed.clone();
    altered["ftSignatures"] = json!([]);
    assert_eq!(
        till.send("/issue", operation(3), issue_body(&altered))
            .await
            .status,
        201
    );

    let ledger = sim.ledger();
    let matches: Vec<_> = ledger
        .issues()
        .iter()
        .map(|i| (i.request_matches, i.response_matches))
        .collect();
    assert_eq!(matches, [(true, true), (true, false)]);
    assert_eq!(ledger.issues()[0].request, body.as_bytes());
    assert_eq!(ledger.issues()[0].queue_item_id.to_string(), item);
    assert_eq!(till.send("/v2/issue", operation(2), body).await.status, 200);
    assert_eq!(sim.ledger().issues().len(), 2);
}

#[tokio::test]
async fn what_was_not_signed_here_is_not_issued() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let failed = till
        .sign(operation(1), SALE.replace("8.00", "9.00"))
        .await
        .json();
    let foreign = json!({"ftQueueItemID": "6f1c2d5e-0000-4000-8000-0000000000ff"});
    for (number, body, field) in [
        (2, issue_body(&failed), "ReceiptResponse.ftQueueItemID"),
        (3, issue_body(&foreign), "ReceiptResponse.ftQueueItemID"),
        (4, issue_body(&json!({})), "ReceiptResponse.ftQueueItemID"),
        (5, issue_body(&Value::Null), "ReceiptResponse"),
        (6, "{\"ReceiptResponse\":{}}".to_owned(), "ReceiptRequest"),
    ] {
        let refused = till.send("/v2/issue", operation(number), body).await;
        assert_eq!(refused.status, 400);
        assert_eq!(refused.json()["errors"][0]["field"], field);
    }
    assert!(sim.ledger().issues().is_empty());
}

#[tokio::test]
async fn the_ids_of_a_signed_receipt_are_enough() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let signed = till.sign(operation(1), SALE).await.json();
    let (queue, item) = (&signed["ftQueueID"], &signed["ftQueueItemID"]);
    let whole = till
        .send("/v2/issue", operation(2), issue_body(&signed))
        .await;
    for (number, body) in [
        (3, json!({"QueueId": queue, "QueueItemId": item})),
        (4, json!({"ftQueueID": queue, "ftQueueItemID": item})),
        (5, json!({"queueid": queue, "FTQUEUEITEMID": item})),
    ] {
        let issued = till
            .send("/v2/issue", operation(number), body.to_string())
            .await;
        assert_eq!(issued.status, 201, "{body}");
        assert_eq!(issued.body, whole.body, "{body}");
    }
    let ledger = sim.ledger();
    assert_eq!(ledger.issues().len(), 4);
    assert!(
        ledger
            .issues()
            .iter()
            .all(|issue| issue.request_matches && issue.response_matches)
    );
}

#[tokio::test]
async fn ids_that_lead_nowhere_are_named() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let signed = till.sign(operation(1), SALE).await.json();
    let (queue, item) = (&signed["ftQueueID"], &signed["ftQueueItemID"]);
    let mut moved = signed.clone();
    moved["ftQueueID"] = item.clone();
    for (number, body, fields) in [
        (
            2,
            json!({"QueueId": item, "QueueItemId": item}),
            vec!["QueueId"],
        ),
        (
            3,
            json!({"QueueId": queue, "QueueItemId": queue}),
            vec!["QueueItemId"],
        ),
        (4, json!({"QueueId": queue}), vec!["ftQueueItemID"]),
        (5, json!({"ftQueueItemID": item}), vec!["ftQueueID"]),
        (
            6,
            json!({"QueueId": 7, "QueueItemId": "x"}),
            vec!["QueueId", "QueueItemId"],
        ),
        (7, json!({}), vec!["ReceiptRequest", "ReceiptResponse"]),
        (
            8,
            json!({"ReceiptRequest": {}, "ReceiptResponse": moved}),
            vec!["ReceiptResponse.ftQueueID"],
        ),
    ] {
        let refused = till
            .send("/v2/issue", operation(number), body.to_string())
            .await;
        assert_eq!(refused.status, 400, "{body}");
        let problem = refused.json();
        let errors = problem["errors"].as_array().unwrap();
        let named: Vec<_> = errors.iter().map(|error| &error["field"]).collect();
        assert_eq!(named, fields, "{body}");
    }
    sim.ledger().issues().none();
}

#[tokio::test]
async fn the_local_server_hands_issue_on_to_the_cloud() {
    let sim = Simulator::builder()
        .profile(Profile::Local)
        .started(true)
        .start()
        .await
        .unwrap();
    let till = Till::new(&sim);
    let refused = till.send("/v2/issue", operation(1), "{}").await;
    assert_eq!(refused.content_type, "application/problem+json");
    assert!(refused.json()["errors"].is_array());
    let signed = till.sign(operation(2), SALE).await.json();
    let issued = till
        .send("/v2/issue", operation(3), issue_body(&signed))
        .await;
    assert_eq!(issued.status, 201);
    assert!(issued.location.is_some());
}
