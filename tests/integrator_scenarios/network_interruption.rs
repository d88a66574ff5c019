//! Scenario 4: the network breaks before, during and after the commit.

use super::*;

/// Every fault that a resend gets over, and whether the receipt exists by then.
fn faults() -> Vec<(Fault, bool)> {
    let page = Bytes::from_static(b"<html><title>Captive portal</title></html>");
    let html = "text/html".to_owned();
    let null = Bytes::from_static(b"null");
    let application_json = "application/json".to_owned();
    let status = |status, retry_after| Fault::StatusBeforeCommit {
        status,
        retry_after,
    };
    vec![
        (Fault::ResetBeforeCommit, false),
        (Fault::HangBeforeCommit, false),
        (status(503, Some(7)), false),
        (status(429, None), false),
        (
            Fault::BodyBeforeCommit {
                status: 200,
                content_type: html.clone(),
                body: page.clone(),
            },
            false,
        ),
        (
            Fault::BodyBeforeCommit {
                status: 403,
                content_type: html.clone(),
                body: page.clone(),
            },
            false,
        ),
        (Fault::ResetAfterCommit, true),
        (Fault::HangAfterCommit, true),
        (Fault::CutBodyAfterCommit { bytes: 0 }, true),
        (Fault::CutBodyAfterCommit { bytes: 25 }, true),
        (Fault::CutBodyAfterCommit { bytes: usize::MAX }, true),
        (
            Fault::StatusAfterCommit {
                status: 500,
                retry_after: None,
            },
            true,
        ),
        (
            Fault::BodyAfterCommit {
                status: 502,
                content_type: html,
                body: page,
            },
            true,
        ),
        (
            Fault::BodyAfterCommit {
                status: 201,
                content_type: application_json,
                body: null,
            },
            true,
        ),
    ]
}

fn hangs(fault: &Fault) -> bool {
    matches!(fault, Fault::HangBeforeCommit | Fault::HangAfterCommit)
}

/// A till at one server; making a client for each sale would take most of the time.
struct Till {
    simulator: Simulator,
    client: Client,
    clock: Arc<ManualClock>,
    sales: u32,
}

impl Till {
    async fn at(profile: Profile) -> Self {
        let simulator = simulator(profile).await;
        let (client, clock) = client_of(&simulator);
        Self {
            simulator,
            client,
            clock,
            sales: 0,
        }
    }

    async fn assert_survives(&mut self, script: &[(Fault, bool)]) {
        let what = format!("{} {script:?}", self.simulator.profile());
        let arrived = self.simulator.ledger().requests().len();
        self.simulator
            .faults()
            .script(script.iter().map(|(fault, _)| fault.clone()));
        let hanging: Vec<usize> = script
            .iter()
            .zip(arrived + 1..)
            .filter(|((fault, _), _)| hangs(fault))
            .map(|(_, arrival)| arrival)
            .collect();
        self.sales += 1;
        let call = self.client.sign(sale(&format!("S-{}", self.sales)));
        let signed = done(await_with_hangs(call, &self.simulator, &self.clock, &hanging).await);
        let committed = script.iter().any(|(_, committed)| *committed);
        let execution = if committed {
            Execution::Replayed
        } else {
            Execution::New
        };
        assert_eq!(signed.execution(), execution, "{what}");
        assert_eq!(
            usize::try_from(signed.completion.attempts).unwrap(),
            script.len() + 1,
            "{what}"
        );
        assert_eq!(
            self.simulator.ledger().requests().len(),
            arrived + script.len() + 1,
            "{what}"
        );
        assert_eq!(self.simulator.faults().remaining(), 0, "{what}");
        assert_signed_once(&self.simulator, &signed, &what);
    }
}

#[tokio::test]
async fn every_single_fault_leaves_exactly_one_receipt() {
    for profile in PROFILES {
        let mut till = Till::at(profile).await;
        for fault in faults() {
            till.assert_survives(&[fault]).await;
        }
    }
}

#[tokio::test]
async fn every_pair_of_faults_leaves_exactly_one_receipt() {
    for profile in PROFILES {
        let mut till = Till::at(profile).await;
        for first in faults() {
            for second in faults() {
                till.assert_survives(&[first.clone(), second]).await;
            }
        }
    }
}

#[tokio::test]
async fn a_bad_day_leaves_exactly_one_receipt() {
    let status = |status| Fault::StatusAfterCommit {
        status,
        retry_after: None,
    };
    for profile in PROFILES {
        let mut till = Till::at(profile).await;
        till.assert_survives(&[
            (Fault::ResetBeforeCommit, false),
            (Fault::HangBeforeCommit, false),
            (Fault::CutBodyAfterCommit { bytes: 40 }, true),
            (status(503), true),
            (Fault::ResetAfterCommit, true),
            (status(504), true),
            (Fault::HangAfterCommit, true),
            (status(500), true),
            (Fault::ResetBeforeCommit, false),
            (Fault::CutBodyAfterCommit { bytes: 1 }, true),
        ])
        .await;
    }
}

