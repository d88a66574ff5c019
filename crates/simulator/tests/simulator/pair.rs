//! Credentials for a PIN.

use std::sync::Arc;

use chrono::TimeDelta;
use pos_system_api_simulator::{ManualClock, Profile, Simulator, Uuid};
use serde_json::json;

use crate::till::{Answer, SALE, Till, operation};

const TOKEN: &str = "canary-token";

async fn simulator(profile: Profile) -> (Simulator, Till, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new("2026-06-01T11:00:00Z".parse().unwrap()));
    let builder = Simulator::builder().profile(profile).access_token(TOKEN);
    let builder = builder.clock(clock.clone()).pin("246810").started(true);
    let sim = builder.start().await.unwrap();
    let till = Till::new(&sim);
    (sim, till, clock)
}

/// As a client that knows nothing but the PIN.
async fn pair(till: &Till, operation_id: Uuid, body: impl Into<String>) -> Answer {
    let request = till
        .bare_post("/v2/pair")
        .header("x-operation-id", operation_id.to_string())
        .body(body.into());
    Answer::of(request.send().await.unwrap()).await
}

fn body(pin: &str) -> String {
    json!({"Pin": pin}).to_string()
}

#[tokio::test]
async fn a_pin_gives_the_credentials_once() {
    for profile in Profile::ALL {
        let (sim, till, _) = simulator(profile).await;
        let pin = sim.issue_pin().unwrap();
        assert_eq!(pin.len(), 6);
        for (number, pin) in [(1, pin.as_str()), (4, "246810")] {
            let paired = pair(&till, operation(number), body(pin)).await;
            assert_eq!(paired.status, 201, "{profile}");
            let credentials = json!({"CashBoxID": sim.cashbox_id(), "AccessToken": TOKEN});
            assert_eq!(paired.json(), credentials, "{profile}");

            let second = pair(&till, operation(number + 1), body(pin)).await;
            assert_eq!(second.status, 401, "{profile}");
            let resent = pair(&till, operation(number), body(pin)).await;
            assert_eq!((resent.status.as_u16(), &resent.body), (200, &paired.body));
        }
    }
}

#[tokio::test]
async fn a_pin_is_good_for_five_minutes() {
    let (sim, till, clock) = simulator(Profile::Cloud21).await;
    let later = sim.issue_pin().unwrap();
    clock.advance(TimeDelta::minutes(5));
    assert_eq!(pair(&till, operation(1), body("246810")).await.status, 201);
    clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(pair(&till, operation(2), body(&later)).await.status, 401);
    let renewed = sim.issue_pin().unwrap();
    assert_ne!(renewed, later);
    assert_eq!(pair(&till, operation(3), body(&renewed)).await.status, 201);
}

#[tokio::test]
async fn a_pin_that_was_never_issued_and_a_malformed_body_are_refused() {
    let (_sim, till, _) = simulator(Profile::Cloud21).await;
    let refused = pair(&till, operation(1), body("135791")).await;
    assert_eq!(refused.status, 401);
    assert_eq!(pair(&till, operation(1), body("135791")).await, refused);
    let malformed = [
        "",
        "no json",
        "[]",
        "{}",
        r#"{"Pin":null}"#,
        r#"{"Pin":246810}"#,
        r#"{"Pin":""}"#,
    ];
    for (number, body) in (2..).zip(malformed) {
        assert_eq!(
            pair(&till, operation(number), body).await.status,
            400,
            "{body}"
        );
    }
    let no_id = till.bare_post("/v2/pair").body(body("246810"));
    assert_eq!(no_id.send().await.unwrap().status(), 400);
    assert_eq!(pair(&till, operation(9), body("246810")).await.status, 201);
}

#[tokio::test]
async fn the_token_is_shown_to_nobody_else() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    assert_eq!(pair(&till, operation(1), body("246810")).await.status, 201);
    let item = till
        .get(&format!("/v2/journal/OperationItem/{}", operation(1)))
        .header("x-cashbox-id", sim.cashbox_id().to_string())
        .header("x-cashbox-accesstoken", sim.access_token());
    let item = Answer::of(item.send().await.unwrap()).await;
    assert_eq!(item.status, 200);
    assert!(!item.body.contains(TOKEN), "{}", item.body);
    let ledger = till.get("/_sim/ledger").send().await.unwrap();
    let ledger = ledger.text().await.unwrap();
    assert!(ledger.contains(&operation(1).to_string()));
    assert!(!ledger.contains(TOKEN), "{ledger}");
    assert!(!format!("{:?}", sim.ledger()).contains(TOKEN));
}

#[tokio::test]
async fn pairing_without_credentials_tells_nothing_of_other_operations() {
    let (_sim, till, _) = simulator(Profile::Cloud21).await;
    let signed = till.sign(operation(1), SALE).await;
    assert_eq!(signed.status, 201);
    for body in ["", SALE] {
        assert_eq!(pair(&till, operation(1), body).await.status, 409);
    }
    assert_eq!(pair(&till, operation(2), body("246810")).await.status, 201);
    assert_eq!(pair(&till, operation(2), "").await.status, 409);
}

#[tokio::test]
async fn the_same_seed_issues_the_same_pins_and_none_twice() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let (sim, _, _) = simulator(Profile::Cloud21).await;
        let pins: Vec<String> = (0..100).map(|_| sim.issue_pin().unwrap()).collect();
        let distinct: std::collections::HashSet<_> = pins.iter().collect();
        assert_eq!(distinct.len(), pins.len());
        runs.push(pins);
    }
    assert_eq!(runs[0], runs[1]);
}
