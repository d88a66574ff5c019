//! The access token is shown nowhere.

use super::*;

/// No text that a log could show holds the token.
#[track_caller]
fn assert_silent(shown: &[String]) {
    for text in shown {
        assert!(!text.contains(ACCESS_TOKEN), "{text}");
    }
}

#[tokio::test]
async fn the_token_is_in_no_text() {
    let (server, client) = server([
        problem(401, r#"{"title":"Unauthorized"}"#),
        json(201, SIGNED),
        page(500),
    ])
    .await;
    let clock = std::sync::Arc::default();
    let mut shown = vec![
        format!("{client:?}"),
        format!("{:?}", client.raw()),
        format!("{:?}", builder(&server.base_url(), &clock)),
    ];
    let call = client.sign(sale("S-1"));
    let handle = call.handle().unwrap();
    shown.extend([format!("{call:?}"), format!("{handle:?} {handle}")]);
    shown.push(format!("{:?}", call.operation()));
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    shown.extend([format!("{error:?}"), error.to_string()]);
    shown.push(format!("{:?}", error.problem()));

    let outcome = client.resume::<Signed>(handle).await;
    shown.push(format!("{outcome:?}"));
    let signed = done(outcome);
    shown.push(format!("{signed:?}"));

    let outcome = client
        .sign(sale("S-2"))
        .with_deadline(ATTEMPT_TIMEOUT)
        .await;
    shown.push(format!("{outcome:?}"));
    let raw = client.raw();
    shown.push(format!(
        "{:?}",
        raw.echo().body(EchoRequest::builder()).send().await
    ));
    assert_silent(&shown);
}

#[tokio::test]
async fn a_page_that_repeats_the_request_headers_does_not_bring_the_token_into_an_error() {
    // Error pages for developers do this.
    let body = format!(r#"{{"title":"Bad","detail":"x-cashbox-accesstoken: {ACCESS_TOKEN}"}}"#);
    let (_server, client) = server([problem(400, body)]).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_silent(&[
        format!("{error:?}"),
        error.to_string(),
        format!("{:?}", error.problem()),
    ]);
}

#[tokio::test]
async fn pairing_shows_neither_the_pin_nor_the_token_it_gets() {
    let (_server, client) = server([json(200, r#"{"AccessToken":"canary-paired"}"#)]).await;
    let raw = client.raw();
    let request = pos_system_api::types::PairRequest::builder().pin("canary-pin");
    let shown = format!("{request:?}");
    let paired = raw.pair().body(request).send().await.unwrap().into_inner();
    assert_eq!(
        paired.access_token.as_ref().unwrap().expose(),
        "canary-paired"
    );
    assert!(!format!("{shown} {paired:?}").contains("canary-p"));
}
