//! A clock without real waiting.
//!
//! The engine waits for two things. Between attempts it waits for the time to pass: such a wait is
//! over at once, and the clock shows the later time. During an attempt it waits for an answer *or* the
//! attempt's timeout: that one ends only when a test moves the clock, after it has seen for itself
//! that the request arrived. Both are told apart by their length: [`ATTEMPT_TIMEOUT`] is a length no
//! wait ever has.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use pos_system_api::runtime::{Clock, Sleep};

/// The attempt timeout of every test client: odd to the nanosecond, so that no wait is as long.
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::new(20, 7);

/// The clock of one client. One operation at a time: waits of one would run out attempts of another.
#[derive(Debug, Default)]
pub(crate) struct ManualClock {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    now: Duration,
    waits: Vec<Duration>,
    attempts: usize,
    sleepers: Vec<Waker>,
}

impl ManualClock {
    /// Runs out the attempt that is under way.
    pub(crate) fn run_out_attempt(&self) {
        let sleepers = {
            let mut state = self.lock();
            state.now += ATTEMPT_TIMEOUT;
            std::mem::take(&mut state.sleepers)
        };
        sleepers.into_iter().for_each(Waker::wake);
    }

    /// The waits between attempts so far.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.lock().waits.clone()
    }

    /// How many attempts were begun.
    pub(crate) fn attempts(&self) -> usize {
        self.lock().attempts
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn elapsed(&self) -> Duration {
        self.lock().now
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        let mut state = self.lock();
        let until = state.now + duration;
        if duration != ATTEMPT_TIMEOUT {
            state.waits.push(duration);
            return Box::pin(async move {
                let mut state = self.lock();
                state.now = state.now.max(until);
            });
        }
        state.attempts += 1;
        drop(state);
        Box::pin(poll_fn(move |context| {
            let mut state = self.lock();
            if state.now >= until {
                return Poll::Ready(());
            }
            state
                .sleepers
                .retain(|waker| !waker.will_wake(context.waker()));
            state.sleepers.push(context.waker().clone());
            Poll::Pending
        }))
    }
}
