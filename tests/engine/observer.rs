//! What an observer is told.

use std::future::IntoFuture;
use std::sync::Mutex;
use std::time::Duration;

use pos_system_api::runtime::{
    AttemptEnded, AttemptResult, AttemptStarted, Observer, OperationEnded, OperationResult,
};
use pos_system_api::{Client, Execution, Signed, Standing};
use pos_system_api_simulator::{Fault, Simulator};

use super::*;
use crate::support::arrival::{UnderWay, meanwhile};

/// Keeps what it is told, a line each.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Notes {
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn lines(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Observer for Notes {
    fn attempt_started(&self, attempt: &AttemptStarted<'_>) {
        let operation = attempt.operation;
        self.add(format!("start {} {}", operation.operation, attempt.attempt));
        assert_eq!(operation.server_address, "127.0.0.1");
        assert_ne!(operation.server_port, 0);
    }

    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        self.add(format!(
            "end {} {:?} {:?}",
            attempt.attempt,
            attempt.result,
            attempt.latency.as_secs()
        ));
    }

    fn operation_ended(&self, ended: &OperationEnded<'_>) {
        self.add(format!(
            "{} {}: {:?}, {}, {} attempts, {} ms",
            ended.operation.method,
            ended.operation.path_template,
            ended.result,
            ended.standing,
            ended.attempts,
            ended.elapsed.as_millis()
        ));
    }
}

async fn till(
    script: impl IntoIterator<Item = support::scripted_server::Answer>,
) -> (ScriptedServer, Client, Arc<Notes>) {
    let server = ScriptedServer::start(script).await;
    let notes = Arc::<Notes>::default();
    let client = builder(&server.base_url(), &Arc::default())
        .with_observer(notes.clone())
        .build()
        .unwrap();
    (server, client, notes)
}

#[tokio::test]
async fn each_attempt_and_the_end_are_told() {
    let (_server, client, notes) = till([page(503), json(201, SIGNED)]).await;
    let _ = done(client.sign(sale("S-1")).await);
    assert_eq!(
        notes.lines(),
        [
            "start sign 1",
            "end 1 Answered(503) 0",
            "start sign 2",
            "end 2 Answered(201) 0",
            "POST /sign: Answered(New), final, 2 attempts, 125 ms",
        ]
    );
}

