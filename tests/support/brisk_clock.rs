//! A clock for many operations at once, whose calendar can jump.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use pos_system_api::runtime::{Clock, Sleep};

use super::clock::ATTEMPT_TIMEOUT;

/// As long as an export may be silent; the waits of these tests are shorter.
const SHORTEST_LIMIT: Duration = Duration::from_secs(60);

/// A clock on which waits between attempts are over at once, and show the later time. The limits of attempts
/// and of whole operations never end, as nothing hangs in these tests: [`ATTEMPT_TIMEOUT`], and whatever takes a
/// minute or more.
#[derive(Debug, Default)]
pub(crate) struct BriskClock {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    now: Duration,
    waits: Vec<Duration>,
    /// How far the calendar is from the machine's.
    date_offset: TimeDelta,
    /// What the calendar shows, if it stands still.
    date: Option<DateTime<Utc>>,
}

impl BriskClock {
    /// A clock whose calendar is that far from the machine's.
    pub(crate) fn off_by(date_offset: TimeDelta) -> Self {
        let clock = Self::default();
        clock.lock().date_offset = date_offset;
        clock
    }

    /// Moves the calendar, as somebody does who sets it while the till runs.
    pub(crate) fn jump(&self, by: TimeDelta) {
        self.lock().date_offset += by;
    }

    /// A clock whose calendar shows this date all the time, as one without a battery does at each start.
    pub(crate) fn standing_at(date: DateTime<Utc>) -> Self {
        let clock = Self::default();
        clock.lock().date = Some(date);
        clock
    }

    /// The waits that were over at once.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.lock().waits.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for BriskClock {
    fn elapsed(&self) -> Duration {
        self.lock().now
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        if duration == ATTEMPT_TIMEOUT || duration >= SHORTEST_LIMIT {
            return Box::pin(std::future::pending());
        }
        Box::pin(async move {
            let mut state = self.lock();
            state.now += duration;
            state.waits.push(duration);
        })
    }

    fn now(&self) -> DateTime<Utc> {
        let state = self.lock();
        state.date.unwrap_or_else(Utc::now) + state.date_offset
    }
}
