//! `POST /echo`: is the server there, and does it know this cash box?

use std::sync::Arc;

use super::Client;
use super::call::{OperationCall, sealed};
use super::completion::Completion;
use crate::error::Result;
use crate::runtime::Operation;
use crate::types::{EchoRequest, EchoResponse};

/// An answered echo.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Echoed {
    /// The message that came back.
    pub message: Option<String>,
    /// How the operation was answered.
    pub completion: Completion,
}

impl sealed::Sealed for Echoed {
    type Document = EchoResponse;
    const OPERATION: &'static str = crate::raw::operations::ECHO.id;

    fn is_plausible(_: &Operation, document: &EchoResponse) -> bool {
        document.message.is_some()
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
    pub fn echo(&self, message: impl Into<String>) -> OperationCall<Echoed> {
        let request = EchoRequest::builder().message(Some(message.into()));
        let prepared = self.freeze(|raw| async move { raw.echo().body(request).send().await });
        OperationCall::new(Arc::clone(&self.engine), prepared)
    }
}
