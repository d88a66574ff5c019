//! What the server has recorded about operations.

use pos_system_api::ErrorKind;
use pos_system_api::types::OperationState;
use pos_system_api_simulator::{Profile, Uuid};

use crate::support::client::{builder_of, client_of, done};
use crate::support::clock::ManualClock;
use crate::{PROFILES, sale, simulator};

#[tokio::test]
async fn an_operation_is_found_by_its_id_and_among_all() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let signed = done(client.sign(sale("S-1")).await);
        let id = signed.operation_id();
        let item = client.operation(id).await.unwrap().expect("it was sent");
        assert_eq!(item.last_state, Some(OperationState::Done), "{profile}");
        assert_eq!(item.response_code, Some(201), "{profile}");
        let request = item.request.as_deref().unwrap();
        assert_eq!(request.as_bytes(), signed.request_body, "{profile}");

        let all = client.operations(simulator.queue_id()).await.unwrap();
        let ids: Vec<_> = all
            .iter()
            .map(|item| item.cb_operation_item_id.as_ref().and_then(|id| id.uuid()))
            .collect();
        assert_eq!(ids, [Some(id)], "{profile}");
    }
}

#[tokio::test]
async fn an_operation_that_failed_is_told_from_one_that_is_not_known() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let call = client.pay(pos_system_api::client::Payment::new(
            "Card",
            pos_system_api::types::Amount::from_cents(3_000_010),
        ));
        let call = call.with_attempt_timeout(crate::support::clock::ATTEMPT_TIMEOUT);
        let id = call.operation_id().unwrap();
        assert_eq!(client.operation(id).await.unwrap(), None, "{profile}");
        call.await.unwrap_err();
        let item = client.operation(id).await.unwrap().unwrap();
        assert_eq!(item.last_state, Some(OperationState::Failed), "{profile}");
    }
}

#[tokio::test]
async fn an_unknown_queue_has_no_operations() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let error = client.operations(Uuid::from_u128(404)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{profile}: {error}");
    }
}

#[tokio::test]
async fn a_list_above_the_limit_says_so() {
    let simulator = simulator(Profile::Cloud21).await;
    let clock = std::sync::Arc::new(ManualClock::default());
    let mut limits = pos_system_api::runtime::Limits::default();
    limits.answer = 2000;
    let client = builder_of(&simulator, &clock)
        .with_limits(limits)
        .build()
        .unwrap();
    for number in 0..3 {
        done(client.echo(format!("{number}")).await);
    }
    let error = client.operations(simulator.queue_id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable, "{error}");
    assert!(error.to_string().contains("larger than allowed"), "{error}");
}