#[tokio::test]
async fn a_busy_server_is_given_the_time_it_asks_for() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, clock) = client_of(&simulator);
        let busy = |seconds| Fault::StatusBeforeCommit {
            status: 503,
            retry_after: seconds,
        };
        simulator
            .faults()
            .script([busy(Some(7)), busy(Some(3600)), busy(None)]);
        let signed = done(client.sign(sale("S-1")).await);
        assert_signed_once(&simulator, &signed, &profile.to_string());
        let waits = clock.waits();
        assert_eq!(waits[0], Duration::from_secs(7));
        // Not more than a minute, whatever it asks.
        assert_eq!(waits[1], Duration::from_secs(60));
        // Its own pace when it asks for none: the third failure, the least jitter.
        assert_eq!(waits[2], Duration::from_millis(500));
    }
}

#[tokio::test]
async fn a_wait_longer_than_the_deadline_is_not_begun() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, clock) = client_of(&simulator);
        simulator.faults().script([Fault::StatusBeforeCommit {
            status: 503,
            retry_after: Some(30),
        }]);
        let call = client.sign(sale("S-1")).with_deadline(ATTEMPT_TIMEOUT);
        let handle = pending(call.await);
        assert_eq!(handle.standing(), Standing::Unknown);
        assert!(handle.cause().unwrap().contains("503"), "{handle}");
        assert_eq!(clock.waits(), []);
        let signed = done(client.resume::<Signed>(handle).await);
        assert_eq!(signed.execution(), Execution::New);
        assert_signed_once(&simulator, &signed, &profile.to_string());
    }
}

/// Attempts so rare that none of them is begun with less than a whole timeout before the
/// deadline: the manual clock would take a shorter one for a wait.
fn rare_attempts() -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    policy.first_wait = Duration::from_secs(60);
    policy.longest_wait = Duration::from_secs(60);
    policy
}

#[tokio::test]
async fn a_server_that_is_away_is_waited_for_and_nothing_was_sent() {
    // Bound but not listening: nobody else gets the port, and every connection is refused.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let clock = Arc::new(ManualClock::default());
    let client = builder(&format!("http://{address}"), &clock)
        .with_retry_policy(rare_attempts())
        .build()
        .unwrap();
    let call = client
        .sign(sale("S-1"))
        .with_deadline(Duration::from_secs(120));
    let handle = pending(call.await);
    assert_eq!(handle.standing(), Standing::NotSent);
    assert_eq!(handle.attempts(), 4, "{handle}");
    assert!(
        handle.cause().unwrap().contains("cannot connect"),
        "{handle}"
    );
    assert!(handle.to_string().contains("was not executed"));
    // A refused connection is never tried again without a pause.
    assert_eq!(clock.waits(), [Duration::from_secs(30); 3]);
}

#[tokio::test]
async fn an_unknown_fate_sticks_when_later_attempts_do_not_get_through() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let clock = Arc::new(ManualClock::default());
        let client = builder_of(&simulator, &clock)
            .with_retry_policy(rare_attempts())
            .build()
            .unwrap();
        simulator.faults().script([Fault::HangAfterCommit]);
        let call = client
            .sign(sale("S-1"))
            .with_deadline(ATTEMPT_TIMEOUT + Duration::from_secs(120));
        let server = async |call: UnderWay| {
            call.arrivals(&simulator, 1).await;
            // The server goes away with the receipt in its books.
            let ledger = simulator.ledger();
            simulator.shutdown().await;
            ledger
        };
        let (outcome, ledger) = meanwhile(call.into_future(), server).await;
        let handle = pending(outcome);
        assert_eq!(ledger.receipts_of(handle.operation_id()).len(), 1);
        assert!(handle.attempts() > 2, "{handle}");
        assert!(
            handle.cause().unwrap().contains("cannot connect"),
            "{handle}"
        );
        assert_eq!(handle.standing(), Standing::Unknown);
    }
}

#[tokio::test]
async fn an_operation_outlives_the_restart_of_its_server() {
    let simulator = simulator(Profile::Cloud21).await;
    let port = simulator
        .base_url()
        .rsplit_once(':')
        .unwrap()
        .1
        .parse()
        .unwrap();
    let (client, _) = client_of(&simulator);
    simulator.shutdown().await;
    let call = client
        .sign(sale("S-1"))
        .with_deadline(Duration::from_secs(1));
    let handle = pending(call.await);
    assert_eq!(handle.standing(), Standing::Unknown);

    let restarted = Simulator::builder()
        .started(true)
        .port(port)
        .start()
        .await
        .unwrap();
    let call = client.resume::<Signed>(handle);
    let signed = done(call.with_deadline(Duration::from_secs(60)).await);
    assert_eq!(signed.execution(), Execution::New);
    assert_signed_once(&restarted, &signed, "restarted");
}
