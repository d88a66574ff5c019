//! How a simulator is set up.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use hyper::header::HeaderValue;
use thiserror::Error;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::clock::{Clock, SystemClock};
use crate::credentials::{AccessToken, Credentials};
use crate::engine::Engine;
use crate::ids::Ids;
use crate::profile::Profile;
use crate::queue::Queue;
use crate::queue::market::Market;
use crate::simulator::Simulator;
use crate::wire::server::serve;
use crate::world::World;

/// Why a simulator did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is not a loopback address.
    #[error("the simulator binds to loopback addresses only, not to {address}")]
    NotLoopback {
        /// The refused address.
        address: IpAddr,
    },
    /// The market is not two ASCII letters.
    #[error("the market {market:?} is not two letters")]
    Market {
        /// The refused market.
        market: String,
    },
    /// The access token is empty or cannot stand in an HTTP header.
    #[error("the access token is empty or cannot stand in an HTTP header")]
    AccessToken,
    /// The address and port could not be bound.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address and port.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
}

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
    clock: Arc<dyn Clock>,
    seed: u64,
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
            .field("seed", &self.seed)
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
            clock: Arc::new(SystemClock),
            seed: 0,
        }
    }
}

impl SimulatorBuilder {
    /// The address to listen on, `127.0.0.1` by default. Only loopback addresses are taken.
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = address;
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

    /// Whether receipts that name another cash box or POS system in their body are taken, so that
    /// stored requests can be replayed. `false` by default: servers refuse them.
    pub fn any_cash_box(mut self, any: bool) -> Self {
        self.any_cash_box = any;
        self
    }

    /// Where `ftReceiptMoment` comes from, [`SystemClock`] by default.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
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
    /// [`StartError`] for an address that is not loopback, a market that is not two letters, an
    /// access token that cannot stand in a header, or a port that cannot be bound.
    pub async fn start(self) -> Result<Simulator, StartError> {
        if !self.address.is_loopback() {
            return Err(StartError::NotLoopback {
                address: self.address,
            });
        }
        let Some(market) = Market::parse(&self.market) else {
            return Err(StartError::Market {
                market: self.market,
            });
        };
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

        let queue_id = Ids::fixed(self.seed, "queue");
        let queue = Queue::new(
            queue_id,
            credentials.cash_box_id,
            market,
            self.seed,
            self.started,
        );
        let engine = Arc::new(Engine::new(
            self.profile,
            credentials,
            format!("http://{bound}"),
            self.clock,
            World::new(queue),
        ));
        engine.tasks.spawn(serve(listener, Arc::clone(&engine)));
        Ok(Simulator::new(engine, queue_id))
    }
}
