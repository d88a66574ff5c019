//! What the server shows of the operations it remembers.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pos_system_api_simulator::{ManualClock, Profile, Simulator, Uuid};
use serde_json::{Value, json};

use crate::issued::Issued;
use crate::till::{Answer, SALE, Till, operation};

/// Members of the published document, and whether they are required.
const MEMBERS: [(&str, bool); 13] = [
    ("cbOperationItemID", true),
    ("ftQueueID", true),
    ("ftPosSystemID", false),
    ("cbTerminalID", false),
    ("Method", true),
    ("Path", true),
    ("RequestHeaders", true),
    ("Request", true),
    ("Response", false),
    ("ResponseCode", false),
    ("LastState", true),
    ("TimeStamp", true),
    ("ftOperationItemMoment", true),
];

async fn get(sim: &Simulator, path: &str) -> Answer {
    let request = Till::new(sim).ask(path);
    Answer::of(request.send().await.unwrap()).await
}

async fn item(sim: &Simulator, id: Uuid) -> Value {
    let answer = get(sim, &format!("/v2/journal/OperationItem/{id}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.content_type, "application/json");
    let item = answer.json();
    let members = item.as_object().unwrap();
    for (name, required) in MEMBERS {
        assert!(!required || members.contains_key(name), "{name} in {item}");
    }
    for name in members.keys() {
        assert!(MEMBERS.iter().any(|(known, _)| known == name), "{name}");
    }
    item
}

#[tokio::test]
async fn a_done_operation_is_shown_with_request_and_response_and_without_credentials() {
    let clock = Arc::new(ManualClock::new("2026-06-01T06:00:00.9Z".parse().unwrap()));
    let builder = Simulator::builder().clock(Arc::clone(&clock) as Arc<_>);
    let sim = builder.start().await.unwrap();
    let till = Till::new(&sim);
    let hold = sim.hold();
    let request = till
        .post("/v2/Echo", operation(1), "{ \"Message\": \"ping 17\" }")
        .header("x-possystem-id", Uuid::nil().to_string())
        .header("x-terminal-id", "till-2")
        .header("accept", "application/json")
        .header("accept", "text/json");
    let mut echo = tokio::spawn(request.send());
    sim.arrivals_while(1, &mut echo).await.unwrap();
    clock.set("2026-06-01T06:00:01Z".parse().unwrap());
    hold.release();
    let echo = echo.await.unwrap().unwrap();
    assert_eq!(echo.status(), 201);

    let item = item(&sim, operation(1)).await;
    let mut rest = item.clone();
    let headers = rest.as_object_mut().unwrap().remove("RequestHeaders");
    assert_eq!(
        rest,
        json!({
            "cbOperationItemID": operation(1),
            "ftQueueID": sim.queue_id(),
            "ftPosSystemID": Uuid::nil(),
            "cbTerminalID": "till-2",
            "Method": "POST",
            "Path": "/v2/Echo",
            "Request": "{ \"Message\": \"ping 17\" }",
            "Response": echo.text().await.unwrap(),
            "ResponseCode": 201,
            "LastState": "done",
            "TimeStamp": "2026-06-01T06:00:01.0000000+00:00",
            "ftOperationItemMoment": "2026-06-01T06:00:00.9000000+00:00",
        })
    );
    let headers = headers.unwrap();
    assert_eq!(headers["x-operation-id"], json!([operation(1).to_string()]));
    assert_eq!(headers["accept"], json!(["application/json", "text/json"]));
    assert_eq!(headers.get("x-cashbox-id"), None);
    assert!(!item.to_string().contains(sim.access_token()), "{item}");
}

#[tokio::test]
async fn a_failed_operation_shows_its_detail_as_a_json_string() {
    for profile in Profile::ALL {
        let builder = Simulator::builder().profile(profile).started(true);
        let sim = builder.start().await.unwrap();
        let till = Till::new(&sim);
        till.sign(operation(1), "no json").await;
        till.sign(operation(2), "{}").await;

        let plain = item(&sim, operation(1)).await;
        assert_eq!(plain["LastState"], "failed");
        assert_eq!(plain["ResponseCode"], 400);
        assert_eq!(plain["Request"], "no json");
        let detail: String = serde_json::from_str(plain["Response"].as_str().unwrap()).unwrap();
        assert_eq!(detail, "The body is not a JSON object.");

        let by_member = item(&sim, operation(2)).await;
        let detail: String = serde_json::from_str(by_member["Response"].as_str().unwrap()).unwrap();
        let detail: Value = serde_json::from_str(&detail).unwrap();
        assert!(detail["cbReceiptReference"].is_array(), "{detail}");
    }
}

#[tokio::test]
async fn a_running_operation_has_neither_response_nor_code() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let hold = sim.hold();
    let mut sign = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
    sim.arrivals_while(1, &mut sign).await.unwrap();
    let running = item(&sim, operation(1)).await;
    assert_eq!(running["LastState"], "processing");
    assert_eq!(running["Request"], SALE);
    assert_eq!(running.get("Response"), None);
    assert_eq!(running.get("ResponseCode"), None);

    hold.release();
    let signed = sign.await.unwrap().unwrap().text().await.unwrap();
    let done = item(&sim, operation(1)).await;
    assert_eq!(done["LastState"], "done");
    assert_eq!(done["Response"], signed);
}

#[tokio::test]
async fn the_list_holds_every_operation_in_order_of_arrival_and_each_can_be_looked_up_by_queue() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let queue = sim.queue_id();
    let list = format!("/v2/PeekJournalItem/{queue}/OperationItem");
    let empty = get(&sim, &list).await;
    assert_eq!((empty.status.as_u16(), &*empty.body), (200, "[]"));
    assert_eq!(empty.content_type, "application/json");

    for number in [3, 1, 2] {
        till.sign(operation(number), SALE).await;
    }
    till.sign(operation(1), SALE).await;
    let mut expected = Vec::new();
    for number in [3, 1, 2] {
        let item = item(&sim, operation(number)).await;
        let path = format!("{list}/{}", operation(number));
        assert_eq!(get(&sim, &path).await.json(), item);
        expected.push(item);
    }
    assert_eq!(get(&sim, &list).await.json(), Value::from(expected));
}

