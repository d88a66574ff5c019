//! How a successful answer is read.

use serde::de::DeserializeOwned;

use super::call::sealed;
use crate::json::fault;
use crate::runtime::{Answer, Attempt, Operation, Reading};

/// Why an answer cannot be read.
#[derive(Debug)]
pub(crate) struct Misread {
    /// In words; empty if there is nothing to say.
    reason: String,
    /// Whether it settles the operation all the same.
    settles: bool,
}

impl Misread {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            settles: false,
        }
    }

    pub(super) fn into_reason(self) -> String {
        self.reason
    }

    /// One that settles its operation all the same.
    pub(super) fn settling(self) -> Self {
        Self {
            settles: true,
            ..self
        }
    }
}

/// What a reader made of an answer, in the words of the engine.
pub(super) fn reading<T: sealed::Sealed>(
    operation: &Operation,
    answer: &Answer,
) -> Reading<T::Document> {
    match T::read(operation, answer) {
        Ok(document) => Reading::Value(document),
        Err(misread) if misread.settles => Reading::Odd,
        Err(_) => Reading::Unreadable,
    }
}

/// The document of an answer, or why it is none; the path of the member at fault is part of the reason.
pub(super) fn json<D: DeserializeOwned>(answer: &Answer) -> std::result::Result<D, Misread> {
    // Tracing paths allocates for each member, so only an answer that cannot be read is read with it.
    serde_json::from_slice(&answer.body).or_else(|_| traced(&answer.body))
}

/// Reads it keeping the path of each member.
fn traced<D: DeserializeOwned>(body: &[u8]) -> std::result::Result<D, Misread> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let document =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| misread_at(&error))?;
    deserializer
        .end()
        .map_err(|error| Misread::new(fault::reason(&error)))?;
    Ok(document)
}

/// What was expected, and at which member. The value at fault may be a customer's.
fn misread_at(error: &serde_path_to_error::Error<serde_json::Error>) -> Misread {
    let reason = fault::reason(error.inner());
    let is_whole = error.path().iter().next().is_none();
    Misread::new(if is_whole {
        reason
    } else {
        format!("{}: {reason}", error.path())
    })
}

/// Why the last answer could not be read; empty for another end.
pub(super) fn misread<T: sealed::Sealed>(operation: &Operation, last: &Attempt) -> String {
    match last {
        Attempt::Answered(answer) if answer.status.is_success() => T::read(operation, answer)
            .err()
            .map(|misread| misread.reason)
            .unwrap_or_default(),
        _ => String::new(),
    }
}
