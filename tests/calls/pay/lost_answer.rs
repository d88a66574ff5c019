//! Answers that are lost or late: the payment is asked for, and never paid again.

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use pos_system_api::client::Paid;
use pos_system_api::{Client, Execution, Handle, Outcome, Standing};
use pos_system_api_simulator::{Fault, Latency, Profile, Simulator};

use super::{amount, card, paths};
use crate::support::arrival::{UnderWay, meanwhile};
use crate::support::client::{builder_of, client_of, done, pending};
use crate::support::clock::{ATTEMPT_TIMEOUT, ManualClock};
use crate::{PROFILES, simulator, started};

#[tokio::test]
async fn a_lost_answer_is_asked_for_and_never_paid_again() {
    for profile in PROFILES {
        for fault in [
            Fault::ResetAfterCommit,
            Fault::CutBodyAfterCommit { bytes: 30 },
            Fault::NullBody,
            Fault::StatusAfterCommit {
                status: 500,
                retry_after: None,
            },
            Fault::StatusAfterCommit {
                status: 502,
                retry_after: None,
            },
            Fault::StatusAfterCommit {
                status: 422,
                retry_after: None,
            },
        ] {
            let what = format!("{profile} {fault:?}");
            let simulator = simulator(profile).await;
            let (client, _) = client_of(&simulator);
            simulator.faults().script([fault]);
            let paid = done(card(&client, "30000.50").await);
            assert_eq!(paid.execution(), Execution::Replayed, "{what}");
            assert_eq!(paid.completion.attempts, 2, "{what}");
            assert_eq!(paid.tip(), amount("5.00"), "{what}");
            assert_eq!(paths(&simulator), ["pay", "PayResponse"], "{what}");
            let ledger = simulator.ledger();
            ledger.payments().exactly_once_for([paid.operation_id()]);
            assert_eq!(ledger.requests_of(paid.operation_id()).len(), 2, "{what}");
            assert!(ledger.requests()[1].body.is_empty(), "{what}");
        }
    }
}

#[tokio::test]
async fn a_payment_that_outlasts_its_attempt_is_waited_for() {
    for profile in PROFILES {
        let start = "2026-06-01T10:00:00Z".parse().unwrap();
        let simulator = started(Simulator::builder().profile(profile).virtual_time(start)).await;
        let (client, clock) = client_of(&simulator);
        let guest = async |call: UnderWay| {
            call.arrivals(&simulator, 1).await;
            clock.run_out_attempt();
            call.arrivals(&simulator, 2).await;
            simulator.ledger().payments().none();
            // The question itself takes too long as well.
            clock.run_out_attempt();
            call.arrivals(&simulator, 3).await;
            simulator.advance(Duration::from_secs(6 * 60)).unwrap();
        };
        let (outcome, ()) = meanwhile(card(&client, "30000.80").into_future(), guest).await;
        let paid = done(outcome);
        assert_eq!(paid.completion.attempts, 3, "{profile}");
        assert_eq!(
            paths(&simulator),
            ["pay", "PayResponse", "PayResponse"],
            "{profile}"
        );
        simulator.ledger().payments().exactly_once();
    }
}

#[tokio::test]
async fn the_end_of_a_declined_payment_survives_a_lost_answer() {
    for profile in PROFILES {
        for text in ["30000.10", "30000.20", "30000.40"] {
            let simulator = simulator(profile).await;
            let (client, _) = client_of(&simulator);
            simulator.faults().script([Fault::ResetAfterCommit]);
            let error = card(&client, text).await.unwrap_err();
            assert!(error.is_payment_refused(), "{profile} {text}: {error}");
            assert!(error.is_after_unknown(), "{profile} {text}");
            assert_eq!(error.outcome(), Standing::Final, "{profile} {text}");
            // An id that is not known is refused with the same status: the record tells them apart.
            assert_eq!(
                paths(&simulator),
                ["pay", "PayResponse", "journal"],
                "{profile}"
            );
            simulator.ledger().payments().none();
        }
    }
}

#[tokio::test]
async fn a_payment_the_server_does_not_know_is_for_the_operator() {
    for profile in PROFILES {
        for fault in [
            Fault::ResetBeforeCommit,
            Fault::StatusBeforeCommit {
                status: 503,
                retry_after: None,
            },
        ] {
            let simulator = simulator(profile).await;
            let (client, clock) = client_of(&simulator);
            simulator.faults().script([fault]);
            let Outcome::Parked(handle) = card(&client, "18.40").await.unwrap() else {
                panic!("{profile}: not parked")
            };
            assert_eq!(handle.standing(), Standing::Unknown, "{profile}");
            assert!(handle.is_parked(), "{profile}");
            assert!(
                handle.cause().unwrap().contains("ask the operator"),
                "{handle}"
            );
            // Asked a few times, as the request may have been on its way; never paid again.
            let paths = paths(&simulator);
            assert_eq!(
                paths.iter().filter(|path| *path == "pay").count(),
                1,
                "{profile}"
            );
            assert_eq!(
                paths.iter().filter(|path| *path == "PayResponse").count(),
                4
            );
            assert!(
                clock.waits().iter().all(|wait| !wait.is_zero()),
                "{profile}"
            );
            simulator.ledger().payments().none();

            // Nor is it by whoever resumes it.
            let stored = serde_json::to_string(&handle).unwrap();
            let handle: Handle = serde_json::from_str(&stored).unwrap();
            let call = client
                .resume::<Paid>(handle)
                .with_attempt_timeout(ATTEMPT_TIMEOUT);
            assert!(matches!(call.await, Ok(Outcome::Parked(_))), "{profile}");
            simulator.ledger().payments().none();
        }
    }
}

