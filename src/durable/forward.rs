//! Sending what was left behind when the network is back.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::select;

use super::log::{Log, unavailable};
use super::order::Step;
use super::record::Record;
use crate::client::Client;
use crate::error::Result;
use crate::runtime::within;
use crate::store::{Stage, StoreError};

/// How long to wait before the first open operation is tried again.
const RETRY_INTERVAL: Duration = Duration::from_secs(10);

/// Sends what was left behind, in its order, for as long as it is asked for the
/// [`next`](Self::next) event; then it asks for the payments that are open. It tells of what the next sale sent on
/// the way, too.
///
/// There is no hidden task: spawn one that asks. With nothing left behind it sleeps without waking up, but on a
/// store that is shared it looks every retry interval for what a worker that died left behind. What it is at gives
/// way to [`resume`](Client::resume), [`handed_over_offline`](Client::handed_over_offline) and
/// [`abandon`](Client::abandon), at the end of the attempt under way.
///
/// ```no_run
/// # async fn example(client: pos_system_api::Client) -> pos_system_api::Result<()> {
/// use pos_system_api::durable::Forwarded;
///
/// let mut forwarder = client.forward()?;
/// loop {
///     match forwarder.next().await {
///         Ok(Forwarded::Settled(record)) => println!("{record}"),
///         Ok(Forwarded::Parked(record)) => eprintln!("look at this: {record}"),
///         Ok(Forwarded::Waiting { cause, .. }) => println!("offline: {cause}"),
///         Ok(Forwarded::Drained { zero_receipt_due }) if zero_receipt_due => {
///             println!("what was left behind is settled; print a zero receipt");
///         }
///         Ok(_) => {}
///         // The log cannot be used: `next` waits before it asks it again.
///         Err(error) => eprintln!("{error}"),
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
    payments: Payments,
    /// Whether the last event was that nothing is left behind.
    is_drained: bool,
}

/// One round through the payments that are open.
#[derive(Debug, Default)]
struct Payments {
    /// The number of the one that was asked for last; 0 before the first.
    after: u64,
    /// What was left behind when the round began.
    noted: u64,
    /// Why the first that stays open is so.
    open: Option<String>,
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
    /// What was left behind is settled, signed or refused, or was set aside.
    Drained {
        /// Whether receipts were signed late, and no zero receipt since: the rules want one (API facts, section
        /// 6.5). It is read from the log, whoever sent them. It is proposed here and never sent by itself:
        /// [`Receipt::zero`](crate::receipt::Receipt::zero).
        zero_receipt_due: bool,
    },
}

impl Client {
    /// Sends what was left behind by calls that ended [`Pending`](crate::Outcome::Pending) or were dropped,
    /// in its order, and tells of it. Payments come after the receipts and are asked for: none is begun.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for a client without a log.
    pub fn forward(&self) -> Result<Forwarder> {
        let log = Arc::clone(self.log()?);
        log.told.begin();
        Ok(Forwarder {
            client: self.clone(),
            log,
            retry_interval: RETRY_INTERVAL,
            next: Next::Send,
            payments: Payments::default(),
            is_drained: false,
        })
    }
}

impl Forwarder {
    /// How long to wait before the first open operation is tried again. Default 10 s.
    pub fn with_retry_interval(mut self, retry_interval: Duration) -> Self {
        self.retry_interval = retry_interval;
        self
    }

