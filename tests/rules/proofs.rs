//! One proof for each row.

use std::collections::VecDeque;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pos_system_api::client::{AccessToken, ClientBuilder, OperationCall, TokenNeed};
use pos_system_api::runtime::{Limits, RetryPolicy};
use pos_system_api::{Client, Signed};
use pos_system_api_simulator::{Fault, Profile, Simulator};

use crate::seen::{Seen, ending};
use crate::support::chance::operation;
use crate::support::client::builder;
use crate::support::clock::ManualClock;
use crate::support::receipts::sale;
use crate::support::scripted_server::{Answer, Request, ScriptedServer, json, page, problem};
use crate::table::Row;
use crate::tls::{UntrustedServer, plain_server};

/// What each case of a row led to.
type Cases = Pin<Box<dyn Future<Output = Vec<(String, Seen)>>>>;

/// What proves a row.
type Proof = fn(Row) -> Cases;

/// A signed receipt as short as it gets.
const SIGNED: &str = r#"{"ftState":4707387510509010944}"#;

/// The signals of all rows, each with its proof.
pub(crate) fn all() -> Vec<(&'static str, Proof)> {
    vec![
        ("connection refused, no such host, connect timeout", |_| {
            Box::pin(not_connected())
        }),
        ("certificate refused, TLS that does not fit", |_| {
            Box::pin(untrusted())
        }),
        ("the credentials provider gives no token", |_| {
            Box::pin(no_token())
        }),
        ("reset, end of stream", |_| Box::pin(broken())),
        ("a success whose body is cut", |_| Box::pin(cut())),
        (
            "no answer within the attempt timeout, or a slow drip",
            |_| Box::pin(silent()),
        ),
        ("201 with the expected document", |row| {
            Box::pin(each_status(row, |status| json(status, SIGNED)))
        }),
        ("200 with the expected document", |row| {
            Box::pin(each_status(row, |status| json(status, SIGNED)))
        }),
        ("2xx whose `ftState` is the error state", |_| {
            Box::pin(states(&[0xEEEE_EEEE, 0xEEEE_EEEF, 0x4154_2000_EEEE_EEEE]))
        }),
        ("2xx whose `ftState` is the fail state", |_| {
            Box::pin(states(&[0xFFFF_FFFF, 0x4154_2000_FFFF_FFFF]))
        }),
        ("2xx whose `ftState` is of no active queue", |_| {
            Box::pin(states(&[1, 0x4154_2000_0000_0001, 9]))
        }),
        ("2xx with a readable `ftState` in an odd document", |_| {
            Box::pin(bodies(
                &[200, 201],
                &[
                    r#"{"ftState":0,"ftQueueID":7}"#,
                    r#"{"ftState":1,"ftSignatures":7}"#,
                ],
            ))
        }),
        ("2xx with another document, or none", |_| {
            Box::pin(bodies(
                &[200, 201, 202],
                &["null", "{}", "", "<html></html>", "[]", r#"{"ftState":"#],
            ))
        }),
        ("2xx larger than the limit", |_| Box::pin(too_large())),
        ("422 without `errors`", |row| {
            Box::pin(each_status(row, |status| {
                problem(status, r#"{"title":"No"}"#)
            }))
        }),
        ("422 with `errors`", |row| {
            let body = r#"{"title":"No","errors":{"cbUser":["unknown"]}}"#;
            Box::pin(each_status(row, move |status| problem(status, body)))
        }),
        ("409 under a fresh id", |row| {
            Box::pin(each_status(row, refusal))
        }),
        ("409 under an id that was given or resumed", |row| {
            Box::pin(conflict_of_an_old_id(row))
        }),
        ("400", |row| Box::pin(each_status(row, refusal))),
        ("401", |row| Box::pin(each_status(row, refusal))),
        (
            "401, and the credentials provider has another token",
            |_| Box::pin(token_rotated()),
        ),
        ("403", |row| Box::pin(each_status(row, refusal))),
        ("404, 405, 413 and other 4xx", |row| {
            Box::pin(each_status(row, refusal))
        }),
        ("4xx without an error document of the API", |_| {
            Box::pin(async {
                let mut seen = statuses(&[400, 403, 404, 407, 413], page).await;
                let not_ours = |status| json(status, r#"{"message":"a gateway's"}"#);
                seen.extend(statuses(&[400, 403, 404], not_ours).await);
                seen
            })
        }),
        ("408, 425", |row| Box::pin(each_status(row, refusal))),
        ("429", |row| Box::pin(each_status(row, page))),
        (
            "502, 503, 504, and a content network's 520 to 527, 530",
            |row| Box::pin(each_status(row, page)),
        ),
        ("511", |row| Box::pin(each_status(row, page))),
        ("500 and other 5xx; the server's record: failed", |row| {
            let record = || recorded(r#""LastState":"failed","ResponseCode":400,"Response":"x""#);
            Box::pin(faults(row, move || vec![record()]))
        }),
        ("500 and other 5xx; the server's record: done", |row| {
            let then = || vec![recorded(r#""LastState":"done""#), json(200, SIGNED)];
            Box::pin(faults(row, then))
        }),
        (
            "500 and other 5xx; the server's record: done, and yet 500 again",
            |row| {
                let then = || vec![recorded(r#""LastState":"done""#), refusal(500)];
                Box::pin(faults(row, then))
            },
        ),
        (
            "500 and other 5xx; no such record, or in progress, or unreadable",
            |row| Box::pin(open_records(row)),
        ),
        ("500 and other 5xx to a query", |row| Box::pin(queries(row))),
        ("301, 307, 308", |row| Box::pin(each_status(row, page))),
        ("other 3xx", |row| Box::pin(each_status(row, page))),
    ]
}

/// An error document of the API.
fn refusal(status: u16) -> Answer {
    problem(status, r#"{"title":"No","status":0}"#)
}

/// What the server has recorded about the first operation.
fn recorded(members: &str) -> Answer {
    let id = operation(1);
    json(200, format!(r#"{{"cbOperationItemID":"{id}",{members}}}"#))
}

/// Waits of half a minute, each; a deadline that leaves each attempt its whole timeout.
fn patient(builder: ClientBuilder) -> ClientBuilder {
    let mut policy = RetryPolicy::default();
    policy.first_wait = Duration::from_secs(60);
    policy.longest_wait = Duration::from_secs(60);
    policy.first_poll = Duration::from_millis(37_500);
    policy.longest_poll = Duration::from_millis(37_500);
    builder
        .with_retry_policy(policy)
        .with_deadline(Duration::from_secs(120))
}

/// The same with a deadline far away, for what ends by itself.
fn unhurried(builder: ClientBuilder) -> ClientBuilder {
    patient(builder).with_deadline(Duration::from_secs(24 * 60 * 60))
}

/// Signs against a script. The deadline is near for what is sent again until then.
async fn scripted(
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
async fn statuses(statuses: &[u16], answer: impl Fn(u16) -> Answer) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for status in statuses {
        let (case, _) = scripted(vec![answer(*status)], patient_or_not(*status), |call| call).await;
        seen.push((status.to_string(), case));
    }
    seen
}

/// Few statuses are sent again until the deadline; what is limited must not meet it.
fn patient_or_not(status: u16) -> fn(ClientBuilder) -> ClientBuilder {
    match status {
        408 | 422 | 425 | 429 | 502..=504 | 520..=530 => patient,
        _ => unhurried,
    }
}

async fn each_status(row: Row, answer: impl Fn(u16) -> Answer) -> Vec<(String, Seen)> {
    statuses(&row.statuses(), answer).await
}

async fn bodies(statuses: &[u16], bodies: &[&str]) -> Vec<(String, Seen)> {
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

async fn states(states: &[u64]) -> Vec<(String, Seen)> {
    let bodies: Vec<String> = states
        .iter()
        .map(|state| format!(r#"{{"ftState":{state}}}"#))
        .collect();
    let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
    self::bodies(&[200, 201], &bodies).await
}

async fn too_large() -> Vec<(String, Seen)> {
    let limited = |builder: ClientBuilder| {
        let mut limits = Limits::default();
        limits.answer = SIGNED.len() - 1;
        unhurried(builder).with_limits(limits)
    };
    let (seen, _) = scripted(vec![json(201, SIGNED)], limited, |call| call).await;
    vec![("201".into(), seen)]
}

async fn conflict_of_an_old_id(row: Row) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for status in row.statuses() {
        let given = |call: OperationCall<Signed>| call.with_operation_id(operation(42));
        let (case, _) = scripted(vec![refusal(status)], unhurried, given).await;
        seen.push((status.to_string(), case));
    }
    seen
}

/// A server that fails six times, and then goes on like this.
async fn faults(row: Row, then: impl Fn() -> Vec<Answer>) -> Vec<(String, Seen)> {
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

async fn open_records(row: Row) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for record in [
        refusal(404),
        refusal(500),
        page(200),
        json(200, "null"),
        recorded(r#""LastState":"processing""#),
        recorded(r#""LastState":"pending""#),
        recorded(r#""LastState":"unknown""#),
    ] {
        seen.extend(faults(row.clone(), || vec![record.clone()]).await);
    }
    seen
}

/// A query has nothing that could be parked. The generated client reports the last answer.
async fn queries(row: Row) -> Vec<(String, Seen)> {
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

/// Signs where the socket itself is the matter.
async fn signed_at(base_url: &str, what: &str) -> (String, Seen) {
    let clock = Arc::new(ManualClock::default());
    let client = patient(builder(base_url, &clock)).build().unwrap();
    let result = client.sign(sale("S-1")).await;
    let (ending, known) = ending(&result);
    let attempts = match &result {
        Ok(outcome) => outcome.open().unwrap().attempts(),
        Err(error) => error.attempts(),
    };
    let seen = Seen {
        attempts: usize::try_from(attempts).unwrap(),
        questions: 0,
        waits: clock.waits(),
        result: ending,
        known,
    };
    (what.to_owned(), seen)
}

async fn not_connected() -> Vec<(String, Seen)> {
    // Bound but not listening: nobody else gets the port, and every connection is refused.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let refused = format!("http://{}", socket.local_addr().unwrap());
    vec![
        signed_at(&refused, "refused").await,
        signed_at("https://no-such-host.invalid", "no such host").await,
    ]
}

async fn untrusted() -> Vec<(String, Seen)> {
    let server = UntrustedServer::start().await;
    let of_nobody = signed_at(&server.base_url(), "self-signed").await;
    assert_eq!(server.connections(), of_nobody.1.attempts);
    assert_eq!(server.bytes(), 0);
    let (plain, connections) = plain_server().await;
    let no_tls = signed_at(&plain, "no TLS").await;
    assert_eq!(connections.load(Ordering::SeqCst), no_tls.1.attempts);
    vec![of_nobody, no_tls]
}

async fn no_token() -> Vec<(String, Seen)> {
    let server = ScriptedServer::start([json(201, SIGNED)]).await;
    let mut seen = Vec::new();
    for token in [None, Some(""), Some("with a\nbreak")] {
        let asked = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&asked);
        let provider = move |_: TokenNeed| {
            counted.fetch_add(1, Ordering::SeqCst);
            async move {
                token
                    .map(AccessToken::from)
                    .ok_or_else(|| "the keyring is locked".into())
            }
        };
        let clock = Arc::new(ManualClock::default());
        let client = unhurried(builder(&server.base_url(), &clock))
            .credentials(provider)
            .build()
            .unwrap();
        let result = client.sign(sale("S-1")).await;
        let (result, known) = ending(&result);
        let case = Seen {
            attempts: asked.load(Ordering::SeqCst),
            questions: 0,
            waits: clock.waits(),
            result,
            known,
        };
        seen.push((format!("{token:?}"), case));
    }
    assert!(server.requests().is_empty());
    seen
}

/// The first token is refused, the second one is taken.
async fn token_rotated() -> Vec<(String, Seen)> {
    let provider = |need: TokenNeed| async move {
        Ok(match need {
            TokenNeed::Invalidated => AccessToken::from("the-new-token"),
            _ => AccessToken::from("the-old-token"),
        })
    };
    let setup = move |builder: ClientBuilder| unhurried(builder).credentials(provider);
    let script = vec![refusal(401), json(201, SIGNED)];
    let (seen, requests) = scripted(script, setup, |call| call).await;
    let tokens: Vec<_> = requests
        .iter()
        .flat_map(|request| request.header("x-cashbox-accesstoken"))
        .collect();
    assert_eq!(tokens, ["the-old-token", "the-new-token"]);
    vec![("401".into(), seen)]
}

/// A till at a simulator with a fault for each attempt.
struct Till {
    simulator: Simulator,
    client: Client,
    clock: Arc<ManualClock>,
}

impl Till {
    async fn with(fault: Fault) -> Self {
        let simulator = Simulator::builder()
            .profile(Profile::Cloud21)
            .started(true)
            // Time at the server stands still.
            .virtual_time("2026-06-01T10:00:00Z".parse().unwrap())
            .start()
            .await
            .unwrap();
        simulator.faults().script(vec![fault; 20]);
        let clock = Arc::new(ManualClock::default());
        let client = patient(builder(simulator.base_url(), &clock))
            .cashbox_id(simulator.cashbox_id())
            .access_token(simulator.access_token())
            .build()
            .unwrap();
        Self {
            simulator,
            client,
            clock,
        }
    }

    async fn sign(&self, case: &str) -> (String, Seen) {
        let result = self.client.sign(sale("S-1")).await;
        self.seen(case, &result)
    }

    fn seen(
        &self,
        case: &str,
        result: &Result<pos_system_api::Outcome<Signed>, pos_system_api::Error>,
    ) -> (String, Seen) {
        let (ending, known) = ending(result);
        let attempts = self.simulator.ledger().requests().len();
        let seen = Seen {
            attempts,
            questions: 0,
            waits: self.clock.waits(),
            result: ending,
            known,
        };
        (case.to_owned(), seen)
    }
}

async fn broken() -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for fault in [Fault::ResetBeforeCommit, Fault::ResetAfterCommit] {
        let case = format!("{fault:?}");
        seen.push(Till::with(fault).await.sign(&case).await);
    }
    let closing = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", closing.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = closing.accept().await {
            // Read to its end, so that closing is no reset.
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.ends_with(b"}") {
                    let read = tokio::io::AsyncReadExt::read_buf(&mut stream, &mut request).await;
                    if read.unwrap_or_default() == 0 {
                        break;
                    }
                }
            });
        }
    });
    seen.push(signed_at(&base_url, "end of stream").await);
    seen
}

async fn cut() -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for bytes in [0, 25, usize::MAX] {
        let fault = Fault::CutBodyAfterCommit { bytes };
        seen.push(Till::with(fault).await.sign(&bytes.to_string()).await);
    }
    seen
}

async fn silent() -> Vec<(String, Seen)> {
    let drip = Fault::SlowDrip {
        bytes: 3,
        interval: Duration::from_secs(1),
    };
    let mut seen = Vec::new();
    for fault in [Fault::HangBeforeCommit, Fault::HangAfterCommit, drip] {
        let till = Till::with(fault.clone()).await;
        let run_out = async {
            for attempt in 1..=3 {
                till.simulator.arrivals(attempt).await;
                till.clock.run_out_attempt();
            }
        };
        let call = till.client.sign(sale("S-1")).into_future();
        let (result, ()) = tokio::join!(call, run_out);
        seen.push(till.seen(&format!("{fault:?}"), &result));
    }
    seen
}
