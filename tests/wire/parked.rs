//! An operation that was parked and is resumed at a server that fails again.

use super::*;

/// The server's record of the operation.
fn recorded(members: &str) -> Answer {
    let id = operation(1);
    json(200, format!(r#"{{"cbOperationItemID":"{id}",{members}}}"#))
}

fn in_progress() -> Answer {
    recorded(r#""LastState":"processing""#)
}

fn fault() -> Answer {
    problem(500, r#"{"title":"Oops"}"#)
}

/// A parked operation, and a server that goes on with this script once it is resumed.
async fn parked(script: impl IntoIterator<Item = Answer>) -> (ScriptedServer, Client, Handle) {
    let mut whole = vec![fault(); 6];
    whole.push(problem(404, r#"{"title":"Not Found"}"#));
    whole.extend(script);
    let (server, client) = server(whole).await;
    let Outcome::Parked(handle) = client.sign(sale("S-1")).await.unwrap() else {
        panic!("not parked");
    };
    assert_eq!(server.requests().len(), 7);
    (server, client, handle)
}

/// What a run sent, a letter each: `s` for the operation, `r` for the question for its record.
fn sent_after(server: &ScriptedServer, before: usize) -> String {
    let requests = server.requests();
    let letter = |request: &Request| match &*request.path {
        "/v2/sign" => 's',
        _ => 'r',
    };
    requests[before..].iter().map(letter).collect()
}

#[tokio::test]
async fn the_early_question_does_not_take_the_place_of_the_last_one() {
    let mut script = vec![fault(), in_progress()];
    script.extend(vec![fault(); 5]);
    script.push(in_progress());
    let (server, client, handle) = parked(script).await;
    let outcome = client.resume::<Signed>(handle).await.unwrap();
    let Outcome::Parked(handle) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(sent_after(&server, 7), "srsssssr");
    let cause = handle.cause().unwrap();
    assert!(cause.ends_with("it is still in progress"), "{cause}");
}

#[tokio::test]
async fn what_the_record_says_at_the_last_counts() {
    let early = || {
        let mut script = vec![fault(), in_progress()];
        script.extend(vec![fault(); 5]);
        script
    };
    let mut script = early();
    script.extend([recorded(r#""LastState":"done""#), json(200, SIGNED)]);
    let (server, client, handle) = parked(script).await;
    done(client.resume::<Signed>(handle).await);
    assert_eq!(sent_after(&server, 7), "srsssssrs");

    let mut script = early();
    script.push(recorded(
        r#""LastState":"failed","ResponseCode":400,"Response":"x""#,
    ));
    let (server, client, handle) = parked(script).await;
    let error = client.resume::<Signed>(handle).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(sent_after(&server, 7), "srsssssr");
}

#[tokio::test]
async fn a_record_that_is_done_is_not_asked_for_twice() {
    let done = recorded(r#""LastState":"done""#);
    // Trouble of another kind in between is sent again as ever.
    let (server, client, handle) = parked([fault(), done, page(503), fault()]).await;
    let outcome = client.resume::<Signed>(handle).await.unwrap();
    let Outcome::Parked(handle) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(sent_after(&server, 7), "srss");
    let cause = handle.cause().unwrap();
    assert!(cause.ends_with("it is done"), "{cause}");
}

#[tokio::test]
async fn a_server_that_recovers_meanwhile_is_a_success() {
    let (server, client, handle) = parked([json(200, SIGNED)]).await;
    done(client.resume::<Signed>(handle).await);
    assert_eq!(sent_after(&server, 7), "s");

    let (server, client, handle) = parked([fault(), in_progress(), json(200, SIGNED)]).await;
    done(client.resume::<Signed>(handle).await);
    assert_eq!(sent_after(&server, 7), "srs");
}

#[tokio::test]
async fn only_a_parked_operation_is_asked_about_early() {
    let mut script = vec![fault(); 6];
    script.push(in_progress());
    let (server, client, handle) = parked(script).await;
    // Being parked ends with being resumed: what is left of that call is open like any other.
    let left = client.resume::<Signed>(handle).handle().unwrap();
    assert!(!left.is_parked());
    let outcome = client.resume::<Signed>(left).await.unwrap();
    assert!(matches!(outcome, Outcome::Parked(_)), "{outcome:?}");
    assert_eq!(sent_after(&server, 7), "ssssssr");
}

#[tokio::test]
async fn no_resends_leave_one_question() {
    let mut policy = RetryPolicy::default();
    policy.server_fault_resends = 0;
    let server = ScriptedServer::start([fault(), in_progress(), fault(), in_progress()]).await;
    let client = builder(&server.base_url(), &std::sync::Arc::default())
        .with_retry_policy(policy)
        .build()
        .unwrap();
    let outcome = client.sign(sale("S-1")).await.unwrap();
    let resumed = client.resume::<Signed>(outcome.open().unwrap().clone());
    let outcome = resumed.await.unwrap();
    assert!(matches!(outcome, Outcome::Parked(_)), "{outcome:?}");
    assert_eq!(sent_after(&server, 0), "srsr");
}

#[tokio::test]
async fn a_failure_of_another_request_is_none_of_this_one() {
    let call_bytes = {
        let (_server, client) = server([json(201, SIGNED)]).await;
        let call = client.sign(sale("S-1"));
        String::from_utf8(call.operation().unwrap().body().to_vec()).unwrap()
    };
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let other = call_bytes.replace("S-1", "S-2");
    assert_ne!(other, call_bytes);
    // As it was sent, the same document written otherwise, no document at all, none.
    let ours = [
        quoted(&call_bytes),
        quoted(&call_bytes.replace("\":", "\" : ")),
        call_bytes.clone(),
        quoted(""),
        quoted("cut off {"),
        "null".to_owned(),
    ];
    let others = [quoted(&other), other.clone(), quoted("{}"), quoted("[]")];
    for (requests, kind, standing) in [
        (&ours[..], ErrorKind::Rejected, Standing::Final),
        (&others[..], ErrorKind::Conflict, Standing::Unknown),
    ] {
        for request in requests {
            let record = recorded(&format!(
                r#""LastState":"failed","ResponseCode":400,"Response":"x","Request":{request}"#
            ));
            let mut script = vec![fault(); 6];
            script.push(record.clone());
            let (server, client) = server(script).await;
            let error = client.sign(sale("S-1")).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.outcome()),
                (kind, standing),
                "{request}"
            );
            assert_eq!(sent_after(&server, 0), "ssssssr", "{request}");
        }
    }
}
