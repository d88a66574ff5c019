//! A journal on its way, as a reader.

use std::fmt;
use std::io::{self, BufRead, Read, Write};
use std::sync::Arc;

use bytes::{Buf, Bytes};

use super::thread::RuntimeThread;
use crate::client::journal::{self, Exported, not_written};
use crate::error::{Error, ErrorKind, Result};

/// A journal that has begun to arrive: its bytes as they come, taken with [`copy_to`](Self::copy_to),
/// [`chunk`](Self::chunk), or as a [`Read`] and [`BufRead`] of the standard library.
///
/// Nothing is read ahead: the server is read as fast as the bytes are taken. Dropping it stops the
/// download. An export that ends early is never taken for a whole one: a connection that breaks off, or
/// stands still for longer than the stall timeout, is an [`ErrorKind::Interrupted`], each time it is asked
/// from then on. As an [`io::Error`] that is an [`io::ErrorKind::UnexpectedEof`] around the crate's own
/// [`Error`].
///
/// ```no_run
/// # fn example(client: pos_system_api::blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use std::io::Read;
///
/// use pos_system_api::codes::JournalType;
///
/// let export = client.journal(JournalType::QUEUE_ITEM).send()?;
/// let mut first_kilobyte = String::new();
/// export.take(1024).read_to_string(&mut first_kilobyte)?;
/// # Ok(())
/// # }
/// ```
///
/// Inside an async runtime it cannot block: it gives an error there, and can go on elsewhere.
pub struct Export {
    /// On its way to the thread and back while a chunk is waited for.
    export: Option<journal::Export>,
    /// A chunk that was not taken in full.
    rest: Bytes,
    written: u64,
    thread: Arc<RuntimeThread>,
}

impl Export {
    pub(super) fn new(export: journal::Export, thread: Arc<RuntimeThread>) -> Self {
        Self {
            export: Some(export),
            rest: Bytes::new(),
            written: 0,
            thread,
        }
    }

    /// As [`journal::Export::content_type`].
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.export.as_ref()?.content_type()
    }

    /// As [`journal::Export::content_encoding`]: reading undoes no compression.
    #[must_use]
    pub fn content_encoding(&self) -> Option<&str> {
        self.export.as_ref()?.content_encoding()
    }

    /// As [`journal::Export::has_certain_end`]: without it, a reader cannot tell the end from a break.
    #[must_use]
    pub fn has_certain_end(&self) -> bool {
        self.export
            .as_ref()
            .is_some_and(journal::Export::has_certain_end)
    }

    /// How many bytes came from the server so far.
    #[must_use]
    pub fn received_bytes(&self) -> u64 {
        self.export
            .as_ref()
            .map_or(0, journal::Export::received_bytes)
    }

    /// The next bytes, or `None` at the end of the whole export.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`] if the export broke off or stands still;
    /// [`ErrorKind::Configuration`] inside an async runtime.
    pub fn chunk(&mut self) -> Result<Option<Bytes>> {
        if !self.rest.is_empty() {
            return Ok(Some(std::mem::take(&mut self.rest)));
        }
        // Before it is given away.
        RuntimeThread::may_block()?;
        let mut export = self.export.take().ok_or_else(lost)?;
        let (export, chunk) = self.thread.run(async move {
            let chunk = export.chunk().await;
            (export, chunk)
        })?;
        self.export = Some(export);
        chunk
    }

    /// Writes the rest of the export to `writer`, and flushes it: a file, a socket, anything that takes
    /// bytes. It reads on when `writer` has taken them.
    ///
    /// ```no_run
    /// # fn example(client: pos_system_api::blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use pos_system_api::client::journal::JournalRange;
    /// use pos_system_api::codes::JournalType;
    ///
    /// let day = "2026-06-01".parse()?;
    /// let mut export = client.journal(JournalRange::day(JournalType::QUEUE_ITEM, day)).send()?;
    /// let mut file = std::fs::File::create("2026-06-01.json")?;
    /// let exported = export.copy_to(&mut file)?;
    /// println!("{} bytes of {:?}", exported.bytes, exported.content_type);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`chunk`](Self::chunk): what was written is not all of it. [`ErrorKind::NotWritten`] if
    /// `writer` fails; it can go on with a `writer` that holds what was written so far.
    pub fn copy_to<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<Exported> {
        loop {
            if self.rest.is_empty() {
                match self.chunk()? {
                    Some(chunk) => self.rest = chunk,
                    None => break,
                }
            }
            let taken = match writer.write(&self.rest) {
                Ok(0) => Err(io::ErrorKind::WriteZero.into()),
                // A signal came in between; nothing was written.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                taken => taken,
            };
            let taken = taken.map_err(|source| not_written(source, self.written))?;
            self.rest.advance(taken.min(self.rest.len()));
            self.written = self.written.saturating_add(taken as u64);
        }
        let flushed = writer.flush();
        flushed.map_err(|source| not_written(source, self.written))?;
        let export = self.export.as_ref().ok_or_else(lost)?;
        Ok(export.exported(self.written))
    }
}

/// The error of an export whose thread has ended while it had it.
fn lost() -> Error {
    Error::new(
        ErrorKind::Interrupted,
        "The export is not whole: the thread of the blocking client has ended",
    )
}

/// The error as readers know it. Not [`io::ErrorKind::Interrupted`]: that one means "try again".
fn unread(error: Error) -> io::Error {
    let kind = match error.kind() {
        ErrorKind::Interrupted => io::ErrorKind::UnexpectedEof,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

impl BufRead for Export {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.rest.is_empty()
            && let Some(chunk) = self.chunk().map_err(unread)?
        {
            self.rest = chunk;
        }
        Ok(&self.rest)
    }

    fn consume(&mut self, amount: usize) {
        self.rest.advance(amount.min(self.rest.len()));
    }
}

impl Read for Export {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let taken = self.fill_buf()?.read(buffer)?;
        self.consume(taken);
        Ok(taken)
    }
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.export, f)
    }
}
