//! What is done with a document, and whether the customer has it.

use std::sync::Arc;

use chrono::TimeDelta;
use pos_system_api_simulator::{ManualClock, Simulator};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::issued::{Issued, answer};
use crate::till::{Answer, SALE, operation};

fn email(send: bool) -> Value {
    json!({"Action": "send", "Target": {
        "Scheme": "email", "Address": "guest@example.org", "Attach": "application/pdf", "Send": send,
    }})
}

#[tokio::test]
async fn a_document_is_delivered_once_it_was_looked_at() {
    let issued = Issued::new().await;
    assert_eq!(issued.delivered().await, 204);
    assert_eq!(issued.view().await.status, 200);
    let ask = issued.till.ask(&format!("{}/delivered", issued.path));
    let delivered = answer(ask).await;
    assert_eq!(delivered.status, 200);
    assert_eq!(delivered.content_type, "application/json");
    assert!(delivered.json()["message"].is_string());
}

#[tokio::test]
async fn some_actions_deliver_and_others_do_not() {
    for (body, status) in [
        (json!({"Action": "print"}), 200),
        (json!({"Action": "download"}), 200),
        (email(true), 200),
        (email(false), 204),
        (json!({"Action": "link"}), 204),
        (json!({"Action": "accept"}), 204),
        (json!({"Action": "upload", "Anything": [1]}), 204),
    ] {
        let issued = Issued::new().await;
        let done = issued.update(3, &body).await;
        assert_eq!(done.status, 201, "{body}");
        assert_eq!(issued.delivered().await, status, "{body}");
        let ledger = issued.sim.ledger();
        let update = &ledger.issue_updates()[0];
        assert_eq!(update.action.to_string(), body["Action"], "{body}");
        assert_eq!(update.delivered, status == 200, "{body}");
        assert!(issued.path.ends_with(&update.queue_item_id.to_string()));
        assert_eq!(update.request, body.to_string().as_bytes());
    }
}

#[tokio::test]
async fn sending_answers_with_its_result_and_happens_once() {
    let issued = Issued::new().await;
    for (number, scheme, address) in [
        (3, "email", "guest@example.org"),
        (4, "sms", "+43 1 5550100"),
        (5, "whatsapp", "+43 1 5550100"),
        (6, "peppol", "9915:simulated"),
    ] {
        let target = json!({"Scheme": scheme, "Address": address, "Send": true});
        let body = json!({"Action": "send", "Target": target});
        let sent = issued.update(number, &body).await;
        assert_eq!(sent.status, 201, "{scheme}");
        assert_eq!(sent.content_type, "application/json");
        let result = sent.json();
        assert_eq!(result["Scheme"], scheme);
        assert_eq!(result["Address"], address);
        assert_eq!(result["Sent"], true);
        let again = issued.update(number, &body).await;
        assert_eq!((again.status.as_u16(), again.body), (200, sent.body));
        let conflict = issued.update(number, &json!({"Action": "print"})).await;
        assert_eq!(conflict.status, 409);
    }
    let ledger = issued.sim.ledger();
    ledger
        .issue_updates()
        .exactly_once_for([3, 4, 5, 6].map(operation));
    let schemes: Vec<_> = ledger
        .issue_updates()
        .iter()
        .map(|update| update.scheme.as_deref().unwrap())
        .collect();
    assert_eq!(schemes, ["email", "sms", "whatsapp", "peppol"]);
}

#[tokio::test]
async fn a_body_that_makes_no_sense_is_refused_with_its_members() {
    let issued = Issued::new().await;
    for (number, body, fields) in [
        (3, json!({}), vec!["Action"]),
        (4, json!({"Action": "shred"}), vec!["Action"]),
        (5, json!({"Action": 1}), vec!["Action"]),
        (
            6,
            json!({"Action": "download", "Format": "zugferd"}),
            vec!["Format"],
        ),
        (
            7,
            json!({"Action": "download", "Format": "*/*"}),
            vec!["Format"],
        ),
        (
            8,
            json!({"Action": "download", "Format": ["pdf"]}),
            vec!["Format"],
        ),
        (
            9,
            json!({"Action": "download", "Format": ""}),
            vec!["Format"],
        ),
        (10, json!({"Action": "send"}), vec!["Target"]),
        (
            11,
            json!({"Action": "send", "Target": "guest"}),
            vec!["Target"],
        ),
        (
            12,
            json!({"Action": "send", "Target": {"Send": "yes", "Attach": 7}}),
            vec![
                "Target.Scheme",
                "Target.Address",
                "Target.Send",
                "Target.Attach",
            ],
        ),
        (
            13,
            json!({"Action": "send", "Target": {
                "Scheme": "pigeon", "Address": " ", "Attach": "image/jpeg",
            }}),
            vec!["Target.Scheme", "Target.Address", "Target.Attach"],
        ),
    ] {
        let refused = issued.update(number, &body).await;
        assert_eq!(refused.status, 400, "{body}");
        assert_eq!(refused.content_type, "application/problem+json");
        let problem = refused.json();
        let errors = problem["errors"].as_array().unwrap();
        let named: Vec<_> = errors.iter().map(|error| &error["field"]).collect();
        assert_eq!(named, fields, "{body}");
    }
    for (number, body) in [(20, "no json"), (21, "[]"), (22, "\"print\"")] {
        let put = issued.till.put(&issued.path, operation(number), body);
        assert_eq!(answer(put).await.status, 400, "{body}");
    }
    issued.sim.ledger().issue_updates().none();
    assert_eq!(issued.delivered().await, 204);
}

