//! Time, injected: the engine, its tests and the simulator can share one clock.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// The future of [`Clock::sleep`].
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A monotonic clock that can wait, and tells the date.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time since a fixed point of the clock's own.
    fn elapsed(&self) -> Duration;

    /// Completes when `duration` has passed on this clock.
    fn sleep(&self, duration: Duration) -> Sleep<'_>;

    /// The date and time, which may jump. Nothing is decided by it but whether a person is asked. Default:
    /// the operating system's.
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The operating system's monotonic clock, waiting on tokio's timer.
#[derive(Debug, Clone)]
pub struct SystemClock {
    start: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(duration))
    }
}
