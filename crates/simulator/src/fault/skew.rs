//! A clock that goes wrong by a fixed span.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::{Clock, Reached};

/// Another clock, shifted.
pub(crate) struct SkewedClock {
    true_clock: Arc<dyn Clock>,
    skew: Mutex<TimeDelta>,
}

impl SkewedClock {
    pub(crate) fn new(true_clock: Arc<dyn Clock>) -> Self {
        Self {
            true_clock,
            skew: Mutex::new(TimeDelta::zero()),
        }
    }

    /// Shows moments later by `skew` from now on, earlier when it is negative.
    pub(crate) fn skew(&self, skew: TimeDelta) {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner) = skew;
    }

    fn current(&self) -> TimeDelta {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SkewedClock {
    fn now(&self) -> DateTime<Utc> {
        let now = self.true_clock.now();
        // A skew out of the calendar changes nothing.
        now.checked_add_signed(self.current()).unwrap_or(now)
    }

    fn reached(&self, moment: DateTime<Utc>) -> Reached<'_> {
        let moment = moment.checked_sub_signed(self.current()).unwrap_or(moment);
        self.true_clock.reached(moment)
    }
}
