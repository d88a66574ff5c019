//! Every fault that touches an answer, as a client sees it.

use std::io::Read;

use flate2::read::GzDecoder;
use pos_system_api_simulator::{Fault, FaultPlan, Rule, Simulator};
use serde_json::{Value, json};

use crate::plain_socket::{Received, exchange};
use crate::till::{SALE, operation};

async fn started() -> Simulator {
    Simulator::builder().started(true).start().await.unwrap()
}

/// Signs with a fault, then again without; the second answer is what was stored.
async fn signed_with(fault: Fault) -> (Simulator, Received, Received) {
    let sim = started().await;
    sim.faults().script([fault]);
    let faulty = exchange(&sim, "POST", "/v2/sign", Some(operation(1)), SALE).await;
    let stored = exchange(&sim, "POST", "/v2/sign", Some(operation(1)), SALE).await;
    assert_eq!(sim.ledger().receipts().len(), 1);
    (sim, faulty, stored)
}

/// Without the members that a fault adds.
fn known(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            assert!(members.remove("simulatedUnknown").is_some());
            members
                .values_mut()
                .for_each(|member| *member = known(member.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = known(item.take())),
        _ => {}
    }
    value
}

#[tokio::test]
async fn null_and_malformed_json_keep_the_status() {
    let (_sim, faulty, stored) = signed_with(Fault::NullBody).await;
    assert_eq!((faulty.status(), faulty.text()), (201, "null"));
    assert_eq!(faulty.header("content-type").unwrap(), "application/json");
    assert_eq!(stored.status(), 200);

    let (_sim, faulty, stored) = signed_with(Fault::MalformedJson).await;
    assert_eq!(faulty.status(), 201);
    assert_eq!(faulty.text(), format!("{{,{}", stored.text()));
}

#[tokio::test]
async fn a_wrong_content_type_keeps_the_body() {
    let content_type = "application/octet-stream".to_owned();
    let (_sim, faulty, stored) = signed_with(Fault::WrongContentType { content_type }).await;
    assert_eq!(
        faulty.header("content-type").unwrap(),
        "application/octet-stream"
    );
    assert_eq!((faulty.status(), faulty.body()), (201, stored.body()));
}

#[tokio::test]
async fn a_huge_body_has_exactly_the_size_and_is_json() {
    const BYTES: usize = 20_000_001;
    let (_sim, faulty, _) = signed_with(Fault::HugeBody {
        bytes: BYTES as u64,
    })
    .await;
    assert_eq!(faulty.status(), 201);
    assert_eq!(faulty.header("transfer-encoding").unwrap(), "chunked");
    let body = faulty.unchunked();
    assert_eq!(body.len(), BYTES);
    assert!(serde_json::from_slice::<String>(&body).is_ok());
}

#[tokio::test]
async fn gzip_comes_without_being_asked_for() {
    let (_sim, faulty, stored) = signed_with(Fault::GzipBody).await;
    assert_eq!(faulty.header("content-encoding").unwrap(), "gzip");
    let length = faulty.header("content-length").unwrap();
    assert_eq!(length, faulty.body().len().to_string());
    let mut body = Vec::new();
    GzDecoder::new(faulty.body())
        .read_to_end(&mut body)
        .unwrap();
    assert_eq!(body, stored.body());
    assert_eq!(stored.header("content-encoding"), None);
}

#[tokio::test]
async fn unknown_members_stand_in_every_object() {
    let (_sim, faulty, stored) = signed_with(Fault::UnknownMembers).await;
    assert_eq!(faulty.status(), 201);
    assert_eq!(known(faulty.json()), stored.json());
}

#[tokio::test]
async fn an_unknown_signature_stands_before_the_known_ones() {
    let (_sim, faulty, stored) = signed_with(Fault::UnknownSignatureFormat).await;
    let mut faulty = faulty.json();
    let added = faulty["ftSignatures"].as_array_mut().unwrap().remove(0);
    assert_eq!(faulty, stored.json());
    let format = added["ftSignatureFormat"].as_u64().unwrap();
    assert!(format & 0xffff > 13, "{format:x}");
}

#[tokio::test]
async fn unknown_words_stand_in_a_payment() {
    const PAYMENT: &str = r#"{"Action":"payment","Protocol":"use_auto","cbPayItem":{"Amount":12.5,"Description":"Card"}}"#;
    let sim = started().await;
    sim.faults().script([Fault::UnknownEnumValues]);
    let faulty = exchange(&sim, "POST", "/v2/pay", Some(operation(1)), PAYMENT).await;
    let stored = exchange(&sim, "POST", "/v2/pay", Some(operation(1)), PAYMENT).await;
    assert_eq!((faulty.status(), stored.status()), (201, 200));
    let (mut expected, faulty) = (stored.json(), faulty.json());
    assert_ne!(faulty, expected);
    expected["Protocol"] = json!("simulatedUnknown");
    let provider = &mut expected["ftPayItems"][0]["ftPayItemCaseData"]["Provider"];
    provider["Protocol"] = json!("simulatedUnknown");
    provider["Action"] = json!("simulatedUnknown");
    assert_eq!(faulty, expected);
}

