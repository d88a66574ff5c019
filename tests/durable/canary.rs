//! Rows hold no secret, and nothing that is shown holds customer data.

use pos_system_api::types::ReceiptRequest;
use support::client::ACCESS_TOKEN;
use support::scripted_server::{ScriptedServer, json, page, problem};

use super::*;

const NAME: &str = "Canaria Kanarienvogel";

/// A sale to a customer.
fn receipt() -> ReceiptRequest {
    let mut receipt = sale("S-1").build().unwrap();
    receipt.cb_customer =
        serde_json::from_value(serde_json::json!({"CustomerName": NAME})).unwrap();
    receipt
}

#[tokio::test]
async fn a_server_that_says_the_token_back_does_not_get_it_into_the_log() {
    let signed =
        format!(r#"{{"ftState":4707387510509010944,"ftStateData":"{NAME} {ACCESS_TOKEN}"}}"#);
    let refusal = format!(r#"{{"title":"{ACCESS_TOKEN}","errors":{{"a":["b"]}}}}"#);
    let echo =
        |answer: support::scripted_server::Answer| answer.with_header("x-echo", ACCESS_TOKEN);
    // One of the texts of an error ends within the token, and one holds it escaped.
    let cut = format!("{}{ACCESS_TOKEN}", "x".repeat(201 - ACCESS_TOKEN.len()));
    let (first, rest) = ACCESS_TOKEN.split_at(ACCESS_TOKEN.len() - 1);
    let escaped = format!(r"{first}\u00{:02X}", rest.as_bytes()[0]);
    let escaped = format!(r#"{{"title":"{escaped}","errors":{{"a":["b"]}}}}"#);
    for script in [
        vec![json(502, cut.clone())],
        vec![json(422, cut)],
        vec![problem(422, escaped)],
        vec![echo(json(201, signed.clone()))],
        vec![echo(page(503)), echo(json(200, signed))],
        vec![echo(problem(422, refusal.clone()))],
        vec![echo(problem(401, refusal.clone()))],
        vec![echo(problem(503, refusal)).with_header("retry-after", "30")],
    ] {
        let what = format!("{script:?}");
        let server = ScriptedServer::start(script).await;
        let store = Arc::new(WatchedStore::default());
        let client = support::client::builder(&server.base_url(), &Arc::default())
            .with_clock(Arc::new(BriskClock::default()))
            .durable_shared(store.clone())
            .build()
            .unwrap();
        let call = client.sign(receipt()).with_deadline(ATTEMPT_TIMEOUT);
        let outcome = call.await;
        assert!(server.requests()[0].text().contains(NAME));
        let rows = rows(&*store).await;
        let [row] = &rows[..] else {
            panic!("{what}: {rows:?}");
        };
        let answer = row.answer.clone().unwrap_or_default();
        let body = row.body.clone().unwrap();
        for bytes in [row.details.as_bytes(), &answer[..], &body[..]] {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains(first), "{what}: {text}");
        }
        assert!(String::from_utf8_lossy(&body).contains(NAME));
        assert!(row.is_intact());

        // The customer stands in the row, and in nothing that is shown.
        let record = client.recorded(row.operation_id).await.unwrap().unwrap();
        let recovery = client.recover().await;
        let shown = format!(
            "{row:?} {record:?} {recovery:?} {client:?} {store:?} {outcome:?} {:?}",
            client.forward().unwrap()
        );
        for canary in [NAME, first] {
            assert!(!shown.contains(canary), "{what}: {shown}");
        }
        let read = record.read::<pos_system_api::Signed>();
        for shown in [format!("{record}"), format!("{:?}", read.err())] {
            assert!(!shown.contains(first), "{what}: {shown}");
        }
    }
}
