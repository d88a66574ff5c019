//! Where the simulator takes the time from.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// A source of the current moment.
pub trait Clock: Send + Sync {
    /// The current moment in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine. This is the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it is moved by hand.
#[derive(Debug)]
pub struct ManualClock {
    moment: Mutex<DateTime<Utc>>,
}

impl ManualClock {
    /// A clock that shows `moment` until it is moved.
    pub fn new(moment: DateTime<Utc>) -> Self {
        Self {
            moment: Mutex::new(moment),
        }
    }

    /// Shows `moment` from now on; it may lie in the past.
    pub fn set(&self, moment: DateTime<Utc>) {
        *self.moment.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }

    /// Moves the clock forward by `by`, or back when it is negative.
    ///
    /// A move beyond the range of `DateTime` leaves the clock as it is.
    pub fn advance(&self, by: TimeDelta) {
        let mut moment = self.moment.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(moved) = moment.checked_add_signed(by) {
            *moment = moved;
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.moment.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The API's form of a moment: UTC, seven fraction digits (units of 100 ns), `Z`.
pub(crate) fn format_moment(moment: DateTime<Utc>) -> String {
    // A leap second shows up as 1_000_000_000 or more nanoseconds; the form has no room for it.
    let ticks = (moment.timestamp_subsec_nanos() / 100).min(9_999_999);
    format!("{}.{ticks:07}Z", moment.format("%Y-%m-%dT%H:%M:%S"))
}
