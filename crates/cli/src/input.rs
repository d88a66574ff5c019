//! A document from a file or from standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::exit::{Exit, Stop};

/// The name of standard input among the files.
pub(crate) const STANDARD_INPUT: &str = "-";

/// The longest document in bytes that is read: far beyond what a server takes.
const LONGEST: usize = 16 * 1024 * 1024;

/// A document, read in whole.
#[derive(Debug)]
pub(crate) struct Input {
    name: String,
    text: Vec<u8>,
}

impl Input {
    /// Reads `file`, or standard input for `-`.
    pub(crate) fn read(file: &Path) -> Result<Self, Stop> {
        let name = file.display().to_string();
        let mut text = Vec::new();
        // One byte too many is enough to see that it is too long.
        let most = LONGEST as u64 + 1;
        let read = if is_standard_input(file) {
            io::stdin().lock().take(most).read_to_end(&mut text)
        } else {
            File::open(file).and_then(|file| file.take(most).read_to_end(&mut text))
        };
        let unusable =
            |why: &str| Stop::usage(format!("Nothing was sent, because of {name}: {why}"));
        read.map_err(|error| unusable(&error.to_string()))?;
        if text.len() > LONGEST {
            return Err(unusable(&format!("it is longer than {LONGEST} bytes")));
        }
        if let Some(rest) = text.strip_prefix(b"\xEF\xBB\xBF") {
            text = rest.to_vec();
        }
        if text.trim_ascii().is_empty() {
            return Err(unusable("it is empty"));
        }
        Ok(Self { name, text })
    }

    /// What the document says, or one sentence with place, member and reason.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Stop> {
        let mut deserializer = serde_json::Deserializer::from_slice(&self.text);
        let document = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let member = error.path().to_string();
            let reason = error.into_inner();
            match member.as_str() {
                "." => self.refused(&reason.to_string()),
                member => self.refused(&format!("{member}: {reason}")),
            }
        })?;
        deserializer
            .end()
            .map_err(|error| self.refused(&error.to_string()))?;
        Ok(document)
    }

    /// It is no document of the kind that is needed.
    pub(crate) fn refused(&self, why: &str) -> Stop {
        Stop::new(
            Exit::Refused,
            format!("Nothing was sent, because of {}: {why}", self.name),
        )
    }
}

/// Whether this names standard input.
pub(crate) fn is_standard_input(file: &Path) -> bool {
    file.as_os_str() == STANDARD_INPUT
}
