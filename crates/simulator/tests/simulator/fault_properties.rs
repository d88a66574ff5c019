//! What holds under every plan of faults.

use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use pos_system_api_simulator::{FaultPlan, Simulator};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::leaping_clock::LeapingClock;
use crate::plain_socket::{connect, exchange, request};
use crate::till::{SALE, operation};

const PAYMENT: &str = r#"{"Action":"payment","Protocol":"use_auto","cbPayItem":{"Amount":12.5,"Description":"Card"}}"#;

/// What a client reads before it has had enough.
const ENOUGH: u64 = 300_000;

/// A hanging request costs this. Giving up on a slow one is as good.
const PATIENCE: Duration = Duration::from_millis(25);

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0..3_u64, 0..2_000_u64, Just(i64::MAX as u64), any::<u64>()]
}

fn latency() -> impl Strategy<Value = Value> {
    (number(), number(), number()).prop_flat_map(|(one, two, three)| {
        select(vec![
            json!({"fixed": {"ms": one}}),
            json!({"uniform": {"from_ms": one.min(two), "to_ms": one.max(two)}}),
            json!({"exponential": {"mean_ms": one, "cap_ms": two}}),
            json!({"log_normal": {
                "median_ms": one.min(two), "p99_ms": one.max(two), "cap_ms": three,
            }}),
        ])
    })
}

/// Every fault but those that let the server forget.
fn fault() -> impl Strategy<Value = Value> {
    let status = prop_oneof![200..600_u16, select(vec![200, 204, 304, 429, 503])];
    let text = prop_oneof![Just(String::new()), "[ -~]{0,20}"];
    (
        status,
        number(),
        latency(),
        text,
        any::<bool>(),
        any::<u32>(),
    )
        .prop_flat_map(|(status, number, latency, text, executed, seconds)| {
            let bytes = number.max(1);
            select(vec![
                json!("reset_before_commit"),
                json!("reset_after_commit"),
                json!("hang_before_commit"),
                json!("hang_after_commit"),
                json!("fiscal_error"),
                json!("fiscal_fail"),
                json!("queue_not_active"),
                json!("null_body"),
                json!("malformed_json"),
                json!("gzip_body"),
                json!("unknown_members"),
                json!("unknown_enum_values"),
                json!("unknown_signature_format"),
                json!({"cut_body_after_commit": {"bytes": number}}),
                json!({"status_before_commit": {"status": status, "retry_after": seconds}}),
                json!({"status_after_commit": {"status": status}}),
                json!({"status_with_retry_date": {
                    "status": status, "retry_in_seconds": seconds, "executed": executed,
                }}),
                json!({"html_page": {"status": status, "executed": executed}}),
                json!({"body_before_commit": {
                    "status": status, "content_type": text, "body": text,
                }}),
                json!({"body_after_commit": {
                    "status": status, "content_type": text, "body": {"base64": "/wA="},
                }}),
                json!({"wrong_content_type": {"content_type": text}}),
                json!({"huge_body": {"bytes": number}}),
                json!({"slow_drip": {"bytes": bytes, "interval_ms": number}}),
                json!({"delay_before_handling": latency}),
                json!({"delay_before_answer": latency}),
            ])
        })
}

fn rule() -> impl Strategy<Value = Value> {
    let conditions = select(vec![
        json!({}),
        json!({"endpoint": "sign"}),
        json!({"method": "GET"}),
        json!({"path": "*pay*"}),
        json!({"attempts": 1}),
        json!({"attempts": ["1-2", 4]}),
        json!({"every": 2}),
    ]);
    (conditions, fault(), 0..=4_u8).prop_map(|(mut rule, fault, quarters)| {
        rule["fault"] = fault;
        rule["probability"] = json!(f64::from(quarters) / 4.0);
        rule
    })
}

fn plan() -> impl Strategy<Value = String> {
    let skew = prop_oneof![Just(0_i64), -3_000_000_000_000..3_000_000_000_000_i64];
    let rules = prop::collection::vec(rule(), 0..6);
    (any::<u64>(), skew, rules).prop_map(|(seed, skew, rules)| {
        json!({"seed": seed, "clock_skew_ms": skew, "rules": rules}).to_string()
    })
}

/// Sends a request and reads what comes, up to a point.
async fn attempt(sim: &Simulator, method: &str, path: &str, number: u128, body: &str) {
    let mut socket = connect(sim).await;
    let request = request(sim, method, path, Some(operation(number)), body);
    let exchange = async {
        socket.write_all(request.as_bytes()).await?;
        socket.take(ENOUGH).read_to_end(&mut Vec::new()).await
    };
    // How it ends is the plan's business.
    let _ = timeout(PATIENCE, exchange).await;
}

/// The status of a last clean request, and how many operations were executed more than once.
async fn run(plan: FaultPlan) -> (u16, usize) {
    let start = "2026-06-01T08:00:00Z".parse().unwrap();
    let sim = Simulator::builder()
        .started(true)
        .clock(Arc::new(LeapingClock::new(start)))
        .fault_plan(plan)
        .start()
        .await
        .unwrap();
    let document = format!("/v2/issue/{}/{}", sim.queue_id(), operation(9));
    let round = async || {
        attempt(&sim, "POST", "/v2/sign", 1, SALE).await;
        attempt(&sim, "POST", "/v2/pay", 2, PAYMENT).await;
        attempt(&sim, "POST", "/v2/echo", 3, r#"{"Message":"x"}"#).await;
        attempt(&sim, "POST", "/v2/journal", 4, r#"{"ftJournalType":2}"#).await;
        attempt(&sim, "GET", &document, 5, "").await;
    };
    // Repeats at the same time, and one after all of them.
    tokio::join!(round(), round());
    round().await;
    sim.faults().clear();
    let last = exchange(&sim, "POST", "/v2/sign", Some(operation(6)), SALE).await;
    let ledger = sim.ledger();
    let repeated = (0..9)
        .map(operation)
        .filter(|id| ledger.receipts_of(*id).len() > 1 || ledger.payments().of(*id).len() > 1)
        .count();
    (last.status(), repeated)
}

#[test]
fn no_plan_breaks_the_server_or_executes_twice() {
    // A panic in a task of the server shows only here.
    let panics = Arc::new(AtomicUsize::new(0));
    let others = panic::take_hook();
    let me = thread::current().id();
    panic::set_hook(Box::new({
        let panics = Arc::clone(&panics);
        move |panic| {
            if thread::current().id() == me {
                panics.fetch_add(1, Ordering::Relaxed);
            }
            others(panic);
        }
    }));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    proptest!(ProptestConfig::with_cases(96), |(text in plan())| {
        let plan = FaultPlan::from_json(&text)
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let found = runtime.block_on(run(plan));
        prop_assert_eq!(found, (201, 0));
        prop_assert_eq!(panics.load(Ordering::Relaxed), 0);
    });
}

#[tokio::test]
async fn a_server_that_forgets_executes_twice() {
    let plan = r#"{"rules": [{"fault": {"retention_expired": {"older_than_ms": 0}}}]}"#;
    let found = run(FaultPlan::from_json(plan).unwrap()).await;
    // The receipt and the payment: this is what the property above would see.
    assert_eq!(found, (201, 2));
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "(seed|rules|fault|\\[\\[|\\]\\]|=|\"|[0-9]|\\{|\\}|:|,|\n| |é){0,40}") {
        let _ = FaultPlan::from_toml(&text);
        let _ = FaultPlan::from_json(&text);
    }
}
