//! One rule for each status.

use super::*;

#[tokio::test]
async fn passing_trouble_is_sent_again() {
    for status in [408, 425, 429, 502, 503, 504] {
        for trouble in [
            page(status),
            problem(status, r#"{"title":"Later"}"#),
            json(status, ""),
        ] {
            let (server, client) =
                server([trouble.clone(), trouble.clone(), trouble, json(201, SIGNED)]).await;
            let signed = done(client.sign(sale("S-1")).await);
            assert_eq!(signed.completion.attempts, 4, "{status}");
            assert_eq!(signed.execution(), Execution::New, "{status}");
            assert_eq!(signed.completion.body, SIGNED, "{status}");
            let requests = server.requests();
            assert_eq!(requests.len(), 4, "{status}");
            assert_same_bytes(&requests);
        }
    }
}

#[tokio::test]
async fn the_status_tells_new_from_replayed() {
    for (status, execution) in [(201, Execution::New), (200, Execution::Replayed)] {
        let (_server, client) = server([json(status, SIGNED)]).await;
        let signed = done(client.sign(sale("S-1")).await);
        assert_eq!(signed.execution(), execution);
        assert_eq!(signed.completion.status.as_u16(), status);
    }
}

#[tokio::test]
async fn an_operation_in_progress_is_polled_and_a_422_with_errors_is_a_refusal() {
    let (server, client) = server([
        problem(422, r#"{"title":"Unprocessable Content"}"#),
        problem(422, r#"{"title":"Unprocessable Content","errors":{}}"#),
        json(422, ""),
        json(200, SIGNED),
    ])
    .await;
    let signed = done(client.sign(sale("S-1")).await);
    assert_eq!(signed.completion.attempts, 4);
    assert_same_bytes(&server.requests());

    let (_server, client) = self::server([problem(
        422,
        r#"{"title":"No","errors":{"cbUser":["unknown"]}}"#,
    )])
    .await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.outcome(), Standing::Final);
    assert!(error.to_string().contains("cbUser: unknown"), "{error}");
}

/// The record of the operation with this number, as the server shows it.
fn recorded(members: &str) -> Answer {
    let id = operation(1);
    json(200, format!(r#"{{"cbOperationItemID":"{id}",{members}}}"#))
}

/// A server that fails six times and then goes on as the script says.
async fn failing(script: impl IntoIterator<Item = Answer>) -> (ScriptedServer, Client) {
    let fault = problem(500, r#"{"title":"Oops","detail":"Disk"}"#);
    server(vec![fault; 6].into_iter().chain(script)).await
}

/// Six attempts, and then one question for the record with the same credentials.
#[track_caller]
fn assert_asked_after_six(requests: &[Request]) {
    assert_same_bytes(&requests[..6]);
    let question = &requests[6];
    assert_eq!(question.method, "GET");
    let path = format!("/v2/journal/OperationItem/{}", operation(1));
    assert_eq!(question.path, path);
    assert_eq!(question.header("x-cashbox-accesstoken"), [ACCESS_TOKEN]);
    assert_eq!(question.header("x-cashbox-id"), [CASHBOX_ID.to_string()]);
    assert_ne!(
        question.header("x-operation-id"),
        requests[0].header("x-operation-id")
    );
    assert!(question.body.is_empty());
}

#[tokio::test]
async fn a_server_that_fails_five_more_times_and_has_no_record_leaves_the_operation_parked() {
    let record_is_open = [
        problem(404, r#"{"title":"Not Found"}"#),
        problem(500, r#"{"title":"Oops"}"#),
        page(200),
        recorded(r#""LastState":"processing""#),
        recorded(r#""LastState":"pending""#),
        recorded(r#""LastState":"unknown""#),
    ];
    for record in record_is_open {
        let (server, client) = failing([record.clone()]).await;
        let outcome = client.sign(sale("S-1")).await.unwrap();
        let Outcome::Parked(handle) = outcome else {
            panic!("{record:?}: {outcome:?}");
        };
        assert!(handle.is_parked(), "{record:?}");
        assert_eq!(handle.standing(), Standing::Unknown, "{record:?}");
        assert_eq!(handle.attempts(), 6, "{record:?}");
        let cause = handle.cause().unwrap();
        assert!(cause.contains("500 Oops: Disk"), "{cause}");
        let requests = server.requests();
        assert_eq!(requests.len(), 7, "{record:?}");
        assert_asked_after_six(&requests);
    }
}

#[tokio::test]
async fn a_parked_operation_stays_parked_when_stored_and_can_be_resumed() {
    let (_server, client) =
        failing([recorded(r#""LastState":"processing""#), json(200, SIGNED)]).await;
    let outcome = client.sign(sale("S-1")).await.unwrap();
    let stored = serde_json::to_string(outcome.open().unwrap()).unwrap();
    let restored: Handle = serde_json::from_str(&stored).unwrap();
    assert!(restored.is_parked());
    let signed = done(client.resume::<Signed>(restored).await);
    assert_eq!(signed.execution(), Execution::Replayed);
}

#[tokio::test]
async fn a_recorded_failure_settles_the_operation() {
    let record =
        recorded(r#""LastState":"failed","ResponseCode":400,"Response":"\"No such VAT rate\"""#);
    let (server, client) = failing([record]).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.outcome(), Standing::Final);
    assert!(error.is_after_unknown() && !error.is_retryable());
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_eq!(
        error.problem().unwrap().detail.as_deref(),
        Some("No such VAT rate")
    );
    assert!(error.to_string().contains("No such VAT rate"), "{error}");
    assert_eq!(error.attempts(), 6);
    assert_asked_after_six(&server.requests());
}

#[tokio::test]
async fn a_recorded_success_is_sent_once_more_for_its_answer() {
    let done_by_record = || recorded(r#""LastState":"done","ResponseCode":201,"Response":"{}""#);
    let (server, client) = failing([done_by_record(), json(200, SIGNED)]).await;
    let signed = done(client.sign(sale("S-1")).await);
    assert_eq!(signed.execution(), Execution::Replayed);
    assert_eq!(signed.completion.attempts, 7);
    let requests = server.requests();
    assert_asked_after_six(&requests);
    assert_eq!(requests.len(), 8);
    assert_eq!(requests[7].body, requests[0].body);

    // Lost on the way, it is sent again; failed at once more, it is set aside.
    let fault = problem(500, r#"{"title":"Oops"}"#);
    let (server, client) = failing([done_by_record(), page(503), fault]).await;
    let outcome = client.sign(sale("S-1")).await.unwrap();
    assert!(matches!(outcome, Outcome::Parked(_)), "{outcome:?}");
    assert_eq!(server.requests().len(), 9);
}

#[tokio::test]
async fn no_time_for_the_question_leaves_the_operation_pending() {
    let mut policy = RetryPolicy::default();
    policy.server_fault_resends = 0;
    let server = ScriptedServer::start([page(500)]).await;
    let clock = std::sync::Arc::default();
    let client = builder(&server.base_url(), &clock)
        .with_retry_policy(policy)
        .with_observer(std::sync::Arc::new(RunsOut(clock.clone())))
        .build()
        .unwrap();
    let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    assert!(!handle.is_parked());
    assert_eq!(handle.standing(), Standing::Unknown);
    assert_eq!(server.requests().len(), 1);
}

/// Lets the time of an attempt pass when it ends.
struct RunsOut(std::sync::Arc<ManualClock>);

impl pos_system_api::runtime::Observer for RunsOut {
    fn attempt_ended(&self, _: &pos_system_api::runtime::AttemptEnded<'_>) {
        self.0.run_out_attempt();
    }
}

#[tokio::test]
async fn a_server_that_recovers_in_time_is_a_success() {
    let fault = problem(500, r#"{"title":"Oops"}"#);
    let mut script = vec![fault; 5];
    script.push(json(200, SIGNED));
    let (server, client) = server(script).await;
    let signed = done(client.sign(sale("S-1")).await);
    assert_eq!(signed.completion.attempts, 6);
    assert_same_bytes(&server.requests());
}

#[tokio::test]
async fn trouble_of_one_kind_does_not_use_up_the_resends_of_another() {
    let fault = || problem(500, r#"{"title":"Oops"}"#);
    let script = [
        fault(),
        fault(),
        fault(),
        page(200),
        page(200),
        page(200),
        fault(),
        fault(),
        json(200, SIGNED),
    ];
    let (server, client) = server(script).await;
    let signed = done(client.sign(sale("S-1")).await);
    assert_eq!(signed.completion.attempts, 9);
    assert_same_bytes(&server.requests());
}

#[tokio::test]
async fn a_refused_content_names_its_members_in_either_form() {
    let as_object = r#"{"type":"about:blank","title":"Validation error","status":400,
        "errors":{"cbReceiptMoment":["is required","must be in UTC"]}}"#;
    let as_list = r#"{"title":"Validation error","status":400,
        "errors":[{"field":"cbReceiptMoment","message":"is required"}]}"#;
    for (body, is_list) in [(as_object, false), (as_list, true)] {
        let (server, client) = server([problem(400, body)]).await;
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected);
        assert_eq!(error.outcome(), Standing::Final);
        assert!(!error.is_retryable() && !error.is_after_unknown());
        assert_eq!(error.attempts(), 1);
        let problem = error.problem().unwrap();
        let errors = problem.errors.as_ref().unwrap();
        assert_eq!(errors.is_array(), is_list);
        assert!(errors.to_string().contains("cbReceiptMoment"));
        assert_eq!(problem.title.as_deref(), Some("Validation error"));
        assert_eq!(problem.raw, body);
        assert!(error.to_string().contains("is required"), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn the_other_error_shapes_are_refusals_too() {
    let draft =
        r#"{"error":"invalid_request","message":"Totals differ","details":{"field":"cbPayItems"}}"#;
    let capital = r#"{"Error":"CurrencyMismatch","Message":"Totals differ"}"#;
    for body in [draft, capital] {
        let (_server, client) = server([json(400, body)]).await;
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected);
        let problem = error.problem().unwrap();
        assert_eq!(problem.detail.as_deref(), Some("Totals differ"));
        assert!(problem.title.is_some(), "{body}");
    }
}

#[tokio::test]
async fn a_page_in_place_of_an_error_is_not_taken_for_a_refusal() {
    for status in [400, 403, 404] {
        let (server, client) = server([page(status)]).await;
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotTheApi, "{status}");
        assert_eq!(error.outcome(), Standing::Unknown, "{status}");
        assert!(error.is_retryable(), "{status}");
        assert!(error.to_string().contains("Gateway of the shop"), "{error}");
        assert_eq!(server.requests().len(), 4, "{status}");
    }
    let (_server, client) = server([page(404), page(404), json(201, SIGNED)]).await;
    assert_eq!(done(client.sign(sale("S-1")).await).completion.attempts, 3);
}

#[tokio::test]
async fn credentials_that_are_not_accepted_are_not_tried_again() {
    for refusal in [
        problem(401, r#"{"title":"Unauthorized"}"#),
        page(401),
        json(401, ""),
        problem(403, r#"{"title":"Forbidden"}"#),
    ] {
        let (server, client) = server([refusal]).await;
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
        assert_eq!(error.outcome(), Standing::NotSent);
        assert!(error.is_retryable());
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_after_an_unknown_attempt_does_not_prove_that_nothing_happened() {
    let (_server, client) = server([page(502), problem(401, r#"{"title":"Unauthorized"}"#)]).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.outcome(), Standing::Unknown);
}

#[tokio::test]
async fn a_conflict_under_a_fresh_id_is_asked_again_and_proves_nothing() {
    let (server, client) = server([problem(409, r#"{"title":"Conflict"}"#)]).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.outcome(), Standing::Unknown);
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_request_that_is_not_taken_was_not_executed_but_settles_no_doubt() {
    for status in [404, 405, 413, 451] {
        let title = r#"{"title":"no"}"#;
        let (server, client) = server([problem(status, title)]).await;
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotTaken, "{status}");
        assert_eq!(error.outcome(), Standing::NotSent, "{status}");
        assert_eq!(server.requests().len(), 1, "{status}");

        let (_server, client) = self::server([page(504), problem(status, title)]).await;
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.outcome(), Standing::Unknown, "{status}");
        assert!(error.is_retryable(), "{status}");
    }
}

#[tokio::test]
async fn a_stored_refusal_after_an_unknown_attempt_says_so() {
    let (_server, client) = server([page(504), problem(400, r#"{"title":"no"}"#)]).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.outcome(), Standing::Final);
    assert!(error.is_after_unknown());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = ScriptedServer::start([json(201, SIGNED)]).await;
        let location = format!("{}/v2/sign", elsewhere.base_url());
        let (server, client) = server([page(status).with_header("location", location)]).await;
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirected, "{status}");
        let handled_elsewhere = [301, 307, 308].contains(&status);
        let expected = if handled_elsewhere {
            Standing::NotSent
        } else {
            Standing::Unknown
        };
        assert_eq!(error.outcome(), expected, "{status}");
        assert_eq!(server.requests().len(), 1, "{status}");
        assert!(elsewhere.requests().is_empty(), "{status}");
    }
}

#[tokio::test]
async fn a_deadline_between_attempts_hands_the_operation_back() {
    let mut policy = RetryPolicy::default();
    policy.first_wait = Duration::from_secs(60);
    policy.longest_wait = Duration::from_secs(60);
    let server = ScriptedServer::start([page(503)]).await;
    let clock = std::sync::Arc::default();
    let client = builder(&server.base_url(), &clock)
        .with_retry_policy(policy)
        .build()
        .unwrap();
    // Time for one wait of 30 s and a second attempt, not for a second wait.
    let call = client
        .sign(sale("S-1"))
        .with_deadline(Duration::from_secs(30) + ATTEMPT_TIMEOUT);
    let handle = pending(call.await);
    assert_eq!(handle.standing(), Standing::Unknown);
    assert_eq!(handle.attempts(), 2, "{handle}");
    assert!(handle.cause().unwrap().contains("503"), "{handle}");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_same_bytes(&requests);
}
