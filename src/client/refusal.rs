//! How a refusal becomes an error, and what is said of an attempt that settled nothing.

use http::StatusCode;

use super::completion::Completion;
use crate::error::{Error, ErrorKind};
use crate::problem::one_line;
use crate::runtime::{Attempt, Class, Engine, Operation, Refusal};

/// The error of a refusal. `reason` says why the last answer could not be read.
pub(super) fn refused(
    engine: &Engine,
    operation: &Operation,
    refusal: Refusal,
    last: Attempt,
    reason: String,
) -> Error {
    let (kind, message) = match refusal {
        Refusal::Request => (ErrorKind::Invalid, "The request cannot be written"),
        Refusal::Rejected => (ErrorKind::Rejected, "The server refused the request"),
        Refusal::Unauthorized if operation.options.anonymous => (
            ErrorKind::Unauthorized,
            "The server does not accept the PIN: it is unknown, used or out of date",
        ),
        Refusal::Unauthorized => (
            ErrorKind::Unauthorized,
            "The server does not accept the cash box id or its access token",
        ),
        Refusal::NoCredentials => (
            ErrorKind::NoCredentials,
            "There is no access token to send; nothing was sent for want of it",
        ),
        Refusal::Untrusted => (
            ErrorKind::Untrusted,
            "There is no secure connection to the server: its certificate is refused, or its TLS does \
             not fit; nothing was sent",
        ),
        Refusal::Conflict => (
            ErrorKind::Conflict,
            "The operation id was used before with another content",
        ),
        Refusal::NotTaken if is_unknown_here(operation, &last) => (
            ErrorKind::NotTaken,
            "The server knows nothing under these ids, or not this address; check that the document was \
             issued, then the base URL",
        ),
        Refusal::NotTaken => (
            ErrorKind::NotTaken,
            "The server does not take this request; check the base URL and the version",
        ),
        Refusal::Odd => (
            ErrorKind::Unreadable,
            "The server has processed the request, but its answer has an unexpected form; the whole \
             answer is kept with this error",
        ),
        Refusal::Moved | Refusal::Redirected => (
            ErrorKind::Redirected,
            "The server redirects elsewhere, which is not followed; check the base URL",
        ),
        Refusal::NotTheApi => (
            ErrorKind::NotTheApi,
            "What answered is not the POS System API; check the base URL and the network",
        ),
        Refusal::ServerFault => (
            ErrorKind::ServerFault,
            "The server failed each time; it may have acted, so resume this operation later",
        ),
        Refusal::Unreadable => (
            ErrorKind::Unreadable,
            "The server's answer cannot be read; it may have acted, so resume this operation later",
        ),
        Refusal::TooLarge => (
            ErrorKind::Unreadable,
            "The server's answer is larger than allowed; it may have acted, so resume this \
             operation later",
        ),
    };
    let answer = match last {
        Attempt::Answered(answer) => answer,
        Attempt::Failed { error, .. } => return Error::new(kind, message).with_source(error),
        Attempt::NoToken { error } => return Error::new(kind, message).with_source(error),
        Attempt::TimedOut { .. } => return Error::new(kind, message),
    };
    if operation.class == Class::Secret {
        // Neither the answer nor words about it: they may hold the secret.
        return match answer.status.is_success() {
            true => Error::new(kind, message),
            false => Error::new(kind, message).with_problem(engine.problem(&answer)),
        };
    }
    let error = if answer.status.is_success() {
        let reason = one_line(&engine.credentials.redacted(&reason));
        Error::new(
            kind,
            if reason.is_empty() {
                message.to_owned()
            } else {
                format!("{message} ({reason})")
            },
        )
    } else {
        Error::new(kind, message)
    };
    error
        .with_problem(engine.problem(&answer))
        .with_answer(Completion::new(operation, answer))
}

/// Whether the answer is a 404 on a path with ids: about them, or about the path.
fn is_unknown_here(operation: &Operation, last: &Attempt) -> bool {
    let is_missing =
        matches!(last, Attempt::Answered(answer) if answer.status == StatusCode::NOT_FOUND);
    is_missing && operation.template.contains('{')
}

/// Why an attempt did not settle its operation, in words.
pub(crate) fn cause(engine: &Engine, attempt: &Attempt) -> String {
    match attempt {
        Attempt::Answered(answer) => engine.problem(answer).to_string(),
        Attempt::TimedOut { after } => format!("no answer within {after:?}"),
        // Its own words are the caller's, and may be no one else's to read.
        Attempt::NoToken { .. } => "there is no access token to send".to_owned(),
        Attempt::Failed { error, .. } => {
            // The innermost source says what happened, the outer ones only where.
            let mut innermost: &dyn std::error::Error = error;
            while let Some(source) = innermost.source() {
                innermost = source;
            }
            let place = if error.is_connect() {
                "cannot connect"
            } else {
                "the connection broke"
            };
            format!("{place}: {innermost}")
        }
    }
}