#[tokio::test]
async fn refused_parked_and_pending_are_told_apart() {
    let (_server, client, notes) = till([problem(400, r#"{"title":"No"}"#)]).await;
    assert!(client.sign(sale("S-1")).await.is_err());
    assert_eq!(
        notes.lines().last().unwrap(),
        "POST /sign: Refused, final, 1 attempts, 0 ms"
    );

    let (_server, client, notes) = till([problem(500, r#"{"title":"No"}"#)]).await;
    let _ = client.sign(sale("S-1")).await.unwrap();
    let lines = notes.lines();
    let ends: Vec<_> = lines.iter().filter(|line| line.contains(": ")).collect();
    assert_eq!(
        ends,
        [
            "GET /journal/OperationItem/{OperationId}: Pending, unknown, 1 attempts, 0 ms",
            "POST /sign: Parked, unknown, 6 attempts, 3875 ms",
        ]
    );

    let (_server, client, notes) = till([json(201, SIGNED)]).await;
    let call = client.sign(sale("S-1")).with_deadline(Duration::ZERO);
    let _ = pending(call.await);
    assert_eq!(
        notes.lines(),
        ["POST /sign: Pending, not sent, 0 attempts, 0 ms"]
    );
}

#[tokio::test]
async fn a_recorded_success_is_an_answered_question() {
    let mut script = vec![problem(500, r#"{"title":"No"}"#); 6];
    script.push(json(200, r#"{"LastState":"done"}"#));
    script.push(json(200, SIGNED));
    let (_server, client, notes) = till(script).await;
    let _ = done(client.sign(sale("S-1")).await);
    let lines = notes.lines();
    assert!(
        lines.contains(
            &"GET /journal/OperationItem/{OperationId}: Answered(Replayed), unknown, 1 attempts, 0 ms"
                .to_owned()
        ),
        "{lines:?}"
    );
}

#[tokio::test]
async fn what_never_got_an_answer_is_told_with_its_reason() {
    let simulator = Simulator::builder().started(true).start().await.unwrap();
    let notes = Arc::<Notes>::default();
    let clock = Arc::new(ManualClock::default());
    let client = builder_of(&simulator, &clock)
        .with_observer(notes.clone())
        .build()
        .unwrap();
    simulator
        .faults()
        .script([Fault::HangAfterCommit, Fault::ResetAfterCommit]);
    let run_out = async |call: UnderWay| {
        call.arrivals(&simulator, 1).await;
        clock.run_out_attempt();
    };
    let call = client.sign(sale("S-1")).into_future();
    let _ = done(meanwhile(call, run_out).await.0);
    assert_eq!(
        notes.lines(),
        [
            "start sign 1",
            "end 1 TimedOut 20",
            "start sign 2",
            "end 2 Broken 0",
            "start sign 3",
            "end 3 Answered(200) 0",
            "POST /sign: Answered(Replayed), final, 3 attempts, 20250 ms",
        ]
    );

    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let away = builder(&format!("http://{address}"), &clock)
        .with_observer(notes.clone())
        .build()
        .unwrap();
    let call = away.sign(sale("S-2")).with_deadline(ATTEMPT_TIMEOUT);
    let _ = pending(call.await);
    assert!(notes.lines().contains(&"end 1 NotConnected 0".to_owned()));
}

#[tokio::test]
async fn every_start_has_an_end_when_the_future_is_dropped() {
    let simulator = Simulator::builder().started(true).start().await.unwrap();
    let notes = Arc::<Notes>::default();
    let client = builder_of(&simulator, &Arc::default())
        .with_observer(notes.clone())
        .build()
        .unwrap();
    simulator.faults().script([Fault::HangAfterCommit]);
    let call = client.sign(sale("S-1"));
    let handle = call.handle().unwrap();
    tokio::select! {
        outcome = call.into_future() => panic!("{outcome:?}"),
        () = simulator.arrivals(1) => {}
    }
    assert_eq!(
        notes.lines(),
        [
            "start sign 1",
            "end 1 Dropped 0",
            "POST /sign: Dropped, unknown, 1 attempts, 0 ms",
        ]
    );
    // The count goes on where it was.
    let signed = done(client.resume::<Signed>(handle).await);
    assert_eq!(signed.execution(), Execution::Replayed);
    assert_eq!(notes.lines()[0], "start sign 2");
}

#[tokio::test]
async fn streams_are_told_as_well() {
    for (answer, end) in [
        (json(200, "[]"), "Answered(Replayed), final"),
        (page(503), "Refused, final"),
    ] {
        let (_server, client, notes) = till([answer]).await;
        let raw = client.raw();
        let body: pos_system_api::types::JournalRequest =
            serde_json::from_str(r#"{"ftJournalType":2,"From":0,"To":0}"#).unwrap();
        let _ = raw.journal().body(body).send().await;
        let lines = notes.lines();
        assert_eq!(lines[0], "start journal 1");
        assert!(lines[1].starts_with("end 1 Answered("), "{lines:?}");
        assert_eq!(lines[2], format!("POST /journal: {end}, 1 attempts, 0 ms"));
    }
}

#[tokio::test]
async fn a_stream_that_does_not_begin_ends_with_the_attempt_timeout() {
    let simulator = Simulator::builder().started(true).start().await.unwrap();
    simulator.faults().script([Fault::HangBeforeCommit]);
    let clock = Arc::new(ManualClock::default());
    let notes = Arc::new(Notes::default());
    let client = builder_of(&simulator, &clock)
        .with_observer(notes.clone())
        .build()
        .unwrap();
    let raw = client.raw();
    let body: pos_system_api::types::JournalRequest =
        serde_json::from_str(r#"{"ftJournalType":2,"From":0,"To":0}"#).unwrap();
    let call = async {
        let error = raw.journal().body(body).send().await.err()?;
        error.status().map(|status| status.as_u16())
    };
    let run_out = async |call: UnderWay| {
        call.arrivals(&simulator, 1).await;
        clock.run_out_attempt();
    };
    let (status, ()) = meanwhile(call, run_out).await;
    assert_eq!(status, Some(502));
    let lines = notes.lines();
    assert!(lines[1].starts_with("end 1 TimedOut"), "{lines:?}");
    assert!(
        lines[2].contains("Pending, unknown, 1 attempts"),
        "{lines:?}"
    );
}

#[test]
fn results_have_names_of_their_own() {
    let status = |code| AttemptResult::Answered(http_status(code));
    let words: Vec<_> = [
        status(201),
        status(404),
        AttemptResult::TimedOut,
        AttemptResult::NotConnected,
        AttemptResult::Untrusted,
        AttemptResult::Broken,
        AttemptResult::Dropped,
    ]
    .iter()
    .map(|result| result.error_type().map(str::to_owned))
    .collect();
    let expected = [
        None,
        Some("404"),
        Some("timeout"),
        Some("not_connected"),
        Some("untrusted"),
        Some("broken"),
        Some("dropped"),
    ];
    assert_eq!(words, expected.map(|word| word.map(str::to_owned)));
    let words = [
        OperationResult::Answered(Execution::New),
        OperationResult::Refused,
        OperationResult::Pending,
        OperationResult::Parked,
        OperationResult::Dropped,
    ]
    .map(|result| result.as_str());
    assert_eq!(
        words,
        ["answered", "refused", "pending", "parked", "dropped"]
    );
    assert_eq!(Standing::NotSent.to_string(), "not sent");
}

fn http_status(code: u16) -> pos_system_api::http::StatusCode {
    pos_system_api::http::StatusCode::from_u16(code).unwrap()
}

#[tokio::test]
async fn a_payment_ends_once_however_often_it_is_asked_for() {
    use pos_system_api::client::Payment;
    use pos_system_api::types::Amount;

    let simulator = Simulator::builder().started(true).start().await.unwrap();
    let notes = Arc::<Notes>::default();
    let client = support::client::builder_of(&simulator, &Arc::default())
        .with_observer(notes.clone())
        .build()
        .unwrap();
    simulator.faults().script([Fault::ResetAfterCommit]);
    let payment = client.pay(Payment::new("Card", Amount::from_cents(800)));
    let _ = done(payment.with_attempt_timeout(ATTEMPT_TIMEOUT).await);
    let lines = notes.lines();
    let attempts = lines.iter().filter(|line| line.starts_with("start "));
    assert_eq!(
        attempts.collect::<Vec<_>>(),
        ["start pay 1", "start pay_response 2"]
    );
    let ends: Vec<_> = lines.iter().filter(|line| line.contains(": ")).collect();
    let [end] = &ends[..] else {
        panic!("{lines:?}");
    };
    assert!(
        end.starts_with("POST /pay: Answered(Replayed), final, 2 attempts"),
        "{end}"
    );
}
