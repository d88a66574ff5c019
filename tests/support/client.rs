//! Clients for tests: loopback, simulated credentials, a clock that never waits.

use std::sync::Arc;
use std::time::Duration;

use pos_system_api::client::ClientBuilder;
use pos_system_api::{Client, Error, Outcome};
use pos_system_api_simulator::Simulator;
use uuid::Uuid;

use super::chance::SteadyChance;
use super::clock::{ATTEMPT_TIMEOUT, ManualClock};

/// The cash box of tests without a simulator.
pub(crate) const CASHBOX_ID: Uuid = Uuid::from_u128(0x6f1c_2d5e_0000_4000_8000_0000_0000_00c1);
/// The POS product of all tests.
pub(crate) const POS_SYSTEM_ID: Uuid = Uuid::from_u128(0x7a0d_9c11_0000_4000_8000_0000_0000_0001);
/// The token of tests without a simulator.
pub(crate) const ACCESS_TOKEN: &str = "canary-access-token";

/// Far away: tests set a nearer one where the deadline is what they are about.
pub(crate) const DEADLINE: Duration = Duration::from_secs(24 * 60 * 60);

/// A builder for a server at `base_url`, with everything set.
pub(crate) fn builder(base_url: &str, clock: &Arc<ManualClock>) -> ClientBuilder {
    Client::builder()
        .base_url(base_url)
        .cashbox_id(CASHBOX_ID)
        .access_token(ACCESS_TOKEN)
        .pos_system_id(POS_SYSTEM_ID)
        .with_clock(clock.clone())
        .with_chance(Arc::new(SteadyChance::default()))
        .with_attempt_timeout(ATTEMPT_TIMEOUT)
        .with_deadline(DEADLINE)
}

/// A builder for a client that the simulator knows, with everything set.
pub(crate) fn builder_of(simulator: &Simulator, clock: &Arc<ManualClock>) -> ClientBuilder {
    builder(simulator.base_url(), clock)
        .cashbox_id(simulator.cashbox_id())
        .access_token(simulator.access_token())
}

/// A client for a server at `base_url`, and its clock.
pub(crate) fn client(base_url: &str) -> (Client, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::default());
    (builder(base_url, &clock).build().unwrap(), clock)
}

/// A client that the simulator knows, and its clock.
pub(crate) fn client_of(simulator: &Simulator) -> (Client, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::default());
    let client = builder_of(simulator, &clock).build().unwrap();
    (client, clock)
}

/// What an operation was answered with; anything else fails the test.
#[track_caller]
pub(crate) fn done<T: std::fmt::Debug>(outcome: Result<Outcome<T>, Error>) -> T {
    match outcome.unwrap() {
        Outcome::Done(answer) => answer,
        other => panic!("not done: {other:?}"),
    }
}

/// The handle of an operation that is still open; anything else fails the test.
#[track_caller]
pub(crate) fn pending<T: std::fmt::Debug>(
    outcome: Result<Outcome<T>, Error>,
) -> pos_system_api::Handle {
    match outcome.unwrap() {
        Outcome::Pending(handle) => handle,
        other => panic!("not pending: {other:?}"),
    }
}
