//! Calls of the generated client have what the facade has.

use super::*;

#[tokio::test]
async fn they_carry_the_same_headers_and_are_sent_again() {
    let (server, client) = server([page(503), page(502), json(201, r#"{"Message":"Hi"}"#)]).await;
    let raw = client.raw();
    let body = EchoRequest::builder().message(Some("Hi".to_owned()));
    let answer = raw.echo().body(body).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 201);
    assert_eq!(answer.into_inner().message.as_deref(), Some("Hi"));
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert_same_bytes(&requests);
    let request = &requests[0];
    assert_eq!(request.path, "/v2/echo");
    assert_eq!(request.header("x-cashbox-id"), [CASHBOX_ID.to_string()]);
    assert_eq!(request.header("x-cashbox-accesstoken"), [ACCESS_TOKEN]);
    assert_eq!(
        request.header("x-possystem-id"),
        [POS_SYSTEM_ID.to_string()]
    );
    assert_eq!(request.header("x-operation-id"), [operation(1).to_string()]);
    assert_eq!(request.header("content-type"), ["application/json"]);
    assert!(request.header("api-version").is_empty());
}

#[tokio::test]
async fn each_is_an_operation_of_its_own() {
    let (server, client) = server([json(201, "{}")]).await;
    let raw = client.raw();
    for _ in 0..2 {
        let _ = raw
            .echo()
            .body(EchoRequest::builder())
            .send()
            .await
            .unwrap();
    }
    let requests = server.requests();
    assert_ne!(
        requests[0].header("x-operation-id"),
        requests[1].header("x-operation-id")
    );
}

#[tokio::test]
async fn every_error_body_can_be_read() {
    for (answer, status, attempts) in [
        (problem(400, r#"{"title":"No","status":400}"#), 400, 1),
        (problem(400, r#"{"title":"No"}"#), 400, 1),
        (json(400, r#"{"error":"No"}"#), 400, 1),
        (json(400, r#"{"Error":"No","Message":"Never"}"#), 400, 1),
        (json(401, ""), 401, 1),
        (page(404), 404, 4),
        (page(500), 500, 7),
        (json(500, "null"), 500, 7),
    ] {
        let (server, client) = server([answer.clone()]).await;
        let raw = client.raw();
        let error = raw
            .echo()
            .body(EchoRequest::builder())
            .send()
            .await
            .unwrap_err();
        match error {
            raw::Error::ErrorResponse(response) => {
                assert_eq!(response.status().as_u16(), status, "{answer:?}");
            }
            other => panic!("{answer:?}: {other:?}"),
        }
        assert_eq!(server.requests().len(), attempts, "{answer:?}");
    }
}

#[tokio::test]
async fn a_page_in_place_of_an_answer_is_an_error() {
    let (server, client) = server([page(200)]).await;
    let raw = client.raw();
    let outcome = raw.echo().body(EchoRequest::builder()).send().await;
    assert!(outcome.is_err());
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_stream_is_sent_once_and_passed_on() {
    let (server, client) = server([json(200, "[1,2,3]")]).await;
    let raw = client.raw();
    let body = serde_json::from_str::<pos_system_api::types::JournalRequest>(
        r#"{"ftJournalType":2,"From":0,"To":0}"#,
    )
    .unwrap();
    let answer = raw.journal().body(body).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("x-cashbox-accesstoken"), [ACCESS_TOKEN]);
    assert_eq!(requests[0].path, "/v2/journal");
}

#[tokio::test]
async fn a_terminal_is_sent_with_every_attempt_and_kept_with_the_operation() {
    let (server, client) = server([page(503), json(201, r#"{"Message":"Hi"}"#)]).await;
    let call = client.call().with_terminal("T-1").unwrap();
    let raw = client.raw_with(&call);
    let body = EchoRequest::builder();
    assert!(raw.echo().body(body).send().await.is_ok());
    let handle = call.handle().unwrap();
    let _ = done(client.resume::<Echoed>(handle).await);
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.header("x-terminal-id"), ["T-1"]);
    }
}

#[tokio::test]
async fn a_terminal_that_no_header_can_carry_is_refused_as_in_the_facade() {
    let (server, client) = server([json(201, SIGNED)]).await;
    for terminal in ["T\r\nx-evil: 1", ""] {
        let error = client.call().with_terminal(terminal).unwrap_err();
        let of_facade = client.sign(sale("S-1")).with_terminal(terminal);
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert_eq!(error.outcome(), Standing::NotSent);
        assert_eq!(error.to_string(), of_facade.await.unwrap_err().to_string());
    }
    assert!(server.requests().is_empty());
}