#[tokio::test]
async fn stored_entries_of_the_journals_are_looked_up_by_id() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    till.sign(operation(1), SALE).await;
    for (number, storage_type, id_member) in [
        (2, "ReceiptJournal", "ftReceiptJournalId"),
        (3, "QueueItem", "ftQueueItemId"),
    ] {
        let body = json!({"ftJournalType": number}).to_string();
        let export = till.send("/v2/journal", operation(9), body).await.json();
        let id = export[0][id_member].as_str().unwrap();
        let path = format!("/PeekJournalItem/{}/{storage_type}/{id}", sim.queue_id());
        assert_eq!(get(&sim, &path).await.json(), export[0]);
    }
}

#[tokio::test]
async fn the_result_of_pairing_is_not_shown() {
    let builder = Simulator::builder()
        .access_token("canary-token")
        .pin("246810");
    let sim = builder.start().await.unwrap();
    let till = Till::new(&sim);
    for (number, pin, state) in [(1, "246810", "done"), (2, "135791", "failed")] {
        let body = json!({"Pin": pin}).to_string();
        let paired = till.send("/v2/pair", operation(number), body).await;
        assert_eq!(paired.body.contains("canary"), state == "done");
        let item = item(&sim, operation(number)).await;
        assert_eq!(item["LastState"], state);
        assert!(!item.to_string().contains("canary"), "{item}");
        assert_eq!(item.get("Response").is_some(), state == "failed");
        assert_eq!(item["ResponseCode"], paired.status.as_u16());
    }
}

#[tokio::test]
async fn what_is_unknown_is_404() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    till.sign(operation(1), SALE).await;
    let (queue, known, unknown) = (sim.queue_id(), operation(1), operation(2));
    for path in [
        format!("/v2/journal/OperationItem/{unknown}"),
        format!("/v2/PeekJournalItem/{queue}/OperationItem/{unknown}"),
        format!("/v2/PeekJournalItem/{unknown}/OperationItem/{known}"),
        format!("/v2/PeekJournalItem/{unknown}/OperationItem"),
        format!("/v2/PeekJournalItem/{queue}/PayItem/{known}"),
        format!("/v2/PeekJournalItem/{queue}/QueueItem/{known}"),
        format!("/v2/PeekJournalItem/{queue}/ReceiptJournal/{known}"),
        format!("/v2/PeekJournalItem/{queue}/ActionJournal/{known}"),
    ] {
        let answer = get(&sim, &path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.json()["status"], 404, "{path}");
    }
    for path in [
        "/v2/journal/OperationItem/7".to_owned(),
        "/v2/PeekJournalItem/7/OperationItem".to_owned(),
        format!("/v2/PeekJournalItem/{queue}/OperationItem/x"),
    ] {
        assert_eq!(get(&sim, &path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn operations_are_shown_to_the_cash_box_only() {
    let sim = Simulator::start().await.unwrap();
    let till = Till::new(&sim);
    till.send("/v2/echo", operation(1), "{}").await;
    let path = format!("/v2/journal/OperationItem/{}", operation(1));
    let bare = till.get(&path).send().await.unwrap();
    assert_eq!(bare.status(), 400);
    let wrong = till
        .get(&path)
        .header("x-cashbox-id", sim.cashbox_id().to_string())
        .header("x-cashbox-accesstoken", "wrong");
    assert_eq!(wrong.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_response_that_is_no_text_is_shown_in_base64() {
    let issued = Issued::new().await;
    for (number, format) in [(10, "application/pdf"), (11, "image/png")] {
        let body = json!({"Action": "download", "Format": format}).to_string();
        let file = issued.till.put(&issued.path, operation(number), body);
        let file = file.send().await.unwrap().bytes().await.unwrap();
        let shown = item(&issued.sim, operation(number)).await;
        let decoded = STANDARD
            .decode(shown["Response"].as_str().unwrap())
            .unwrap();
        assert_eq!(decoded, file, "{format}");
    }
}
