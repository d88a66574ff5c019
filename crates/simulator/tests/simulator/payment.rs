//! Payments, and what becomes of money that was taken.

mod any_body;
mod call;
mod given_back;
mod pay_item;
mod pay_response;
mod special_amount;

use std::sync::Arc;

use pos_system_api_simulator::{DateTime, Decimal, ManualClock, Profile, Simulator, Utc, Uuid};
use reqwest::Response;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::till::{Answer, Till};

const PATH: &str = "/v2/pay";

fn start_moment() -> DateTime<Utc> {
    "2026-06-01T11:00:00Z".parse().unwrap()
}

async fn simulator(profile: Profile) -> (Simulator, Till, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(start_moment()));
    let builder = Simulator::builder().profile(profile).started(true);
    let sim = builder.clock(clock.clone()).start().await.unwrap();
    let till = Till::new(&sim);
    (sim, till, clock)
}

fn payment_of(amount: &str) -> String {
    format!(
        r#"{{"Action":"payment","Protocol":"use_auto","cbPayItem":{{"Description":"Card","Amount":{amount}}}}}"#
    )
}

/// The whole pay item with another amount, as clients send it back.
fn return_of(action: &str, pay_item: &Value, amount: Value) -> String {
    let mut item = pay_item.clone();
    item["Amount"] = amount;
    json!({"Action": action, "Protocol": "use_auto", "cbPayItem": item}).to_string()
}

fn sending(
    till: &Till,
    operation_id: Uuid,
    body: &str,
) -> JoinHandle<Result<Response, reqwest::Error>> {
    tokio::spawn(till.post(PATH, operation_id, body).send())
}

async fn received(sent: JoinHandle<Result<Response, reqwest::Error>>) -> Answer {
    Answer::of(sent.await.unwrap().unwrap()).await
}

async fn pay_response(till: &Till, operation_id: Uuid) -> Answer {
    till.send("/v2/PayResponse", operation_id, "").await
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// What is wrong with which member, in the form of the cloud.
fn wrong_members(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].as_array().cloned();
    let field = |error: &Value| error["field"].as_str().unwrap().to_owned();
    errors.unwrap_or_default().iter().map(field).collect()
}
