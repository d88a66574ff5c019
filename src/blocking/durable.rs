//! The operation log of a program without an async runtime.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::client::Client;
use super::thread::RuntimeThread;
use crate::client::{self, Answered};
#[cfg(operation = "sign")]
use crate::durable::HandedOver;
use crate::durable::{self, Forwarded, Record, Recovery};
use crate::error::Result;
#[cfg(operation = "sign")]
use crate::handle::Handle;
use crate::outcome::Outcome;

/// Each blocks until it is done; there is nothing to be set, so there is no `send`.
///
/// Inside an async runtime each is refused with
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) and does nothing.
impl Client {
    /// As [`Client::recover`](crate::Client::recover): call it once at the start, before the first sale.
    ///
    /// ```
    /// # fn example(client: pos_system_api::blocking::Client) -> pos_system_api::Result<()> {
    /// use pos_system_api::Signed;
    ///
    /// let recovery = client.recover()?;
    /// for record in &recovery.finished {
    ///     match record.read::<Signed>() {
    ///         Ok(signed) => println!("print it now: {:?}", signed.operation_id()),
    ///         Err(error) => println!("{record}: {error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`Client::recover`](crate::Client::recover).
    pub fn recover(&self) -> Result<Recovery> {
        self.run(|client| async move { client.recover().await })
    }

    /// As [`Client::pending`](crate::Client::pending).
    ///
    /// # Errors
    /// Those of [`Client::pending`](crate::Client::pending).
    pub fn pending(&self) -> Result<Vec<Record>> {
        self.run(|client| async move { client.pending().await })
    }

    /// As [`Client::recorded`](crate::Client::recorded).
    ///
    /// # Errors
    /// Those of [`Client::recorded`](crate::Client::recorded).
    pub fn recorded(&self, operation_id: Uuid) -> Result<Option<Record>> {
        self.run(move |client| async move { client.recorded(operation_id).await })
    }

    /// As [`Client::resume_recorded`](crate::Client::resume_recorded).
    ///
    /// # Errors
    /// Those of [`Client::resume_recorded`](crate::Client::resume_recorded).
    pub fn resume_recorded<T: Answered>(&self, operation_id: Uuid) -> Result<Outcome<T>> {
        self.run(move |client| async move { client.resume_recorded(operation_id).await })
    }

    /// As [`Client::acknowledge`](crate::Client::acknowledge).
    ///
    /// # Errors
    /// Those of [`Client::acknowledge`](crate::Client::acknowledge).
    pub fn acknowledge(&self, operation_id: Uuid) -> Result<()> {
        self.run(move |client| async move { client.acknowledge(operation_id).await })
    }

    /// As [`Client::abandon`](crate::Client::abandon).
    ///
    /// # Errors
    /// Those of [`Client::abandon`](crate::Client::abandon).
    pub fn abandon(&self, operation_id: Uuid, who: &str, why: &str) -> Result<Record> {
        let (who, why) = (who.to_owned(), why.to_owned());
        self.run(move |client| async move { client.abandon(operation_id, &who, &why).await })
    }

    /// As [`Client::handed_over_offline`](crate::Client::handed_over_offline).
    ///
    /// # Errors
    /// Those of [`Client::handed_over_offline`](crate::Client::handed_over_offline).
    #[cfg(operation = "sign")]
    pub fn handed_over_offline(&self, handle: &Handle) -> Result<HandedOver> {
        let handle = handle.clone();
        self.run(move |client| async move { client.handed_over_offline(&handle).await })
    }

    /// As [`Client::forward`](crate::Client::forward), to be asked on a thread of its own.
    ///
    /// ```no_run
    /// # fn example(client: pos_system_api::blocking::Client) -> pos_system_api::Result<()> {
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use std::time::Duration;
    ///
    /// static CLOSING: AtomicBool = AtomicBool::new(false);
    ///
    /// let mut forwarder = client.forward()?;
    /// let worker = std::thread::spawn(move || {
    ///     while !CLOSING.load(Ordering::Relaxed) {
    ///         match forwarder.next_within(Duration::from_secs(1)) {
    ///             Ok(Some(event)) => println!("{event:?}"),
    ///             Ok(None) => {}
    ///             // The log cannot be used: it is asked again after the retry interval.
    ///             Err(error) => eprintln!("{error}"),
    ///         }
    ///     }
    /// });
    /// # drop(worker);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`Client::forward`](crate::Client::forward).
    pub fn forward(&self) -> Result<Forwarder> {
        Ok(Forwarder {
            forwarder: Some(self.as_async().forward()?),
            thread: Arc::clone(self.thread()),
        })
    }

    /// Runs a call of the async client to its end.
    fn run<F, T>(&self, call: impl FnOnce(client::Client) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        self.thread().run(call(self.as_async().clone()))?
    }
}

/// Sends what was left behind, as [`durable::Forwarder`], for as long as it is asked: an iterator of what it
/// did, without an end.
///
/// With nothing left behind, `next` blocks until there is something; [`next_within`](Self::next_within)
/// comes back.
#[must_use = "nothing is sent before `next`"]
pub struct Forwarder {
    /// On its way to the thread and back while an event is waited for.
    forwarder: Option<durable::Forwarder>,
    thread: Arc<RuntimeThread>,
}

impl Forwarder {
    /// As [`durable::Forwarder::with_retry_interval`].
    pub fn with_retry_interval(self, retry_interval: Duration) -> Self {
        let Self { forwarder, thread } = self;
        Self {
            forwarder: forwarder.map(|it| it.with_retry_interval(retry_interval)),
            thread,
        }
    }

    /// As [`durable::Forwarder::next_within`]: comes back with `None` if for so long there is nothing to be
    /// sent. An operation that is being sent is never cut short, for which the client's deadline is the
    /// limit.
    ///
    /// # Errors
    /// Those of [`durable::Forwarder::next`], and
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) inside an async runtime.
    pub fn next_within(&mut self, wait: Duration) -> Result<Option<Forwarded>> {
        self.run(move |mut forwarder| async move {
            let event = forwarder.next_within(wait).await;
            (forwarder, event)
        })
    }

    fn run<F, T>(&mut self, ask: impl FnOnce(durable::Forwarder) -> F) -> Result<T>
    where
        F: Future<Output = (durable::Forwarder, Result<T>)> + Send + 'static,
        T: Send + 'static,
    {
        RuntimeThread::may_block()?;
        let forwarder = self.forwarder.take().ok_or_else(RuntimeThread::ended)?;
        let (forwarder, event) = self.thread.run(ask(forwarder))?;
        self.forwarder = Some(forwarder);
        event
    }
}

impl Iterator for Forwarder {
    type Item = Result<Forwarded>;

    /// As [`durable::Forwarder::next`]; never `None`.
    fn next(&mut self) -> Option<Self::Item> {
        Some(self.run(|mut forwarder| async move {
            let event = forwarder.next().await;
            (forwarder, event)
        }))
    }
}

impl fmt::Debug for Forwarder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.forwarder, f)
    }
}