/// Waits for the delivery in the background, after `arrived` requests.
async fn waiting(issued: &Issued, arrived: usize) -> JoinHandle<Answer> {
    let path = issued.path.replace("/issue/", "/BlockIssueRequest/");
    let mut poll = tokio::spawn(answer(issued.till.ask(&format!("{path}/WhileDelivered"))));
    issued
        .sim
        .arrivals_while(arrived + 1, &mut poll)
        .await
        .unwrap();
    poll
}

async fn with_clock() -> (Arc<ManualClock>, Issued) {
    let clock = Arc::new(ManualClock::new("2026-06-01T10:00:00Z".parse().unwrap()));
    let builder = Simulator::builder().clock(Arc::clone(&clock) as Arc<_>);
    (clock, Issued::with(builder).await)
}

#[tokio::test]
async fn a_long_poll_ends_as_soon_as_the_document_is_viewed() {
    // The clock stands still: nothing but the view can end the wait.
    let (_clock, issued) = with_clock().await;
    let poll = waiting(&issued, 2).await;
    issued.view().await;
    let delivered = poll.await.unwrap();
    assert_eq!(delivered.status, 200);
    assert!(delivered.json()["message"].is_string());
    // It is answered at once from now on.
    let poll = waiting(&issued, 3).await;
    assert_eq!(poll.await.unwrap().status, 200);
}

#[tokio::test]
async fn a_long_poll_ends_as_soon_as_the_document_is_printed() {
    let (_clock, issued) = with_clock().await;
    let poll = waiting(&issued, 2).await;
    // Another document does not end it.
    let other = issued.till.sign(operation(3), SALE.replace("S-1", "S-2"));
    assert_eq!(other.await.status, 201);
    issued.update(4, &json!({"Action": "print"})).await;
    assert_eq!(poll.await.unwrap().status, 200);
}

#[tokio::test]
async fn a_long_poll_without_delivery_ends_after_thirty_seconds_of_the_server() {
    let (clock, issued) = with_clock().await;
    let poll = waiting(&issued, 2).await;
    clock.advance(TimeDelta::seconds(30));
    let pending = poll.await.unwrap();
    assert_eq!((pending.status.as_u16(), pending.body.as_str()), (204, ""));
    assert_eq!(issued.delivered().await, 204);
}

#[tokio::test]
async fn a_document_can_be_delivered_after_a_number_of_polls() {
    let issued = Issued::with(Simulator::builder().delivered_after_polls(2)).await;
    // Who may not ask does not count.
    let stranger = issued.till.get(&format!("{}/delivered", issued.path));
    assert_eq!(answer(stranger).await.status, 400);
    let polls = [
        issued.delivered().await,
        issued.delivered().await,
        issued.delivered().await,
        issued.delivered().await,
    ];
    assert_eq!(polls, [204, 204, 200, 200]);

    let issued = Issued::with(Simulator::builder().delivered_after_polls(0)).await;
    assert_eq!(issued.delivered().await, 200);
}

#[tokio::test]
async fn long_polls_count_and_are_woken_by_the_poll_that_delivers() {
    let clock = Arc::new(ManualClock::new("2026-06-01T10:00:00Z".parse().unwrap()));
    let builder = Simulator::builder().clock(clock).delivered_after_polls(1);
    let issued = Issued::with(builder).await;
    let poll = waiting(&issued, 2).await;
    assert_eq!(issued.delivered().await, 200);
    assert_eq!(poll.await.unwrap().status, 200);
}

fn word() -> impl Strategy<Value = String> {
    let known = [
        "Action",
        "Format",
        "Target",
        "Scheme",
        "Address",
        "Attach",
        "Send",
        "ReceiptRequest",
        "ReceiptResponse",
        "ftQueueID",
        "ftQueueItemID",
        "QueueId",
        "QueueItemId",
        "download",
        "send",
        "print",
        "link",
        "accept",
        "upload",
        "email",
        "peppol",
        "application/xml",
        "image/png",
        "zugferd",
        "en16931",
    ];
    prop_oneof![
        3 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(word(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    (word(), value(), value(), value(), word()).prop_map(
        |(action, target, format, other, name)| {
            json!({"Action": action, "Target": target, "Format": format, name: other})
        },
    )
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<Vec<u8>>(),
        any::<String>().prop_map(String::into_bytes),
        value().prop_map(|value| value.to_string().into_bytes()),
        object().prop_map(|value| value.to_string().into_bytes()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_body_has_a_documented_status(
        bodies in proptest::collection::vec((body(), any::<bool>()), 1..8),
    ) {
        let statuses = Runtime::new().unwrap().block_on(async {
            let issued = Issued::new().await;
            let mut statuses = Vec::new();
            for (number, (body, update)) in (0x100..).zip(bodies) {
                let request = match update {
                    true => issued.till.put(&issued.path, operation(number), body),
                    false => issued.till.post("/v2/issue", operation(number), "").body(body),
                };
                statuses.push(answer(request).await.status.as_u16());
            }
            // It is still there.
            statuses.push(issued.view().await.status.as_u16());
            statuses
        });
        for status in statuses {
            prop_assert!([200, 201, 400].contains(&status), "{status}");
        }
    }
}
