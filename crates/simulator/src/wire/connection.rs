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
    Cut { body_bytes: usize, chunked: bool },
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
        self.set(Ending::Cut {
            body_bytes,
            chunked: false,
        });
    }

    /// The same for an answer in chunks. Their sizes and ends do not count. An answer that is
    /// not longer stays whole.
    pub(crate) fn cut_chunked(&self, body_bytes: usize) {
        self.set(Ending::Cut {
            body_bytes,
            chunked: true,
        });
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
    meter: BodyMeter,
}

impl BreakableSocket {
    pub(crate) fn new(stream: TcpStream, fault: ConnectionFault) -> Self {
        Self {
            stream,
            fault,
            meter: BodyMeter::default(),
        }
    }

    fn poll_write_cut(
        &mut self,
        context: &mut Context<'_>,
        buffer: &[u8],
        body_bytes: usize,
        chunked: bool,
    ) -> Poll<std::io::Result<usize>> {
        let allowed = self.meter.allow(buffer, body_bytes, chunked).1;
        if allowed == 0 && !buffer.is_empty() {
            return Poll::Ready(Err(Error::new(ErrorKind::BrokenPipe, "cut on purpose")));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, &buffer[..allowed]))?;
        self.meter = self.meter.allow(&buffer[..written], body_bytes, chunked).0;
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
            Ending::Cut {
                body_bytes,
                chunked,
            } => self.poll_write_cut(context, buffer, body_bytes, chunked),
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

/// Tells the bytes of an answer's body from its head and from the frame of its chunks.
#[derive(Debug, Clone, Copy, Default)]
struct BodyMeter {
    place: Place,
    body_bytes: usize,
}

/// Where in an answer the next byte belongs.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// So many bytes of the end of the head were seen.
    Head {
        matched: usize,
    },
    ChunkSize {
        size: usize,
    },
    Body {
        left_in_chunk: usize,
    },
    /// What follows the data of a chunk.
    ChunkEnd,
}

impl Default for Place {
    fn default() -> Self {
        Self::Head { matched: 0 }
    }
}

impl BodyMeter {
    const HEAD_END: &'static [u8] = b"\r\n\r\n";

    /// How many of `bytes` may be written before the body gets longer than `limit`, and where
    /// the meter stands behind them.
    fn allow(mut self, bytes: &[u8], limit: usize, chunked: bool) -> (Self, usize) {
        for (at, byte) in bytes.iter().enumerate() {
            match &mut self.place {
                Place::Head { matched } => {
                    if *byte == Self::HEAD_END[*matched] {
                        *matched += 1;
                    } else {
                        *matched = usize::from(*byte == b'\r');
                    }
                    if *matched == Self::HEAD_END.len() {
                        self.place = match chunked {
                            true => Place::ChunkSize { size: 0 },
                            false => Place::Body {
                                left_in_chunk: usize::MAX,
                            },
                        };
                    }
                }
                Place::ChunkSize { size } => match (*byte as char).to_digit(16) {
                    Some(digit) => *size = size.saturating_mul(16).saturating_add(digit as usize),
                    None if *byte == b'\n' && *size > 0 => {
                        self.place = Place::Body {
                            left_in_chunk: *size,
                        };
                    }
                    None => {}
                },
                Place::Body { left_in_chunk } => {
                    if self.body_bytes >= limit {
                        return (self, at);
                    }
                    self.body_bytes += 1;
                    *left_in_chunk -= 1;
                    if *left_in_chunk == 0 {
                        self.place = Place::ChunkEnd;
                    }
                }
                Place::ChunkEnd => {
                    if *byte == b'\n' {
                        self.place = Place::ChunkSize { size: 0 };
                    }
                }
            }
        }
        (self, bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &[u8] = b"HTTP/1.1 200 OK\r\na: b\r\r\n\r\nbody\r\n\r\n";
    const CHUNKED: &[u8] =
        b"HTTP/1.1 200 OK\r\n\r\n3\r\n0\r\n\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n";

    /// What is let through, in two writes.
    fn allowed(answer: &[u8], split: usize, limit: usize, chunked: bool) -> usize {
        let (meter, first) = BodyMeter::default().allow(&answer[..split], limit, chunked);
        match first < split {
            true => first,
            false => first + meter.allow(&answer[split..], limit, chunked).1,
        }
    }

    #[test]
    fn an_answer_is_cut_at_the_byte_however_it_is_written() {
        let head = WHOLE.len() - b"body\r\n\r\n".len();
        for split in 0..WHOLE.len() {
            for limit in 0..12 {
                let expected = (head + limit).min(WHOLE.len());
                assert_eq!(allowed(WHOLE, split, limit, false), expected, "at {split}");
            }
        }
    }

    #[test]
    fn chunks_are_cut_by_their_data() {
        let text = std::str::from_utf8(CHUNKED).unwrap();
        for split in 0..CHUNKED.len() {
            for (limit, last) in [
                (0, "\r\n3\r\n"),
                (1, "\r\n3\r\n0"),
                (3, "1A\r\n"),
                (10, "abcdefg"),
            ] {
                let cut = allowed(CHUNKED, split, limit, true);
                assert!(text[..cut].ends_with(last), "{limit} at {split}: {cut}");
            }
            for limit in [29, 30, usize::MAX] {
                assert_eq!(allowed(CHUNKED, split, limit, true), CHUNKED.len());
            }
        }
    }
}
