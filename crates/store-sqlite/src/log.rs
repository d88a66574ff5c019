//! SQLite's write-ahead log as a file: a header, and frames of a page each.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;

/// Brings what SQLite reads of the log to stable storage, also what an earlier sync failed to bring there.
///
/// The system takes what a failed sync did not write for written (Linux), and the next sync would not write
/// it. So the bytes are written again, where they are, and then synced. A loss of power meanwhile leaves
/// what was on the disk: the same bytes are written over it. The system does that at each commit, with the
/// block in which the last frame ends.
pub(crate) fn write_again(path: &Path) -> io::Result<()> {
    let mut log = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(log) => log,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut header = [0; HEADER_BYTES];
    if read_whole(&mut log, &mut header)? {
        log.seek(SeekFrom::Start(0))?;
        log.write_all(&header)?;
        write_frames_again(&mut log, &header)?;
    }
    log.sync_all()
}

/// The frames behind the header, up to the first that is of an earlier log in the same file.
fn write_frames_again(log: &mut File, header: &[u8; HEADER_BYTES]) -> io::Result<()> {
    let mut start = HEADER_BYTES as u64;
    let mut frame = vec![0; FRAME_HEADER_BYTES + page_bytes(header)];
    // Each log has salts of its own, which stand in its header and in each frame.
    while read_whole(log, &mut frame)? && frame[8..16] == header[16..24] {
        log.seek(SeekFrom::Start(start))?;
        log.write_all(&frame)?;
        start += frame.len() as u64;
    }
    Ok(())
}

fn page_bytes(header: &[u8; HEADER_BYTES]) -> usize {
    let bytes = u32::from_be_bytes([header[8], header[9], header[10], header[11]]);
    // SQLite reads no log of other pages.
    let largest = 1 << 16;
    bytes.min(largest) as usize
}

/// Fills the buffer, unless the file ends before.
fn read_whole(file: &mut File, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
