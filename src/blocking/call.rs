//! A call that was made and not yet sent.

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::thread::RuntimeThread;
use crate::client::{self, Answered};
use crate::error::Result;
use crate::handle::Handle;
use crate::outcome::Outcome;
use crate::runtime::Operation;

/// What a blocking client can send: the async client's calls.
///
/// Sealed: the calls are this crate's.
pub trait Sendable:
    sealed::Sealed + IntoFuture<Output = Result<Self::Answer>, IntoFuture: Send + 'static>
{
    /// What it leads to.
    type Answer: Send + 'static;

    /// What is left of it if it cannot be sent from here.
    #[doc(hidden)]
    fn kept(&self) -> Option<Handle> {
        None
    }
}

pub(super) mod sealed {
    /// Keeps [`Sendable`](super::Sendable) to this crate.
    pub trait Sealed {}
}

impl<T: Answered> sealed::Sealed for client::OperationCall<T> {}
impl<T: Answered> Sendable for client::OperationCall<T> {
    type Answer = Outcome<T>;

    fn kept(&self) -> Option<Handle> {
        self.handle()
    }
}

/// A call of the async client that is sent with [`send`](Self::send).
#[must_use = "nothing is sent before `send`"]
#[derive(Debug)]
pub struct Call<C> {
    pub(super) call: C,
    pub(super) thread: Arc<RuntimeThread>,
}

/// A call with its operation, as [`client::OperationCall`].
pub type OperationCall<T> = Call<client::OperationCall<T>>;

impl<C> Call<C> {
    pub(super) fn new(thread: &Arc<RuntimeThread>, call: C) -> Self {
        Self {
            call,
            thread: Arc::clone(thread),
        }
    }

    /// Sets an option that only the async call has a name for:
    /// `call.with(|call| call.with_terminal("7"))`.
    pub fn with(self, set: impl FnOnce(C) -> C) -> Self {
        Self {
            call: set(self.call),
            thread: self.thread,
        }
    }

    /// The async call underneath.
    pub fn as_async(&self) -> &C {
        &self.call
    }
}

impl<C: Sendable> Call<C> {
    /// Sends it and waits until it is settled or its deadline is reached.
    ///
    /// # Errors
    /// What the async call gives, and [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) inside
    /// an async runtime: nothing is sent then, and the error keeps the operation.
    pub fn send(self) -> Result<C::Answer> {
        // It follows the call: what is known about the operation stands in the error too.
        let kept = self.call.kept();
        match self.thread.run(self.call.into_future()) {
            Ok(result) => result,
            Err(refused) => Err(match kept {
                Some(handle) => refused.with_operation(handle.into_operation()),
                None => refused,
            }),
        }
    }
}

impl<T: Answered> OperationCall<T> {
    /// The id of the operation, or `None` for a call that cannot be sent.
    #[must_use]
    pub fn operation_id(&self) -> Option<Uuid> {
        self.call.operation_id()
    }

    /// The operation, or `None` for a call that cannot be sent; sending it says why.
    #[must_use]
    pub fn operation(&self) -> Option<&Operation> {
        self.call.operation()
    }

    /// What is needed to send this operation again, from here or from elsewhere.
    #[must_use]
    pub fn handle(&self) -> Option<Handle> {
        self.call.handle()
    }

    /// As [`client::OperationCall::with_operation_id`].
    pub fn with_operation_id(self, id: Uuid) -> Self {
        self.with(|call| call.with_operation_id(id))
    }

    /// As [`client::OperationCall::with_fresh_operation_id`].
    pub fn with_fresh_operation_id(self, id: Uuid) -> Self {
        self.with(|call| call.with_fresh_operation_id(id))
    }

    /// As [`client::OperationCall::with_lifetime`].
    pub fn with_lifetime(self, lifetime: Duration) -> Self {
        self.with(|call| call.with_lifetime(lifetime))
    }

    /// As [`client::OperationCall::with_deadline`]: how long to try before the operation is handed back
    /// as pending.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        self.with(|call| call.with_deadline(deadline))
    }

    /// As [`client::OperationCall::with_attempt_timeout`].
    pub fn with_attempt_timeout(self, timeout: Duration) -> Self {
        self.with(|call| call.with_attempt_timeout(timeout))
    }

    /// As [`client::OperationCall::with_terminal`].
    pub fn with_terminal(self, terminal: &str) -> Self {
        self.with(|call| call.with_terminal(terminal))
    }
}
