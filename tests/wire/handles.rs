//! A pending operation as a value: stored, restored, misused.

use super::*;

/// The server does not answer this operation in time; it may have acted.
async fn open_operation(
    script: impl IntoIterator<Item = Answer>,
) -> (ScriptedServer, Client, Handle) {
    let (server, client) = impatient(std::iter::once(page(503)).chain(script)).await;
    let handle = pending(
        client
            .sign(sale("S-1"))
            .with_deadline(ATTEMPT_TIMEOUT)
            .await,
    );
    (server, client, handle)
}

/// A server with this script, and a client whose first wait is longer than the deadline of a call.
async fn impatient(script: impl IntoIterator<Item = Answer>) -> (ScriptedServer, Client) {
    let server = ScriptedServer::start(script).await;
    let mut policy = RetryPolicy::default();
    policy.first_wait = Duration::from_secs(60);
    policy.longest_wait = Duration::from_secs(60);
    let client = builder(&server.base_url(), &std::sync::Arc::default())
        .with_retry_policy(policy)
        .build()
        .unwrap();
    (server, client)
}

#[tokio::test]
async fn a_stored_handle_is_the_same_operation_in_another_process() {
    let (server, _, handle) = open_operation([json(200, SIGNED)]).await;
    let stored = serde_json::to_string(&handle).unwrap();
    assert!(!stored.contains(ACCESS_TOKEN), "{stored}");

    let restored: Handle = serde_json::from_str(&stored).unwrap();
    assert_eq!(restored.operation_id(), handle.operation_id());
    assert_eq!(restored.operation().body(), handle.operation().body());
    let (other_process, _) = client(&server.base_url());
    let signed = done(other_process.resume::<Signed>(restored).await);
    assert_eq!(signed.execution(), Execution::Replayed);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body);
    for name in ["x-operation-id", "content-type", "accept"] {
        assert_eq!(requests[0].header(name), requests[1].header(name), "{name}");
    }
}

#[tokio::test]
async fn a_restored_operation_is_never_taken_for_one_that_was_not_sent() {
    let (_server, client) = server([json(201, SIGNED)]).await;
    let handle = client.sign(sale("S-1")).handle().unwrap();
    assert_eq!(handle.standing(), Standing::NotSent);
    let stored = serde_json::to_string(&handle).unwrap();
    let restored: Handle = serde_json::from_str(&stored).unwrap();
    assert_eq!(restored.standing(), Standing::Unknown);
}

#[tokio::test]
async fn a_handle_of_a_later_version_or_of_no_operation_is_refused() {
    let (_server, client) = server([json(201, SIGNED)]).await;
    let stored = serde_json::to_string(&client.sign(sale("S-1")).handle().unwrap()).unwrap();
    for (from, to, expected) in [
        ("\"version\":1", "\"version\":2", "version 2"),
        (
            "\"name\":\"sign\"",
            "\"name\":\"sell\"",
            "no operation POST sell",
        ),
        (
            "\"path\":\"/sign\"",
            "\"path\":\"@evil.example\"",
            "begins with a slash",
        ),
    ] {
        assert!(stored.contains(from), "{stored}");
        let error = serde_json::from_str::<Handle>(&stored.replace(from, to)).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_misused_handle_is_not_lost_and_proves_nothing() {
    let (server, client, handle) = open_operation([json(200, SIGNED)]).await;
    let id = handle.operation_id();
    let other = operation(99);
    let errors = [
        client.resume::<Echoed>(handle.clone()).await.unwrap_err(),
        client
            .resume::<Signed>(handle.clone())
            .with_terminal("a\nb")
            .await
            .unwrap_err(),
        client
            .resume::<Signed>(handle)
            .with_operation_id(other)
            .await
            .unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert_eq!(error.outcome(), Standing::Unknown);
        assert_eq!(error.handle().unwrap().operation_id(), id);
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_receipt_that_is_not_signed_is_not_issued() {
    let refused = r#"{"ftState":4707387514803978222}"#;
    let (server, client) = server([json(201, refused)]).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FiscalError);
    assert_eq!(error.status().unwrap().as_u16(), 201);
    let error = client
        .issue(error.fiscal_answer().unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_odd_member_does_not_hide_that_the_receipt_is_settled() {
    let odd = r#"{"ftState":4707387510509010944,"ftQueueID":7,"ftSignatures":[{"Data":"QR"}]}"#;
    let (server, client) = server([json(201, odd)]).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert_eq!(error.outcome(), Standing::Final);
    assert!(error.to_string().contains("ftQueueID"), "{error}");
    assert_eq!(error.answer().unwrap().body, odd);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_generated_call_can_be_given_an_id_and_leaves_a_handle() {
    let (server, client) = impatient([page(503), json(200, r#"{"Message":"Hi"}"#)]).await;
    let id = operation(42);
    let call = client
        .call()
        .with_operation_id(id)
        .with_deadline(ATTEMPT_TIMEOUT);
    let raw = client.raw_with(&call);
    let body = EchoRequest::builder().message(Some("Hi".to_owned()));
    assert!(raw.echo().body(body).send().await.is_err());
    let handle = call.handle().unwrap();
    assert_eq!(
        (handle.operation_id(), handle.standing()),
        (id, Standing::Unknown)
    );
    let echoed = done(client.resume::<Echoed>(handle).await);
    assert_eq!(echoed.message.as_deref(), Some("Hi"));
    assert_eq!(
        server.requests()[1].header("x-operation-id"),
        [id.to_string()]
    );
}

#[tokio::test]
async fn a_generated_call_never_gets_part_of_an_answer_as_a_success() {
    let mut limits = Limits::default();
    limits.answer = 10;
    let server = ScriptedServer::start([json(200, vec![b'x'; 5000])]).await;
    let clock = std::sync::Arc::default();
    let client = builder(&server.base_url(), &clock)
        .with_limits(limits)
        .build()
        .unwrap();
    let raw = client.raw();
    let nil = uuid::Uuid::nil();
    let result = raw.document().queue_id(nil).queue_item_id(nil).send().await;
    assert!(result.is_err());
}

#[tokio::test]
async fn a_parameter_cannot_climb_out_of_its_path() {
    let (server, client) = server([json(200, "{}")]).await;
    let raw = client.raw();
    for id in ["..", ".", "a/../.."] {
        let result = raw.get_cart_by_journey_id().journey_id(id).send().await;
        let sent = server.requests();
        let escaped = sent
            .iter()
            .all(|request| request.path.starts_with("/v2/cart/a%2F"));
        assert!(result.is_err() || escaped, "{id}: {sent:?}");
    }
}
