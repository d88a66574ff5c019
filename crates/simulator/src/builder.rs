//! How a simulator is set up.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use hyper::header::HeaderValue;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::address::{PublicUrl, url_of};
use crate::blueprint::Blueprint;
use crate::clock::{Clock, SystemClock};
use crate::control::Guard;
use crate::credentials::{AccessToken, Credentials};
use crate::engine::Engine;
use crate::fault::{Fault, FaultPlan};
use crate::ids::Ids;
use crate::payment::Terminal;
use crate::profile::Profile;
use crate::queue::market::Market;
use crate::simulator::Simulator;
use crate::start_error::StartError;
use crate::store::Store;
use crate::virtual_time::VirtualTime;
use crate::wire::server::serve;

/// Sets up a [`Simulator`]. Made by [`Simulator::builder`].
#[derive(Clone)]
pub struct SimulatorBuilder {
    address: IpAddr,
    port: u16,
    profile: Profile,
    market: String,
    started: bool,
    cash_box_id: Option<Uuid>,
    access_token: Option<AccessToken>,
    any_cash_box: bool,
    past_receipts: u64,
    terminals: Vec<Terminal>,
    pin: Option<String>,
    clock: Arc<dyn Clock>,
    virtual_time: Option<DateTime<Utc>>,
    seed: u64,
    remote: bool,
    store: Option<PathBuf>,
    kept_requests: Option<usize>,
    faults: Vec<Fault>,
    fault_plan: FaultPlan,
    delivered_after_polls: Option<u32>,
    public_url: Option<String>,
}

impl fmt::Debug for SimulatorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatorBuilder")
            .field("address", &self.address)
            .field("port", &self.port)
            .field("profile", &self.profile)
            .field("market", &self.market)
            .field("started", &self.started)
            .field("cash_box_id", &self.cash_box_id)
            .field("access_token", &self.access_token)
            .field("any_cash_box", &self.any_cash_box)
            .field("past_receipts", &self.past_receipts)
            .field("terminals", &self.terminals)
            .field("virtual_time", &self.virtual_time)
            .field("seed", &self.seed)
            .field("remote", &self.remote)
            .field("store", &self.store)
            .field("kept_requests", &self.kept_requests)
            .field("faults", &self.faults)
            .field("fault_plan", &self.fault_plan)
            .field("delivered_after_polls", &self.delivered_after_polls)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}

impl Default for SimulatorBuilder {
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            profile: Profile::default(),
            market: "AT".to_owned(),
            started: false,
            cash_box_id: None,
            access_token: None,
            any_cash_box: false,
            past_receipts: 0,
            terminals: Vec::new(),
            pin: None,
            clock: Arc::new(SystemClock),
            virtual_time: None,
            seed: 0,
            remote: false,
            store: None,
            kept_requests: None,
            faults: Vec::new(),
            fault_plan: FaultPlan::default(),
            delivered_after_polls: None,
            public_url: None,
        }
    }
}

impl SimulatorBuilder {
    /// The address to listen on, `127.0.0.1` by default. Only loopback addresses are taken, unless
    /// [`allow_remote`](Self::allow_remote) says otherwise.
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    /// Whether addresses that other machines can reach are taken, `false` by default. A container
    /// needs this, with the address `0.0.0.0`. Whoever reaches the port can then look into the
    /// simulator and steer it.
    pub fn allow_remote(mut self, allow: bool) -> Self {
        self.remote = allow;
        self
    }

    /// The URL by which clients reach the simulator, for the links in its answers and as one more
    /// host that may call `/_sim`: `http` or `https`, with or without a path, as behind the mapped
    /// port of a container or a proxy. [`Simulator::base_url`] by default, which always is a URL
    /// that reaches it from this machine.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// The port to listen on. 0, the default, takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The server to behave like, [`Profile::Cloud21`] by default.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The market as two letters, `AT` by default. It goes into `ftState`, signature types and
    /// the QR payload.
    pub fn market(mut self, market: impl Into<String>) -> Self {
        self.market = market.into();
        self
    }

    /// Whether the queue is already started, `false` by default. Otherwise the first receipt to
    /// be signed is the initial operation, case `4001`.
    pub fn started(mut self, started: bool) -> Self {
        self.started = started;
        self
    }

    /// The id of the cash box. By default it follows from the seed.
    pub fn cashbox_id(mut self, id: Uuid) -> Self {
        self.cash_box_id = Some(id);
        self
    }

    /// The only access token that is taken, `simulated-access-token` by default.
    pub fn access_token(mut self, token: impl Into<String>) -> Self {
        self.access_token = Some(AccessToken::new(token.into()));
        self
    }

    /// Whether receipts that name another cash box, POS system or country in their body are taken,
    /// so that stored requests can be replayed. `false` by default: servers refuse them. Of the
    /// codes of such a receipt only the receipt case counts, what it refers to need not be known,
    /// and the answer has the codes of its country.
    pub fn any_cash_box(mut self, any: bool) -> Self {
        self.any_cash_box = any;
        self
    }

    /// As if this many receipts had been signed before the start, 0 by default. The queue is then
    /// started, and rows and receipt numbers go on behind them.
    ///
    /// They are made from the seed while a journal is exported, so that an export of any size
    /// takes no memory: a queue item has about 1.8 kB. The last of them lies one minute before
    /// 2026-01-01T00:00:00Z, or before the start where that is earlier, the others at intervals
    /// of one minute before it (shorter when that would lead before the year 1). They stand in
    /// the journals only, not in the ledger, and no receipt can refer to them.
    pub fn past_receipts(mut self, count: u64) -> Self {
        self.past_receipts = count;
        self
    }

