//! What is sent, how often, and where to.

use std::time::Duration;

use super::*;

fn seconds(waits: &[Duration]) -> Vec<u64> {
    waits.iter().map(Duration::as_secs).collect()
}

#[tokio::test]
async fn a_state_is_posted_as_signed_json() {
    let receiver = Receiver::start([Answer::Status(204)]).await;
    let (callback, clock, _) = callback(&receiver.url);
    callback.send(&state()).await.unwrap();
    let requests = receiver.requests();
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    assert_eq!(request.method, "POST");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(
        request.header("webhook-id"),
        "msg_00000000000000000000000000000001"
    );
    assert_eq!(request.header("webhook-timestamp"), NOW.to_string());
    assert_eq!(
        request.body,
        r#"{"OperationID":"6f1c2d5e-0000-4000-8000-000000000007","State":"done","StateMessage":"ft1#IT1"}"#
    );
    // Computed with `openssl dgst -sha256 -mac HMAC`.
    assert_eq!(
        request.header("webhook-signature"),
        "v1,h1DlQY1MnWwmR31+UL6EQ//Dtk1O1HdRqzfUNizEBlE="
    );
    assert_eq!(clock.waits(), []);
}

#[tokio::test]
async fn what_fails_is_sent_again_as_the_same_message_with_a_new_timestamp() {
    let receiver = Receiver::start([
        Answer::Status(500),
        Answer::Status(429),
        Answer::Status(404),
        Answer::Status(200),
    ])
    .await;
    let (callback, clock, wall_clock) = callback(&receiver.url);
    clock.carry(&wall_clock);
    callback.send(&state()).await.unwrap();
    assert_eq!(seconds(&clock.waits()), [1, 2, 4]);
    let requests = receiver.requests();
    let all = |of: fn(&Request) -> String| requests.iter().map(of).collect::<Vec<_>>();
    let ids = all(|request| request.header("webhook-id").to_owned());
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let mut signatures = all(|request| request.header("webhook-signature").to_owned());
    signatures.dedup();
    assert_eq!(signatures.len(), 4);
    let timestamps = all(|request| request.header("webhook-timestamp").to_owned());
    let expected = [0, 1, 3, 7].map(|after| (NOW + after).to_string());
    assert_eq!(timestamps, expected);
    assert!(
        requests
            .iter()
            .all(|request| request.body == requests[0].body)
    );
}

#[tokio::test]
async fn two_deliveries_are_two_messages() {
    let receiver = Receiver::start([Answer::Status(204)]).await;
    let (callback, _, _) = callback(&receiver.url);
    callback.send(&state()).await.unwrap();
    callback.send(&state()).await.unwrap();
    let requests = receiver.requests();
    assert_ne!(
        requests[0].header("webhook-id"),
        requests[1].header("webhook-id")
    );
}

#[tokio::test]
async fn it_gives_up_after_its_attempts() {
    let receiver = Receiver::start([Answer::Status(503)]).await;
    let (callback, clock, _) = callback(&receiver.url);
    let error = callback.send(&state()).await.unwrap_err();
    assert_eq!(error.attempts(), 8);
    assert_eq!(
        error.to_string(),
        "The callback was not delivered: the receiver answered 503 Service Unavailable (8 attempts)"
    );
    assert_eq!(receiver.requests().len(), 8);
    assert_eq!(seconds(&clock.waits()), [1, 2, 4, 8, 16, 32, 60]);
}

#[tokio::test]
async fn the_receiver_says_when_to_come_again() {
    let busy = |after: &str| Answer::With(503, "retry-after", after.to_owned());
    let longer_than_a_number = "9".repeat(30);
    let receiver = Receiver::start([
        busy("9"),
        busy("99999"),
        busy(&longer_than_a_number),
        Answer::Status(204),
    ])
    .await;
    let (callback, clock, _) = callback(&receiver.url);
    callback.send(&state()).await.unwrap();
    assert_eq!(seconds(&clock.waits()), [9, 60, 60]);
}

