//! Setting up a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::Client;
use super::base_url::{ApiVersion, origin, shown, versioned};
use super::credentials::{AccessToken, Credentials, CredentialsProvider, TokenSource};
use super::proxy::Proxy;
use crate::durable::{Log, LogOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::runtime::{
    Chance, Clock, Engine, Limits, Observer, RetryBudget, RetryPolicy, Server, SystemChance,
    SystemClock,
};
use crate::store::OperationStore;

/// The sandbox of all markets (API facts, section 1).
const SANDBOX: &str = "https://possystem-api-sandbox.fiskaltrust.eu/v2";
/// The production server of all markets (API facts, section 1).
const PRODUCTION: &str = "https://possystem-api.fiskaltrust.eu/v2";

/// How long a call tries before it hands its operation back as pending.
const DEADLINE: Duration = Duration::from_secs(60);
/// How long one attempt may take: above the 15 s a queue gives itself by default.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long an idle connection is kept: shorter than common servers keep theirs.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(50);

/// Sets up a [`Client`].
///
/// Required: a server ([`sandbox`](Self::sandbox), [`production`](Self::production) or
/// [`base_url`](Self::base_url)), [`cashbox_id`](Self::cashbox_id),
/// [`access_token`](Self::access_token) or [`credentials`](Self::credentials), and
/// [`pos_system_id`](Self::pos_system_id).
#[derive(Default)]
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    base_url: Option<String>,
    api_version: ApiVersion,
    insecure_http: bool,
    cashbox_id: Option<Uuid>,
    tokens: Option<TokenSource>,
    pos_system_id: Option<Uuid>,
    deadline: Option<Duration>,
    attempt_timeout: Option<Duration>,
    policy: RetryPolicy,
    budget: RetryBudget,
    proxy: Proxy,
    observer: Option<Arc<dyn Observer>>,
    limits: Limits,
    store: Option<Arc<dyn OperationStore>>,
    log_options: LogOptions,
    clock: Option<Arc<dyn Clock>>,
    chance: Option<Arc<dyn Chance>>,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field(
                "base_url",
                &format_args!(
                    "{}",
                    self.base_url.as_deref().map(shown).unwrap_or_default()
                ),
            )
            .field("api_version", &self.api_version)
            .field("cashbox_id", &self.cashbox_id)
            .field("tokens", &self.tokens)
            .field("pos_system_id", &self.pos_system_id)
            .field("proxy", &self.proxy)
            .field("policy", &self.policy)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// The public sandbox (API facts, section 1).
    pub fn sandbox(self) -> Self {
        self.base_url(SANDBOX)
    }

    /// The production server: receipts signed there are real (API facts, section 1).
    pub fn production(self) -> Self {
        self.base_url(PRODUCTION)
    }

    /// Another server, such as a local one or a simulator. With or without `/v2` and a trailing slash; https,
    /// or http to loopback. It is checked by [`build`](Self::build).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The version of the API. Default [`ApiVersion::V2`].
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.api_version = version;
        self
    }

    /// The cash box, sent as `x-cashbox-id` (API facts, section 2.1).
    pub fn cashbox_id(mut self, id: Uuid) -> Self {
        self.cashbox_id = Some(id);
        self
    }

    /// The access token of the cash box, sent as `x-cashbox-accesstoken` (API facts, section 2.1).
    pub fn access_token(mut self, token: impl Into<AccessToken>) -> Self {
        self.tokens = Some(TokenSource::Fixed(token.into()));
        self
    }

    /// Where the access token comes from, asked before each attempt, in the place of
    /// [`access_token`](Self::access_token); of both, the one set last counts.
    ///
    /// After a 401 it is asked once more, with [`TokenNeed::Invalidated`](super::TokenNeed::Invalidated),
    /// and the operation is sent again at once if it gives another token.
    pub fn credentials(mut self, provider: impl CredentialsProvider + 'static) -> Self {
        self.tokens = Some(TokenSource::Provider(Arc::new(provider)));
        self
    }

    /// The registered POS product, sent as `x-possystem-id`. The sandbox takes the all-zero id, production
    /// does not (API facts, section 2.1).
    pub fn pos_system_id(mut self, id: Uuid) -> Self {
        self.pos_system_id = Some(id);
        self
    }

    /// How long a call tries before it hands its operation back as pending. Default 60 s. Payments that may have
    /// reached the server have their own (see [`Client::pay`]).
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How long one attempt may take. Default 20 s. Payments have their own.
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// When operations are sent again. Default [`RetryPolicy::default`].
    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// How much resending the server is asked to bear, shared with everything else that was given the
    /// same budget. Default: a budget of this client and its clones.
    pub fn with_retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// How the server is reached. Default [`Proxy::None`]: directly, whatever the environment says.
    pub fn with_proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// What is told of each attempt and of each operation that ended, as for metrics. Default: nothing.
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// How much of an answer is read. Default [`Limits::default`].
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Allows plain http to hosts other than loopback: the access token travels in the clear.
    /// Default: refused.
    pub fn with_insecure_http(mut self, allowed: bool) -> Self {
        self.insecure_http = allowed;
        self
    }

    /// Keeps every operation that changes something in a store, so that none is lost and none is made
    /// twice when the process or the power ends; see [`durable`](crate::durable). Default: nothing is kept.
    ///
    /// No other code changes. Call [`Client::recover`] once at the start of the program. A call fails with
    /// [`ErrorKind::StorageUnavailable`] if its operation cannot be written down; it does not send it then.
    ///
    /// ```
    /// # fn example() -> pos_system_api::Result<()> {
    /// use pos_system_api::{client::ClientBuilder, store::MemoryStore};
    ///
    /// // For tests; a till opens a `SqliteStore`.
    /// let client = ClientBuilder::from_env()?.durable(MemoryStore::new()).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn durable(mut self, store: impl OperationStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Like [`durable`](Self::durable), with a store that others have as well: the clients of *other* cash
    /// boxes, for a store that can be opened only once, or a program that exports and verifies it. For the same
    /// cash box, use clones of one client: two clients would not know what the other leaves behind.
    pub fn durable_shared(mut self, store: Arc<dyn OperationStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// How the operation log is kept. Default [`LogOptions::default`].
    pub fn with_log_options(mut self, options: LogOptions) -> Self {
        self.log_options = options;
        self
    }

    /// Another clock, for tests. Default [`SystemClock`].
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Another source of operation ids and jitter, for tests. Default [`SystemChance`].
    pub fn with_chance(mut self, chance: Arc<dyn Chance>) -> Self {
        self.chance = Some(chance);
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// Redirects are not followed, and proxies of the environment are not used unless
    /// [`with_proxy`](Self::with_proxy) says so: both could carry the access token elsewhere. Answers are
    /// not decompressed, whatever features of `reqwest` another crate switches on: a limit on an answer's
    /// size holds.
    ///
    /// **TLS** (feature `rustls`): trusted are the certificates that the operating system trusts, as
    /// `rustls-platform-verifier` finds them. On Windows, macOS, iOS and Android the system decides itself. On
    /// Linux and other Unixes its bundle of root certificates is read when the client is built, or what the
    /// variables `SSL_CERT_FILE` and `SSL_CERT_DIR` name instead; a container needs a package such as
    /// `ca-certificates`. The authority of a company's own proxy or server is added to the system's store.
    /// A certificate that is refused is [`ErrorKind::Untrusted`].
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] names what is missing or cannot be used: for https, a system without root
    /// certificates too.
    pub fn build(self) -> Result<Client> {
        let base_url = required(self.base_url, "a server: sandbox, production or base_url")?;
        let cashbox_id = required(self.cashbox_id, "cashbox_id")?;
        let tokens = required(self.tokens, "access_token, or credentials")?;
        let pos_system_id = required(self.pos_system_id, "pos_system_id")?;
        let base_url = versioned(&base_url, self.api_version, self.insecure_http)?;
        if cfg!(not(feature = "rustls")) && base_url.starts_with("https:") {
            return Err(Error::new(
                ErrorKind::Configuration,
                "https needs the feature `rustls` of the crate pos-system-api",
            ));
        }
        let server = base_url.parse().ok().as_ref().and_then(Server::of);
        let server = required(server, "a server with a host")?;
        let http = reqwest::Client::builder()
            .user_agent(concat!("pos-system-api-rs/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            // Attempts are counted here, so none is made elsewhere.
            .retry(reqwest::retry::never())
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd();
        // Plain http needs no certificates, and is not to fail where there are none.
        #[cfg(feature = "rustls")]
        let http = if base_url.starts_with("https:") {
            http
        } else {
            http.tls_certs_only([])
        };
        let http = self
            .proxy
            .apply(http, &base_url)?
            .build()
            .map_err(|source| {
                Error::new(ErrorKind::Configuration, "The HTTP client cannot be set up")
                    .with_source(source)
            })?;
        let clock: Arc<dyn Clock> = self
            .clock
            .unwrap_or_else(|| Arc::new(SystemClock::default()));
        let options = self.log_options;
        let log = self
            .store
            .map(|store| Arc::new(Log::new(store, options, cashbox_id, Arc::clone(&clock))));
        Ok(Client {
            engine: Arc::new(Engine {
                log,
                http,
                credentials: Credentials::new(cashbox_id, tokens, pos_system_id)?,
                policy: self.policy,
                budget: self.budget.of(origin(&base_url)),
                base_url,
                server,
                limits: self.limits,
                deadline: self.deadline.unwrap_or(DEADLINE),
                attempt_timeout: self.attempt_timeout.unwrap_or(ATTEMPT_TIMEOUT),
                clock,
                chance: self.chance.unwrap_or_else(|| Arc::new(SystemChance)),
                observer: self.observer,
            }),
        })
    }
}

fn required<T>(value: Option<T>, name: &str) -> Result<T> {
    value.ok_or_else(|| {
        Error::new(
            ErrorKind::Configuration,
            format!("The client is missing {name}"),
        )
    })
}
