//! Time that passes only when it is told to.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

use crate::clock::{Clock, ManualClock};

/// Why the time cannot be moved.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The simulator was not set up with virtual time.
    #[error("the simulator has no virtual time")]
    NotVirtual,
    /// The moment lies beyond the end of the calendar.
    #[error("there is no such moment")]
    OutOfRange,
}

/// A clock that stands still, and the moment it began with.
#[derive(Debug, Clone)]
pub(crate) struct VirtualTime {
    start: DateTime<Utc>,
    clock: Arc<ManualClock>,
}

impl VirtualTime {
    pub(crate) fn new(start: DateTime<Utc>) -> Self {
        Self {
            start,
            clock: Arc::new(ManualClock::new(start)),
        }
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock) as Arc<dyn Clock>
    }

    /// Gives the new moment.
    pub(crate) fn advance(&self, by: Duration) -> Result<DateTime<Utc>, TimeError> {
        let by = TimeDelta::from_std(by).map_err(|_| TimeError::OutOfRange)?;
        let moment = self.clock.now().checked_add_signed(by);
        let moment = moment.ok_or(TimeError::OutOfRange)?;
        self.clock.set(moment);
        Ok(moment)
    }

    pub(crate) fn restart(&self) {
        self.clock.set(self.start);
    }
}
