//! ZIP and TAR archives that are written while they are sent.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use crate::clock::format_moment;
use crate::journal::listing::PIECE;
use crate::journal::range::Selection;
use crate::queue::receipt_journal::ReceiptJournalEntry;
use crate::wire::reply::Pieces;

/// Takes what an archive writer puts out until the next piece is sent.
#[derive(Debug, Clone, Default)]
struct Spool(Arc<Mutex<Vec<u8>>>);

impl Spool {
    fn take(&self) -> Bytes {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Bytes::from(std::mem::take(&mut *written))
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sends what `step` writes into the spool. `step` gives whether there is more to come; behind an
/// error nothing comes, and the archive lacks its end.
fn spooled(
    spool: Spool,
    mut step: impl FnMut() -> io::Result<bool> + Send + 'static,
) -> Box<dyn Iterator<Item = Bytes> + Send> {
    let mut more = true;
    Box::new(std::iter::from_fn(move || {
        while more && spool.len() < PIECE {
            more = step().unwrap_or(false);
        }
        Some(spool.take()).filter(|piece| !piece.is_empty())
    }))
}

/// An archive of one file.
pub(crate) struct Zip {
    file_name: &'static str,
    content: Arc<dyn Pieces>,
}

impl Zip {
    pub(crate) fn of(file_name: &'static str, content: Arc<dyn Pieces>) -> Self {
        Self { file_name, content }
    }
}

impl Pieces for Zip {
    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
        let spool = Spool::default();
        let mut unopened = Some(ZipWriter::new_stream(spool.clone()));
        let mut open: Option<ZipWriter<StreamWriter<Spool>>> = None;
        let mut content = self.content.pieces();
        let file_name = self.file_name;
        spooled(spool, move || {
            if let Some(mut writer) = unopened.take() {
                // Its size is not known beforehand and may pass 4 GiB.
                let options = SimpleFileOptions::default()
                    .compression_level(Some(1))
                    .large_file(true);
                writer.start_file(file_name, options)?;
                open = Some(writer);
            }
            let piece = content.next();
            match (piece, open.take()) {
                (Some(piece), Some(mut writer)) => {
                    writer.write_all(&piece)?;
                    open = Some(writer);
                    Ok(true)
                }
                (None, Some(writer)) => {
                    writer.finish()?;
                    Ok(false)
                }
                (_, None) => Ok(false),
            }
        })
    }
}

/// One log file for each receipt.
pub(crate) struct Tar {
    receipts: Arc<Selection<ReceiptJournalEntry>>,
}

impl Tar {
    pub(crate) fn of(receipts: Arc<Selection<ReceiptJournalEntry>>) -> Self {
        Self { receipts }
    }
}

impl Pieces for Tar {
    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
        let spool = Spool::default();
        let mut archive = tar::Builder::new(spool.clone());
        let mut receipts = self.receipts.entries();
        let mut notice = Some("This is no export of a signing unit, it is SIMULATED.\n");
        spooled(spool, move || {
            if let Some(notice) = notice.take() {
                append(&mut archive, "SIMULATED.txt", 0, notice.as_bytes())?;
                return Ok(true);
            }
            let Some(receipt) = receipts.next() else {
                archive.finish()?;
                return Ok(false);
            };
            let name = format!("simulated/receipt_{}.log", receipt.number);
            let moment = format_moment(receipt.moment);
            let log = format!(
                "SIMULATED\nnumber={}\nmoment={moment}\ntotal={}\n",
                receipt.number, receipt.total
            );
            let seconds = u64::try_from(receipt.moment.timestamp()).unwrap_or(0);
            append(&mut archive, &name, seconds, log.as_bytes())?;
            Ok(true)
        })
    }
}

fn append(
    archive: &mut tar::Builder<Spool>,
    name: &str,
    unix_seconds: u64,
    content: &[u8],
) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(unix_seconds);
    archive.append_data(&mut header, name, content)
}
