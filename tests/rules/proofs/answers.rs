//! Rows where an answer is the matter: its status, its document, the server's own record.

use std::collections::VecDeque;
use std::sync::Arc;

use pos_system_api::client::{ClientBuilder, OperationCall};
use pos_system_api::runtime::Limits;
use pos_system_api::{Handle, Outcome, Signed};

use super::{SIGNED, patient, unhurried};
use crate::seen::{Seen, ending};
use crate::support::chance::operation;
use crate::support::client::{builder, client};
use crate::support::clock::ManualClock;
use crate::support::receipts::sale;
use crate::support::scripted_server::{Answer, Request, ScriptedServer, json, page, problem};
use crate::table::Row;

/// An error document of the API.
pub(super) fn refusal(status: u16) -> Answer {
    problem(status, r#"{"title":"No","status":0}"#)
}

/// The record of an operation that failed, with the request it was made for.
pub(super) fn failed(request: &str) -> Answer {
    let request = serde_json::Value::from(request);
    recorded(&format!(
        r#""LastState":"failed","ResponseCode":400,"Response":"x","Request":{request}"#
    ))
}

/// The records that settle nothing.
fn open() -> [Answer; 7] {
    [
        refusal(404),
        refusal(500),
        page(200),
        json(200, "null"),
        recorded(r#""LastState":"processing""#),
        recorded(r#""LastState":"pending""#),
        recorded(r#""LastState":"unknown""#),
    ]
}

/// What the server has recorded about the first operation.
pub(super) fn recorded(members: &str) -> Answer {
    let id = operation(1);
    json(200, format!(r#"{{"cbOperationItemID":"{id}",{members}}}"#))
}

/// Signs against a script. The deadline is near for what is sent again until then.
pub(super) async fn scripted(
    script: Vec<Answer>,
    setup: impl Fn(ClientBuilder) -> ClientBuilder,
    prepare: impl Fn(OperationCall<Signed>) -> OperationCall<Signed>,
) -> (Seen, Vec<Request>) {
    let server = ScriptedServer::start(script).await;
    let clock = Arc::new(ManualClock::default());
    let client = setup(builder(&server.base_url(), &clock)).build().unwrap();
    let result = prepare(client.sign(sale("S-1"))).await;
    let (result, known) = ending(&result);
    let requests = server.requests();
    let (sent, asked): (Vec<_>, Vec<_>) = requests
        .iter()
        .partition(|request| request.path == "/v2/sign");
    // Whatever happens, it is one id and one body.
    for request in &sent {
        assert_eq!(request.body, sent[0].body);
        assert_eq!(
            request.header("x-operation-id"),
            sent[0].header("x-operation-id")
        );
    }
    let seen = Seen {
        attempts: sent.len(),
        questions: asked.len(),
        waits: clock.waits(),
        result,
        known,
    };
    (seen, requests)
}

/// The same answer each time, for each of these statuses.
pub(super) async fn statuses(
    statuses: &[u16],
    answer: impl Fn(u16) -> Answer,
) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for status in statuses {
        let (case, _) = scripted(vec![answer(*status)], patient_or_not(*status), |call| call).await;
        seen.push((status.to_string(), case));
    }
    seen
}

/// Few statuses are sent again until the deadline; what is limited must not meet it.
pub(super) fn patient_or_not(status: u16) -> fn(ClientBuilder) -> ClientBuilder {
    match status {
        408 | 422 | 425 | 429 | 502..=504 | 520..=530 => patient,
        _ => unhurried,
    }
}

pub(super) async fn each_status(row: Row, answer: impl Fn(u16) -> Answer) -> Vec<(String, Seen)> {
    statuses(&row.statuses(), answer).await
}

pub(super) async fn bodies(statuses: &[u16], bodies: &[&str]) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for status in statuses {
        for body in bodies {
            let script = vec![json(*status, *body)];
            let (case, _) = scripted(script, unhurried, |call| call).await;
            seen.push((format!("{status} {body}"), case));
        }
    }
    seen
}

pub(super) async fn states(states: &[u64]) -> Vec<(String, Seen)> {
    let bodies: Vec<String> = states
        .iter()
        .map(|state| format!(r#"{{"ftState":{state}}}"#))
        .collect();
    let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
    self::bodies(&[200, 201], &bodies).await
}

pub(super) async fn too_large() -> Vec<(String, Seen)> {
    let limited = |builder: ClientBuilder| {
        let mut limits = Limits::default();
        limits.answer = SIGNED.len() - 1;
        unhurried(builder).with_limits(limits)
    };
    let (seen, _) = scripted(vec![json(201, SIGNED)], limited, |call| call).await;
    vec![("201".into(), seen)]
}

pub(super) async fn conflict_of_an_old_id(row: Row) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for status in row.statuses() {
        let given = |call: OperationCall<Signed>| call.with_operation_id(operation(42));
        let (case, _) = scripted(vec![refusal(status)], unhurried, given).await;
        seen.push((status.to_string(), case));
    }
    seen
}

/// A server that fails six times, and then goes on like this.
pub(super) async fn faults(row: Row, then: impl Fn() -> Vec<Answer>) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    // A row may name a status twice.
    let mut statuses: VecDeque<u16> = row.statuses().into();
    while let Some(status) = statuses.pop_front() {
        for answer in [page(status), refusal(status)] {
            let mut script = vec![answer; 6];
            script.extend(then());
            let (case, requests) = scripted(script, unhurried, |call| call).await;
            let question = &requests[6];
            assert_eq!(
                question.path,
                format!("/v2/journal/OperationItem/{}", operation(1))
            );
            assert_eq!(question.method, "GET");
            seen.push((status.to_string(), case));
        }
    }
    seen
}

pub(super) async fn open_records(row: Row) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for record in open() {
        seen.extend(faults(row.clone(), || vec![record.clone()]).await);
    }
    seen
}

/// An operation that was parked, and is resumed at a server that fails once more and then goes on like
/// this.
pub(super) async fn parked(row: Row, then: impl Fn() -> Vec<Answer>) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for status in row.statuses() {
        let mut script = vec![refusal(500); 6];
        script.extend([refusal(404), page(status)]);
        script.extend(then());
        let server = ScriptedServer::start(script).await;
        let clock = Arc::new(ManualClock::default());
        let client = unhurried(builder(&server.base_url(), &clock))
            .build()
            .unwrap();
        let Outcome::Parked(handle) = client.sign(sale("S-1")).await.unwrap() else {
            panic!("not parked");
        };
        let (sent_before, waits_before) = (server.requests().len(), clock.waits().len());
        // Stored meanwhile, as whoever resumes it later would have to.
        let stored = serde_json::to_string(&handle).unwrap();
        let handle: Handle = serde_json::from_str(&stored).unwrap();
        let (result, known) = ending(&client.resume::<Signed>(handle).await);
        let requests = server.requests();
        let (sent, asked): (Vec<_>, Vec<_>) = requests[sent_before..]
            .iter()
            .partition(|request| request.path == "/v2/sign");
        // Asked at once: the second request of this run is the question.
        assert_eq!(requests[sent_before + 1].method, "GET");
        for request in &sent {
            assert_eq!(request.body, requests[0].body);
        }
        seen.push((
            status.to_string(),
            Seen {
                attempts: sent.len(),
                questions: asked.len(),
                waits: clock.waits()[waits_before..].to_vec(),
                result,
                known,
            },
        ));
    }
    seen
}

pub(super) async fn parked_open_records(row: Row) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for record in open() {
        let then = || {
            let mut script = vec![record.clone()];
            script.extend(vec![refusal(500); 5]);
            script.push(record.clone());
            script
        };
        seen.extend(parked(row.clone(), then).await);
    }
    seen
}

/// The bytes of the sale that is signed here.
pub(super) fn sent_request() -> String {
    let (client, _) = client("http://localhost");
    let call = client.sign(sale("S-1"));
    String::from_utf8(call.operation().unwrap().body().to_vec()).unwrap()
}

/// A query has nothing that could be parked. The generated client reports the last answer.
pub(super) async fn queries(row: Row) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for status in row.statuses() {
        let server = ScriptedServer::start([refusal(status)]).await;
        let clock = Arc::new(ManualClock::default());
        let client = unhurried(builder(&server.base_url(), &clock))
            .build()
            .unwrap();
        let call = client.call();
        let raw = client.raw_with(&call);
        let result = raw.get_cart().send().await;
        assert!(
            matches!(&result, Err(pos_system_api::raw::Error::ErrorResponse(answer))
                if answer.status().as_u16() == status),
            "{result:?}"
        );
        let report = call.report().unwrap();
        seen.push((
            status.to_string(),
            Seen {
                attempts: server.requests().len(),
                questions: 0,
                waits: clock.waits(),
                result: "ServerFault".into(),
                known: report.standing,
            },
        ));
    }
    seen
}
