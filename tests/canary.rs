//! Secrets and customer data in no output: everything the library says, at the level where it says most,
//! over good and bad days, is searched for values that only secrets and customers have.
//!
//! One test: its subscriber and its logger are those of the whole process.

#![cfg(all(feature = "client", feature = "tracing"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "support/mod.rs"]
mod support;

use std::fmt::Debug;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use pos_system_api::client::{
    AccessToken, DocumentFormat, Issuable, IssueAction, IssuedItem, OperationCall, Payment,
    Reversal, TokenNeed,
};
use pos_system_api::runtime::{
    AttemptEnded, AttemptStarted, Observer, OperationEnded, RetryPolicy,
};
use pos_system_api::types::{Amount, ReceiptRequest};
use pos_system_api::{Client, Error, Handle, Outcome, Signed};
use pos_system_api_simulator::{Fault, Simulator};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use support::arrival::{UnderWay, meanwhile};
use support::client::{builder, done};
use support::clock::{ATTEMPT_TIMEOUT, ManualClock};
use support::output::Output;
use support::scripted_server::{Answer, ScriptedServer, json, page, problem};

/// The tokens of this test.
const TOKEN: &str = "canary-access-token";
const OTHER_TOKEN: &str = "canary-other-token";
/// A customer of this test, as in `cbCustomer`.
const NAME: &str = "Canaria Kanarienvogel";
const MAIL: &str = "canaria@birds.example.invalid";
/// What all of them have in common, whatever the case.
const CANARIES: [&str; 3] = ["canar", "kanarienvogel", "birds.example"];

/// Whether it is the client that speaks, or a library below it: the test's own server tells what it
/// receives.
fn is_ours(target: &str) -> bool {
    !target.starts_with("httpmock")
}

/// Libraries below speak through `log`.
impl log::Log for Output {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        is_ours(metadata.target())
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            self.say(&format!("log {} {}", record.target(), record.args()));
        }
    }

    fn flush(&self) {}
}

impl Observer for Output {
    fn attempt_started(&self, attempt: &AttemptStarted<'_>) {
        self.say(&format!("observer {attempt:?}"));
    }

    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        self.say(&format!("observer {attempt:?}"));
    }

    fn operation_ended(&self, operation: &OperationEnded<'_>) {
        self.say(&format!("observer {operation:?}"));
    }
}

/// A sale to the customer.
fn receipt() -> ReceiptRequest {
    let receipt = format!(
        r#"{{"cbReceiptReference":"S-1","cbReceiptMoment":"2026-06-01T10:15:30Z",
        "cbCustomer":{{"CustomerName":"{NAME}","CustomerMail":"{MAIL}"}},
        "ftReceiptCase":35184372088833,
        "cbChargeItems":[{{"Description":"Espresso","Amount":2.00,"Quantity":1,"VATRate":20}}],
        "cbPayItems":[{{"Description":"Cash","Amount":2.00}}]}}"#
    );
    serde_json::from_str(&receipt).unwrap()
}

/// Everything that can be shown of a call and of how it ended.
fn show_call(output: &Output, call: &OperationCall<Signed>) {
    output.say(&format!("{call:?} {:?}", call.operation()));
    let handle = call.handle().unwrap();
    show_handle(output, &handle);
}

fn show_handle(output: &Output, handle: &Handle) {
    output.say(&format!("{handle} {handle:?} {:?}", handle.cause()));
}

fn show_end(output: &Output, result: &Result<Outcome<Signed>, Error>) {
    match result {
        Ok(Outcome::Done(signed)) => output.say(&format!("done {signed:?}")),
        Ok(Outcome::Pending(handle) | Outcome::Parked(handle)) => show_handle(output, handle),
        Err(error) => {
            output.say(&format!("{error} {error:?}"));
            let mut source = std::error::Error::source(error);
            while let Some(cause) = source {
                output.say(&format!("{cause} {cause:?}"));
                source = cause.source();
            }
            if let Some(handle) = error.handle() {
                show_handle(output, &handle);
            }
        }
    }
}

fn client(output: &Output, base_url: &str) -> (Client, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::default());
    let mut policy = RetryPolicy::default();
    policy.first_wait = Duration::from_secs(60);
    policy.longest_wait = Duration::from_secs(60);
    let setup = builder(base_url, &clock)
        .access_token(TOKEN)
        .with_retry_policy(policy)
        .with_deadline(Duration::from_secs(3600))
        .with_observer(Arc::new(output.clone()));
    output.say(&format!("{setup:?}"));
    let client = setup.build().unwrap();
    output.say(&format!(
        "{client:?} {:?} {:?}",
        client.raw(),
        client.call()
    ));
    (client, clock)
}