    /// Goes on until there is something to tell. Dropped midway, nothing is lost: the operation it was at
    /// is found again.
    ///
    /// # Errors
    /// [`ErrorKind::StorageUnavailable`](crate::ErrorKind::StorageUnavailable) if the log cannot be used. Asked
    /// again, it waits for the retry interval before it tries the log again.
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
            if within(left, pin!(self.until_due()), &*clock)
                .await
                .is_none()
            {
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
            Next::Work => self.until_left_behind().await,
        }
        self.next = Next::Send;
    }

    /// Waits until something was left behind: by this process, or, in a store that is shared, perhaps by a
    /// worker that has died.
    async fn until_left_behind(&self) {
        let log = &self.log;
        let receipts = pin!(log.left_behind.wait());
        let payments = pin!(log.payments_left_behind.wait());
        let settled = pin!(log.told.wait());
        let noted = pin!(select(select(receipts, payments), settled));
        if log.store.is_shared() {
            let clock = &*self.client.engine().clock;
            within(self.retry_interval, noted, clock).await;
        } else {
            noted.await;
        }
    }

    /// Sends the first operation that was left behind. `None` if there is nothing to tell.
    async fn send(&mut self) -> Result<Option<Forwarded>> {
        // Should the log fail, it is tried again later, however often it is asked for.
        self.next = self.retry();
        let was_drained = std::mem::replace(&mut self.is_drained, false);
        let event = match self.step().await.map_err(unavailable)? {
            Stepped::Told(event) => *event,
            Stepped::Waiting(cause) => {
                return Ok(Some(Forwarded::Waiting {
                    cause,
                    retry_in: self.retry_interval,
                }));
            }
            Stepped::Elsewhere => {
                self.is_drained = was_drained;
                return Ok(None);
            }
            Stepped::Drained => {
                let event = match was_drained {
                    true => None,
                    false => Some(Forwarded::Drained {
                        zero_receipt_due: self.log.is_zero_receipt_due().await,
                    }),
                };
                // Not before the last await: whoever drops this is told the next time.
                self.next = Next::Work;
                self.is_drained = true;
                return Ok(event);
            }
        };
        self.next = Next::Send;
        Ok(Some(event))
    }

    async fn step(&mut self) -> std::result::Result<Stepped, StoreError> {
        if let Some(event) = self.settled_on_the_way().await? {
            return Ok(Stepped::Told(Box::new(event)));
        }
        let (client, log) = (self.client.clone(), Arc::clone(&self.log));
        let engine = client.engine();
        let step = {
            let _turn = log.turn.lock().await;
            Box::pin(log.go_on(engine, None, engine.deadline)).await?
        };
        // A receipt that the server does not settle says that it is away for payments too.
        let receipts = match step {
            Step::Settled(record) => {
                return Ok(Stepped::Told(Box::new(Forwarded::Settled(record))));
            }
            Step::Parked(record) => return Ok(Stepped::Told(Box::new(Forwarded::Parked(record)))),
            Step::Open(record) => return Ok(Stepped::Waiting(record.to_string())),
            Step::Held(_) => Stepped::Elsewhere,
            Step::Blocked(reason) => Stepped::Waiting(reason),
            Step::Clear => Stepped::Drained,
        };
        // While it waited for its turn, others may have settled something.
        if let Some(event) = self.settled_on_the_way().await? {
            return Ok(Stepped::Told(Box::new(event)));
        }
        Ok(self.payment().await?.unwrap_or(receipts))
    }

    /// What was settled before a sale that had to wait for it.
    async fn settled_on_the_way(&self) -> std::result::Result<Option<Forwarded>, StoreError> {
        let told = &self.log.told;
        while let Some(operation_id) = told.first() {
            let row = self.log.store.row(operation_id).await?;
            told.done(operation_id);
            let Some(record) = row.map(Record::from_row).transpose()? else {
                continue;
            };
            match record.stage() {
                Stage::Final => return Ok(Some(Forwarded::Settled(record))),
                stage if stage.is_open() && record.is_parked() => {
                    return Ok(Some(Forwarded::Parked(record)));
                }
                // Somebody has looked after it.
                _ => {}
            }
        }
        Ok(None)
    }

    /// Asks for the payments that are open, one after the other. `None` when there are none.
    async fn payment(&mut self) -> std::result::Result<Option<Stepped>, StoreError> {
        let (client, log) = (self.client.clone(), Arc::clone(&self.log));
        let engine = client.engine();
        if self.payments.after == 0 {
            self.payments.noted = log.payments_left_behind.noted();
        }
        for row in log.open_payments(self.payments.after).await? {
            let step = log.go_on_with_payment(engine, row.operation_id, engine.deadline);
            let step = Box::pin(step).await?;
            self.payments.after = row.sequence;
            match step {
                Step::Settled(record) => {
                    return Ok(Some(Stepped::Told(Box::new(Forwarded::Settled(record)))));
                }
                Step::Parked(record) => {
                    return Ok(Some(Stepped::Told(Box::new(Forwarded::Parked(record)))));
                }
                Step::Open(record) => {
                    self.payments.open.get_or_insert(record.to_string());
                }
                // A guest is paying: whoever waits for it leaves it behind, or does not.
                Step::Clear | Step::Held(_) | Step::Blocked(_) => {}
            }
        }
        let round = std::mem::take(&mut self.payments);
        Ok(match round.open {
            Some(cause) => Some(Stepped::Waiting(cause)),
            None => {
                log.payments_left_behind.clear(round.noted);
                None
            }
        })
    }

    fn retry(&self) -> Next {
        let now = self.client.engine().clock.elapsed();
        Next::Retry {
            at: now.saturating_add(self.retry_interval),
        }
    }
}

/// What one step came to.
enum Stepped {
    // Boxed: a record is large.
    Told(Box<Forwarded>),
    /// At an operation that stays open, for this reason.
    Waiting(String),
    /// Somebody else is at the first one.
    Elsewhere,
    /// At the end.
    Drained,
}

impl Drop for Forwarder {
    fn drop(&mut self) {
        self.log.told.end();
    }
}
