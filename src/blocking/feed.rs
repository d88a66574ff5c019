//! An iterator of the calling thread as a stream of the client's thread.

use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::sync::mpsc as async_mpsc;

/// What the calling thread is told while it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The next item is asked for.
    Asked,
    /// What it waits for has ended.
    Ended,
}

/// A stream whose items are asked for one by one. The iterator may block, which nothing may on the client's
/// thread, so it stays where it was made.
pub(super) struct Feed<T> {
    steps: mpsc::Sender<Step>,
    items: async_mpsc::UnboundedReceiver<Option<T>>,
    is_asked: bool,
}

impl<T> Feed<T> {
    /// A stream, and where its items are put, `None` for its end. It says in `steps` when it wants one.
    pub(super) fn new(steps: mpsc::Sender<Step>) -> (async_mpsc::UnboundedSender<Option<T>>, Self) {
        let (put, items) = async_mpsc::unbounded_channel();
        let feed = Self {
            steps,
            items,
            is_asked: false,
        };
        (put, feed)
    }
}

impl<T> Stream for Feed<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        if !self.is_asked {
            self.is_asked = true;
            // Whoever is gone puts nothing, which is the end.
            let _ = self.steps.send(Step::Asked);
        }
        let item = std::task::ready!(self.items.poll_recv(context));
        self.is_asked = false;
        Poll::Ready(item.flatten())
    }
}

/// Says [`Step::Ended`] when it is dropped, however that comes.
pub(super) struct SaysEnded(pub(super) mpsc::Sender<Step>);

impl Drop for SaysEnded {
    fn drop(&mut self) {
        let _ = self.0.send(Step::Ended);
    }
}
