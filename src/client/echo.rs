//! `POST /echo`: is the server there, and does it know this cash box?

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::Client;
use super::answer::{Misread, json};
use super::call::{OperationCall, sealed};
use super::completion::Completion;
use crate::error::Result;
use crate::runtime::{Answer, Operation};
use crate::types::{EchoRequest, EchoResponse};

/// The body that makes a local server restart.
const RESTART: &[u8] = br#"{"Message":null}"#;

/// How long one attempt at a restart may take: a local server answers after up to 30 s.
const RESTART_TIMEOUT: Duration = Duration::from_secs(45);

/// An answered echo.
#[derive(Clone)]
#[non_exhaustive]
pub struct Echoed {
    /// The message that came back; `None` from a restart.
    pub message: Option<String>,
    /// How the operation was answered.
    pub completion: Completion,
}

impl fmt::Debug for Echoed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Echoed")
            .field("completion", &self.completion)
            .finish_non_exhaustive()
    }
}

impl sealed::Sealed for Echoed {
    type Document = EchoResponse;
    const OPERATION: &'static str = crate::raw::operations::ECHO.id;

    fn read(operation: &Operation, answer: &Answer) -> std::result::Result<EchoResponse, Misread> {
        let document: EchoResponse = json(answer)?;
        // Nothing comes back from nothing.
        if document.message.is_none() && operation.body() != RESTART {
            return Err(Misread::new("Message is missing"));
        }
        Ok(document)
    }

    fn judged(_: &Operation, document: EchoResponse, completion: Completion) -> Result<Self> {
        Ok(Self {
            message: document.message,
            completion,
        })
    }
}

impl Client {
    /// Sends a message and gets it back: checks the way to the server and the credentials, and opens a
    /// connection before the first sale. Changes nothing at the server (API facts, section 3.2).
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::Unauthorized`](crate::ErrorKind::Unauthorized) for a cash box id or a
    /// token that the server does not accept; otherwise what [`ErrorKind`](crate::ErrorKind) lists.
    pub fn echo(&self, message: impl Into<String>) -> OperationCall<Echoed> {
        let request = EchoRequest::builder().message(Some(message.into()));
        let prepared = self.freeze(|raw| async move { raw.echo().body(request).send().await });
        OperationCall::new(Arc::clone(&self.engine), prepared)
    }

    /// Has a local server stop and restart its middleware and read its configuration anew: an echo
    /// without a message. Whether it has an effect in the cloud is not known; do not send it there (API
    /// facts, section 3.2).
    ///
    /// The server answers when it runs again, which takes up to 30 s; one attempt may take 45 s by
    /// default. [`Echoed::message`] is `None`.
    ///
    /// # Errors
    /// When awaited: what [`ErrorKind`](crate::ErrorKind) lists.
    pub fn restart_local(&self) -> OperationCall<Echoed> {
        let request = EchoRequest::builder();
        let prepared = self
            .freeze(|raw| async move { raw.echo().body(request).send().await })
            .map(|mut operation| {
                // An absent member may mean the same; this says it.
                operation.body = Some(Bytes::from_static(RESTART));
                operation.options.attempt_timeout = Some(RESTART_TIMEOUT);
                operation
            });
        OperationCall::new(Arc::clone(&self.engine), prepared)
    }
}
