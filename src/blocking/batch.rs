//! A batch as an iterator.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;

use futures_util::stream::Iter;
use tokio::sync::watch;

use super::thread::RuntimeThread;
use crate::client::{self, BatchEntry, BatchProgress, BatchStop};
use crate::error::Result;
use crate::handle::Handle;
use crate::receipt::Signable;

/// A batch of receipts, as [`client::SignAll`]: an iterator of what became of each, in their order.
///
/// An item is an error only inside an async runtime, where it cannot block; the batch is as it was then.
#[must_use = "nothing is sent before it is iterated over"]
pub struct SignAll<I> {
    /// On its way to the thread and back while an entry is waited for.
    batch: Option<client::SignAll<Iter<I>>>,
    thread: Arc<RuntimeThread>,
}

impl<I> SignAll<I> {
    pub(super) fn new(thread: &Arc<RuntimeThread>, batch: client::SignAll<Iter<I>>) -> Self {
        Self {
            batch: Some(batch),
            thread: Arc::clone(thread),
        }
    }

    /// As [`client::SignAll::with_stop`].
    pub fn with_stop(self, stop: BatchStop) -> Self {
        self.with(|batch| batch.with_stop(stop))
    }

    /// As [`client::SignAll::with_concurrency`].
    pub fn with_concurrency(self, receipts: NonZeroUsize) -> Self {
        self.with(|batch| batch.with_concurrency(receipts))
    }

    /// The counts so far, for another thread to read.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<BatchProgress> {
        match &self.batch {
            Some(batch) => batch.progress(),
            None => watch::Sender::default().subscribe(),
        }
    }

    /// As [`client::SignAll::in_flight`].
    #[must_use]
    pub fn in_flight(&self) -> Vec<Handle> {
        self.batch
            .as_ref()
            .map(client::SignAll::in_flight)
            .unwrap_or_default()
    }

    fn with(
        mut self,
        set: impl FnOnce(client::SignAll<Iter<I>>) -> client::SignAll<Iter<I>>,
    ) -> Self {
        self.batch = self.batch.map(set);
        self
    }
}

impl<I> fmt::Debug for SignAll<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.batch, f)
    }
}

impl<I> Iterator for SignAll<I>
where
    I: Iterator<Item: Signable + Send + 'static> + Send + 'static,
{
    type Item = Result<BatchEntry<I::Item>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(refused) = RuntimeThread::may_block() {
            return Some(Err(refused));
        }
        let mut batch = self.batch.take()?;
        let next = self.thread.run(async move {
            let entry = batch.next().await;
            (batch, entry)
        });
        match next {
            Ok((batch, entry)) => {
                self.batch = Some(batch);
                entry.map(Ok)
            }
            Err(error) => Some(Err(error)),
        }
    }
}
