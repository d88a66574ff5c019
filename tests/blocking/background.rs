//! Receipts signed on the client's own thread.

use std::sync::mpsc;
use std::time::Duration;

use pos_system_api::callback::{SignState, StateWord};
use pos_system_api::receipt::Receipt;
use pos_system_api::types::Moment;
use pos_system_api::{ErrorKind, Signed, Standing};
use pos_system_api_simulator::Fault;

use tokio::sync::mpsc::channel;
use tokio::sync::mpsc::error::TryRecvError;

use crate::support::chance::operation;
use crate::support::client::{done, pending};
use crate::support::receipts::sale;
use crate::{builder_of, simulator};

#[test]
fn a_channel_of_the_standard_library_is_told() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let (states, told) = mpsc::channel();
    let signing = client.sign_async(sale("S-1"), states.clone()).unwrap();
    assert_eq!(signing.handle().operation_id(), operation(1));
    let signed = done(signing.outcome());
    let state = told.recv().unwrap();
    assert_eq!(state.state, StateWord::Done);
    assert_eq!(
        state.state_data.unwrap().as_bytes(),
        &signed.completion.body[..]
    );

    let signing = client.sign_async(sale("S-2"), states).unwrap();
    signing.delivered().unwrap();
    assert_eq!(told.recv().unwrap().state, StateWord::Done);
    // The last sender is gone.
    assert!(told.recv().is_err());
    assert_eq!(simulator.ledger().receipts().len(), 2);
}

#[test]
fn it_outlives_everything_that_started_it() {
    let (runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let hold = simulator.hold();
    let (states, mut told) = channel(1);
    let signing = client.sign_async(sale("S-1"), states).unwrap();
    let handle = signing.handle().clone();
    let arrived = runtime.block_on(simulator.arrivals_while(1, told.recv()));
    arrived.expect("the signing ended before it was sent");
    assert!(!signing.is_finished());
    drop(signing);
    drop(client);
    assert_eq!(told.try_recv(), Err(TryRecvError::Empty));

    hold.release();
    assert_eq!(told.blocking_recv().unwrap().state, StateWord::Done);
    assert_eq!(handle.standing(), Standing::Final);
}

#[test]
fn inside_an_async_runtime_it_starts_and_only_waiting_is_refused() {
    let (runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let (states, told) = mpsc::channel();
    let error = runtime.block_on(async {
        let signing = client.sign_async(sale("S-1"), states).unwrap();
        signing.outcome().unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.operation_id(), Some(operation(1)));
    assert_eq!(told.recv().unwrap().state, StateWord::Done);
    let _ = done(client.resume::<Signed>(error.handle().unwrap()).send());
    assert_eq!(simulator.ledger().receipts().len(), 1);
}

#[test]
fn a_callback_cannot_block_its_own_thread() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let (errors, told) = mpsc::channel();
    let inside = client.clone();
    let signing = client.sign_async(sale("S-1"), move |_: SignState| {
        errors.send(inside.echo("x").send().unwrap_err()).unwrap();
    });
    signing.unwrap().delivered().unwrap();
    assert_eq!(told.recv().unwrap().kind(), ErrorKind::Configuration);
}

#[test]
fn an_open_operation_is_resumed_in_the_background() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    // Later than the deadline.
    simulator.faults().script([Fault::StatusAfterCommit {
        status: 503,
        retry_after: Some(600),
    }]);
    let (states, told) = mpsc::channel();
    let signing = client
        .sign(sale("S-1"))
        .with_deadline(Duration::from_secs(30))
        .in_background(states.clone())
        .unwrap();
    let handle = pending(signing.outcome());
    assert_eq!(told.recv().unwrap().state, StateWord::Pending);
    let resumed = client.resume::<Signed>(handle).in_background(states);
    let signed = done(resumed.unwrap().outcome());
    assert_eq!(signed.operation_id(), operation(1));
    assert_eq!(told.recv().unwrap().state, StateWord::Done);
    assert_eq!(simulator.ledger().receipts().len(), 1);
}

#[test]
fn what_cannot_be_sent_or_told_is_an_error() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let (states, told) = mpsc::channel();
    let error = client
        .sign_async(Receipt::sale("", Moment::now()), states.clone())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(simulator.ledger().requests().len(), 0);
    assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Empty));

    drop(told);
    let signing = client.sign_async(sale("S-1"), states).unwrap();
    assert!(signing.delivered().is_err());
    assert_eq!(simulator.ledger().receipts().len(), 1);
}
