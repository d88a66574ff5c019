//! Two workers of one cash box, each with a client and a store of its own on one schema.

use std::sync::Arc;
use std::time::Duration;

use pos_system_api::codes::VatRate;
use pos_system_api::durable::Forwarded;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::runtime::RetryPolicy;
use pos_system_api::types::{Amount, Moment};
use pos_system_api::{Client, Outcome};
use pos_system_api_simulator::{Fault, Simulator};
use uuid::Uuid;

use crate::database::Database;

fn sale(reference: &str) -> Receipt {
    let amount = Amount::from_cents(350);
    Receipt::sale(reference, Moment::now())
        .charge(ChargeItem::goods("Coffee", amount, 20, VatRate::Normal))
        .pay(PayItem::cash("Cash", amount))
}

/// A worker that asks often whether the other one is done.
async fn worker(database: &Database, simulator: &Simulator) -> Client {
    let mut policy = RetryPolicy::default();
    policy.first_poll = Duration::from_millis(2);
    policy.longest_poll = Duration::from_millis(20);
    Client::builder()
        .base_url(simulator.base_url())
        .cashbox_id(simulator.cashbox_id())
        .access_token(simulator.access_token())
        .pos_system_id(Uuid::nil())
        .with_retry_policy(policy)
        .durable_shared(Arc::new(database.open().await))
        .build()
        .unwrap()
}

#[tokio::test]
async fn two_workers_sell_side_by_side_and_neither_waits_for_nothing() {
    let Some(database) = Database::new().await else {
        return;
    };
    let simulator = Simulator::builder().started(true).start().await.unwrap();
    let [first, second] = [
        worker(&database, &simulator).await,
        worker(&database, &simulator).await,
    ];
    let sell = async |client: &Client, name: &str| {
        for number in 0..20 {
            // Waiting for each other until a deadline, one of them would be pending.
            let outcome = client
                .sign(sale(&format!("{name}-{number}")))
                .await
                .unwrap();
            assert!(
                matches!(outcome, Outcome::Done(_)),
                "{name}-{number}: {outcome:?}"
            );
        }
    };
    tokio::join!(sell(&first, "A"), sell(&second, "B"));
    let ledger = simulator.ledger();
    assert_eq!(ledger.receipts().references().len(), 40);
    ledger.receipts().exactly_once();
    assert!(first.pending().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_forwarder_of_a_worker_takes_over_what_a_dead_one_left() {
    let Some(database) = Database::new().await else {
        return;
    };
    let simulator = Simulator::builder().started(true).start().await.unwrap();
    let survivor = worker(&database, &simulator).await;
    let dying = worker(&database, &simulator).await;
    let mut forwarder = survivor
        .forward()
        .unwrap()
        .with_retry_interval(Duration::from_millis(20));
    let drained = forwarder.next().await.unwrap();
    assert!(matches!(drained, Forwarded::Drained { .. }), "{drained:?}");
    simulator
        .faults()
        .script([Fault::ResetAfterCommit, Fault::HangBeforeCommit]);
    let call = dying.sign(sale("S-1"));
    let id = call.operation_id().unwrap();
    let outcome = call
        .with_deadline(Duration::from_millis(200))
        .await
        .unwrap();
    assert!(matches!(outcome, Outcome::Pending(_)), "{outcome:?}");
    drop(dying);
    loop {
        match forwarder.next().await.unwrap() {
            Forwarded::Settled(record) => {
                assert_eq!(record.operation_id(), id);
                break;
            }
            Forwarded::Waiting { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    simulator.ledger().receipts().exactly_once_for([id]);
}
