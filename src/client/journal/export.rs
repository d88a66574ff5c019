//! A journal on its way.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_core::Stream;
use http::{Version, header};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::client::media::{content_encoding, content_type};
use crate::error::{Error, ErrorKind, Result};
use crate::runtime::Clock;

/// A journal that has begun to arrive: its bytes as they come, taken with [`copy_to`](Self::copy_to),
/// [`chunk`](Self::chunk) or as a `Stream`.
///
/// Nothing is read ahead: the server is read as fast as the bytes are taken. An export that ends early is
/// never taken for a whole one: a connection that breaks off, or stands still for longer than the stall
/// timeout, is an [`ErrorKind::Interrupted`], each time it is asked from then on.
///
/// Every future of it can be dropped: what was not taken comes next time.
pub struct Export {
    body: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    content_type: Option<String>,
    content_encoding: Option<String>,
    has_certain_end: bool,
    clock: Arc<dyn Clock>,
    stall_timeout: Duration,
    stall: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// A chunk that was not taken in full.
    rest: Bytes,
    received: u64,
    written: u64,
    /// Whether a writer has failed: what it took before may not be where it belongs.
    writer_failed: bool,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Running,
    Whole,
    /// For this reason.
    Broken(String),
}

/// An export that was written in full.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exported {
    /// How many bytes were written.
    pub bytes: u64,
    /// What they are, such as `application/json`; `None` if the server did not say.
    pub content_type: Option<String>,
    /// How these bytes are compressed, such as `gzip`; `None` if they are not. The client asks for no
    /// compression and undoes none: a gateway may have done it on its own.
    pub content_encoding: Option<String>,
    /// Whether the end of the export was marked as such. `false` only for an answer that ends with its
    /// connection, as old gateways make them: then nobody can tell the end from a break. Look at the end
    /// of the document.
    pub has_certain_end: bool,
}

impl Export {
    pub(super) fn new(
        response: reqwest::Response,
        clock: Arc<dyn Clock>,
        stall_timeout: Duration,
    ) -> Self {
        let headers = response.headers();
        Self {
            content_type: content_type(headers),
            content_encoding: content_encoding(headers),
            // HTTP/1 may leave the end to the connection, later versions mark it.
            has_certain_end: response.version() >= Version::HTTP_2
                || headers.contains_key(header::CONTENT_LENGTH)
                || headers.contains_key(header::TRANSFER_ENCODING),
            body: Box::pin(response.bytes_stream()),
            clock,
            stall_timeout,
            stall: None,
            rest: Bytes::new(),
            received: 0,
            written: 0,
            writer_failed: false,
            state: State::Running,
        }
    }

    /// What the bytes are, such as `application/json` or `application/zip`; `None` if the server did not
    /// say.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// How the bytes are compressed, such as `gzip`; `None` if they are not. They are passed on as they come,
    /// see [`Exported::content_encoding`].
    #[must_use]
    pub fn content_encoding(&self) -> Option<&str> {
        self.content_encoding.as_deref()
    }

    /// Whether the end will be marked as such, see [`Exported::has_certain_end`].
    #[must_use]
    pub fn has_certain_end(&self) -> bool {
        self.has_certain_end
    }

    /// How many bytes came from the server so far.
    #[must_use]
    pub fn received_bytes(&self) -> u64 {
        self.received
    }

