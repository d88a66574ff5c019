//! From the till over the socket to the other program.

use axum::Router;
use pos_system_api::Client;
use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::types::{Amount, Moment};
use pos_system_api_simulator::Simulator;
use tokio::sync::mpsc;

use super::server::serve;
use super::*;

#[tokio::test]
async fn a_receipt_signed_in_the_background_reaches_the_receiver() {
    let simulator = Simulator::builder().started(true).start().await.unwrap();
    let client = Client::builder()
        .base_url(simulator.base_url())
        .cashbox_id(simulator.cashbox_id())
        .access_token(simulator.access_token())
        .pos_system_id(pos_system_api::uuid::Uuid::nil())
        .build()
        .unwrap();
    let clock = Arc::new(ManualWallClock::default());
    let verifier = Verifier::new([other_secret(), secret()]).with_clock(clock);
    let (states, mut received) = mpsc::channel(1);
    let url = serve(Router::new().route("/hook", callback_route(verifier, states))).await;
    let (callback, _, _) = callback(&url);

    let sale = Receipt::sale("S-1", "2026-06-01T10:15:30Z".parse::<Moment>().unwrap())
        .charge(ChargeItem::goods(
            "Coffee",
            Amount::from_cents(350),
            20,
            VatRate::Normal,
        ))
        .pay(PayItem::cash("Cash", Amount::from_cents(350)));
    let signing = client.sign_async(sale, callback).unwrap();
    let id = signing.handle().operation_id();
    signing.delivered().await.unwrap();

    let state = received.recv().await.unwrap();
    assert_eq!(state.state, StateWord::Done);
    assert_eq!(state.operation_id.and_then(|id| id.uuid()), Some(id));
    let ledger = simulator.ledger();
    let receipts = ledger.receipts_of(id);
    assert_eq!(
        state.state_data.unwrap().as_bytes(),
        &receipts[0].response[..]
    );
}
