//! The delivery of states by HTTP.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::StatusCode;
use http::header::CONTENT_TYPE;
use pos_system_api::callback::{Callback, Delivery, SignState, StateWord};
use pos_system_api::runtime::{Chance, Clock, SystemChance, SystemClock};
use pos_system_api::types::Id;
use reqwest::Url;

use crate::LARGEST_BODY;
use crate::headers::{WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP};
use crate::retry::{DeliveryPolicy, retry_after};
use crate::secret::SigningSecret;
use crate::signature;
use crate::target::{SetupError, target};
use crate::wall_clock::{SystemWallClock, WallClock};

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How much of a text is kept where the whole does not fit.
const SHORT_TEXT: usize = 1024;

/// A callback by HTTP: `POST` with the state as JSON, signed by the Standard Webhooks scheme.
///
/// Every attempt has the same `webhook-id` and body, and a timestamp and signature of its own. A status of
/// 2xx ends the delivery, and so do a redirect, which is never followed, and 410; everything else is tried
/// again by the [`DeliveryPolicy`]. Of the answer only the status and `Retry-After` are read, that as seconds
/// or as a date. A state of more than 64 KiB is sent without its data, and one that still does not fit with
/// its ids, its word and the beginning of its message alone.
///
/// The URL belongs in the configuration of the till. One that comes from a customer or from a document
/// would have the till knock at doors of the shop's own network.
///
/// Cheap to clone; clones share connections.
///
/// ```no_run
/// # async fn example(
/// #     client: pos_system_api::Client,
/// #     receipt: pos_system_api::types::ReceiptRequest,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use pos_system_api_callback::HttpCallback;
///
/// let callback = HttpCallback::builder("https://shop.example/receipts")
///     .secret(std::env::var("CALLBACK_SECRET")?.parse()?)
///     .build()?;
/// let signing = client.sign_async(receipt, callback.clone())?;
/// println!("under way: {}", signing.handle());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct HttpCallback(Arc<Sender>);

struct Sender {
    http: reqwest::Client,
    url: Url,
    secrets: Vec<SigningSecret>,
    policy: DeliveryPolicy,
    clock: Arc<dyn Clock>,
    wall_clock: Arc<dyn WallClock>,
    chance: Arc<dyn Chance>,
}

/// Sets up an [`HttpCallback`].
#[must_use = "a callback is made by `build`"]
#[derive(Debug)]
pub struct HttpCallbackBuilder {
    url: Hidden,
    secrets: Vec<SigningSecret>,
    policy: DeliveryPolicy,
    clock: Arc<dyn Clock>,
    wall_clock: Arc<dyn WallClock>,
    chance: Arc<dyn Chance>,
}

/// A URL, which may hold a secret.
struct Hidden(String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl HttpCallback {
    /// A callback to this URL, to be set up: https, or http to loopback.
    pub fn builder(url: impl Into<String>) -> HttpCallbackBuilder {
        HttpCallbackBuilder {
            url: Hidden(url.into()),
            secrets: Vec::new(),
            policy: DeliveryPolicy::default(),
            clock: Arc::new(SystemClock::default()),
            wall_clock: Arc::new(SystemWallClock),
            chance: Arc::new(SystemChance),
        }
    }

    /// Delivers a state, trying again by the policy.
    ///
    /// # Errors
    /// [`SendError`], if no attempt was answered with success.
    pub async fn send(&self, state: &SignState) -> Result<(), SendError> {
        let sender = &*self.0;
        let id = format!("msg_{}", sender.chance.operation_id().simple());
        let body = body(state);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let (failure, retry_after) = match sender.attempt(&id, body.clone()).await {
                Ok(()) => return Ok(()),
                Err(failed) => failed,
            };
            if failure.is_last() || attempts >= sender.policy.attempts {
                return Err(SendError { failure, attempts });
            }
            let fraction = sender.chance.fraction();
            let wait = sender.policy.wait(attempts, fraction, retry_after);
            sender.clock.sleep(wait).await;
        }
    }
}

impl Callback for HttpCallback {
    fn deliver(&self, state: SignState) -> Delivery<'_> {
        Box::pin(async move { Ok(self.send(&state).await?) })
    }
}

impl fmt::Debug for HttpCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Path and query may hold a secret.
        f.debug_struct("HttpCallback")
            .field("host", &self.0.url.host_str())
            .field("secrets", &self.0.secrets)
            .field("policy", &self.0.policy)
            .finish_non_exhaustive()
    }
}

