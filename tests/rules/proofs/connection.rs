//! Rows where the connection is the matter: none, one that is not trusted, one that breaks or is silent.

use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use pos_system_api::{Client, Error, Outcome, Signed};
use pos_system_api_simulator::{Fault, Profile, Simulator};

use super::patient;
use crate::seen::{Seen, ending};
use crate::support::arrival::{UnderWay, meanwhile};
use crate::support::client::{builder, builder_of};
use crate::support::clock::ManualClock;
use crate::support::receipts::sale;
use crate::tls::{UntrustedServer, plain_server};

/// Signs where the socket itself is the matter.
pub(super) async fn signed_at(base_url: &str, what: &str) -> (String, Seen) {
    let clock = Arc::new(ManualClock::default());
    let client = patient(builder(base_url, &clock)).build().unwrap();
    let result = client.sign(sale("S-1")).await;
    let (ending, known) = ending(&result);
    let attempts = match &result {
        Ok(outcome) => outcome.open().unwrap().attempts(),
        Err(error) => error.attempts(),
    };
    let seen = Seen {
        attempts: usize::try_from(attempts).unwrap(),
        questions: 0,
        waits: clock.waits(),
        result: ending,
        known,
    };
    (what.to_owned(), seen)
}

pub(super) async fn not_connected() -> Vec<(String, Seen)> {
    // Bound but not listening: nobody else gets the port, and every connection is refused.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let refused = format!("http://{}", socket.local_addr().unwrap());
    vec![
        signed_at(&refused, "refused").await,
        signed_at("https://no-such-host.invalid", "no such host").await,
    ]
}

pub(super) async fn untrusted() -> Vec<(String, Seen)> {
    let server = UntrustedServer::start().await;
    let of_nobody = signed_at(&server.base_url(), "self-signed").await;
    assert_eq!(server.connections(), of_nobody.1.attempts);
    assert_eq!(server.bytes(), 0);
    let (plain, connections) = plain_server().await;
    let no_tls = signed_at(&plain, "no TLS").await;
    assert_eq!(connections.load(Ordering::SeqCst), no_tls.1.attempts);
    vec![of_nobody, no_tls]
}

/// A till at a simulator with a fault for each attempt.
struct Till {
    simulator: Simulator,
    client: Client,
    clock: Arc<ManualClock>,
}

impl Till {
    async fn with(fault: Fault) -> Self {
        let simulator = Simulator::builder()
            .profile(Profile::Cloud21)
            .started(true)
            // Time at the server stands still.
            .virtual_time("2026-06-01T10:00:00Z".parse().unwrap())
            .start()
            .await
            .unwrap();
        simulator.faults().script(vec![fault; 20]);
        let clock = Arc::new(ManualClock::default());
        let client = patient(builder_of(&simulator, &clock)).build().unwrap();
        Self {
            simulator,
            client,
            clock,
        }
    }

    async fn sign(&self, case: &str) -> (String, Seen) {
        let result = self.client.sign(sale("S-1")).await;
        self.seen(case, &result)
    }

    fn seen(&self, case: &str, result: &Result<Outcome<Signed>, Error>) -> (String, Seen) {
        let (ending, known) = ending(result);
        let attempts = self.simulator.ledger().requests().len();
        let seen = Seen {
            attempts,
            questions: 0,
            waits: self.clock.waits(),
            result: ending,
            known,
        };
        (case.to_owned(), seen)
    }
}

pub(super) async fn broken() -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for fault in [Fault::ResetBeforeCommit, Fault::ResetAfterCommit] {
        let case = format!("{fault:?}");
        seen.push(Till::with(fault).await.sign(&case).await);
    }
    let closing = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", closing.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = closing.accept().await {
            // Read to its end, so that closing is no reset.
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.ends_with(b"}") {
                    let read = tokio::io::AsyncReadExt::read_buf(&mut stream, &mut request).await;
                    if read.unwrap_or_default() == 0 {
                        break;
                    }
                }
            });
        }
    });
    seen.push(signed_at(&base_url, "end of stream").await);
    seen
}

pub(super) async fn cut() -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    for bytes in [0, 25, usize::MAX] {
        let fault = Fault::CutBodyAfterCommit { bytes };
        seen.push(Till::with(fault).await.sign(&bytes.to_string()).await);
    }
    seen
}

pub(super) async fn silent() -> Vec<(String, Seen)> {
    let drip = Fault::SlowDrip {
        bytes: 3,
        interval: Duration::from_secs(1),
    };
    let mut seen = Vec::new();
    for fault in [Fault::HangBeforeCommit, Fault::HangAfterCommit, drip] {
        let till = Till::with(fault.clone()).await;
        let run_out = async |call: UnderWay| {
            for attempt in 1..=3 {
                call.arrivals(&till.simulator, attempt).await;
                till.clock.run_out_attempt();
            }
        };
        let call = till.client.sign(sale("S-1")).into_future();
        let (result, ()) = meanwhile(call, run_out).await;
        seen.push(till.seen(&format!("{fault:?}"), &result));
    }
    seen
}
