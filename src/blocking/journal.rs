//! Exports of any size.

use std::future::IntoFuture;
use std::time::Duration;

use uuid::Uuid;

use super::call::Call;
use super::export::Export;
use crate::client::journal;
use crate::error::Result;

/// An export of a journal, as [`journal::JournalCall`]; sent, it gives the [`Export`] as soon as it begins.
pub type JournalCall = Call<journal::JournalCall>;

impl JournalCall {
    /// Sends it and waits until the export begins, or its deadline is reached.
    ///
    /// # Errors
    /// What the async call gives, and [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) inside
    /// an async runtime: nothing is sent then.
    pub fn send(self) -> Result<Export> {
        let export = self.thread.run(self.call.into_future())??;
        Ok(Export::new(export, self.thread))
    }

    /// As [`journal::JournalCall::operation_id`].
    #[must_use]
    pub fn operation_id(&self) -> Option<Uuid> {
        self.call.operation_id()
    }

    /// As [`journal::JournalCall::with_operation_id`].
    pub fn with_operation_id(self, id: Uuid) -> Self {
        self.with(|call| call.with_operation_id(id))
    }

    /// As [`journal::JournalCall::with_lifetime`].
    pub fn with_lifetime(self, lifetime: Duration) -> Self {
        self.with(|call| call.with_lifetime(lifetime))
    }

    /// As [`journal::JournalCall::with_terminal`].
    pub fn with_terminal(self, terminal: &str) -> Self {
        self.with(|call| call.with_terminal(terminal))
    }

    /// As [`journal::JournalCall::with_deadline`]: how long to try until the export begins.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        self.with(|call| call.with_deadline(deadline))
    }

    /// As [`journal::JournalCall::with_attempt_timeout`].
    pub fn with_attempt_timeout(self, timeout: Duration) -> Self {
        self.with(|call| call.with_attempt_timeout(timeout))
    }

    /// As [`journal::JournalCall::with_stall_timeout`]: how long the export may stand still.
    pub fn with_stall_timeout(self, timeout: Duration) -> Self {
        self.with(|call| call.with_stall_timeout(timeout))
    }
}
