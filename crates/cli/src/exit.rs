//! How the program ends.

use std::process::ExitCode;

use pos_system_api::{Error, ErrorKind, Handle, Outcome, Standing};

use crate::message::{notice, with_causes};

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// 0: all done.
    Good,
    /// 2: something was refused.
    Refused,
    /// 3: an outcome is open.
    Open,
    /// 64: wrong usage or configuration.
    Usage,
}

impl Exit {
    /// The worse of two results: an open one hides behind nothing.
    pub(crate) fn worst(self, other: Self) -> Self {
        self.max(other)
    }

    /// How a failed call ends the program.
    pub(crate) fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Configuration => Self::Usage,
            // The id is the caller's; this content was not executed under it.
            ErrorKind::Conflict => Self::Refused,
            // Refused before it was sent: what the id was used for before is another matter.
            ErrorKind::Invalid => Self::Refused,
            _ if error.outcome() == Standing::Unknown => Self::Open,
            // A question has no outcome of its own, only an answer or none.
            ErrorKind::NoAnswer | ErrorKind::Interrupted => Self::Open,
            ErrorKind::ServerFault | ErrorKind::NotTheApi | ErrorKind::Unreadable
                if error.operation().is_none() =>
            {
                Self::Open
            }
            _ => Self::Refused,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Good => 0,
            Exit::Refused => 2,
            Exit::Open => 3,
            Exit::Usage => 64,
        })
    }
}

/// Why a command ends early.
#[derive(Debug)]
pub(crate) struct Stop {
    exit: Exit,
    message: String,
}

impl Stop {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
        }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Says why on standard error.
    pub(crate) fn told(self) -> Exit {
        notice(&self.message);
        self.exit
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::new(Exit::of(&error), with_causes(&error))
    }
}

impl From<Handle> for Stop {
    fn from(handle: Handle) -> Self {
        let why = if handle.is_parked() {
            "The server failed each time"
        } else {
            "No answer in time"
        };
        Self::new(Exit::Open, format!("{why}: {handle}"))
    }
}

/// Why what is kept in the operation log does not go on. What is open there is as open as before.
pub(crate) fn held_up(error: Error) -> Stop {
    match error.kind() {
        ErrorKind::StorageUnavailable => Stop::new(Exit::Open, with_causes(&error)),
        _ => error.into(),
    }
}

/// The answer of a call, or why there is none.
pub(crate) fn answered<T>(result: Result<Outcome<T>, Error>) -> Result<T, Stop> {
    match result? {
        Outcome::Done(answer) => Ok(answer),
        Outcome::Pending(handle) | Outcome::Parked(handle) => Err(handle.into()),
    }
}
