//! What is left of a deadline, and whether it is worth another attempt.

use std::future::IntoFuture;
use std::sync::Mutex;
use std::time::Duration;

use pos_system_api::runtime::{Clock, Sleep};
use pos_system_api::{Outcome, Signed};
use pos_system_api_simulator::{Fault, Simulator};

use super::*;
use crate::support::arrival::{UnderWay, meanwhile};

/// What the server wants to be left alone for.
const WAIT: Duration = Duration::from_secs(3);

/// A clock on which nothing takes time but that wait.
#[derive(Debug, Default)]
struct Waiting(Mutex<Duration>);

impl Clock for Waiting {
    fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(async move {
            if duration != WAIT {
                std::future::pending::<()>().await;
            }
            *self.0.lock().unwrap() += duration;
        })
    }
}

/// How a call ends within `deadline`, whose server wants to be left alone after the first attempt.
async fn within(deadline: Duration) -> Outcome<Signed> {
    let wait = problem(429, "{}").with_header("retry-after", "3");
    let server = ScriptedServer::start([wait, json(201, SIGNED)]).await;
    let client = builder(&server.base_url(), &Arc::default())
        .with_clock(Arc::new(Waiting::default()))
        .build()
        .unwrap();
    let call = client.sign(sale("S-1")).with_deadline(deadline);
    call.await.unwrap()
}

#[tokio::test]
async fn a_short_rest_of_a_short_deadline_is_worth_an_attempt() {
    // 0.8 s are left, more than an eighth of it.
    done(Ok(within(Duration::from_millis(3_800)).await));
}

#[tokio::test]
async fn a_rest_in_which_nothing_comes_to_an_end_is_not_begun() {
    // Cut off while connecting, an attempt would turn what is known into a doubt.
    let open = pending(Ok(within(Duration::from_millis(3_100)).await));
    assert_eq!(open.attempts(), 1);
}

#[tokio::test]
async fn of_the_attempts_the_last_whole_one_is_told_of() {
    let simulator = Simulator::builder().started(true).start().await.unwrap();
    let clock = Arc::new(ManualClock::default());
    let client = builder_of(&simulator, &clock).build().unwrap();
    simulator.faults().script([
        Fault::StatusBeforeCommit {
            status: 429,
            retry_after: Some(1),
        },
        Fault::HangBeforeCommit,
    ]);
    // A second to wait, a whole attempt, and a rest that is none.
    let deadline = ATTEMPT_TIMEOUT + Duration::from_secs(3);
    let call = client.sign(sale("S-1")).with_deadline(deadline);
    let run_out = async |call: UnderWay| {
        call.arrivals(&simulator, 2).await;
        clock.run_out_attempt();
    };
    let (outcome, ()) = meanwhile(call.into_future(), run_out).await;
    let open = pending(outcome);
    let cause = open.cause().unwrap();
    assert!(cause.contains(&format!("{ATTEMPT_TIMEOUT:?}")), "{open}");
}
