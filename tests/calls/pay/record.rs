//! Servers whose `/PayResponse` does not say how a payment ended: what their record says.

use std::time::Duration;

use pos_system_api::client::Paid;
use pos_system_api::{Error, ErrorKind, Outcome, Standing};

use super::{amount, card};
use crate::support::chance::operation;
use crate::support::client::{client, done, pending};
use crate::support::scripted_server::{Answer, ScriptedServer, json, page, problem};

/// What a server without a working `/PayResponse` is asked.
async fn asked(script: Vec<Answer>) -> (Result<Outcome<Paid>, Error>, Vec<String>) {
    let server = ScriptedServer::start(script).await;
    let (client, _) = client(&server.base_url());
    let call = card(&client, "18.40").with_deadline(Duration::from_secs(300));
    let outcome = call.await;
    let paths = server
        .requests()
        .into_iter()
        .map(|request| request.path)
        .collect();
    (outcome, paths)
}

/// A payment whose answer is lost, and of which nothing but the record knows.
async fn lost_and_recorded(record: Answer) -> (Result<Outcome<Paid>, Error>, Vec<String>) {
    let unknown = problem(404, r#"{"title":"Unknown operation"}"#);
    asked(vec![problem(502, ""), unknown, record]).await
}

fn record(state: &str) -> Answer {
    json(200, format!(r#"{{"LastState":"{state}"}}"#))
}

const PAID: &str = r#"{"ftPayItems":[{"Description":"Card","Amount":18.40}]}"#;

#[tokio::test]
async fn a_payment_that_is_done_by_the_record_is_fetched_by_its_own_bytes() {
    let record_path = format!("/v2/journal/OperationItem/{}", operation(1));
    let (outcome, paths) = asked(vec![
        problem(502, ""),
        page(404),
        page(404),
        page(404),
        page(404),
        record("processing"),
        page(404),
        page(404),
        page(404),
        page(404),
        record("done"),
        json(200, PAID),
    ])
    .await;
    assert_eq!(done(outcome).approved(), amount("18.40"));
    let pays = paths.iter().filter(|path| *path == "/v2/pay").count();
    assert_eq!(pays, 2, "{paths:?}");
    assert_eq!(paths[paths.len() - 2], record_path);
    assert_eq!(paths.last().unwrap(), "/v2/pay");
}

#[tokio::test]
async fn unknown_in_any_of_its_three_words_is_unknown() {
    let unknown = r#"{"title":"Unknown operation"}"#;
    for status in [400, 404, 422] {
        let (outcome, paths) = asked(vec![
            problem(502, ""),
            problem(status, unknown),
            problem(404, unknown),
            problem(status, unknown),
            problem(404, unknown),
            problem(status, unknown),
            problem(404, unknown),
            problem(status, unknown),
            problem(404, unknown),
        ])
        .await;
        let Ok(Outcome::Parked(handle)) = outcome else {
            panic!("{status}: {outcome:?}")
        };
        assert_eq!(handle.standing(), Standing::Unknown, "{status}");
        assert_eq!(paths.len(), 9, "{status}: {paths:?}");
        assert_eq!(
            paths.iter().filter(|path| *path == "/v2/pay").count(),
            1,
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_payment_in_progress_is_asked_for_until_the_deadline() {
    let running = || problem(422, r#"{"title":"Still in process"}"#);
    let mut script = vec![problem(502, "")];
    for _ in 0..400 {
        script.extend([running(), record("processing")]);
    }
    let (outcome, paths) = asked(script).await;
    let handle = pending(outcome);
    assert_eq!(handle.standing(), Standing::Unknown);
    assert!(!handle.is_parked());
    assert!(paths.len() > 100, "{}", paths.len());
    assert_eq!(paths.iter().filter(|path| *path == "/v2/pay").count(), 1);
}

#[tokio::test]
async fn credentials_that_are_refused_meanwhile_leave_the_payment_open() {
    let (outcome, paths) = asked(vec![problem(502, ""), problem(401, "")]).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.outcome(), Standing::Unknown);
    assert!(error.is_retryable() && !error.is_payment_refused());
    assert_eq!(paths.len(), 2);
}

#[tokio::test]
async fn an_answer_without_a_pay_item_is_no_payment() {
    let (outcome, _) = asked(vec![json(201, r#"{"ftPayItems":[]}"#)]).await;
    // The record is no record either.
    let Ok(Outcome::Parked(handle)) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(handle.standing(), Standing::Unknown);
}

#[tokio::test]
async fn a_payment_that_failed_under_this_id_and_is_another_one_does_not_settle_this_one() {
    let request = r#"{\"Action\":\"payment\",\"cbPayItem\":{\"Amount\":1}}"#;
    let failed = json(
        200,
        format!(r#"{{"LastState":"failed","ResponseCode":400,"Request":"{request}"}}"#),
    );
    let (outcome, paths) = lost_and_recorded(failed).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.outcome(), Standing::Unknown);
    assert_eq!(paths.len(), 3, "{paths:?}");
}

#[tokio::test]
async fn only_a_refusal_says_that_no_money_moved() {
    for (status, is_refused) in [(400, true), (500, false)] {
        let failed = json(
            200,
            format!(r#"{{"LastState":"failed","ResponseCode":{status}}}"#),
        );
        let (outcome, paths) = lost_and_recorded(failed).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        // A server that failed may have done so after the terminal had taken the money.
        assert_eq!(error.is_payment_refused(), is_refused, "{status}: {error}");
        assert_eq!(paths.len(), 3, "{paths:?}");
    }
}
