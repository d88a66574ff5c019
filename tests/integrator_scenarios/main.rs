//! The four scenarios integrators are asked to test, over a real socket against the simulator: basic
//! signing, error handling, timeouts, network interruption. What the client believes is compared with
//! the ledger, which says what really happened.

#![cfg(feature = "client")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod basic_signing;
mod error_handling;
mod network_interruption;
mod timeouts;

use std::future::{IntoFuture, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use pos_system_api::client::OperationCall;
use pos_system_api::receipt::Receipt;
use pos_system_api::runtime::RetryPolicy;
use pos_system_api::types::ReceiptRequest;
use pos_system_api::{Client, Error, ErrorKind, Execution, Outcome, Signed, Standing};
use pos_system_api_simulator::{Bytes, Fault, Profile, Simulator, parse_qr};

use support::arrival::{UnderWay, meanwhile};
use support::chance::operation;
use support::client::{builder, builder_of, client_of, done, pending};
use support::clock::{ATTEMPT_TIMEOUT, ManualClock};
use support::receipts::{moment, sale, sale_paid_with};

const PROFILES: [Profile; 4] = Profile::ALL;

/// A started queue that behaves like `profile`.
async fn simulator(profile: Profile) -> Simulator {
    Simulator::builder()
        .profile(profile)
        .started(true)
        .start()
        .await
        .unwrap()
}

/// Awaits a call; each attempt whose number (from 1) is in `hanging` is run out once its request has
/// arrived.
async fn await_with_hangs(
    call: OperationCall<Signed>,
    simulator: &Simulator,
    clock: &ManualClock,
    hanging: &[usize],
) -> Result<Outcome<Signed>, Error> {
    let run_out = async |call: UnderWay| {
        for attempt in hanging {
            call.arrivals(simulator, *attempt).await;
            clock.run_out_attempt();
        }
    };
    meanwhile(call.into_future(), run_out).await.0
}

/// Exactly one receipt, sent under one id with the same bytes each time, and known to the client as
/// it is at the server. Each sale of a test has a reference of its own, so its bytes are its own too.
#[track_caller]
fn assert_signed_once(simulator: &Simulator, signed: &Signed, what: &str) {
    let ledger = simulator.ledger();
    let receipts = ledger.receipts_of(signed.operation_id());
    assert_eq!(receipts.len(), 1, "{what}");
    assert_eq!(receipts[0].response, signed.completion.body, "{what}");
    assert_eq!(receipts[0].request, signed.request_body, "{what}");
    // A receipt under a second id, or an attempt without one, would be in these lists.
    let references = ledger
        .receipts()
        .iter()
        .filter(|receipt| receipt.request == signed.request_body);
    assert_eq!(references.count(), 1, "{what}");
    for request in ledger.requests() {
        if request.body == signed.request_body
            || request.operation_id == Some(signed.operation_id())
        {
            assert_eq!(request.operation_id, Some(signed.operation_id()), "{what}");
            assert_eq!(request.body, signed.request_body, "{what}");
            assert_eq!(request.path, "/v2/sign", "{what}");
        }
    }
}

#[track_caller]
fn number_in(signed: &Signed) -> &str {
    signed
        .response
        .ft_receipt_identification
        .as_deref()
        .unwrap()
}
