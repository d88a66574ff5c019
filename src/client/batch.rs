//! Many receipts, one after the other, in order.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::thread;

use futures_core::Stream;
use futures_util::FutureExt;
use futures_util::stream::{FuturesOrdered, Iter, iter};
use tokio::sync::watch;
use uuid::Uuid;

use super::{Client, Signed};
use crate::error::{Error, Result};
use crate::handle::Handle;
use crate::outcome::Outcome;
use crate::receipt::Signable;
use crate::runtime::Standing;

/// When a batch stops sending.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BatchStop {
    /// After a receipt that is still open: pending, or failed with an error that leaves it open, such as
    /// refused credentials. The next one would be signed before it, and the order of a queue is part of
    /// its journal. One that is parked is set aside on purpose and does not stop a batch.
    #[default]
    AtOpen,
    /// Also after one that is parked or was refused, by the server or by the queue.
    AtUnsigned,
    /// Not at all: each receipt is sent, whatever became of the one before.
    Never,
}

impl BatchStop {
    fn stops_at(self, result: &Result<Outcome<Signed>>) -> bool {
        match (self, result) {
            (Self::Never, _) | (_, Ok(Outcome::Done(_))) => false,
            (Self::AtUnsigned, _) | (Self::AtOpen, Ok(Outcome::Pending(_))) => true,
            (Self::AtOpen, Ok(Outcome::Parked(_))) => false,
            (Self::AtOpen, Err(error)) => is_open(error),
        }
    }
}

/// Whether the operation may have been, or can still be, executed.
fn is_open(error: &Error) -> bool {
    error.outcome() == Standing::Unknown || error.is_retryable()
}

/// How far a batch has come, in receipts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchProgress {
    /// Those whose sending was begun.
    pub begun: u64,
    /// Those that are signed.
    pub signed: u64,
    /// Those that are not signed and never will be as they are.
    pub refused: u64,
    /// Those that are open: pending, parked, failed with an error that leaves them open, or ended by a panic,
    /// such as of an observer.
    pub open: u64,
    /// Those given back unsent after the batch had stopped.
    pub unsent: u64,
}

impl BatchProgress {
    /// Those whose fate is known by now, sent or not.
    #[must_use]
    pub fn finished(&self) -> u64 {
        self.signed + self.refused + self.open + self.unsent
    }

    fn count(&mut self, result: &Result<Outcome<Signed>>) {
        *match result {
            Ok(Outcome::Done(_)) => &mut self.signed,
            Ok(Outcome::Pending(_) | Outcome::Parked(_)) => &mut self.open,
            Err(error) if is_open(error) => &mut self.open,
            Err(_) => &mut self.refused,
        } += 1;
    }
}

/// What became of one receipt of a batch.
#[must_use = "a receipt that is open or unsent is not signed"]
#[allow(
    clippy::large_enum_variant,
    reason = "the large one is the rule, and a receipt request is no smaller"
)]
#[derive(Debug)]
#[non_exhaustive]
pub enum BatchEntry<R> {
    /// It was sent, or refused before sending; the result is that of
    /// [`Client::sign`].
    Sent {
        /// The id it was sent under, `None` if it could not be sent.
        operation_id: Option<Uuid>,
        /// What it led to.
        result: Result<Outcome<Signed>>,
    },
    /// It was not sent, because the batch had stopped: the receipt as it came. It has no operation id and
    /// is in no operation log: keep it yourself.
    Unsent(R),
}

impl<R> BatchEntry<R> {
    /// The signed receipt, or `None` for one that is not signed.
    #[must_use]
    pub fn signed(self) -> Option<Signed> {
        match self {
            Self::Sent {
                result: Ok(outcome),
                ..
            } => outcome.done(),
            _ => None,
        }
    }
}

type Sent = (Option<Uuid>, Result<Outcome<Signed>>);
/// A panic of a caller's observer, clock or store goes on in whoever polls the batch.
type Sending = Pin<Box<dyn Future<Output = thread::Result<Sent>> + Send>>;

/// A batch of receipts on its way: a stream of [`BatchEntry`], one for each receipt, in their order.
///
/// It sends only while it is polled, and takes a receipt from its source only when it can send it, so a
/// slow reader slows it down. By default one receipt is under way at a time, because a cash box is one
/// queue and a queue has an order. For several cash boxes run a batch of each client side by side.
///
/// It is cancel-safe: what a dropped [`next`](Self::next) was waiting for stays in the batch, and
/// [`in_flight`](Self::in_flight) has the handles of what was sent, should the batch itself be given up.
#[must_use = "nothing is sent before it is polled"]
pub struct SignAll<S> {
    client: Client,
    source: Pin<Box<S>>,
    is_drained: bool,
    concurrency: usize,
    stop: BatchStop,
    /// Set as soon as a result stops the batch, which may be before its turn.
    is_stopped: Arc<AtomicBool>,
    sending: FuturesOrdered<Sending>,
    /// Of what is in `sending`, in the same order.
    handles: VecDeque<Option<Handle>>,
    /// Of what ended with a panic.
    panicked: Vec<Handle>,
    progress: watch::Sender<BatchProgress>,
}

