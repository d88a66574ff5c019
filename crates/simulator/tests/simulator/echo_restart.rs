//! An echo without a message.

use std::sync::Arc;
use std::time::Duration;

use pos_system_api_simulator::{FaultPlan, Profile, Simulator};
use serde_json::Value;

use crate::leaping_clock::LeapingClock;
use crate::till::{Answer, Till, operation};

#[tokio::test]
async fn a_local_server_restarts_its_middleware_first() {
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let builder = Simulator::builder().profile(Profile::Local);
    let sim = builder.virtual_time(start).start().await.unwrap();
    let till = Till::new(&sim);
    let request = till.post("/v2/echo", operation(1), r#"{"Message":null}"#);
    let mut restart = tokio::spawn(request.send());
    sim.arrivals_while(1, &mut restart).await.unwrap();
    // Under way: the local server says so to a repeat.
    let repeat = till.send("/v2/echo", operation(1), r#"{"Message":null}"#);
    assert_eq!(repeat.await.status, 422);
    assert_eq!(sim.ledger().restarts(), 0);

    sim.advance(Duration::from_secs(3)).unwrap();
    let answer = Answer::of(restart.await.unwrap().unwrap()).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.body, r#"{"Message":null}"#);
    assert_eq!(sim.ledger().restarts(), 1);

    // A repeat is no second restart, and neither is a message.
    let repeat = till.send("/v2/echo", operation(1), r#"{"Message":null}"#);
    assert_eq!(repeat.await.status, 200);
    let message = till.send("/v2/echo", operation(2), r#"{"Message":"ping"}"#);
    assert_eq!(message.await.status, 201);
    assert_eq!(sim.ledger().restarts(), 1);
}

#[tokio::test]
async fn the_cloud_has_nothing_to_restart() {
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let sim = Simulator::builder().virtual_time(start);
    let sim = sim.start().await.unwrap();
    let echo = Till::new(&sim).send("/v2/echo", operation(1), "{}").await;
    assert_eq!(echo.status, 201);
    assert_eq!(sim.ledger().restarts(), 0);
}

#[tokio::test]
async fn the_ledger_tells_restarts_and_the_seed_of_faults() {
    let sim = Simulator::builder().profile(Profile::Local);
    let sim = sim.clock(Arc::new(LeapingClock::new(
        "2026-06-01T10:00:00Z".parse().unwrap(),
    )));
    let sim = sim.start().await.unwrap();
    let till = Till::new(&sim);
    let ledger = async || {
        Answer::of(till.get("/_sim/ledger").send().await.unwrap())
            .await
            .json()
    };
    assert_eq!(ledger().await["fault_seed"], Value::Null);
    assert_eq!(ledger().await["restarts"], 0);
    till.send("/v2/echo", operation(1), "{}").await;
    sim.faults().plan(FaultPlan::random(7));
    assert_eq!(ledger().await["fault_seed"], 7);
    assert_eq!(ledger().await["restarts"], 1);
}
