//! What the JSON lines of the commands have in common.

use pos_system_api::{Error, Execution, Handle};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::exit::{Exit, Stop};
use crate::message::{one_line, say, say_to_who_listens, with_causes};

/// Why something is not done.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    pub(crate) status: Option<u16>,
}

impl Failure {
    pub(crate) fn new(kind: &'static str, message: &str) -> Self {
        Self {
            kind,
            message: one_line(message),
            status: None,
        }
    }

    pub(crate) fn of(error: &Error) -> Self {
        Self {
            status: error.status().map(|status| status.as_u16()),
            ..Self::new(error.kind().as_str(), &with_causes(error))
        }
    }

    /// Of an operation that is not settled.
    pub(crate) fn open(handle: &Handle) -> Self {
        let kind = if handle.is_parked() {
            "parked"
        } else {
            "pending"
        };
        Self::new(kind, &handle.to_string())
    }
}

/// Whether it was done by this call.
pub(crate) fn word(execution: Execution) -> &'static str {
    match execution {
        Execution::Replayed => "replayed",
        _ => "new",
    }
}

/// JSON as it came, on one line: a line end in JSON stands between tokens only.
pub(crate) fn exact(json: &[u8]) -> Option<Box<RawValue>> {
    let text = std::str::from_utf8(json).ok()?;
    RawValue::from_string(text.trim().replace(['\n', '\r'], " ")).ok()
}

/// One line on standard output.
pub(crate) fn say_line(line: &impl Serialize) -> Result<(), Stop> {
    let line =
        serde_json::to_string(line).map_err(|error| Stop::new(Exit::Refused, error.to_string()))?;
    say_to_who_listens(&line)
}

/// One line on standard output that counts as told: nobody to read it is a failure, too.
pub(crate) fn tell_line(line: &impl Serialize) -> Result<(), Stop> {
    let told = serde_json::to_string(line).map_err(std::io::Error::from);
    told.and_then(|line| say(&line)).map_err(|error| {
        Stop::new(
            Exit::Open,
            format!("Standard output cannot be written: {error}"),
        )
    })
}
