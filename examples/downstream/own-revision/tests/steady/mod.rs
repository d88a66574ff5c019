//! A client for tests: its clock never waits, and its ids and jitter are the same in every run.

use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use pos_system_api::Client;
use pos_system_api::runtime::{Chance, Clock, Sleep};
use uuid::Uuid;

pub const CASHBOX_ID: Uuid = Uuid::from_u128(0x6f1c_2d5e_0000_4000_8000_0000_0000_00c1);
pub const ACCESS_TOKEN: &str = "simulated-access-token";

/// Longer than any wait between attempts: the clock tells the two apart by it.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60 * 60);

/// Waits between attempts are over at once; no attempt ever runs out of time.
#[derive(Debug)]
struct SteadyClock;

impl Clock for SteadyClock {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        if duration >= ATTEMPT_TIMEOUT {
            Box::pin(pending())
        } else {
            Box::pin(ready(()))
        }
    }
}

/// Counts operation ids up; jitter is always the least.
#[derive(Debug, Default)]
struct SteadyChance {
    given: AtomicU64,
}

impl Chance for SteadyChance {
    fn operation_id(&self) -> Uuid {
        let number = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        Uuid::from_u128(0x6f1c_2d5e_0000_4000_8000_0000_0000_0000 + u128::from(number))
    }

    fn fraction(&self) -> f64 {
        0.0
    }
}

pub fn client(base_url: &str, cashbox_id: Uuid, access_token: &str) -> Client {
    Client::builder()
        .base_url(base_url)
        .cashbox_id(cashbox_id)
        .access_token(access_token)
        .pos_system_id(Uuid::nil())
        .with_attempt_timeout(ATTEMPT_TIMEOUT)
        .with_deadline(ATTEMPT_TIMEOUT * 24)
        .with_clock(Arc::new(SteadyClock))
        .with_chance(Arc::new(SteadyChance::default()))
        .build()
        .unwrap()
}
