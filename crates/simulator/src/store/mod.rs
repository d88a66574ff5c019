//! A file that holds what was committed, so that a killed simulator comes back with it.
//!
//! The file is a log: a line that says which world it belongs to, then one line for each
//! [`Input`], written before the input happens. Each line carries a digest over itself and all
//! lines before it. Reading the inputs again makes the same world again.
//!
//! A write is handed to the operating system before the answer goes out, so it outlives the
//! process. It is not forced onto the disk: a power cut may take the last lines with it.

pub(crate) mod base64_text;
mod configuration;
mod error;
mod line;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

pub(crate) use configuration::Configuration;
pub use error::StoreError;

use crate::input::Input;
use configuration::{AnyHeader, FORMAT, Header};
use line::{Chain, Member, parts};

/// No header is longer, in bytes; another file may have no line ends at all.
const HEADER_LIMIT: u64 = 64 * 1024;

/// Where the whole lines of a file end.
#[derive(Debug, Clone, Copy)]
struct End {
    /// In bytes.
    length: u64,
    chain: Chain,
}

/// An open store, locked against other simulators.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    file: File,
    end: End,
    /// The end of a file without inputs.
    empty: End,
    /// A line was written in part and could not be taken back.
    torn: bool,
}

impl Store {
    /// Opens or makes the file and hands what it holds to `replay`, in order.
    ///
    /// A last line that was not written to its end is taken away. Anything else that is not what
    /// was written is refused.
    pub(crate) fn open(
        path: &Path,
        configuration: &Configuration,
        mut replay: impl FnMut(Input),
    ) -> Result<Self, StoreError> {
        let failed = |source| file_error(path, source);
        let file = open_private(path).map_err(failed)?;
        // A device could be read forever.
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(not_a_store(path));
        }
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => StoreError::InUse {
                path: path.to_owned(),
            },
            TryLockError::Error(source) => failed(source),
        })?;

        let header = Header {
            format: FORMAT,
            configuration: configuration.clone(),
        };
        let header = serde_json::to_string(&header).map_err(|error| failed(error.into()))?;
        let (header, chain) = Chain::default().write(Member::Header, &header);
        let empty = End {
            length: header.len() as u64,
            chain,
        };

        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        let mut head = reader.by_ref().take(HEADER_LIMIT);
        head.read_until(b'\n', &mut line).map_err(failed)?;
        // A new file, or one whose header was not written to its end, holds a part of it.
        if !header.as_bytes().starts_with(&line) {
            return Err(refuse_header(path, &line, configuration));
        }
        let new = line.len() < header.len();
        let end = match new {
            true => End { length: 0, ..empty },
            false => read_inputs(path, &mut reader, empty, &mut replay)?,
        };
        let mut store = Self {
            path: path.to_owned(),
            file,
            end,
            empty,
            torn: false,
        };
        // What follows the whole lines was never answered.
        store.cut().map_err(failed)?;
        if new {
            store.file.write_all(header.as_bytes()).map_err(failed)?;
            store.end = empty;
        }
        Ok(store)
    }

    /// Writes the input to the end of the file. After an error it is not in the file.
    pub(crate) fn append(&mut self, input: &Input) -> Result<(), StoreError> {
        if self.torn {
            let reason = "an earlier line could not be written to its end";
            return Err(file_error(&self.path, std::io::Error::other(reason)));
        }
        let text =
            serde_json::to_string(input).map_err(|error| file_error(&self.path, error.into()))?;
        let (line, chain) = self.end.chain.write(Member::Input, &text);
        if let Err(source) = self.file.write_all(line.as_bytes()) {
            self.torn = self.cut().is_err();
            return Err(file_error(&self.path, source));
        }
        self.end = End {
            length: self.end.length + line.len() as u64,
            chain,
        };
        Ok(())
    }

    /// Takes every input out of the file.
    pub(crate) fn clear(&mut self) -> Result<(), StoreError> {
        let before = std::mem::replace(&mut self.end, self.empty);
        if let Err(source) = self.cut() {
            self.end = before;
            return Err(file_error(&self.path, source));
        }
        self.torn = false;
        Ok(())
    }

    /// Cuts the file back to its whole lines.
    fn cut(&mut self) -> std::io::Result<()> {
        self.file.set_len(self.end.length)?;
        self.file.seek(SeekFrom::Start(self.end.length)).map(drop)
    }
}

/// Hands the inputs that follow the header to `replay` and gives the end of the last whole line.
fn read_inputs(
    path: &Path,
    reader: &mut impl BufRead,
    mut end: End,
    replay: &mut impl FnMut(Input),
) -> Result<End, StoreError> {
    let mut line = Vec::new();
    for number in 2_u64.. {
        line.clear();
        let read = reader.read_until(b'\n', &mut line);
        read.map_err(|source| file_error(path, source))?;
        let Some((b'\n', whole)) = line.split_last() else {
            break;
        };
        let damaged = |reason: String| damaged(path, number, reason);
        let (text, chain) = std::str::from_utf8(whole)
            .ok()
            .and_then(|line| end.chain.read(Member::Input, line))
            .ok_or_else(|| damaged("its digest does not fit".to_owned()))?;
        replay(serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?);
        end = End {
            length: end.length + line.len() as u64,
            chain,
        };
    }
    Ok(end)
}

fn file_error(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::File {
        path: path.to_owned(),
        source,
    }
}

fn damaged(path: &Path, line: u64, reason: String) -> StoreError {
    StoreError::Damaged {
        path: path.to_owned(),
        line,
        reason,
    }
}

/// The file holds receipts: only its owner may read it, where the system knows owners.
fn open_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn not_a_store(path: &Path) -> StoreError {
    StoreError::NotAStore {
        path: path.to_owned(),
    }
}

/// Why a first line that is not the expected one cannot be taken.
fn refuse_header(path: &Path, line: &[u8], configuration: &Configuration) -> StoreError {
    let damaged = |reason: String| damaged(path, 1, reason);
    let line = std::str::from_utf8(line).unwrap_or_default();
    let Some(any) = parts(Member::Header, line.trim_end_matches('\n'))
        .and_then(|(_, text)| serde_json::from_str::<AnyHeader>(text).ok())
    else {
        return not_a_store(path);
    };
    if any.format != FORMAT {
        return StoreError::Format {
            path: path.to_owned(),
            found: any.format,
            known: FORMAT,
        };
    }
    let Some((text, _)) = Chain::default().read(Member::Header, line.trim_end_matches('\n')) else {
        return damaged("its digest does not fit".to_owned());
    };
    match serde_json::from_str::<Header>(text) {
        Err(error) => damaged(error.to_string()),
        Ok(header) => match configuration.difference(&header.configuration) {
            Some((member, stored, wanted)) => StoreError::Configuration {
                path: path.to_owned(),
                member,
                stored,
                wanted,
            },
            None => damaged("it is written in another way".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests;
