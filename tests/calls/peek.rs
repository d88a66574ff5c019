//! One stored item, looked up.

use pos_system_api::ErrorKind;
use pos_system_api_simulator::Uuid;

use crate::support::client::{client_of, done};
use crate::{PROFILES, sale, simulator};

#[tokio::test]
async fn a_stored_item_is_given_as_it_is() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let id = done(client.sign(sale("S-1")).await).operation_id();
        let peek = |id| client.peek_journal_item(simulator.queue_id(), "OperationItem", id);
        let item = peek(id).await.unwrap().expect("it is stored");
        assert_eq!(item.value()["LastState"], "done", "{profile}");
        assert_eq!(peek(Uuid::from_u128(404)).await.unwrap(), None, "{profile}");
    }
}

#[tokio::test]
async fn a_type_is_a_word() {
    let simulator = simulator(PROFILES[0]).await;
    let (client, _) = client_of(&simulator);
    for word in ["", "..", "a/b", "a?b", "a b", "ä"] {
        let call = client.peek_journal_item(simulator.queue_id(), word, Uuid::nil());
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{word:?}");
    }
    assert!(simulator.ledger().requests().is_empty());
}
