//! How many commits there are, kept outside the database.
//!
//! SQLite takes a damaged end of its write-ahead log for one that was never written, and drops it without
//! a word. This counter tells: it is written when a commit is on stable storage and before anybody is told
//! so, and is never ahead of what can be read. It is not synced itself: after a loss of power it may be
//! behind, which says nothing less than there was to say before.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::failure::Failure;
use crate::files::{self, Files};
#[cfg(unix)]
use crate::lock;

const MARK: &[u8; 16] = b"pos-system-api/1";
const CONTENT_BYTES: usize = 40;
/// The smallest unit that a disk writes: of two slots that far apart one is always whole.
const SLOT_BYTES: usize = 512;

/// A store's identity and the number of its commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) store_id: Uuid,
    pub(crate) commits: u64,
}

/// The open file of the counter, which no other process has open to write to.
#[derive(Debug)]
pub(crate) struct Counter {
    file: File,
    store_id: Uuid,
    next_slot: usize,
}

/// What the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    Unreadable,
    Count { count: Count, slot: usize },
}

impl Counter {
    /// A counter at zero for a new store, on stable storage.
    pub(crate) fn create(files: &Files) -> Result<(Self, Count), Failure> {
        let path = &files.counter;
        let count = Count {
            store_id: Uuid::new_v4(),
            commits: 0,
        };
        let mut file = open_alone(path, "create")?;
        let mut create = || {
            let mut content = vec![0; 2 * SLOT_BYTES];
            for slot in content.chunks_mut(SLOT_BYTES) {
                slot.copy_from_slice(&encode(count));
            }
            file.write_all(&content)?;
            file.set_len(content.len() as u64)?;
            file.sync_all()
        };
        create().map_err(|error| Failure::of_file("create", path, error))?;
        let store_id = count.store_id;
        let counter = Self {
            file,
            store_id,
            next_slot: 0,
        };
        Ok((counter, count))
    }

    /// The counter of a store that is there. What is read of it is on stable storage then, also if the sync
    /// of the process that wrote it failed.
    pub(crate) fn open(files: &Files) -> Result<(Self, Count), Failure> {
        let path = &files.counter;
        let file = open_alone(path, "open")?;
        // Not before it is locked: who had it until now may have written.
        let Found::Count { count, slot } = Self::read(path)? else {
            return Err(Failure::damaged(format!(
                "The file {} is not what was written",
                path.display()
            )));
        };
        write_again(&file).map_err(|error| Failure::of_file("sync", path, error))?;
        let counter = Self {
            file,
            store_id: count.store_id,
            next_slot: 1 - slot,
        };
        Ok((counter, count))
    }

    /// What stands in the file.
    pub(crate) fn read(path: &Path) -> Result<Found, Failure> {
        let mut content = Vec::new();
        match File::open(path) {
            Ok(file) => {
                // Not more than there can be, whatever lies there.
                file.take(4 * SLOT_BYTES as u64)
                    .read_to_end(&mut content)
                    .map_err(|error| Failure::of_file("read", path, error))?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(Failure::of_file("open", path, error)),
        }
        let slots = content.chunks(SLOT_BYTES).take(2).enumerate();
        let counts = slots.filter_map(|(slot, bytes)| Some((decode(bytes)?, slot)));
        Ok(match counts.max_by_key(|(count, _)| count.commits) {
            Some((count, slot)) => Found::Count { count, slot },
            None => Found::Unreadable,
        })
    }

    /// Says that so many commits are on stable storage.
    pub(crate) fn write(&mut self, commits: u64) -> io::Result<()> {
        let slot = encode(Count {
            store_id: self.store_id,
            commits,
        });
        let start = self.next_slot * SLOT_BYTES;
        self.file.seek(SeekFrom::Start(start as u64))?;
        self.file.write_all(&slot)?;
        self.next_slot = 1 - self.next_slot;
        Ok(())
    }
}

/// Opens the counter for the one process that works with the store.
fn open_alone(path: &Path, what: &str) -> Result<File, Failure> {
    let file = files::open_private(path).map_err(|error| Failure::of_file(what, path, error))?;
    lock_alone(&file, path)?;
    Ok(file)
}

/// A second lock, which goes with the file: it holds for each name that a link gives the store, and whether or
/// not the file of the first was deleted.
#[cfg(unix)]
fn lock_alone(file: &File, path: &Path) -> Result<(), Failure> {
    if lock::try_lock(file, path)? {
        return Ok(());
    }
    Err(lock::open_elsewhere())
}

/// A reader could not read what is locked there, and there the file of the first cannot be deleted.
#[cfg(not(unix))]
fn lock_alone(_: &File, _: &Path) -> Result<(), Failure> {
    Ok(())
}

/// A sync by itself would not write what an earlier one failed to write.
fn write_again(mut file: &File) -> io::Result<()> {
    let mut content = Vec::new();
    file.take(2 * SLOT_BYTES as u64).read_to_end(&mut content)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&content)?;
    file.sync_all()
}

fn encode(count: Count) -> [u8; SLOT_BYTES] {
    let mut slot = [0; SLOT_BYTES];
    slot[..16].copy_from_slice(MARK);
    slot[16..32].copy_from_slice(count.store_id.as_bytes());
    slot[32..CONTENT_BYTES].copy_from_slice(&count.commits.to_be_bytes());
    let digest = Sha256::digest(&slot[..CONTENT_BYTES]);
    slot[CONTENT_BYTES..CONTENT_BYTES + 32].copy_from_slice(&digest);
    slot
}

fn decode(slot: &[u8]) -> Option<Count> {
    let (content, rest) = slot.split_at_checked(CONTENT_BYTES)?;
    if rest.get(..32)? != Sha256::digest(content).as_slice() || !content.starts_with(MARK) {
        return None;
    }
    Some(Count {
        store_id: Uuid::from_slice(content.get(16..32)?).ok()?,
        commits: u64::from_be_bytes(content.get(32..)?.try_into().ok()?),
    })
}
