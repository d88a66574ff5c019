//! A body that comes slowly.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;

use crate::clock::{self, Clock};

type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Hands out pieces of a fixed size with a pause after each.
pub(crate) struct Drip {
    source: Box<dyn Iterator<Item = Bytes> + Send>,
    rest: Bytes,
    piece: usize,
    pause: Duration,
    clock: Arc<dyn Clock>,
    wait: Option<Wait>,
    /// The bytes that are left, when that is known.
    left: Option<u64>,
}

impl Drip {
    /// A piece has at least one byte.
    pub(super) fn new(
        source: Box<dyn Iterator<Item = Bytes> + Send>,
        length: Option<u64>,
        piece: usize,
        pause: Duration,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            source,
            rest: Bytes::new(),
            piece: piece.max(1),
            pause,
            clock,
            wait: None,
            left: length,
        }
    }

    pub(super) fn left(&self) -> Option<u64> {
        self.left
    }

    pub(super) fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        while self.rest.is_empty() {
            match self.source.next() {
                Some(rest) => self.rest = rest,
                None => return Poll::Ready(None),
            }
        }
        if let Some(wait) = &mut self.wait {
            ready!(wait.as_mut().poll(context));
            self.wait = None;
        }
        let piece = self.rest.split_to(self.piece.min(self.rest.len()));
        self.left = self
            .left
            .map(|left| left.saturating_sub(piece.len() as u64));
        if !self.pause.is_zero() {
            // The moment is fixed now: a clock moved by hand may pass it before the next poll.
            let moment = clock::after(self.clock.now(), self.pause);
            let clock = Arc::clone(&self.clock);
            self.wait = Some(Box::pin(async move { clock.reached(moment).await }));
        }
        Poll::Ready(Some(piece))
    }
}
