//! The text of one receipt, and what is wrong with it.

use std::path::Path;

use pos_system_api::types::ReceiptRequest;
use serde_json::error::Category;

/// The longest receipt in bytes that is read: far beyond what a server takes.
pub(super) const LONGEST_RECEIPT: usize = 16 * 1024 * 1024;

/// Where a receipt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The file as it was named, `-` for standard input.
    pub(super) file: String,
    /// The line it begins on, on standard input.
    pub(super) line: Option<u64>,
    /// The column it begins on, from 1.
    pub(super) column: u64,
}

impl Place {
    /// The place within it that a JSON error names.
    fn of(&self, error: &serde_json::Error) -> String {
        let (line, column) = (error.line() as u64, error.column() as u64);
        let first = self.line.unwrap_or(1);
        match line {
            // The error knows no line.
            0 => match self.line {
                Some(line) => format!("{}:{line}", self.file),
                None => self.file.clone(),
            },
            1 => format!("{}:{first}:{}", self.file, self.column - 1 + column),
            _ => format!("{}:{}:{column}", self.file, first + line - 1),
        }
    }
}

/// Bytes that may be a receipt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReceiptText {
    pub(super) place: Place,
    pub(super) bytes: Vec<u8>,
}

impl ReceiptText {
    pub(super) fn of_file(file: &Path, bytes: Vec<u8>) -> Self {
        let bytes = match without_mark(&bytes) {
            rest if rest.len() < bytes.len() => rest.to_vec(),
            _ => bytes,
        };
        Self {
            place: Place {
                file: file.display().to_string(),
                line: None,
                column: 1,
            },
            bytes,
        }
    }

    /// The receipt, or one sentence with place, member and reason.
    pub(super) fn receipt(&self) -> Result<ReceiptRequest, String> {
        if self.bytes.len() > LONGEST_RECEIPT {
            return Err(format!(
                "{}: longer than {LONGEST_RECEIPT} bytes, which is no receipt",
                self.place.file
            ));
        }
        let mut deserializer = serde_json::Deserializer::from_slice(&self.bytes);
        let receipt = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let path = error.path().to_string();
            let member = (path != ".").then_some(path);
            self.described(member.as_deref(), error.inner())
        })?;
        deserializer
            .end()
            .map_err(|error| self.described(None, &error))?;
        Ok(receipt)
    }

    fn described(&self, member: Option<&str>, error: &serde_json::Error) -> String {
        let reason = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        let reason = reason.strip_suffix(&position).unwrap_or(&reason);
        let place = self.place.of(error);
        let reason = match error.classify() {
            Category::Syntax => format!("not JSON: {reason}"),
            Category::Eof if self.bytes.trim_ascii().is_empty() => {
                "the file is empty (EOF)".to_owned()
            }
            Category::Eof => format!("the JSON is cut off: {reason}"),
            Category::Data | Category::Io => reason.to_owned(),
        };
        match member {
            Some(member) => format!("{place}: {member}: {reason}"),
            None => format!("{place}: {reason}"),
        }
    }
}

/// The text without the mark that some editors put before UTF-8.
pub(super) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text)
}
