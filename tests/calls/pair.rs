//! Pairing, before there are credentials.

use std::sync::Arc;

use pos_system_api::client::ClientBuilder;
use pos_system_api::{Client, Error, ErrorKind, Execution, Outcome};
use pos_system_api_simulator::{Fault, Profile, Simulator};

use crate::support::chance::{SteadyChance, operation};
use crate::support::client::{DEADLINE, POS_SYSTEM_ID, done};
use crate::support::clock::{ATTEMPT_TIMEOUT, ManualClock};
use crate::{PROFILES, started};

const PIN: &str = "246810";
const TOKEN: &str = "canary-token-of-pairing";

async fn simulator(profile: Profile) -> Simulator {
    let builder = Simulator::builder().profile(profile);
    started(builder.pin(PIN).access_token(TOKEN)).await
}

/// All that is known before pairing.
fn unpaired(base_url: &str) -> ClientBuilder {
    Client::builder()
        .base_url(base_url)
        .pos_system_id(POS_SYSTEM_ID)
        .with_clock(Arc::new(ManualClock::default()))
        .with_chance(Arc::new(SteadyChance::default()))
        .with_attempt_timeout(ATTEMPT_TIMEOUT)
        .with_deadline(DEADLINE)
}

#[tokio::test]
async fn a_pin_becomes_a_client() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let call = unpaired(simulator.base_url()).pair(PIN).unwrap();
        let paired = done(call.await);
        assert_eq!(paired.cashbox_id, simulator.cashbox_id(), "{profile}");
        assert_eq!(paired.access_token.expose(), TOKEN, "{profile}");
        let client = unpaired(simulator.base_url())
            .paired(&paired)
            .build()
            .unwrap();
        // A client of its own, with the ids of the first one.
        done(client.echo("hello").with_operation_id(operation(2)).await);

        // Nothing that was not known was sent.
        let ledger = simulator.ledger();
        let request = &ledger.requests()[0];
        assert_eq!(request.header("x-cashbox-id"), None, "{profile}");
        assert_eq!(request.header("x-cashbox-accesstoken"), None, "{profile}");
        let product = POS_SYSTEM_ID.to_string();
        assert_eq!(request.header("x-possystem-id"), Some(product.as_str()));
    }
}

#[tokio::test]
async fn a_lost_answer_does_not_cost_the_pin() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        simulator.faults().script([
            Fault::ResetAfterCommit,
            Fault::StatusBeforeCommit {
                status: 503,
                retry_after: None,
            },
        ]);
        let call = unpaired(simulator.base_url()).pair(PIN).unwrap();
        let paired = done(call.await);
        assert_eq!(paired.execution, Execution::Replayed, "{profile}");
        assert_eq!(paired.access_token.expose(), TOKEN, "{profile}");
    }
}

#[tokio::test]
async fn a_pin_that_is_not_accepted_is_called_so() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let call = unpaired(simulator.base_url()).pair("000000").unwrap();
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{profile}");
        assert!(error.to_string().contains("PIN"), "{profile}: {error}");
        assert!(!error.to_string().contains("000000"), "{profile}: {error}");
    }
}

#[tokio::test]
async fn no_text_shows_the_pin_or_the_token() {
    let simulator = simulator(Profile::Cloud21).await;
    let call = unpaired(simulator.base_url()).pair(PIN).unwrap();
    let mut shown = format!("{call:?}");
    let handle = call.handle().unwrap();
    shown += &format!("{handle:?} {handle}");
    // Not in a store either.
    let refused = serde_json::to_string(&handle).unwrap_err();
    shown += &refused.to_string();
    let paired = done(call.await);
    shown += &format!("{paired:?}");

    // An answer that cannot be read holds the token, maybe.
    let odd = format!(r#"{{"CashBoxID":"none","AccessToken":["{TOKEN}"]}}"#);
    for body in [odd, format!(r#""{TOKEN}""#)] {
        let pin = simulator.issue_pin().unwrap();
        let fault = Fault::BodyAfterCommit {
            status: 201,
            content_type: "application/json".to_owned(),
            body: body.into(),
        };
        simulator.faults().script(vec![fault; 4]);
        let call = unpaired(simulator.base_url()).pair(pin.as_str()).unwrap();
        let error: Error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert!(error.answer().is_none());
        shown += &format!("{error:?} {error} {:?}", error.handle());
        assert!(!shown.contains(&pin));
    }
    assert!(!shown.contains(PIN) && !shown.contains(TOKEN), "{shown}");
}

#[test]
fn a_builder_without_a_server_pairs_with_nobody() {
    let error = Client::builder()
        .pos_system_id(POS_SYSTEM_ID)
        .pair(PIN)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn a_server_that_fails_at_it_is_not_asked_for_its_record() {
    let simulator = simulator(Profile::Cloud21).await;
    let fault = Fault::StatusBeforeCommit {
        status: 500,
        retry_after: None,
    };
    simulator.faults().script(vec![fault; 20]);
    let outcome = unpaired(simulator.base_url()).pair(PIN).unwrap().await;
    let Ok(Outcome::Parked(handle)) = outcome else {
        panic!("{outcome:?}");
    };
    // A record would hold the PIN, and the token.
    assert!(
        handle.cause().unwrap().contains("not asked for"),
        "{handle}"
    );
    let ledger = simulator.ledger();
    let paths = ledger.requests().iter().map(|request| &request.path);
    assert!(
        paths.clone().all(|path| path.contains("pair")),
        "{:?}",
        paths.collect::<Vec<_>>()
    );
}