/// A sale at a server that answers like this.
async fn scripted(output: &Output, script: Vec<Answer>) {
    let server = ScriptedServer::start(script).await;
    let (client, _) = client(output, &server.base_url());
    let call = client.sign(receipt());
    show_call(output, &call);
    show_end(output, &call.await);
    assert!(!server.requests().is_empty());
    for request in server.requests() {
        // The canaries did go over the wire: what is searched for below was there to be said.
        if request.method == "POST" {
            assert!(request.text().contains(MAIL));
        }
        assert_eq!(request.header("x-cashbox-accesstoken"), [TOKEN]);
    }
}

/// What a queue answers to the sale.
fn signed() -> Answer {
    let body = format!(
        r#"{{"ftState":4707387510509010944,"ftStateData":{{"customer":"{NAME} {MAIL}"}}}}"#
    );
    json(201, body).with_header("x-echo", TOKEN)
}

/// What a server answers that says back what it was told.
fn echoing(status: u16) -> Answer {
    problem(
        status,
        format!(
            r#"{{"title":"No","detail":"x-cashbox-accesstoken: {TOKEN}",
            "errors":{{"{TOKEN}":["\u0063anary-access-token"]}},"headers":["{TOKEN}"]}}"#
        ),
    )
}

/// Pages that say the token back where the text of an error ends, and where what is kept of a page ends; and
/// with its characters escaped.
fn cut_pages() -> Vec<String> {
    let all_but_one = TOKEN.len() - 1;
    let escaped = TOKEN.replace('-', "\\u002D");
    vec![
        format!("{}{TOKEN}", "x".repeat(200 - all_but_one)),
        format!("\n{}{TOKEN}", "x".repeat(8 * 1024 - 1 - all_but_one)),
        format!(
            r#"{{"x":"{}{TOKEN}"}}"#,
            "x".repeat(8 * 1024 - 6 - all_but_one)
        ),
        format!(r#"["{escaped}"]"#),
        TOKEN.replace('-', "&#x2d;"),
        TOKEN.replace('-', "%2D"),
    ]
}

async fn scripts(output: &Output) {
    scripted(output, vec![signed()]).await;
    for status in [408, 429, 502, 503, 504, 520] {
        scripted(output, vec![echoing(status), page(status), signed()]).await;
    }
    for status in [400, 401, 403, 404, 409, 413, 422, 500, 501] {
        scripted(output, vec![echoing(status)]).await;
        scripted(output, vec![page(status)]).await;
    }
    let echoing_page = format!("<html><title>{TOKEN}</title>{TOKEN}</html>");
    for status in [200, 400, 403, 500] {
        scripted(output, vec![json(status, echoing_page.clone())]).await;
    }
    for page in cut_pages() {
        scripted(output, vec![json(502, page.clone()), json(400, page)]).await;
    }
    for status in [301, 302, 307] {
        let moved = page(status).with_header("location", "http://localhost:9/v2/sign");
        scripted(output, vec![moved]).await;
    }
    // Of no use, and of no use in a member that the token names.
    for body in [
        "null".to_owned(),
        format!(r#"{{"ftState":"{TOKEN}"}}"#),
        format!(r#"{{"ftState":0,"ftQueueID":{{"{TOKEN}":1}}}}"#),
        format!("{{\"{TOKEN}"),
        format!(r#"{{"ftState":"{NAME}"}}"#),
        format!(r#"{{"ftState":0,"ftQueueID":"{NAME}, expected {MAIL}"}}"#),
        format!(r#"{{"ftState":0,"ftSignatures":"{MAIL}"}}"#),
        format!(r#"{{"ftState":0,"ftSignatures":[{{"ftSignatureType":"{MAIL}"}}]}}"#),
    ] {
        scripted(output, vec![json(201, body)]).await;
    }
    // The states that are none of a signed receipt, with the queue's own words.
    for state in [0xEEEE_EEEE_u64, 0xFFFF_FFFF, 1] {
        let body = format!(r#"{{"ftState":{state},"ftSignatures":[]}}"#);
        scripted(output, vec![json(201, body)]).await;
    }
    // Failed for good by the server's record, which holds the whole request.
    let record = format!(
        r#"{{"LastState":"failed","ResponseCode":400,"Response":"token {TOKEN}",
        "RequestHeaders":{{"x-cashbox-accesstoken":["{TOKEN}"]}},"Request":"{NAME} {MAIL}"}}"#
    );
    let mut script = vec![page(500); 6];
    script.push(json(200, record.clone()));
    scripted(output, script).await;
    let mut script = vec![page(500); 6];
    script.push(json(200, record.replace("failed", "processing")));
    scripted(output, script).await;
}

/// A client of a server that answers every call like this.
async fn answering(output: &Output, answer: Answer) -> (ScriptedServer, Client) {
    let server = ScriptedServer::start([answer.with_header("x-echo", TOKEN)]).await;
    let (client, _) = client(output, &server.base_url());
    (server, client)
}

/// What each call gives, shown. All of them hold canaries where a caller can take them out.
async fn answers(output: &Output) {
    let customer = format!("{NAME} {MAIL} {TOKEN}");
    let message = json(201, format!(r#"{{"Message":"{customer}"}}"#));
    let (_server, client) = answering(output, message).await;
    let echoed = done(client.echo("hello").await);
    assert_eq!(echoed.message.as_ref(), Some(&customer));
    output.say(&format!("{echoed:?} {:?}", echoed.completion));

    let url = format!("https://receipts.example.invalid/{customer}");
    let (_server, client) = answering(output, signed()).await;
    let signed = done(client.sign(receipt()).await);
    assert_eq!(signed.completion.headers["x-echo"], TOKEN);
    output.say(&format!("{:?}", Issuable::from(&signed)));
    let document = json(201, format!(r#"{{"DocumentURL":"{url}"}}"#));
    let (_server, client) = answering(output, document).await;
    let issued = done(client.issue(signed).await);
    assert_eq!(issued.document_url(), Some(&*url));
    output.say(&format!("{issued:?}"));

    let pay_item = format!(
        r#"{{"Protocol":"use_auto","ftPayItems":[{{"Description":"{customer}","Amount":2.00}}]}}"#
    );
    let (_server, client) = answering(output, json(201, pay_item)).await;
    let payment = Payment::new("Card", Amount::from_cents(200));
    let payment = client.pay(payment).with_attempt_timeout(ATTEMPT_TIMEOUT);
    let paid = done(payment.await);
    assert_eq!(paid.pay_items()[0].description.as_ref(), Some(&customer));
    output.say(&format!("{paid:?} {:?}", Reversal::from(&paid)));

    let item = IssuedItem::new(support::client::POS_SYSTEM_ID, support::client::CASHBOX_ID);
    let typed = json(200, customer.clone());
    let (_server, client) = answering(output, typed).await;
    let document = client.document(item, DocumentFormat::json()).await.unwrap();
    assert_eq!(document.body, customer);
    output.say(&format!("{document:?}"));
    let qr_code = client.qr_code(item).await.unwrap();
    assert_eq!(qr_code.body, customer);
    output.say(&format!("{qr_code:?}"));
    let action = IssueAction::email(MAIL);
    output.say(&format!("{action:?}"));
    let updated = done(client.update_issue(item, action).await);
    assert_eq!(updated.body, customer);
    output.say(&format!("{updated:?}"));

    // What the queue says instead of signing, and what a server says to a request it refuses.
    let not_signed = format!(r#"{{"ftState":4294901759,"ftStateData":"{customer}"}}"#);
    let (_server, client) = answering(output, json(201, not_signed)).await;
    let error = client.sign(receipt()).await.unwrap_err();
    output.say(&format!(
        "{error:?} {:?} {:?}",
        error.answer(),
        error.fiscal_answer().unwrap()
    ));
    let refusal = format!(r#"{{"title":"No","detail":"{NAME}","mail":"{MAIL}"}}"#);
    let (_server, client) = answering(output, problem(400, refusal)).await;
    let error = client.sign(receipt()).await.unwrap_err();
    let problem = error.problem().unwrap();
    assert!(problem.raw.contains(MAIL));
    output.say(&format!("{error:?} {:?} {problem:?}", error.answer()));

    // What is kept of a page is shown by whoever likes.
    for page in cut_pages() {
        let (_server, client) = answering(output, json(400, page)).await;
        let error = client.sign(receipt()).await.unwrap_err();
        let problem = error.problem().unwrap();
        let kept = problem.raw.len();
        assert!(kept <= 8 * 1024, "{kept}: {}", &problem.raw[8180..]);
        output.say(&problem.raw.replace('\n', " "));
        output.say(&format!("{:?} {:?}", problem.title, problem.extra));
    }
}

/// A path may hold what a customer is called: the form of a journey's id is not documented.
async fn paths(output: &Output) {
    let (server, client) = answering(output, json(200, "{}")).await;
    let raw = client.raw();
    let _ = raw.get_cart_by_journey_id().journey_id(MAIL).send().await;
    assert!(server.requests()[0].path.contains("canaria"));
}

/// What breaks below HTTP.
async fn sockets(output: &Output) {
    let simulator = Simulator::builder()
        .started(true)
        .cashbox_id(support::client::CASHBOX_ID)
        .access_token(TOKEN)
        .start()
        .await
        .unwrap();
    let (client, clock) = client(output, simulator.base_url());
    simulator.faults().script([
        Fault::HangBeforeCommit,
        Fault::ResetAfterCommit,
        Fault::CutBodyAfterCommit { bytes: 7 },
        Fault::GzipBody,
        Fault::MalformedJson,
    ]);
    let call = client.sign(receipt());
    show_call(output, &call);
    let run_out = async |call: UnderWay| {
        call.arrivals(&simulator, 1).await;
        clock.run_out_attempt();
    };
    show_end(output, &meanwhile(call.into_future(), run_out).await.0);
    // Dropped midway.
    simulator.faults().script([Fault::HangAfterCommit]);
    let arrived = simulator.ledger().requests().len();
    let call = client.sign(receipt());
    let handle = call.handle().unwrap();
    tokio::select! {
        result = call.into_future() => show_end(output, &result),
        () = simulator.arrivals(arrived + 1) => {}
    }
    show_handle(output, &handle);
    // Nobody there.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let away = format!("http://{}", socket.local_addr().unwrap());
    let (client, _) = self::client(output, &away);
    let call = client.sign(receipt()).with_deadline(ATTEMPT_TIMEOUT);
    show_end(output, &call.await);
}

/// Tokens that rotate, and tokens that are none.
async fn rotation(output: &Output) {
    let server = ScriptedServer::start([
        echoing(401),
        problem(400, format!(r#"{{"title":"{TOKEN} {OTHER_TOKEN}"}}"#)),
    ])
    .await;
    let provider = |need: TokenNeed| async move {
        Ok(match need {
            TokenNeed::Invalidated => AccessToken::from(OTHER_TOKEN),
            _ => AccessToken::from(TOKEN),
        })
    };
    let setup = builder(&server.base_url(), &Arc::default())
        .credentials(provider)
        .with_observer(Arc::new(output.clone()));
    output.say(&format!("{setup:?}"));
    let client = setup.build().unwrap();
    let call = client.sign(receipt());
    show_call(output, &call);
    show_end(output, &call.await);
    assert_eq!(server.requests().len(), 2);

    let unusable = |_: TokenNeed| async { Ok(AccessToken::from("canary\r\nx-evil: canary")) };
    let client = builder(&server.base_url(), &Arc::default())
        .credentials(unusable)
        .build()
        .unwrap();
    show_end(output, &client.sign(receipt()).await);
    for token in ["canary\r\n", "canary\0", "canär"] {
        let setup = builder("https://host.example", &Arc::default()).access_token(token);
        shown(output, &setup.build().unwrap_err());
    }
}

fn shown<T: Debug + std::fmt::Display>(output: &Output, value: &T) {
    output.say(&format!("{value} {value:?}"));
}

#[tokio::test]
async fn secrets_and_customer_data_are_in_no_output() {
    let output = Output::default();
    let layer = tracing_subscriber::fmt::layer()
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(output.clone())
        .with_filter(filter_fn(|metadata| is_ours(metadata.target())));
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::set_global_default(subscriber).unwrap();
    log::set_boxed_logger(Box::new(output.clone())).unwrap();
    log::set_max_level(log::LevelFilter::Trace);

    scripts(&output).await;
    answers(&output).await;
    paths(&output).await;
    sockets(&output).await;
    rotation(&output).await;

    let said = output.text();
    for line in said.lines() {
        let lower = line.to_lowercase();
        for canary in CANARIES {
            assert!(!lower.contains(canary), "{line}");
        }
    }
    // It was listened to: each kind of output is there, with the names others look for.
    for part in [
        "log reqwest",
        "observer AttemptEnded",
        "pos_system_api.operation{",
        "pos_system_api.attempt{",
        "otel.name=POST /v2/sign",
        "http.request.method=\"POST\"",
        "url.template=/v2/sign",
        "url.full=http://127.0.0.1:",
        "/v2/cart/REDACTED",
        "network.protocol.version=\"1.1\"",
        "server.address=\"127.0.0.1\"",
        "server.port=",
        "http.response.status_code=503",
        "http.request.resend_count=1",
        "error.type=\"503\"",
        "error.type=\"timeout\"",
        "error.type=\"broken\"",
        "error.type=\"not_connected\"",
        "error.type=\"dropped\"",
        "the operation is sent again reason=\"503\"",
        "reason=\"no_credentials\"",
        "another one reason=\"unauthorized\"",
        "recorded=\"failed\"",
        "operation.result=\"parked\"",
        "[access token]",
    ] {
        assert!(said.contains(part), "nothing said {part}");
    }
}