#[tokio::test]
async fn the_receiver_says_when_to_come_again_by_its_own_clock() {
    // Whatever day it is here.
    const DATE: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    let receiver = Receiver::start([
        Answer::WithAll(
            503,
            &[DATE, ("retry-after", "Sun, 06 Nov 1994 08:49:57 GMT")],
        ),
        // In the past, and no date at all: its own wait.
        Answer::WithAll(
            503,
            &[DATE, ("retry-after", "Sun, 06 Nov 1994 08:49:36 GMT")],
        ),
        Answer::WithAll(503, &[DATE, ("retry-after", "tomorrow")]),
        Answer::Status(204),
    ])
    .await;
    let (callback, clock, _) = callback(&receiver.url);
    callback.send(&state()).await.unwrap();
    assert_eq!(seconds(&clock.waits()), [20, 2, 4]);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Receiver::start([Answer::Status(204)]).await;
    for status in [301, 302, 303, 307, 308] {
        let answer = Answer::With(status, "location", elsewhere.url.clone());
        let receiver = Receiver::start([answer]).await;
        let (callback, _, _) = callback(&receiver.url);
        let error = callback.send(&state()).await.unwrap_err();
        assert!(matches!(error.failure(), Failure::Status(found) if found == status));
        assert_eq!(error.attempts(), 1);
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn a_receiver_that_wants_no_more_is_left_alone() {
    let receiver = Receiver::start([Answer::Status(410)]).await;
    let (callback, _, _) = callback(&receiver.url);
    let error = callback.send(&state()).await.unwrap_err();
    assert_eq!((error.attempts(), receiver.requests().len()), (1, 1));
}

#[tokio::test]
async fn an_attempt_without_an_answer_runs_out() {
    let receiver = Receiver::start([Answer::Never, Answer::Status(204)]).await;
    let (callback, clock, _) = callback(&receiver.url);
    let run_out = async {
        receiver.arrivals(1).await;
        clock.run_out_attempt();
    };
    let state = state();
    let (sent, ()) = tokio::join!(callback.send(&state), run_out);
    sent.unwrap();
    assert_eq!(receiver.requests().len(), 2);
    assert_eq!(seconds(&clock.waits()), [1]);
}

#[tokio::test]
async fn nobody_there_is_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let (callback, _, _) = callback(&url);
    let error = callback.send(&state()).await.unwrap_err();
    assert_eq!(error.failure(), Failure::NoConnection);
    assert_eq!(error.attempts(), 8);
}

#[tokio::test]
async fn what_is_too_large_goes_without_its_data() {
    let receiver = Receiver::start([Answer::Status(204)]).await;
    let (callback, _, _) = callback(&receiver.url);
    let mut state = state();
    state.state_data = Some("x".repeat(64 * 1024));
    callback.send(&state).await.unwrap();
    state.state_message = Some("y".repeat(64 * 1024));
    callback.send(&state).await.unwrap();
    let sent: Vec<SignState> = receiver
        .requests()
        .iter()
        .map(|request| serde_json::from_slice(&request.body).unwrap())
        .collect();
    assert_eq!(sent[0].state, StateWord::Done);
    assert_eq!(sent[0].state_data, None);
    assert_eq!(sent[0].state_message.as_deref(), Some("ft1#IT1"));
    assert_eq!(sent[1].operation_id, state.operation_id);
    assert_eq!(sent[1].state_message.as_ref().unwrap().len(), 1024);
}

#[tokio::test]
async fn what_a_server_says_at_length_does_not_hide_what_became_of_the_receipt() {
    let receiver = Receiver::start([Answer::Status(204)]).await;
    let (callback, _, _) = callback(&receiver.url);
    let long = "x".repeat(64 * 1024);
    // An id that is no UUID keeps the server's text; members that are not known are kept as they came.
    let mut states = [state(), state(), state(), state()];
    states[0].queue_id = Some(long.as_str().into());
    let later = serde_json::from_value(long.as_str().into()).unwrap();
    states[1].extra.insert("Later".to_owned(), later);
    states[2].state = StateWord::Other(long.clone());
    states[3].operation_id = Some(long.as_str().into());
    for state in &states {
        callback.send(state).await.unwrap();
    }
    let sent: Vec<SignState> = receiver
        .requests()
        .iter()
        .map(|request| serde_json::from_slice(&request.body).unwrap())
        .collect();
    assert_eq!(sent.len(), states.len());
    for (index, sent) in sent.iter().enumerate() {
        let word = if index == 2 {
            StateWord::Unknown
        } else {
            StateWord::Done
        };
        assert_eq!(sent.state, word, "{index}");
        let id = (index != 3).then_some(()).and(state().operation_id);
        assert_eq!(sent.operation_id, id, "{index}");
        assert_eq!(sent.state_message.as_deref(), Some("ft1#IT1"), "{index}");
    }
}

#[test]
fn a_callback_needs_a_secret_and_an_address_that_is_safe() {
    let build = |url: &str| HttpCallback::builder(url).secret(secret()).build();
    assert!(build("https://shop.example/hook").is_ok());
    assert!(matches!(
        build("http://shop.example/hook"),
        Err(SetupError::PlainHttp)
    ));
    assert!(matches!(
        HttpCallback::builder("http://127.0.0.1:1").build(),
        Err(SetupError::NoSecret)
    ));
}

#[test]
fn nothing_shows_the_secret_or_the_path() {
    let builder = HttpCallback::builder("https://shop.example/hook/canary?key=canary")
        .secret(secret())
        .with_policy(DeliveryPolicy::default());
    let mut shown = format!("{builder:?}");
    let callback = builder.build().unwrap();
    shown.push_str(&format!("{callback:?} {:?}", Verifier::new([secret()])));
    for wrong in ["canary", "AAECAw", "whsec"] {
        let error = wrong.parse::<SigningSecret>().err();
        shown.push_str(&format!("{error:?}"));
        assert!(!shown.contains(wrong), "{wrong}: {shown}");
    }
    // Bytes as numbers neither.
    assert!(!shown.contains("0, 1, 2"), "{shown}");
}
