//! How the queue is, for those who look into the simulator.

use serde::Serialize;

use crate::queue::{Activity, Queue};

/// The state of the queue in a few figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Status {
    /// `not started`, `started` or `stopped`.
    pub(crate) activity: &'static str,
    pub(crate) signing_unit_in_service: bool,
    pub(crate) late_signing: bool,
    /// Messages that the next good zero receipt tells.
    pub(crate) messages_waiting: u64,
    /// With those from before the start.
    pub(crate) rows: u64,
    /// With those from before the start.
    pub(crate) receipts: u64,
}

impl Queue {
    pub(crate) fn status(&self) -> Status {
        let past = self.past.count();
        Status {
            activity: match self.activity {
                Activity::NotStarted => "not started",
                Activity::Started => "started",
                Activity::Stopped => "stopped",
            },
            signing_unit_in_service: self.modes.is_in_service(),
            late_signing: self.modes.is_late_signing(),
            messages_waiting: self.modes.messages(),
            rows: past + self.items.len() as u64,
            receipts: past + self.receipts.len() as u64,
        }
    }
}
