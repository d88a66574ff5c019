//! Questions: asked again until they are answered, without an operation that could be left open.

use std::time::Duration;

use pos_system_api::{ErrorKind, Standing};
use pos_system_api_simulator::{EndpointName, Fault, Profile, Uuid};

use crate::support::client::{client, client_of};
use crate::support::scripted_server::{ScriptedServer, json, page, problem};
use crate::{PROFILES, always_meets, meets, simulator};

#[tokio::test]
async fn a_question_gets_over_what_an_operation_gets_over() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let status = |status| Fault::StatusBeforeCommit {
            status,
            retry_after: None,
        };
        let faults = [
            Fault::ResetBeforeCommit,
            status(503),
            status(500),
            status(429),
            Fault::NullBody,
        ];
        meets(&simulator, EndpointName::OperationItems, faults);
        let operations = client.operations(simulator.queue_id()).await.unwrap();
        assert!(operations.is_empty(), "{profile}");
        assert_eq!(simulator.ledger().requests().len(), 6, "{profile}");
    }
}

#[tokio::test]
async fn a_question_without_an_answer_is_no_open_operation() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, clock) = client_of(&simulator);
    always_meets(
        &simulator,
        EndpointName::OperationItem,
        Fault::ResetBeforeCommit,
    );
    let call = client
        .operation(Uuid::from_u128(1))
        .with_deadline(Duration::from_secs(5));
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error}");
    assert!(error.handle().is_none());
    assert_eq!(error.outcome(), Standing::NotSent);
    assert!(!clock.waits().is_empty());
}

#[tokio::test]
async fn only_the_api_itself_can_say_that_something_does_not_exist() {
    let id = Uuid::from_u128(1);
    let record = format!(r#"{{"cbOperationItemID":"{id}","LastState":"done"}}"#);
    // A page with status 404 is of something in between.
    let server = ScriptedServer::start([page(404), json(200, record)]).await;
    let (client, _) = client(&server.base_url());
    assert!(client.operation(id).await.unwrap().is_some());

    let server = ScriptedServer::start([problem(404, r#"{"title":"Not Found"}"#)]).await;
    let (client, _) = crate::support::client::client(&server.base_url());
    assert!(client.operation(id).await.unwrap().is_none());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_object_that_is_no_record_is_not_taken_for_one() {
    let server = ScriptedServer::start([json(200, r#"{"status":"welcome"}"#)]).await;
    let (client, _) = client(&server.base_url());
    let error = client.operation(Uuid::from_u128(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert!(error.to_string().contains("LastState"), "{error}");
}
