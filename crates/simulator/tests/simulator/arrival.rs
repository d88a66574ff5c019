//! Waiting for requests that a client may never send.

use pos_system_api_simulator::Simulator;

use crate::till::{SALE, Till, operation};

#[tokio::test]
async fn a_client_that_ends_without_sending_ends_the_wait() {
    let away = Simulator::start().await.unwrap();
    let lost = Till::new(&away).post("/v2/sign", operation(1), SALE);
    away.shutdown().await;
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let sent = sim.arrivals_while(1, lost.send()).await.unwrap_err();
    assert!(sent.unwrap_err().is_connect());

    // One request is not two.
    let sent = sim.arrivals_while(2, till.sign(operation(1), SALE)).await;
    assert_eq!(sent.unwrap_err().status, 201);
    let again = till.sign(operation(1), SALE);
    sim.arrivals_while(2, again).await.unwrap();
    assert_eq!(sim.ledger().requests().len(), 2);
}
