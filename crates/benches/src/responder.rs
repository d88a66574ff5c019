//! A server that does as little as possible: canned answers over kept-alive HTTP/1.1.
//!
//! It allocates nothing once a connection stands, so that allocations counted in its process are the
//! client's.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::receipts::ANSWER;

/// The largest request, in bytes.
const LARGEST_REQUEST: usize = 1 << 16;
/// How much of a journal is written at once, in bytes.
const JOURNAL_CHUNK: usize = 1 << 16;
/// The most headers of a request.
const MOST_HEADERS: usize = 32;

/// A server on a thread of its own, with one more for each connection. It ends with the process.
#[derive(Debug)]
pub struct Responder {
    address: SocketAddr,
    canned: Arc<Canned>,
}

#[derive(Debug)]
struct Canned {
    signed: Vec<u8>,
    /// A chunk with its framing.
    journal_chunk: Vec<u8>,
    journal_chunks: u64,
    /// The last request, if anybody wants to see it.
    seen: Option<Mutex<Vec<u8>>>,
}

impl Responder {
    /// A server whose journals have this many bytes, rounded down to whole chunks of 64 KiB.
    ///
    /// # Errors
    /// If there is no port.
    pub fn start(journal_bytes: u64) -> io::Result<Self> {
        Self::serve(journal_bytes, None)
    }

    /// One that keeps the last request.
    ///
    /// # Errors
    /// If there is no port.
    pub fn recording() -> io::Result<Self> {
        Self::serve(0, Some(Mutex::default()))
    }

    fn serve(journal_bytes: u64, seen: Option<Mutex<Vec<u8>>>) -> io::Result<Self> {
        let mut journal_chunk = format!("{JOURNAL_CHUNK:x}\r\n").into_bytes();
        journal_chunk.resize(journal_chunk.len() + JOURNAL_CHUNK, b' ');
        journal_chunk.extend_from_slice(b"\r\n");
        let canned = Arc::new(Canned {
            signed: signed_answer(),
            journal_chunk,
            journal_chunks: journal_bytes / JOURNAL_CHUNK as u64,
            seen,
        });
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let responder = Self {
            address,
            canned: Arc::clone(&canned),
        };
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let canned = Arc::clone(&canned);
                // A client that goes away ends its connection, nothing else.
                thread::spawn(move || canned.answer_all(connection));
            }
        });
        Ok(responder)
    }

    /// The base URL, with the version.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v2", self.address)
    }

    /// The last request, head and body; empty if none was kept.
    #[must_use]
    pub fn seen(&self) -> Vec<u8> {
        let seen = self.canned.seen.as_ref().map(lock);
        seen.map(|seen| seen.clone()).unwrap_or_default()
    }
}

fn lock(seen: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn signed_answer() -> Vec<u8> {
    format!(
        "HTTP/1.1 201 Created\r\n\
         content-type: application/json; charset=utf-8\r\n\
         date: Mon, 01 Jun 2026 10:15:31 GMT\r\n\
         server: canned\r\n\
         content-length: {}\r\n\r\n{ANSWER}",
        ANSWER.len()
    )
    .into_bytes()
}

impl Canned {
    fn answer_all(&self, mut connection: TcpStream) -> io::Result<()> {
        connection.set_nodelay(true)?;
        let mut buffer = vec![0; LARGEST_REQUEST];
        let mut filled = 0;
        loop {
            let request = loop {
                if let Some(request) = Request::parse(&buffer[..filled])? {
                    break request;
                }
                match connection.read(&mut buffer[filled..])? {
                    0 => return Ok(()),
                    more => filled += more,
                }
            };
            if let Some(seen) = &self.seen {
                let mut seen = lock(seen);
                seen.clear();
                seen.extend_from_slice(&buffer[..request.length]);
            }
            if request.is_journal {
                self.write_journal(&mut connection)?;
            } else {
                connection.write_all(&self.signed)?;
            }
            buffer.copy_within(request.length..filled, 0);
            filled -= request.length;
        }
    }

    fn write_journal(&self, connection: &mut TcpStream) -> io::Result<()> {
        connection.write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        )?;
        for _ in 0..self.journal_chunks {
            connection.write_all(&self.journal_chunk)?;
        }
        connection.write_all(b"0\r\n\r\n")
    }
}

/// What is to be known of a request.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    is_journal: bool,
    /// Of head and body.
    length: usize,
}

impl Request {
    /// `None` if it is not whole yet.
    fn parse(bytes: &[u8]) -> io::Result<Option<Self>> {
        let refuse = |reason: String| io::Error::new(io::ErrorKind::InvalidData, reason);
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let head = request
            .parse(bytes)
            .map_err(|error| refuse(error.to_string()))?;
        let httparse::Status::Complete(head) = head else {
            if bytes.len() == LARGEST_REQUEST {
                return Err(refuse("the head is too long".to_owned()));
            }
            return Ok(None);
        };
        let body = request
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("content-length"))
            .and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok())
            .unwrap_or(0);
        let length = head.saturating_add(body);
        if length > LARGEST_REQUEST {
            return Err(refuse("the request is too long".to_owned()));
        }
        Ok((bytes.len() >= length).then(|| Self {
            is_journal: request.path.is_some_and(|path| path.ends_with("/journal")),
            length,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_answered_when_it_is_whole() {
        let bytes = b"POST /v2/journal HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcPOST";
        let whole = bytes.len() - 4;
        for length in 0..whole {
            assert_eq!(Request::parse(&bytes[..length]).unwrap(), None);
        }
        let request = Request {
            is_journal: true,
            length: whole,
        };
        assert_eq!(Request::parse(bytes).unwrap(), Some(request));
        assert!(Request::parse(b"POST / HTTP/1.1\r\ncontent-length: 99999\r\n\r\n").is_err());
        assert!(Request::parse(b"\0\0\r\n\r\n").is_err());
    }
}
