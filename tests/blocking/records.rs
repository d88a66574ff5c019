//! What the server has recorded, and what is asked before there is anything.

use std::sync::Arc;
use std::time::Duration;

use pos_system_api::types::OperationState;
use pos_system_api::{ErrorKind, Standing};
use pos_system_api_simulator::{Profile, Simulator, Uuid};
use tokio::runtime::Runtime;

use crate::support::client::{POS_SYSTEM_ID, builder, done};
use crate::support::clock::ATTEMPT_TIMEOUT;
use crate::support::receipts::sale;
use crate::support::scripted_server::{ScriptedServer, page};
use crate::{Client, builder_of, simulator};

#[test]
fn an_operation_is_found_by_its_id_among_all_and_as_a_stored_item() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let signed = done(client.sign(sale("S-1")).send());
    let id = signed.operation_id();
    let item = client.operation(id).send().unwrap().unwrap();
    assert_eq!(item.last_state, Some(OperationState::Done));
    let all = client.operations(simulator.queue_id()).send().unwrap();
    let ids: Vec<_> = all
        .iter()
        .map(|item| item.cb_operation_item_id.as_ref().and_then(|id| id.uuid()))
        .collect();
    assert_eq!(ids, [Some(id)]);

    let peek = |id| client.peek_journal_item(simulator.queue_id(), "OperationItem", id);
    let item = peek(id).send().unwrap().unwrap();
    assert_eq!(item.value()["LastState"], "done");
    let unknown = Uuid::from_u128(404);
    assert_eq!(peek(unknown).send().unwrap(), None);
    assert_eq!(client.operation(unknown).send().unwrap(), None);
}

#[test]
fn a_question_without_an_answer_ends_with_its_deadline() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(ScriptedServer::start([page(503)]));
    let client = builder(&server.base_url(), &Arc::default())
        .build_blocking()
        .unwrap();
    let question = client
        .operation(Uuid::from_u128(1))
        .with_attempt_timeout(ATTEMPT_TIMEOUT)
        .with_deadline(Duration::from_secs(60));
    assert_eq!(question.send().unwrap_err().kind(), ErrorKind::NoAnswer);
}

#[test]
fn a_question_inside_an_async_runtime_is_refused_and_not_sent() {
    let (runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let error = runtime.block_on(async {
        let question = client.operation(Uuid::from_u128(1));
        question.send().unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.outcome(), Standing::NotSent);
    assert!(error.to_string().contains("async"), "{error}");
    assert_eq!(simulator.ledger().requests().len(), 0);
}

#[test]
fn a_local_server_restarts() {
    let runtime = Runtime::new().unwrap();
    let starting = Simulator::builder().profile(Profile::Local).started(true);
    let simulator = runtime.block_on(starting.start()).unwrap();
    let client = builder_of(&simulator).build_blocking().unwrap();
    assert_eq!(done(client.restart_local().send()).message, None);
    assert_eq!(simulator.ledger().restarts(), 1);
    assert_eq!(client.base_url(), client.as_async().base_url());
}

#[test]
fn a_pin_becomes_a_client() {
    let runtime = Runtime::new().unwrap();
    let starting = Simulator::builder().started(true).pin("246810");
    let simulator = runtime.block_on(starting.start()).unwrap();
    let unpaired = || {
        Client::builder()
            .base_url(simulator.base_url())
            .pos_system_id(POS_SYSTEM_ID)
    };
    let call = unpaired().pair_blocking("246810").unwrap();
    let paired = done(call.send());
    assert_eq!(paired.cashbox_id, simulator.cashbox_id());
    let client = unpaired().paired(&paired).build_blocking().unwrap();
    let _ = done(client.echo("hello").send());

    let call = unpaired().pair_blocking("000000").unwrap();
    assert_eq!(call.send().unwrap_err().kind(), ErrorKind::Unauthorized);
    let error = Client::builder().pair_blocking("246810").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}