impl HttpCallbackBuilder {
    /// A secret to sign with. At least one; with several, each delivery carries a signature of each, so
    /// that the receiver can change from one to the other in between.
    pub fn secret(mut self, secret: SigningSecret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// How often and when a delivery is tried again. Default [`DeliveryPolicy::default`].
    pub fn with_policy(mut self, policy: DeliveryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Another clock for waits and timeouts, for tests. Default [`SystemClock`].
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Another time of day for timestamps, for tests. Default [`SystemWallClock`].
    pub fn with_wall_clock(mut self, clock: Arc<dyn WallClock>) -> Self {
        self.wall_clock = clock;
        self
    }

    /// Another source of message ids and jitter, for tests. Default [`SystemChance`].
    pub fn with_chance(mut self, chance: Arc<dyn Chance>) -> Self {
        self.chance = chance;
        self
    }

    /// The callback. Nothing is sent yet. Redirects are not followed, and proxies of the environment are
    /// not used.
    ///
    /// # Errors
    /// [`SetupError`] names what is missing or cannot be used.
    pub fn build(self) -> Result<HttpCallback, SetupError> {
        let url = target(&self.url.0)?;
        if self.secrets.is_empty() {
            return Err(SetupError::NoSecret);
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!(
                "pos-system-api-callback/",
                env!("CARGO_PKG_VERSION")
            ))
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .build()
            .map_err(SetupError::Client)?;
        Ok(HttpCallback(Arc::new(Sender {
            http,
            url,
            secrets: self.secrets,
            policy: self.policy,
            clock: self.clock,
            wall_clock: self.wall_clock,
            chance: self.chance,
        })))
    }
}

impl Sender {
    /// One attempt; a failed one with the wait its receiver asks for.
    async fn attempt(&self, id: &str, body: Vec<u8>) -> Result<(), (Failure, Option<Duration>)> {
        let timestamp = self.wall_clock.unix_seconds().to_string();
        let signatures = signature::header(&self.secrets, id, &timestamp, &body);
        let mut answer = pin!(
            self.http
                .post(self.url.clone())
                .header(CONTENT_TYPE, "application/json")
                .header(WEBHOOK_ID, id)
                .header(WEBHOOK_TIMESTAMP, timestamp)
                .header(WEBHOOK_SIGNATURE, signatures)
                .body(body)
                .send()
        );
        let mut timeout = self.clock.sleep(self.policy.attempt_timeout);
        let answer = poll_fn(|context| match answer.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending => timeout.as_mut().poll(context).map(|()| None),
        });
        match answer.await {
            // The body is not read: dropping the answer closes its connection if there is one.
            Some(Ok(answer)) if answer.status().is_success() => Ok(()),
            Some(Ok(answer)) => {
                let retry_after = retry_after(answer.headers());
                Err((Failure::Status(answer.status()), retry_after))
            }
            Some(Err(_)) => Err((Failure::NoConnection, None)),
            None => Err((Failure::Timeout, None)),
        }
    }
}

/// The state as it is sent: one that is too large loses its data, then all but the outcome.
fn body(state: &SignState) -> Vec<u8> {
    let written = |state: &SignState| {
        serde_json::to_vec(state)
            .ok()
            .filter(|body| body.len() <= LARGEST_BODY)
    };
    if let Some(body) = written(state) {
        return body;
    }
    let mut without_data = state.clone();
    without_data.state_data = None;
    written(&without_data)
        .or_else(|| written(&shortened(state)))
        .unwrap_or_default()
}

/// What became of which receipt, and no more: each member has a longest length here.
fn shortened(state: &SignState) -> SignState {
    let uuid = |id: &Option<Id>| Some(Id::from(id.as_ref()?.uuid()?));
    let mut short = SignState::default();
    short.operation_id = uuid(&state.operation_id);
    short.queue_id = uuid(&state.queue_id);
    short.state = match &state.state {
        StateWord::Other(word) if word.len() > SHORT_TEXT => StateWord::Unknown,
        word => word.clone(),
    };
    let message = state.state_message.as_ref();
    short.state_message = message.map(|message| message.chars().take(SHORT_TEXT).collect());
    short
}

/// Why a state was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendError {
    failure: Failure,
    attempts: u32,
}

/// How the last attempt at a delivery failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// There was no connection, or it broke.
    NoConnection,
    /// There was no answer within the attempt's timeout.
    Timeout,
    /// The receiver answered with this status.
    Status(StatusCode),
}

impl Failure {
    /// Whether another attempt is of no use: the receiver has moved, or wants no more.
    fn is_last(self) -> bool {
        matches!(self, Self::Status(status) if status.is_redirection() || status == StatusCode::GONE)
    }
}

impl SendError {
    /// How the last attempt failed.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.failure
    }

    /// How many attempts were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The callback was not delivered: ")?;
        match self.failure {
            Failure::NoConnection => f.write_str("no connection"),
            Failure::Timeout => f.write_str("no answer in time"),
            Failure::Status(status) => write!(f, "the receiver answered {status}"),
        }?;
        match self.attempts {
            1 => f.write_str(" (1 attempt)"),
            attempts => write!(f, " ({attempts} attempts)"),
        }
    }
}

impl std::error::Error for SendError {}
