//! Whether a delivery is from who it says, in time, and the first of its kind.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use pos_system_api::callback::SignState;

use crate::LARGEST_BODY;
use crate::headers::{WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP};
use crate::replay::{Claim, Seen};
use crate::secret::SigningSecret;
use crate::signature::is_signed;
use crate::wall_clock::{SystemWallClock, WallClock};

/// How far the clocks of sender and receiver may be apart, either way.
const WINDOW: Duration = Duration::from_secs(5 * 60);
/// How many ids are remembered.
const CAPACITY: usize = 10_000;
/// The longest id that is taken, in bytes.
const LONGEST_ID: usize = 256;
/// The longest list of signatures that is taken, in bytes.
const LONGEST_SIGNATURES: usize = 4096;

/// Verifies deliveries, whatever HTTP server they came through.
///
/// The raw bytes are verified before they are parsed: at most 64 KiB, signed with one of the secrets
/// (compared in constant time), a timestamp within 5 minutes of this clock, an id not handed over before.
/// Clones share what they remember; several processes do not, so a delivery that is repeated to another
/// one is handed over again.
///
/// ```
/// use pos_system_api_callback::{Admission, SigningSecret, Verifier};
///
/// fn received(
///     verifier: &Verifier,
///     headers: &http::HeaderMap,
///     body: &[u8],
/// ) -> http::StatusCode {
///     match verifier.admit(headers, body) {
///         Ok(Admission::New(ticket)) => {
///             // Hand it over quickly; dropped without `keep`, the ticket lets it be delivered again.
///             let state = ticket.keep();
///             println!("{:?}: {}", state.operation_id, state.state);
///             http::StatusCode::NO_CONTENT
///         }
///         Ok(_) => http::StatusCode::NO_CONTENT,
///         Err(rejection) => rejection.status(),
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Verifier {
    secrets: Arc<[SigningSecret]>,
    clock: Arc<dyn WallClock>,
    seen: Arc<Mutex<Seen>>,
}

impl Verifier {
    /// A verifier that takes what is signed with any of these secrets: during a rotation, the new one
    /// and the old one. Without a secret it takes nothing.
    #[must_use]
    pub fn new(secrets: impl IntoIterator<Item = SigningSecret>) -> Self {
        Self {
            secrets: secrets.into_iter().collect(),
            clock: Arc::new(SystemWallClock),
            seen: Arc::new(Mutex::new(Seen::new(CAPACITY, WINDOW.as_secs()))),
        }
    }

    /// Another clock, for tests. Default [`SystemWallClock`].
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn WallClock>) -> Self {
        self.clock = clock;
        self
    }

    /// How many ids are remembered. Default 10,000. Where there is no room for another one, the delivery
    /// that is out of time for longest is forgotten; while all of them are in time, new ones are refused as
    /// [`Rejection::Busy`]. What was remembered so far is not.
    ///
    /// Room for more than come in ten minutes is room for a clock that jumps ahead and back as well: what
    /// is remembered is not handed over again.
    #[must_use]
    pub fn with_capacity(mut self, ids: usize) -> Self {
        self.seen = Arc::new(Mutex::new(Seen::new(ids, WINDOW.as_secs())));
        self
    }

    /// Verifies a delivery.
    ///
    /// # Errors
    /// [`Rejection`] says why it is not taken, and which status to answer with.
    pub fn admit(&self, headers: &HeaderMap, body: &[u8]) -> Result<Admission, Rejection> {
        if body.len() > LARGEST_BODY {
            return Err(Rejection::TooLarge);
        }
        let id = header(headers, WEBHOOK_ID, LONGEST_ID)?;
        let timestamp = header(headers, WEBHOOK_TIMESTAMP, 20)?;
        let signatures = header(headers, WEBHOOK_SIGNATURE, LONGEST_SIGNATURES)?;
        let sent: u64 = timestamp
            .parse()
            .map_err(|_| Rejection::Header(WEBHOOK_TIMESTAMP))?;
        let now = self.clock.unix_seconds();
        if now.abs_diff(sent) > WINDOW.as_secs() {
            return Err(Rejection::OutOfTime);
        }
        if !is_signed(&self.secrets, id, timestamp, body, signatures) {
            return Err(Rejection::NotSigned);
        }
        let state: SignState = serde_json::from_slice(body).map_err(|_| Rejection::Unreadable)?;
        match self.lock().claim(id, sent, now) {
            Claim::Repeated => Ok(Admission::Repeated),
            Claim::Busy => Err(Rejection::Busy),
            Claim::New => Ok(Admission::New(Ticket {
                state: Box::new(state),
                is_kept: false,
                id: id.to_owned(),
                sent,
                verifier: self.clone(),
            })),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        // Each change is one call, and none of them panics.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("secrets", &self.secrets)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

/// A header that stands there once.
fn header<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
    longest: usize,
) -> Result<&'a str, Rejection> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value
            .to_str()
            .ok()
            .filter(|value| !value.is_empty() && value.len() <= longest)
            .ok_or(Rejection::Header(name)),
        _ => Err(Rejection::Header(name)),
    }
}

/// A delivery that was verified.
#[must_use]
#[derive(Debug)]
#[non_exhaustive]
pub enum Admission {
    /// It is to be handed over.
    New(Ticket),
    /// It was handed over before, and the sender did not hear of it: answer with success.
    Repeated,
}

/// A verified delivery that is not yet handed over.
///
/// Dropped without [`keep`](Self::keep), the delivery can be made again. With the feature `axum` it is an
/// argument that a handler can take.
#[must_use = "dropped, the delivery counts as not handed over"]
pub struct Ticket {
    // Boxed: an admission is passed around.
    state: Box<SignState>,
    id: String,
    sent: u64,
    is_kept: bool,
    verifier: Verifier,
}

impl Ticket {
    /// What is told.
    #[must_use]
    pub fn state(&self) -> &SignState {
        &self.state
    }

    /// Remembers the delivery as handed over: repeated, it is not handed over again.
    #[must_use]
    pub fn keep(mut self) -> SignState {
        self.verifier.lock().keep(&self.id, self.sent);
        self.is_kept = true;
        *std::mem::take(&mut self.state)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.is_kept {
            self.verifier.lock().give_up(&self.id);
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("id", &self.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Why a delivery is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// The body is larger than 64 KiB.
    TooLarge,
    /// This header is missing, stands there twice, or cannot be read.
    Header(&'static str),
    /// The timestamp is more than 5 minutes from this clock.
    OutOfTime,
    /// No signature is that of a secret.
    NotSigned,
    /// It is signed, but is no [`SignState`].
    Unreadable,
    /// The same delivery is being handed over, or there is no room to remember another one. The sender
    /// tries again.
    Busy,
}

impl Rejection {
    /// The status to answer with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Header(_) | Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::OutOfTime | Self::NotSigned => StatusCode::UNAUTHORIZED,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the body is larger than 64 KiB"),
            Self::Header(name) => write!(f, "the header {name} is missing or cannot be read"),
            Self::OutOfTime => f.write_str("the timestamp is more than 5 minutes from this clock"),
            Self::NotSigned => f.write_str("it is not signed with a known secret"),
            Self::Unreadable => f.write_str("the body is no state of an operation"),
            Self::Busy => f.write_str("it cannot be taken at the moment"),
        }
    }
}

impl std::error::Error for Rejection {}
