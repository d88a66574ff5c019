//! The route of axum over a socket.

use axum::Router;
use tokio::sync::mpsc;

use super::server::serve;
use super::*;

/// A receiver with room for this many states.
async fn receiver(room: usize) -> (String, mpsc::Receiver<SignState>, Arc<ManualWallClock>) {
    let clock = Arc::new(ManualWallClock::default());
    let verifier = Verifier::new([secret()]).with_clock(clock.clone());
    let (states, received) = mpsc::channel(room);
    let app = Router::new().route("/hook", callback_route(verifier, states));
    (serve(app).await, received, clock)
}

/// Posts this and gives the status.
pub(crate) async fn post(url: &str, headers: &[(&str, &str)], body: Vec<u8>) -> u16 {
    let mut request = reqwest::Client::new().post(url).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

pub(crate) const BODY: &[u8] = br#"{"State":"done"}"#;
pub(crate) const HEADERS: [(&str, &str); 3] = [
    ("webhook-id", "msg_1"),
    ("webhook-timestamp", "1780000000"),
    (
        "webhook-signature",
        "v1,vI6MTa+ivXl/YQA96QMgo5Lm2QPrVI/rsp+MMFN7QRY=",
    ),
];

#[tokio::test]
async fn a_delivery_is_passed_on_once_however_often_it_comes() {
    let (url, mut received, _) = receiver(8).await;
    for _ in 0..3 {
        assert_eq!(post(&url, &HEADERS, BODY.to_vec()).await, 204);
    }
    assert_eq!(received.recv().await.unwrap().state, StateWord::Done);
    assert!(received.try_recv().is_err());
}

#[tokio::test]
async fn what_is_not_taken_has_a_status_and_reaches_nobody() {
    let (url, mut received, clock) = receiver(8).await;
    assert_eq!(post(&url, &[], BODY.to_vec()).await, 400);
    assert_eq!(post(&url, &HEADERS, b"{}".to_vec()).await, 401);
    assert_eq!(post(&url, &HEADERS, vec![b' '; 64 * 1024 + 1]).await, 413);
    clock.set(NOW + 301);
    assert_eq!(post(&url, &HEADERS, BODY.to_vec()).await, 401);
    let got = reqwest::get(&url).await.unwrap();
    assert_eq!(got.status(), 405);
    assert!(received.try_recv().is_err());
}

#[tokio::test]
async fn while_nobody_listens_the_sender_comes_again() {
    let (url, mut received, _) = receiver(1).await;
    let (callback, _, _) = callback(&url);
    callback.send(&state()).await.unwrap();
    // Full: answered at once, not when there is room.
    assert_eq!(post(&url, &HEADERS, BODY.to_vec()).await, 503);
    received.recv().await.unwrap();
    assert_eq!(post(&url, &HEADERS, BODY.to_vec()).await, 204);
    assert_eq!(received.recv().await.unwrap().operation_id, None);
    drop(received);
    let error = callback.send(&state()).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Status(status) if status == 503));
}
