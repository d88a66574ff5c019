//! Where a document comes from.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::{Error, repository};

/// Seconds that a download may take.
const MOST_SECONDS: u32 = 60;
/// Bytes that a document may have; the published one has a few hundred thousand.
const MOST_BYTES: u32 = 32 * 1024 * 1024;

/// A file or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A local file.
    File(PathBuf),
    /// An address; only http and https are fetched.
    Address(String),
}

/// The program `curl`: this crate brings no HTTP client of its own.
#[derive(Debug, Clone)]
pub struct Curl {
    program: OsString,
}

impl Curl {
    /// Another name or path of the program.
    #[must_use]
    pub fn at(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
        }
    }
}

impl Default for Curl {
    fn default() -> Self {
        Self::at("curl")
    }
}

impl Source {
    /// What an argument of the command means.
    #[must_use]
    pub fn of(argument: &str) -> Self {
        if argument.contains("://") {
            Self::Address(argument.to_owned())
        } else {
            Self::File(argument.into())
        }
    }

    /// What is recorded in the repository: no path of this machine, no credential.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => {
                let name = path.file_name().unwrap_or_default();
                format!("the local file {}", name.to_string_lossy())
            }
            Self::Address(address) => without_secrets(address),
        }
    }

    pub(super) fn read(&self, curl: &Curl) -> Result<String, Error> {
        match self {
            Self::File(path) => repository::read(path),
            Self::Address(address) => fetch(address, curl),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Address(address) => f.write_str(&without_secrets(address)),
        }
    }
}

/// An address without user information, query and fragment, where tokens can stand.
fn without_secrets(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

fn fetch(address: &str, curl: &Curl) -> Result<String, Error> {
    let refuse = |reason: String| Error::Fetch {
        address: without_secrets(address),
        reason,
    };
    let scheme = address.split("://").next().unwrap_or_default();
    if !["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return Err(refuse(
            "only http and https are fetched; download it and give the file".into(),
        ));
    }
    let output = Command::new(&curl.program)
        .args(["--fail", "--location", "--silent", "--show-error"])
        .args(["--max-time", &MOST_SECONDS.to_string()])
        .args(["--max-filesize", &MOST_BYTES.to_string()])
        .args(["--proto", "=http,https", "--proto-redir", "=https", "--"])
        .arg(address)
        .output()
        .map_err(|error| {
            let program = curl.program.to_string_lossy();
            refuse(if error.kind() == io::ErrorKind::NotFound {
                format!("the program `{program}` is missing; install it, or download the document and give the file")
            } else {
                format!("`{program}` cannot be started: {error}")
            })
        })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().replace(address, &without_secrets(address));
        return Err(refuse(format!("{said} ({})", output.status)));
    }
    String::from_utf8(output.stdout).map_err(|_| refuse("the answer is not UTF-8 text".into()))
}
