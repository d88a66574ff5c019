//! A batch as an iterator.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, mpsc};

use tokio::sync::{mpsc as async_mpsc, watch};

use super::feed::{Feed, SaysEnded, Step};
use super::thread::{Running, RuntimeThread};
use crate::client::{self, BatchEntry, BatchProgress, BatchStop};
use crate::error::Result;
use crate::handle::Handle;
use crate::receipt::Signable;

type Batch<T> = client::SignAll<Feed<T>>;
/// A batch that comes back with its next entry.
type Next<T> = Running<(Batch<T>, Option<BatchEntry<T>>)>;

/// A batch of receipts, as [`client::SignAll`]: an iterator of what became of each, in their order.
///
/// The receipts are taken on the calling thread, each when it can be sent, so their iterator may block and
/// may make calls of the same client: read a file, wait for a channel, take the payment first.
///
/// An item is an error only inside an async runtime, where it cannot block; the batch is as it was then.
#[must_use = "nothing is sent before it is iterated over"]
pub struct SignAll<I: Iterator> {
    source: I,
    /// Where the receipts of `source` are put for the batch.
    put: async_mpsc::UnboundedSender<Option<I::Item>>,
    /// What the batch asks for; its sender is kept so that each wait can tell its end.
    steps: mpsc::Receiver<Step>,
    tell: mpsc::Sender<Step>,
    /// A receipt was asked for and not yet put: only if `source` panicked.
    is_asked: bool,
    /// On its way to the thread and back while an entry is waited for.
    batch: Option<Batch<I::Item>>,
    next: Option<Next<I::Item>>,
    progress: watch::Receiver<BatchProgress>,
    thread: Arc<RuntimeThread>,
}

impl<I> SignAll<I>
where
    I: Iterator<Item: Signable>,
{
    pub(super) fn new(thread: &Arc<RuntimeThread>, client: &client::Client, source: I) -> Self {
        let (tell, steps) = mpsc::channel();
        let (put, feed) = Feed::new(tell.clone());
        let batch = client.sign_stream(feed);
        Self {
            source,
            put,
            steps,
            tell,
            is_asked: false,
            progress: batch.progress(),
            batch: Some(batch),
            next: None,
            thread: Arc::clone(thread),
        }
    }
}

impl<I: Iterator> SignAll<I> {
    /// As [`client::SignAll::with_stop`].
    pub fn with_stop(self, stop: BatchStop) -> Self {
        self.with(|batch| batch.with_stop(stop))
    }

    /// As [`client::SignAll::with_concurrency`]. An entry waits for the next receipt where that is still to be
    /// taken.
    pub fn with_concurrency(self, receipts: NonZeroUsize) -> Self {
        self.with(|batch| batch.with_concurrency(receipts))
    }

    /// The counts so far, for another thread to read.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<BatchProgress> {
        self.progress.clone()
    }

    /// As [`client::SignAll::in_flight`].
    #[must_use]
    pub fn in_flight(&self) -> Vec<Handle> {
        self.batch
            .as_ref()
            .map(client::SignAll::in_flight)
            .unwrap_or_default()
    }

    fn with(mut self, set: impl FnOnce(Batch<I::Item>) -> Batch<I::Item>) -> Self {
        self.batch = self.batch.map(set);
        self
    }

    /// Gives the batch the receipts it asks for, until it has an entry.
    fn serve(&mut self) {
        loop {
            if !self.is_asked {
                match self.steps.recv() {
                    Ok(Step::Asked) => self.is_asked = true,
                    Ok(Step::Ended) | Err(_) => return,
                }
            }
            let receipt = self.source.next();
            self.is_asked = false;
            // A batch that is gone has ended.
            let _ = self.put.send(receipt);
        }
    }
}

impl<I: Iterator> fmt::Debug for SignAll<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.batch, f)
    }
}

impl<I> Iterator for SignAll<I>
where
    I: Iterator<Item: Signable + Send + 'static>,
{
    type Item = Result<BatchEntry<I::Item>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(refused) = RuntimeThread::may_block() {
            return Some(Err(refused));
        }
        if self.next.is_none() {
            let mut batch = self.batch.take()?;
            let says_ended = SaysEnded(self.tell.clone());
            self.next = Some(self.thread.begin(async move {
                let _says_ended = says_ended;
                let entry = batch.next().await;
                (batch, entry)
            }));
        }
        self.serve();
        match self.next.take()?.wait() {
            Ok((batch, entry)) => {
                self.batch = Some(batch);
                entry.map(Ok)
            }
            Err(error) => Some(Err(error)),
        }
    }
}