    /// The next bytes, or `None` at the end of the whole export. Cancel-safe.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`] if the export broke off or stands still.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        poll_fn(|context| self.poll_chunk(context))
            .await
            .transpose()
    }

    /// Writes the rest of the export to `writer`, and flushes it: a file, a socket, anything that takes
    /// bytes. It reads on when `writer` has taken them.
    ///
    /// Cancel-safe: a dropped call has written whole pieces, and the next one goes on behind them.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`] if the export broke off or stands still: what was written is not all of
    /// it. [`ErrorKind::NotWritten`] if `writer` fails, and each time from then on: a file of tokio's takes
    /// bytes before they are on the disk, so nobody knows which of them are lost. Take the export again.
    /// For a writer of which that is known, [`chunk`](Self::chunk) goes on behind the bytes it took.
    pub async fn copy_to<W: AsyncWrite + Unpin + ?Sized>(
        &mut self,
        writer: &mut W,
    ) -> Result<Exported> {
        if self.writer_failed {
            let source = std::io::Error::other("the writer has failed before");
            return Err(not_written(source, self.written));
        }
        loop {
            if self.rest.is_empty() {
                match self.chunk().await? {
                    Some(chunk) => self.rest = chunk,
                    None => break,
                }
            }
            let taken = writer.write(&self.rest).await;
            let taken = match taken {
                Ok(0) => Err(std::io::ErrorKind::WriteZero.into()),
                taken => taken,
            };
            let taken = taken.map_err(|source| self.failed_writer(source))?;
            self.rest.advance(taken);
            self.written = self.written.saturating_add(taken as u64);
        }
        let flushed = writer.flush().await;
        flushed.map_err(|source| self.failed_writer(source))?;
        Ok(self.exported(self.written))
    }

    fn failed_writer(&mut self, source: std::io::Error) -> Error {
        self.writer_failed = true;
        not_written(source, self.written)
    }

    /// What is said of it when this many bytes were written in full.
    pub(crate) fn exported(&self, bytes: u64) -> Exported {
        Exported {
            bytes,
            content_type: self.content_type.clone(),
            content_encoding: self.content_encoding.clone(),
            has_certain_end: self.has_certain_end,
        }
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        match &self.state {
            State::Running => {}
            State::Whole => return Poll::Ready(None),
            State::Broken(reason) => return Poll::Ready(Some(Err(self.broken(reason)))),
        }
        loop {
            let next = match self.body.as_mut().poll_next(context) {
                Poll::Ready(next) => next,
                Poll::Pending => {
                    let (clock, timeout) = (&self.clock, self.stall_timeout);
                    let stall = self.stall.get_or_insert_with(|| {
                        let clock = Arc::clone(clock);
                        Box::pin(async move { clock.sleep(timeout).await })
                    });
                    ready!(stall.as_mut().poll(context));
                    let reason = format!("nothing came for {timeout:?}");
                    return Poll::Ready(Some(Err(self.end_broken(reason))));
                }
            };
            self.stall = None;
            match next {
                // Says nothing, not even that it ends.
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(chunk)) => {
                    self.received = self.received.saturating_add(chunk.len() as u64);
                    return Poll::Ready(Some(Ok(chunk)));
                }
                Some(Err(error)) => {
                    let broken = self.end_broken(innermost(&error));
                    return Poll::Ready(Some(Err(broken.with_source(error))));
                }
                None => {
                    self.state = State::Whole;
                    return Poll::Ready(None);
                }
            }
        }
    }

    fn end_broken(&mut self, reason: String) -> Error {
        let error = self.broken(&reason);
        self.state = State::Broken(reason);
        // The connection is of no more use.
        self.body = Box::pin(Nothing);
        error
    }

    fn broken(&self, reason: &str) -> Error {
        Error::new(
            ErrorKind::Interrupted,
            format!(
                "The export broke off after {} bytes and is not whole: {reason}",
                self.received
            ),
        )
    }
}

/// The error of a writer that took this many bytes and no more.
pub(crate) fn not_written(source: std::io::Error, written: u64) -> Error {
    Error::new(
        ErrorKind::NotWritten,
        format!("The export cannot be written any further than {written} bytes"),
    )
    .with_source(source)
}

/// What happened, in the words of the innermost cause.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// A body that holds nothing.
struct Nothing;

impl Stream for Nothing {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}

impl Stream for Export {
    type Item = Result<Bytes>;

    /// An interrupted export gives its error once, and then ends.
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.rest.is_empty() && matches!(self.state, State::Broken(_)) {
            return Poll::Ready(None);
        }
        self.poll_chunk(context)
    }
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export")
            .field("content_type", &self.content_type)
            .field("content_encoding", &self.content_encoding)
            .field("received_bytes", &self.received)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
