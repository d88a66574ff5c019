//! Signing in the background: what the callback is told, and what is left when something is cut off.

#![cfg(feature = "client")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod payload;

use std::sync::Arc;
use std::time::Duration;

use pos_system_api::callback::{Callback, Delivery, SignState, StateWord};
use pos_system_api::receipt::{Receipt, Signable};
use pos_system_api::types::Moment;
use pos_system_api::{Client, ErrorKind, Signed, Standing};
use pos_system_api_simulator::{Fault, Simulator};
use tokio::sync::mpsc;

use support::chance::operation;
use support::client::{builder, client, client_of, done, pending};
use support::receipts::{sale, sale_paid_with};
use support::scripted_server::{ScriptedServer, page};

async fn simulator() -> Simulator {
    Simulator::builder().started(true).start().await.unwrap()
}

/// Signs in the background and gives back what the callback was told.
async fn told(client: &Client, receipt: impl Signable) -> SignState {
    let (states, mut received) = mpsc::channel(1);
    let _ = client.sign_async(receipt, states).unwrap();
    received.recv().await.unwrap()
}

#[tokio::test]
async fn a_closure_is_told_that_the_receipt_is_signed() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let (states, mut received) = mpsc::unbounded_channel();
    let signing = client
        .sign_async(sale("S-1"), move |state: SignState| {
            states.send(state).unwrap();
        })
        .unwrap();
    assert_eq!(signing.handle().operation_id(), operation(1));
    let signed = done(signing.outcome().await);

    let state = received.recv().await.unwrap();
    assert_eq!(state.state, StateWord::Done);
    assert_eq!(
        state.operation_id.and_then(|id| id.uuid()),
        Some(operation(1))
    );
    assert_eq!(
        state.queue_id.and_then(|id| id.uuid()),
        Some(simulator.queue_id())
    );
    assert_eq!(
        state.state_message,
        signed.response.ft_receipt_identification
    );
    assert_eq!(
        state.state_data.unwrap().as_bytes(),
        &signed.completion.body[..]
    );
    assert_eq!(simulator.ledger().receipts().len(), 1);
}

#[tokio::test]
async fn it_returns_before_the_answer_and_dropping_it_stops_nothing() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let hold = simulator.hold();
    let (states, mut received) = mpsc::channel(1);
    let signing = client.sign_async(sale("S-1"), states).unwrap();
    let handle = signing.handle().clone();
    assert!(!signing.is_finished());
    drop(signing);
    let told = received.recv();
    simulator.arrivals_while(1, told).await.unwrap();
    assert_eq!(handle.standing(), Standing::Unknown);
    assert!(received.try_recv().is_err());

    hold.release();
    let state = received.recv().await.unwrap();
    assert_eq!(state.state, StateWord::Done);
    assert_eq!(handle.standing(), Standing::Final);
    assert_eq!(
        simulator.ledger().receipts_of(handle.operation_id()).len(),
        1
    );
}

#[tokio::test]
async fn what_the_queue_refuses_has_failed_with_its_answer() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let state = told(&client, sale_paid_with("S-1", 700)).await;
    assert_eq!(state.state, StateWord::Failed);
    assert!(state.state_message.unwrap().contains("same sum"));
    assert!(state.state_data.unwrap().contains("ftState"));
    assert_eq!(
        state.queue_id.and_then(|id| id.uuid()),
        Some(simulator.queue_id())
    );
}

#[tokio::test]
async fn what_is_not_answered_in_time_is_pending_and_can_be_resumed_in_the_background() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    simulator.faults().script([Fault::StatusAfterCommit {
        status: 503,
        retry_after: Some(600),
    }]);
    let (states, mut received) = mpsc::channel(1);
    let signing = client
        .sign(sale("S-1"))
        .with_deadline(Duration::from_secs(1))
        .in_background(states.clone())
        .unwrap();
    let handle = pending(signing.outcome().await);
    let state = received.recv().await.unwrap();
    assert_eq!(state.state, StateWord::Pending);
    assert_eq!(state.state_data, None);
    assert!(state.state_message.unwrap().contains("may have been"));

    let _ = client
        .resume::<Signed>(handle)
        .in_background(states)
        .unwrap();
    let state = received.recv().await.unwrap();
    assert_eq!(state.state, StateWord::Done);
    assert_eq!(
        state.operation_id.and_then(|id| id.uuid()),
        Some(operation(1))
    );
    assert_eq!(simulator.ledger().receipts().len(), 1);
}

