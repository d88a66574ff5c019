//! What a fresh world is made from.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::credentials::Credentials;
use crate::ids::Ids;
use crate::ledger::Ledger;
use crate::pair::Pins;
use crate::payment::{Payments, Terminal};
use crate::profile::Profile;
use crate::queue::Queue;
use crate::queue::market::Market;
use crate::store::Configuration;
use crate::virtual_time::VirtualTime;
use crate::world::World;

/// The settings of a simulator that shape its world.
#[derive(Debug, Clone)]
pub(crate) struct Blueprint {
    pub(crate) profile: Profile,
    pub(crate) market: Market,
    pub(crate) started: bool,
    pub(crate) seed: u64,
    pub(crate) credentials: Credentials,
    pub(crate) past_receipts: u64,
    /// When the simulator was started.
    pub(crate) start: DateTime<Utc>,
    pub(crate) terminals: Vec<Terminal>,
    /// A PIN that is issued first of all.
    pub(crate) pin: Option<String>,
    pub(crate) kept_requests: Option<usize>,
    pub(crate) virtual_time: Option<VirtualTime>,
    /// How many questions find that a document is not delivered before it is.
    pub(crate) delivered_after_polls: Option<u32>,
}

impl Blueprint {
    pub(crate) fn queue_id(&self) -> Uuid {
        Ids::fixed(self.seed, "queue")
    }

    pub(crate) fn world(&self) -> World {
        let queue = Queue::new(
            self.queue_id(),
            self.credentials.cash_box_id,
            self.market,
            self.seed,
            self.started,
        )
        .with_past(self.past_receipts, self.start);
        let payments = Payments::new(self.terminals.clone(), self.seed);
        let pins = Pins::new(self.credentials.clone(), self.seed);
        World::new(
            self.profile,
            queue,
            payments,
            pins,
            Ledger::keeping(self.kept_requests),
        )
    }

    /// What a store has to agree on. The access token is left out: it may change and stays
    /// secret. `world` is a fresh one.
    pub(crate) fn configuration(&self, world: &World) -> Configuration {
        let past = world.queue.past();
        let past = match past.count() {
            0 => "none".to_owned(),
            count => format!("{count} until {}", past.moment(count)),
        };
        Configuration::new([
            ("profile", self.profile.to_string()),
            ("market", self.market.to_string()),
            ("started", self.started.to_string()),
            ("seed", self.seed.to_string()),
            ("cash_box_id", self.credentials.cash_box_id.to_string()),
            ("past_receipts", past),
            ("terminals", format!("{:?}", self.terminals)),
        ])
    }
}
