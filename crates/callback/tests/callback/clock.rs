//! Time and randomness without waiting.

use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use pos_system_api::runtime::{Chance, Clock, Sleep};
use pos_system_api::uuid::Uuid;
use pos_system_api_callback::{DeliveryPolicy, WallClock};

/// When all tests begin.
pub(crate) const NOW: u64 = 1_780_000_000;

/// A wait between attempts is over at once; the timeout of an attempt only when a test says so.
#[derive(Debug, Default)]
pub(crate) struct ManualClock {
    waits: Mutex<Vec<Duration>>,
    attempts: Mutex<Attempts>,
    wall_clock: Mutex<Option<Arc<ManualWallClock>>>,
}

#[derive(Debug, Default)]
struct Attempts {
    /// How often they were run out.
    run_out: u32,
    sleepers: Vec<Waker>,
}

impl ManualClock {
    /// The waits between attempts so far.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap().clone()
    }

    /// Runs out the attempt under way.
    pub(crate) fn run_out_attempt(&self) {
        let mut attempts = self.attempts.lock().unwrap();
        attempts.run_out += 1;
        attempts.sleepers.drain(..).for_each(Waker::wake);
    }

    /// Has this time of day go on with the waits.
    pub(crate) fn carry(&self, wall_clock: &Arc<ManualWallClock>) {
        *self.wall_clock.lock().unwrap() = Some(Arc::clone(wall_clock));
    }
}

impl Clock for ManualClock {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        if duration != DeliveryPolicy::default().attempt_timeout {
            self.waits.lock().unwrap().push(duration);
            if let Some(wall_clock) = &*self.wall_clock.lock().unwrap() {
                wall_clock.advance(duration.as_secs());
            }
            return Box::pin(async {});
        }
        let begun = self.attempts.lock().unwrap().run_out;
        Box::pin(poll_fn(move |context| {
            let mut attempts = self.attempts.lock().unwrap();
            if attempts.run_out > begun {
                return Poll::Ready(());
            }
            attempts.sleepers.push(context.waker().clone());
            Poll::Pending
        }))
    }
}

/// A time of day that a test moves.
#[derive(Debug)]
pub(crate) struct ManualWallClock(AtomicU64);

impl Default for ManualWallClock {
    fn default() -> Self {
        Self(AtomicU64::new(NOW))
    }
}

impl ManualWallClock {
    pub(crate) fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn set(&self, seconds: u64) {
        self.0.store(seconds, Ordering::Relaxed);
    }
}

impl WallClock for ManualWallClock {
    fn unix_seconds(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counts ids up from 1; jitter is always the most.
#[derive(Debug, Default)]
pub(crate) struct SteadyChance(AtomicU64);

impl Chance for SteadyChance {
    fn operation_id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed) + 1))
    }

    fn fraction(&self) -> f64 {
        1.0
    }
}
