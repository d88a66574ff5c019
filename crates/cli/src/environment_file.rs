//! A file with the four variables, for its owner only.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::exit::Stop;

/// A new file that is to hold secrets; taken away again unless it is written.
#[derive(Debug)]
pub(crate) struct EnvironmentFile {
    path: PathBuf,
    file: File,
    is_written: bool,
}

impl EnvironmentFile {
    /// Makes the file, before anything is sent. One that exists is left alone.
    pub(crate) fn new(path: &Path) -> Result<Self, Stop> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| {
            Stop::usage(format!(
                "{} cannot be made: {error}; nothing was sent",
                path.display()
            ))
        })?;
        Ok(Self {
            path: path.to_owned(),
            file,
            is_written: false,
        })
    }

    /// One variable a line.
    pub(crate) fn write(mut self, variables: &[(&str, &str)]) -> io::Result<()> {
        for (name, value) in variables {
            writeln!(self.file, "{name}={}", quoted(value)?)?;
        }
        self.file.sync_all()?;
        self.is_written = true;
        Ok(())
    }
}

impl Drop for EnvironmentFile {
    fn drop(&mut self) {
        if !self.is_written {
            // Nothing can be done about one that stays; it holds no token that works.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// A value as shells and readers of such files take it: bare where that is possible, because not all of
/// them know quotes.
fn quoted(value: &str) -> io::Result<String> {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=@%,".contains(&byte);
    if value.bytes().all(is_bare) {
        return Ok(value.to_owned());
    }
    if value
        .chars()
        .any(|character| character.is_control() || character == '\'')
    {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a value holds characters that cannot stand in such a file",
        ));
    }
    Ok(format!("'{value}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_bare_or_quoted_or_refused() {
        for (value, expected) in [
            ("abc-1_2.3/+=", Some("abc-1_2.3/+=")),
            ("http://127.0.0.1:80/v2", Some("http://127.0.0.1:80/v2")),
            ("a $b", Some("'a $b'")),
            ("a\"b", Some("'a\"b'")),
            ("a'b", None),
            ("a\nB=1", None),
        ] {
            assert_eq!(quoted(value).ok().as_deref(), expected, "{value:?}");
        }
    }
}
