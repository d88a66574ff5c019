//! Sending what was left behind when the network is back.

use std::sync::Arc;
use std::time::Duration;

use super::log::{Log, unavailable};
use super::order::Step;
use super::record::Record;
use crate::client::Client;
use crate::error::Result;
use crate::runtime::within;

/// How long to wait before the first open operation is tried again.
const RETRY_INTERVAL: Duration = Duration::from_secs(10);

/// Sends what was left behind, in its order, for as long as it is asked for the
/// [`next`](Self::next) event.
///
/// There is no hidden task: spawn one that asks. With nothing left behind it sleeps without waking up.
///
/// ```no_run
/// # async fn example(client: pos_system_api::Client) -> pos_system_api::Result<()> {
/// use pos_system_api::durable::Forwarded;
///
/// let mut forwarder = client.forward()?;
/// loop {
///     match forwarder.next().await? {
///         Forwarded::Settled(record) => println!("{record}"),
///         Forwarded::Parked(record) => eprintln!("look at this: {record}"),
///         Forwarded::Waiting { cause, .. } => println!("offline: {cause}"),
///         Forwarded::Drained { zero_receipt_due } if zero_receipt_due => {
///             println!("all sales are signed; print a zero receipt");
///         }
///         _ => {}
///     }
/// }
/// # }
/// ```
#[must_use = "nothing is sent before `next`"]
#[derive(Debug)]
pub struct Forwarder {
    client: Client,
    log: Arc<Log>,
    retry_interval: Duration,
    next: Next,
    late_signed: bool,
    /// Whether the last event was that nothing is left behind.
    is_drained: bool,
}

/// What the next event begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Send,
    /// When the clock's `elapsed` is this: whoever asks more often waits no longer.
    Retry {
        at: Duration,
    },
    /// After something was left behind again.
    Work,
}

/// What a [`Forwarder`] did.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Forwarded {
    /// An operation is settled; [`Record::read`] says how. [`Client::acknowledge`] it once it is booked:
    /// otherwise [`Client::recover`] gives it again.
    Settled(Record),
    /// An operation was set aside, for a person to look at.
    Parked(Record),
    /// The first operation is still open: it is tried again after this wait.
    Waiting {
        /// Why, in words.
        cause: String,
        /// How long until it is tried again.
        retry_in: Duration,
    },
    /// Nothing is left behind any more.
    Drained {
        /// Whether this forwarder signed receipts late: the rules want a zero receipt after them (API facts, section
        /// 6.5). It is proposed here and never sent by itself:
        /// [`Receipt::zero`](crate::receipt::Receipt::zero).
        zero_receipt_due: bool,
    },
}

impl Client {
    /// Sends what was left behind by calls that ended [`Pending`](crate::Outcome::Pending), in its order,
    /// and tells of it.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for a client without a log.
    pub fn forward(&self) -> Result<Forwarder> {
        Ok(Forwarder {
            client: self.clone(),
            log: Arc::clone(self.log()?),
            retry_interval: RETRY_INTERVAL,
            next: Next::Send,
            late_signed: false,
            is_drained: false,
        })
    }
}

impl Forwarder {
    /// How long to wait before the first open operation is tried again. Default 10 s.
    pub fn with_retry_interval(self, retry_interval: Duration) -> Self {
        Self {
            retry_interval,
            ..self
        }
    }

    /// Goes on until there is something to tell. Dropped midway, nothing is lost: the operation it was at
    /// is found again.
    ///
    /// # Errors
    /// [`ErrorKind::StorageUnavailable`](crate::ErrorKind::StorageUnavailable) if the log cannot be used.
    pub async fn next(&mut self) -> Result<Forwarded> {
        loop {
            self.until_due().await;
            if let Some(event) = self.send().await? {
                return Ok(event);
            }
        }
    }

    /// As [`next`](Self::next), but gives `None` if for so long there is nothing to be sent. An operation
    /// that is being sent is never cut short, as it is where `next` is dropped: that takes as long as the
    /// client's deadline, at most.
    ///
    /// # Errors
    /// Those of [`next`](Self::next).
    pub async fn next_within(&mut self, wait: Duration) -> Result<Option<Forwarded>> {
        let clock = Arc::clone(&self.client.engine().clock);
        let start = clock.elapsed();
        loop {
            let passed = clock.elapsed().saturating_sub(start);
            let left = wait.saturating_sub(passed);
            if within(left, self.until_due(), &*clock).await.is_none() {
                return Ok(None);
            }
            if let Some(event) = self.send().await? {
                return Ok(Some(event));
            }
        }
    }

    /// Waits until there is something to be sent, as far as is known.
    async fn until_due(&mut self) {
        match self.next {
            Next::Send => {}
            Next::Retry { at } => {
                let clock = &self.client.engine().clock;
                clock.sleep(at.saturating_sub(clock.elapsed())).await;
            }
            Next::Work => self.log.left_behind.wait().await,
        }
        self.next = Next::Send;
    }

    /// Sends the first operation that was left behind. `None` if there is none, and that was told before.
    async fn send(&mut self) -> Result<Option<Forwarded>> {
        let engine = self.client.engine();
        let step = {
            let _turn = self.log.turn.lock().await;
            let step = self.log.go_on(engine, None, engine.deadline);
            Box::pin(step).await.map_err(unavailable)?
        };
        let was_drained = std::mem::replace(&mut self.is_drained, false);
        Ok(Some(match step {
            Step::Settled(record) => {
                self.late_signed |= record.predecessor().is_some();
                Forwarded::Settled(record)
            }
            Step::Parked(record) => Forwarded::Parked(record),
            Step::Open(record) => self.waiting(record.to_string()),
            Step::Held(reason) | Step::Blocked(reason) => self.waiting(reason),
            Step::Clear => {
                self.next = Next::Work;
                self.is_drained = true;
                if was_drained {
                    return Ok(None);
                }
                Forwarded::Drained {
                    zero_receipt_due: std::mem::take(&mut self.late_signed),
                }
            }
        }))
    }

    fn waiting(&mut self, cause: String) -> Forwarded {
        let now = self.client.engine().clock.elapsed();
        self.next = Next::Retry {
            at: now.saturating_add(self.retry_interval),
        };
        Forwarded::Waiting {
            cause,
            retry_in: self.retry_interval,
        }
    }
}
