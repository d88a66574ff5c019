//! Where the simulator takes the time from, and how it waits.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// What [`Clock::reached`] gives: a future that is ready at a moment.
pub type Reached<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The time of a simulated server: moments in its answers, and how long a payment takes.
pub trait Clock: Send + Sync {
    /// The current moment in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// Completes when this clock shows `moment` or later.
    fn reached(&self, moment: DateTime<Utc>) -> Reached<'_>;
}

/// The clock of the machine. This is the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn reached(&self, moment: DateTime<Utc>) -> Reached<'_> {
        // In steps, because the machine's clock can be set while somebody waits.
        const STEP: Duration = Duration::from_secs(1);
        Box::pin(async move {
            while let Ok(left) = (moment - Utc::now()).to_std()
                && !left.is_zero()
            {
                tokio::time::sleep(left.min(STEP)).await;
            }
        })
    }
}

/// A clock that runs faster or slower than the machine's: a payment of six minutes takes 360 ms
/// at scale 1000.
#[derive(Debug, Clone, Copy)]
pub struct ScaledClock {
    started: Instant,
    start: DateTime<Utc>,
    scale: f64,
}

impl ScaledClock {
    /// Shows `start` now and runs `scale` times as fast as the machine's clock.
    ///
    /// A scale that is not positive and finite counts as 1.
    pub fn new(start: DateTime<Utc>, scale: f64) -> Self {
        let scale = if scale.is_finite() && scale > 0.0 {
            scale
        } else {
            1.0
        };
        Self {
            started: Instant::now(),
            start,
            scale,
        }
    }
}

impl Clock for ScaledClock {
    fn now(&self) -> DateTime<Utc> {
        let elapsed = self.started.elapsed().as_secs_f64() * self.scale;
        Duration::try_from_secs_f64(elapsed)
            .ok()
            .and_then(|elapsed| TimeDelta::from_std(elapsed).ok())
            .and_then(|elapsed| self.start.checked_add_signed(elapsed))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn reached(&self, moment: DateTime<Utc>) -> Reached<'_> {
        Box::pin(async move {
            while let Ok(left) = (moment - self.now()).to_std()
                && !left.is_zero()
            {
                let real = Duration::try_from_secs_f64(left.as_secs_f64() / self.scale);
                // The timer counts whole milliseconds.
                tokio::time::sleep(real.unwrap_or(Duration::MAX).max(Duration::from_millis(1)))
                    .await;
            }
        })
    }
}

/// A clock that stands still until it is moved by hand.
#[derive(Debug)]
pub struct ManualClock {
    moment: watch::Sender<DateTime<Utc>>,
}

impl ManualClock {
    /// A clock that shows `moment` until it is moved.
    pub fn new(moment: DateTime<Utc>) -> Self {
        Self {
            moment: watch::Sender::new(moment),
        }
    }

    /// Shows `moment` from now on; it may lie in the past.
    pub fn set(&self, moment: DateTime<Utc>) {
        self.moment.send_replace(moment);
    }

    /// Moves the clock forward by `by`, or back when it is negative.
    ///
    /// A move beyond the range of `DateTime` leaves the clock as it is.
    pub fn advance(&self, by: TimeDelta) {
        self.moment.send_modify(|moment| {
            if let Some(moved) = moment.checked_add_signed(by) {
                *moment = moved;
            }
        });
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.moment.borrow()
    }

    fn reached(&self, moment: DateTime<Utc>) -> Reached<'_> {
        let mut shown = self.moment.subscribe();
        Box::pin(async move {
            // The sender lives in `self`: this cannot fail.
            let _ = shown.wait_for(|shown| *shown >= moment).await;
        })
    }
}

/// The API's form of a moment: UTC, seven fraction digits (units of 100 ns), `Z`.
pub(crate) fn format_moment(moment: DateTime<Utc>) -> String {
    // A leap second shows up as 1_000_000_000 or more nanoseconds; the form has no room for it.
    let ticks = (moment.timestamp_subsec_nanos() / 100).min(9_999_999);
    format!("{}.{ticks:07}Z", moment.format("%Y-%m-%dT%H:%M:%S"))
}

/// `by` before `moment`, or the beginning of time.
pub(crate) fn before(moment: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by)
        .ok()
        .and_then(|by| moment.checked_sub_signed(by))
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// `by` after `moment`, or the end of time.
pub(crate) fn after(moment: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by)
        .ok()
        .and_then(|by| moment.checked_add_signed(by))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