#[tokio::test]
async fn a_request_that_arrives_late_is_found_after_all() {
    // Held up on its way for longer than the attempt: unknown when it is first asked for.
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let simulator = started(Simulator::builder().virtual_time(start)).await;
    let (client, clock) = client_of(&simulator);
    simulator
        .faults()
        .script([Fault::DelayBeforeHandling(Latency::Fixed {
            span: Duration::from_secs(60),
        })]);
    let network = async |call: UnderWay| {
        call.arrivals(&simulator, 1).await;
        clock.run_out_attempt();
        // Asked for, and its record looked up.
        call.arrivals(&simulator, 3).await;
        simulator.advance(Duration::from_secs(60)).unwrap();
    };
    let (outcome, ()) = meanwhile(card(&client, "18.40").into_future(), network).await;
    let paid = done(outcome);
    simulator
        .ledger()
        .payments()
        .exactly_once_for([paid.operation_id()]);
}

#[tokio::test]
async fn a_stored_payment_is_asked_for_by_another_process() {
    for profile in PROFILES {
        let start = "2026-06-01T10:00:00Z".parse().unwrap();
        let simulator = started(Simulator::builder().profile(profile).virtual_time(start)).await;
        let (first, clock) = client_of(&simulator);
        let call = card(&first, "30000.60").with_deadline(ATTEMPT_TIMEOUT);
        let run_out = async |call: UnderWay| {
            call.arrivals(&simulator, 1).await;
            clock.run_out_attempt();
        };
        let (outcome, ()) = meanwhile(call.into_future(), run_out).await;
        let stored = serde_json::to_string(&pending(outcome)).unwrap();

        let (second, _) = client_of(&simulator);
        let handle: Handle = serde_json::from_str(&stored).unwrap();
        let resumed = second
            .resume::<Paid>(handle)
            .with_attempt_timeout(ATTEMPT_TIMEOUT);
        let guest = async |call: UnderWay| {
            call.arrivals(&simulator, 2).await;
            simulator.advance(Duration::from_secs(60)).unwrap();
        };
        let (outcome, ()) = meanwhile(resumed.into_future(), guest).await;
        let paid = done(outcome);
        assert_eq!(paid.requested(), amount("30000.60"), "{profile}");
        assert_eq!(paths(&simulator), ["pay", "PayResponse"], "{profile}");
        simulator.ledger().payments().exactly_once();
    }
}

#[tokio::test]
async fn a_payment_that_was_never_sent_is_sent_when_it_is_resumed() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    let handle = card(&client, "18.40").handle().unwrap();
    assert_eq!(handle.standing(), Standing::NotSent);
    let resumed = client
        .resume::<Paid>(handle)
        .with_attempt_timeout(ATTEMPT_TIMEOUT);
    done(resumed.await);
    assert_eq!(paths(&simulator), ["pay"]);
}

#[tokio::test]
async fn what_proves_that_nothing_was_executed_is_tried_again() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    simulator.faults().script([Fault::StatusBeforeCommit {
        status: 429,
        retry_after: Some(1),
    }]);
    done(card(&client, "18.40").await);
    assert_eq!(paths(&simulator), ["pay", "pay"]);
    simulator.ledger().payments().exactly_once();
}

/// A server that executes nothing, and wants to be left alone for half a minute.
fn is_away() -> Fault {
    Fault::StatusBeforeCommit {
        status: 429,
        retry_after: Some(30),
    }
}

/// A client whose calls end after a minute, and its clock.
fn hurried(simulator: &Simulator) -> (Client, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::default());
    let builder = builder_of(simulator, &clock).with_deadline(Duration::from_secs(60));
    (builder.build().unwrap(), clock)
}

#[tokio::test]
async fn nobody_stands_for_minutes_at_a_terminal_that_was_never_reached() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, clock) = hurried(&simulator);
    simulator.faults().script(vec![is_away(); 40]);
    let handle = pending(card(&client, "18.40").await);
    assert_eq!(handle.standing(), Standing::NotSent);
    let waited: Duration = clock.waits().iter().sum();
    assert!(waited <= Duration::from_secs(60), "{waited:?}");
}

#[tokio::test]
async fn a_payment_that_may_have_begun_earlier_has_its_own_time() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, clock) = hurried(&simulator);
    simulator.faults().script(vec![is_away(); 4]);
    let call = card(&client, "18.40").with_operation_id(uuid::Uuid::from_u128(9));
    done(call.await);
    assert_eq!(paths(&simulator), ["pay"; 5]);
    let waited: Duration = clock.waits().iter().sum();
    assert!(waited >= Duration::from_secs(120), "{waited:?}");
}