impl Client {
    /// Signs receipts one after the other, in their order, and stops at one that is left open. It fails as a
    /// whole never: what went wrong with a receipt stands in its entry, as [`sign`](Self::sign) gives it.
    ///
    /// ```no_run
    /// # use pos_system_api::{Client, Outcome, types::ReceiptRequest};
    /// # async fn example(client: Client, receipts: Vec<ReceiptRequest>) {
    /// use pos_system_api::client::BatchEntry;
    ///
    /// let mut batch = client.sign_all(receipts);
    /// let mut unsent = Vec::new();
    /// while let Some(entry) = batch.next().await {
    ///     match entry {
    ///         BatchEntry::Sent { result: Ok(Outcome::Done(signed)), .. } => {
    ///             println!("signed: {:?}", signed.response.ft_receipt_identification);
    ///         }
    ///         BatchEntry::Sent { result: Ok(Outcome::Pending(open) | Outcome::Parked(open)), .. } => {
    ///             println!("open: {open}");
    ///         }
    ///         BatchEntry::Sent { result: Err(error), .. } => println!("not signed: {error}"),
    ///         // The batch has stopped: resume what is open first, then sign the rest.
    ///         BatchEntry::Unsent(receipt) => unsent.push(receipt),
    ///         _ => {}
    ///     }
    /// }
    /// # }
    /// ```
    pub fn sign_all<I>(&self, receipts: I) -> SignAll<Iter<I::IntoIter>>
    where
        I: IntoIterator,
        I::Item: Signable,
    {
        self.sign_stream(iter(receipts))
    }

    /// As [`sign_all`](Self::sign_all), with the receipts of a stream.
    pub fn sign_stream<S>(&self, receipts: S) -> SignAll<S>
    where
        S: Stream,
        S::Item: Signable,
    {
        SignAll {
            client: self.clone(),
            source: Box::pin(receipts),
            is_drained: false,
            concurrency: 1,
            stop: BatchStop::default(),
            is_stopped: Arc::default(),
            sending: FuturesOrdered::new(),
            handles: VecDeque::new(),
            panicked: Vec::new(),
            progress: watch::Sender::default(),
        }
    }
}

impl<S> SignAll<S> {
    /// When it stops sending. Default [`BatchStop::AtOpen`].
    pub fn with_stop(mut self, stop: BatchStop) -> Self {
        self.stop = stop;
        self
    }

    /// How many receipts are under way at once. Default 1; more is for a server that brings them into an
    /// order of its own, as receipts may then be signed in another order than they came. The entries come
    /// in the order of the receipts all the same.
    pub fn with_concurrency(mut self, receipts: NonZeroUsize) -> Self {
        self.concurrency = receipts.get();
        self
    }

    /// The counts so far, and each change of them: a stream for a progress bar, to be read elsewhere. It
    /// ends when the batch is dropped.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<BatchProgress> {
        self.progress.subscribe()
    }

    /// The handles of what was taken from the source and not yet given back as an entry, or ended by a panic.
    #[must_use]
    pub fn in_flight(&self) -> Vec<Handle> {
        let sending = self.handles.iter().flatten();
        self.panicked.iter().chain(sending).cloned().collect()
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

impl<S> SignAll<S>
where
    S: Stream,
    S::Item: Signable,
{
    /// The next entry, or `None` after the last one. Cancel-safe.
    pub async fn next(&mut self) -> Option<BatchEntry<S::Item>> {
        std::future::poll_fn(|context| self.poll_entry(context)).await
    }

    fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<BatchEntry<S::Item>>> {
        loop {
            let waits = match Pin::new(&mut self.sending).poll_next(context) {
                Poll::Ready(Some(Err(panic))) => {
                    self.panicked.extend(self.handles.pop_front().flatten());
                    resume_unwind(panic);
                }
                Poll::Ready(Some(Ok((operation_id, result)))) => {
                    self.handles.pop_front();
                    return Poll::Ready(Some(BatchEntry::Sent {
                        operation_id,
                        result,
                    }));
                }
                Poll::Ready(None) => false,
                Poll::Pending => true,
            };
            if self.is_drained && !waits {
                return Poll::Ready(None);
            }
            let is_full = self.sending.len() >= self.concurrency;
            if self.is_drained || (waits && (is_full || self.is_stopped())) {
                return Poll::Pending;
            }
            match self.source.as_mut().poll_next(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => self.is_drained = true,
                Poll::Ready(Some(receipt)) => {
                    if self.is_stopped() {
                        self.progress.send_modify(|counts| counts.unsent += 1);
                        return Poll::Ready(Some(BatchEntry::Unsent(receipt)));
                    }
                    self.send(receipt);
                }
            }
        }
    }

    fn send(&mut self, receipt: S::Item) {
        let call = self.client.sign(receipt);
        let (progress, stop) = (self.progress.clone(), self.stop);
        let is_stopped = Arc::clone(&self.is_stopped);
        progress.send_modify(|counts| counts.begun += 1);
        self.handles.push_back(call.handle());
        self.sending.push_back(Box::pin(async move {
            let operation_id = call.operation_id();
            // Nothing of the call is used after a panic.
            let ended = AssertUnwindSafe(call.into_future()).catch_unwind().await;
            let stops = match &ended {
                Ok(result) => stop.stops_at(result),
                // It may have been executed.
                Err(_) => stop != BatchStop::Never,
            };
            if stops {
                is_stopped.store(true, Ordering::Relaxed);
            }
            progress.send_modify(|counts| match &ended {
                Ok(result) => counts.count(result),
                Err(_) => counts.open += 1,
            });
            ended.map(|result| (operation_id, result))
        }));
    }
}

impl<S> Stream for SignAll<S>
where
    S: Stream,
    S::Item: Signable,
{
    type Item = BatchEntry<S::Item>;

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<BatchEntry<S::Item>>> {
        self.get_mut().poll_entry(context)
    }
}

impl<S> fmt::Debug for SignAll<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignAll")
            .field("progress", &*self.progress.borrow())
            .field("concurrency", &self.concurrency)
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}
