//! A socket that can break the way networks do.

use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How the connection is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Orderly,
    Reset,
    Cut { body_bytes: usize },
}

/// Shared by a socket and the handler of its requests.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionFault {
    ending: Arc<Mutex<Ending>>,
}

impl ConnectionFault {
    pub(crate) fn none() -> Self {
        Self {
            ending: Arc::new(Mutex::new(Ending::Orderly)),
        }
    }

    /// The connection is closed with a TCP reset.
    pub(crate) fn reset(&self) {
        self.set(Ending::Reset);
    }

    /// The next answer ends after its head and `body_bytes` bytes.
    pub(crate) fn cut(&self, body_bytes: usize) {
        self.set(Ending::Cut { body_bytes });
    }

    fn set(&self, ending: Ending) {
        *self.ending.lock().unwrap_or_else(PoisonError::into_inner) = ending;
    }

    fn ending(&self) -> Ending {
        *self.ending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A TCP stream under a [`ConnectionFault`].
#[derive(Debug)]
pub(crate) struct BreakableSocket {
    stream: TcpStream,
    fault: ConnectionFault,
    head: HeadScanner,
    body_bytes_written: usize,
}

impl BreakableSocket {
    pub(crate) fn new(stream: TcpStream, fault: ConnectionFault) -> Self {
        Self {
            stream,
            fault,
            head: HeadScanner::default(),
            body_bytes_written: 0,
        }
    }

    fn poll_write_cut(
        &mut self,
        context: &mut Context<'_>,
        buffer: &[u8],
        body_bytes: usize,
    ) -> Poll<std::io::Result<usize>> {
        let mut head = self.head;
        let head_part = head.scan(buffer);
        let body_part =
            (buffer.len() - head_part).min(body_bytes.saturating_sub(self.body_bytes_written));
        let allowed = head_part + body_part;
        if allowed == 0 && !buffer.is_empty() {
            return Poll::Ready(Err(Error::new(ErrorKind::BrokenPipe, "cut on purpose")));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, &buffer[..allowed]))?;
        let head_written = self.head.scan(&buffer[..written]);
        self.body_bytes_written += written - head_written;
        Poll::Ready(Ok(written))
    }
}

impl AsyncRead for BreakableSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

// The vectored form keeps its default, which writes one slice at a time: a cut stays exact.
impl AsyncWrite for BreakableSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        match self.fault.ending() {
            Ending::Orderly => Pin::new(&mut self.stream).poll_write(context, buffer),
            Ending::Reset => Poll::Ready(Err(ErrorKind::ConnectionReset.into())),
            Ending::Cut { body_bytes } => self.poll_write_cut(context, buffer, body_bytes),
        }
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        match self.fault.ending() {
            // An orderly FIN first would hide the reset.
            Ending::Reset => Poll::Ready(Ok(())),
            _ => Pin::new(&mut self.stream).poll_shutdown(context),
        }
    }
}

impl Drop for BreakableSocket {
    fn drop(&mut self) {
        if self.fault.ending() == Ending::Reset {
            // Without lingering the close that follows is a reset. Should the option fail, the
            // client still sees its connection end without an answer.
            let _ = self.stream.set_zero_linger();
        }
    }
}

/// Finds the end of an answer's head in the bytes that are written.
#[derive(Debug, Clone, Copy, Default)]
struct HeadScanner {
    matched: usize,
}

impl HeadScanner {
    const END: &'static [u8] = b"\r\n\r\n";

    /// How many of `bytes` still belong to the head.
    fn scan(&mut self, bytes: &[u8]) -> usize {
        let mut in_head = 0;
        for byte in bytes {
            if self.matched == Self::END.len() {
                break;
            }
            in_head += 1;
            if *byte == Self::END[self.matched] {
                self.matched += 1;
            } else {
                self.matched = usize::from(*byte == b'\r');
            }
        }
        in_head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_head_is_found_across_writes() {
        let answer = b"HTTP/1.1 200 OK\r\na: b\r\r\n\r\nbody\r\n\r\n";
        let head = answer.len() - b"body\r\n\r\n".len();
        for split in 0..answer.len() {
            let mut scanner = HeadScanner::default();
            let found = scanner.scan(&answer[..split]) + scanner.scan(&answer[split..]);
            assert_eq!(found, head, "split at {split}");
        }
    }
}
