//! What goes over the wire and what each answer leads to, against a server that answers from a script.

#![cfg(feature = "client")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod generated_calls;
mod handles;
mod parked;
mod requests;
mod secrets;
mod statuses;

use std::time::Duration;

use pos_system_api::client::Echoed;
use pos_system_api::runtime::{Limits, RetryPolicy};
use pos_system_api::types::{EchoRequest, ReceiptRequest};
use pos_system_api::{
    ApiVersion, Client, ErrorKind, Execution, Handle, Outcome, Signed, Standing, raw,
};

use support::chance::operation;
use support::client::{ACCESS_TOKEN, CASHBOX_ID, POS_SYSTEM_ID, builder, client, done, pending};
use support::clock::{ATTEMPT_TIMEOUT, ManualClock};
use support::exact_json::{Exact, Rules, differences};
use support::receipts::sale;
use support::scripted_server::{Answer, Request, ScriptedServer, json, page, problem};

/// A signed receipt as short as it gets.
const SIGNED: &str = r#"{"ftState":4707387510509010944,"ftReceiptIdentification":"ft1#IT1"}"#;
/// An issued one.
const ISSUED: &str = r#"{"DocumentURL":"https://receipts.example.invalid/1"}"#;

/// A server with this script, and a client for it.
async fn server(script: impl IntoIterator<Item = Answer>) -> (ScriptedServer, Client) {
    let server = ScriptedServer::start(script).await;
    let (client, _) = client(&server.base_url());
    (server, client)
}

/// Every attempt was the same operation.
#[track_caller]
fn assert_same_bytes(requests: &[Request]) {
    for request in requests {
        assert_eq!(request.body, requests[0].body);
        assert_eq!(
            request.header("x-operation-id"),
            requests[0].header("x-operation-id")
        );
        assert_eq!(request.path, requests[0].path);
    }
}
