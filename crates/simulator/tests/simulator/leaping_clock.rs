//! A clock that leaps to whatever moment somebody waits for.

use pos_system_api_simulator::{Clock, DateTime, ManualClock, Reached, Utc};

pub(crate) struct LeapingClock {
    clock: ManualClock,
}

impl LeapingClock {
    pub(crate) fn new(moment: DateTime<Utc>) -> Self {
        Self {
            clock: ManualClock::new(moment),
        }
    }
}

impl Clock for LeapingClock {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn reached(&self, moment: DateTime<Utc>) -> Reached<'_> {
        self.clock.set(moment.max(self.clock.now()));
        self.clock.reached(moment)
    }
}