#[tokio::test]
async fn what_may_be_signed_or_not_is_unknown() {
    let server = ScriptedServer::start([support::scripted_server::problem(
        500,
        r#"{"title":"Internal error"}"#,
    )])
    .await;
    let (client, _) = client(&server.base_url());
    // Parked: the server fails, and has no record of it either.
    assert_eq!(told(&client, sale("S-1")).await.state, StateWord::Unknown);

    let server = ScriptedServer::start([support::scripted_server::json(201, "{}")]).await;
    let (client, _) = support::client::client(&server.base_url());
    // An answer without ftState.
    assert_eq!(told(&client, sale("S-1")).await.state, StateWord::Unknown);
}

#[tokio::test]
async fn refused_credentials_leave_it_pending() {
    let simulator = simulator().await;
    let (good, clock) = client_of(&simulator);
    let bad = builder(simulator.base_url(), &clock)
        .cashbox_id(simulator.cashbox_id())
        .access_token("not-the-token")
        .build()
        .unwrap();
    let (states, mut received) = mpsc::channel(1);
    let signing = bad.sign_async(sale("S-1"), states).unwrap();
    let error = signing.outcome().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(received.recv().await.unwrap().state, StateWord::Pending);
    let _ = done(good.resume::<Signed>(error.handle().unwrap()).await);
}

#[tokio::test]
async fn a_receipt_that_cannot_be_sent_calls_nobody() {
    let server = ScriptedServer::start([page(200)]).await;
    let (client, _) = client(&server.base_url());
    let (states, mut received) = mpsc::channel(1);
    let receipt = Receipt::sale("", Moment::now());
    let error = client.sign_async(receipt, states).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    // The channel is closed: the callback is gone without having been called.
    assert_eq!(received.recv().await, None);
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn without_a_runtime_nothing_is_sent_and_the_operation_is_kept() {
    let (client, _) = client("http://127.0.0.1:9");
    let error = client
        .sign_async(sale("S-1"), |_: SignState| {})
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.outcome(), Standing::NotSent);
    assert_eq!(error.operation_id(), Some(operation(1)));
}

#[tokio::test]
async fn a_callback_that_cannot_be_told_does_not_undo_the_receipt() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let (states, received) = mpsc::channel(1);
    drop(received);
    let signing = client.sign_async(sale("S-1"), states).unwrap();
    assert!(signing.delivered().await.is_err());
    assert_eq!(simulator.ledger().receipts().len(), 1);
}

#[tokio::test]
async fn a_callback_that_panics_takes_nothing_with_it() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let broken = |_: SignState| panic!("the screen is gone");
    let signing = client.sign_async(sale("S-1"), broken).unwrap();
    let error = signing.delivered().await.unwrap_err();
    assert!(error.to_string().contains("panicked"), "{error}");
    let signing = client.sign_async(sale("S-2"), broken).unwrap();
    let _ = done(signing.outcome().await);
    assert_eq!(told(&client, sale("S-3")).await.state, StateWord::Done);
    assert_eq!(simulator.ledger().receipts().len(), 3);
}

#[tokio::test]
async fn the_outcome_does_not_wait_for_the_callback() {
    /// Is never done telling.
    struct Endless;

    impl Callback for Endless {
        fn deliver(&self, _: SignState) -> Delivery<'_> {
            Box::pin(std::future::pending())
        }
    }

    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let signing = client.sign_async(sale("S-1"), Arc::new(Endless)).unwrap();
    let _ = done(signing.outcome().await);
}

#[test]
fn an_operation_cut_off_by_the_end_of_its_runtime_is_pending() {
    let serving = tokio::runtime::Runtime::new().unwrap();
    let simulator = serving.block_on(simulator());
    let hold = simulator.hold();
    let (client, _) = client_of(&simulator);
    let selling = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let signing = selling.block_on(async {
        let (states, mut received) = mpsc::channel(1);
        let signing = client.sign_async(sale("S-1"), states).unwrap();
        let told = received.recv();
        simulator.arrivals_while(1, told).await.unwrap();
        signing
    });
    drop(selling);
    hold.release();

    let (other_process, _) = client_of(&simulator);
    let signed = serving.block_on(async {
        let handle = pending(signing.outcome().await);
        done(other_process.resume::<Signed>(handle).await)
    });
    assert_eq!(
        simulator.ledger().receipts_of(signed.operation_id()).len(),
        1
    );
}