#[tokio::test]
async fn refusals_stay_as_they_are_where_only_good_answers_change() {
    let sim = started().await;
    sim.faults().script([Fault::UnknownMembers]);
    let refused = exchange(&sim, "POST", "/v2/sign", Some(operation(1)), "{}").await;
    let stored = exchange(&sim, "POST", "/v2/sign", Some(operation(1)), "{}").await;
    assert_eq!((refused.status(), refused.body()), (400, stored.body()));
}

#[tokio::test]
async fn a_page_comes_before_or_after_commit() {
    let sim = started().await;
    for (executed, receipts) in [(false, 0), (true, 1)] {
        let status = 200;
        sim.faults().script([Fault::HtmlPage { status, executed }]);
        let page = exchange(&sim, "POST", "/v2/sign", Some(operation(1)), SALE).await;
        assert_eq!(page.status(), 200);
        assert_eq!(
            page.header("content-type").unwrap(),
            "text/html; charset=utf-8"
        );
        assert!(page.text().starts_with("<!DOCTYPE html>"));
        assert_eq!(sim.ledger().receipts().len(), receipts);
    }
}

#[tokio::test]
async fn a_retry_date_lies_behind_the_date_of_the_answer() {
    let start = "2026-02-28T23:59:50Z".parse().unwrap();
    let builder = Simulator::builder().started(true).virtual_time(start);
    let sim = builder.start().await.unwrap();
    for (executed, receipts) in [(false, 0), (true, 1)] {
        sim.faults().script([Fault::StatusWithRetryDate {
            status: 503,
            retry_in_seconds: 15,
            executed,
        }]);
        let answer = exchange(&sim, "POST", "/v2/sign", Some(operation(1)), SALE).await;
        assert_eq!(answer.status(), 503);
        assert_eq!(
            answer.header("date").unwrap(),
            "Sat, 28 Feb 2026 23:59:50 GMT"
        );
        assert_eq!(
            answer.header("retry-after").unwrap(),
            "Sun, 01 Mar 2026 00:00:05 GMT"
        );
        assert_eq!(sim.ledger().receipts().len(), receipts);
    }
}

#[tokio::test]
async fn questions_and_journals_meet_faults_of_a_plan() {
    let sim = Simulator::builder().started(true).past_receipts(200);
    let sim = sim.start().await.unwrap();
    let journal = r#"{"ftJournalType":2,"From":0,"To":0}"#;
    let whole = exchange(&sim, "POST", "/v2/journal", Some(operation(1)), journal).await;
    assert_eq!(whole.header("transfer-encoding").unwrap(), "chunked");
    let whole = whole.unchunked();
    assert!(whole.len() > 40_000, "{}", whole.len());
    for bytes in [0, 1, 30_001] {
        let cut = Rule::new(Fault::CutBodyAfterCommit { bytes }).attempts(1..=1);
        sim.faults().plan(FaultPlan::new(0).rule(cut));
        let received = exchange(&sim, "POST", "/v2/journal", Some(operation(2)), journal).await;
        assert_eq!(received.status(), 200);
        assert_eq!(received.unchunked(), &whole[..bytes]);
        // The next attempt is clean.
        let again = exchange(&sim, "POST", "/v2/journal", Some(operation(2)), journal).await;
        assert_eq!(again.unchunked(), whole);
    }
    sim.faults()
        .plan(FaultPlan::new(0).rule(Rule::new(Fault::GzipBody)));
    let packed = exchange(&sim, "POST", "/v2/journal", Some(operation(3)), journal).await;
    let mut body = Vec::new();
    GzDecoder::new(&packed.unchunked()[..])
        .read_to_end(&mut body)
        .unwrap();
    assert_eq!(body, whole);

    let document = format!("/v2/issue/{}/{}", sim.queue_id(), operation(9));
    let plan = FaultPlan::new(0).rule(Rule::new(Fault::NullBody).method("get"));
    sim.faults().plan(plan);
    let answer = exchange(&sim, "GET", &document, None, "").await;
    assert_eq!((answer.status(), answer.text()), (404, "null"));
    let journal = exchange(&sim, "POST", "/v2/journal", Some(operation(4)), journal).await;
    assert_eq!(journal.unchunked(), whole);
}