    /// Adds a payment terminal. Without any there is one that has no id and takes every protocol,
    /// so that it reacts to every call.
    ///
    /// Every terminal behaves like the dummy provider of the sandbox: the amounts 30000.10, .20
    /// and .40 are declined, timed out and cancelled by the guest; .50 comes with a tip of 5.00;
    /// .60, .70 and .80 take 1, 3 and 6 minutes of the simulator's clock; of .90 only 15000.50 is
    /// approved. Every other amount is approved at once. A call that reaches no terminal fails
    /// after 10 seconds of that clock.
    pub fn terminal(mut self, terminal: Terminal) -> Self {
        self.terminals.push(terminal);
        self
    }

    /// A PIN for `/pair` that is issued at the start, none by default. As every PIN it can be
    /// used once, within five minutes. See [`Simulator::issue_pin`].
    pub fn pin(mut self, pin: impl Into<String>) -> Self {
        self.pin = Some(pin.into());
        self
    }

    /// Where `ftReceiptMoment` comes from, [`SystemClock`] by default.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Time that begins at `start` and stands still until [`Simulator::advance`] or
    /// `POST /_sim/clock` moves it: payments of six minutes end at once. Takes the place of
    /// [`clock`](Self::clock).
    pub fn virtual_time(mut self, start: DateTime<Utc>) -> Self {
        self.virtual_time = Some(start);
        self
    }

    /// As if the customer opened every document after a while: the first `polls` questions whether
    /// it is delivered, long polls included, find that it is not, the next one that it is. By
    /// default a document is delivered only by somebody who opens, prints, sends or downloads it.
    pub fn delivered_after_polls(mut self, polls: u32) -> Self {
        self.delivered_after_polls = Some(polls);
        self
    }

    /// A file that holds what was committed, so that a killed simulator comes back with it; in
    /// memory only by default.
    ///
    /// A file that does not exist is made. One that exists has to be from a simulator with the
    /// same profile, market, start of the queue, seed, cash box, past receipts and terminals.
    /// Every answer that was sent outlives the process; it is not forced onto the disk, so a power
    /// cut may take the last ones. What was in progress, the
    /// [requests](crate::Ledger::requests) and scripted faults are not kept. The file holds
    /// receipts, but never the access token.
    ///
    /// When the file cannot be written, an operation is answered 503 and not carried out.
    pub fn store(mut self, path: impl Into<PathBuf>) -> Self {
        self.store = Some(path.into());
        self
    }

    /// How many requests the [ledger](crate::Ledger) keeps; all by default. Older ones are
    /// dropped and [counted](crate::Ledger::dropped_requests), so that a simulator can run for
    /// days. What was signed, paid and issued is always kept.
    pub fn kept_requests(mut self, count: usize) -> Self {
        self.kept_requests = Some(count);
        self
    }

    /// Faults for the first requests, none by default; see [`Faults::script`](crate::Faults::script).
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// A plan of faults, none by default; see [`FaultPlan`].
    pub fn fault_plan(mut self, plan: FaultPlan) -> Self {
        self.fault_plan = plan;
        self
    }

    /// The seed of all ids, 0 by default. The same seed and order of requests give the same ids.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// [`StartError`] for an address that is not loopback, a market that is not two letters, a
    /// public URL that is none, an access token that cannot stand in a header, a port that cannot
    /// be bound, or a store that cannot be used.
    pub async fn start(self) -> Result<Simulator, StartError> {
        if !self.address.is_loopback() && !self.remote {
            return Err(StartError::NotLoopback {
                address: self.address,
            });
        }
        let Some(market) = Market::parse(&self.market) else {
            return Err(StartError::Market {
                market: self.market,
            });
        };
        let public = self.public_url.map(PublicUrl::parse).transpose()?;
        let access_token = self
            .access_token
            .unwrap_or_else(|| AccessToken::new("simulated-access-token".to_owned()));
        let token = access_token.reveal();
        if token.trim().is_empty() || HeaderValue::from_str(token).is_err() {
            return Err(StartError::AccessToken);
        }
        let credentials = Credentials {
            cash_box_id: self
                .cash_box_id
                .unwrap_or_else(|| Ids::fixed(self.seed, "cash box")),
            access_token,
            any_cash_box: self.any_cash_box,
        };

        let address = SocketAddr::new(self.address, self.port);
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let bound = listener.local_addr().map_err(listen)?;

        let virtual_time = self.virtual_time.map(VirtualTime::new);
        let clock = match &virtual_time {
            Some(virtual_time) => virtual_time.clock(),
            None => self.clock,
        };
        let blueprint = Blueprint {
            profile: self.profile,
            market,
            started: self.started,
            seed: self.seed,
            credentials,
            past_receipts: self.past_receipts,
            start: clock.now(),
            terminals: self.terminals,
            pin: self.pin,
            kept_requests: self.kept_requests,
            virtual_time,
            delivered_after_polls: self.delivered_after_polls,
        };
        let mut world = blueprint.world();
        let configuration = blueprint.configuration(&world);
        let store = self
            .store
            .map(|path| Store::open(&path, &configuration, |input| world.replay(&input)))
            .transpose()?;
        let queue_id = blueprint.queue_id();
        let (public_url, public_host) = public.map(|public| (public.url, public.host)).unzip();
        let guard = Guard {
            bound: bound.ip(),
            remote: self.remote,
            public_host,
        };
        let base_url = url_of(bound);
        let engine = Arc::new(Engine::new(
            blueprint,
            base_url.clone(),
            public_url.unwrap_or(base_url),
            guard,
            clock,
            world,
            store,
        ));
        engine.begin()?;
        let simulator = Simulator::new(Arc::clone(&engine), queue_id);
        simulator.faults().script(self.faults);
        simulator.faults().plan(self.fault_plan);
        engine.tasks.spawn(serve(listener, Arc::clone(&engine)));
        Ok(simulator)
    }
}
