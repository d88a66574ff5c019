//! Signing in the background of a program without an async runtime.

use std::fmt;
use std::sync::Arc;

use super::call::OperationCall;
use super::thread::RuntimeThread;
use crate::callback::{Callback, Delivery, DeliveryError, SignState};
use crate::client::{self, Signed};
use crate::error::Result;
use crate::handle::Handle;
use crate::outcome::Outcome;

/// A receipt that is being signed in the background, as [`client::Background`].
///
/// Dropping it stops nothing, and neither does dropping the client: the client's thread lives until the
/// callback has been told. What ends it early is the end of the process; the [`handle`](Self::handle) is
/// what goes on from there.
#[must_use = "its handle is what is left of the operation if the process ends"]
pub struct Background {
    signing: client::Background,
    thread: Arc<RuntimeThread>,
}

impl Background {
    /// As [`client::Background::handle`].
    #[must_use]
    pub fn handle(&self) -> &Handle {
        self.signing.handle()
    }

    /// As [`client::Background::is_finished`].
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.signing.is_finished()
    }

    /// Waits for what the operation leads to; the delivery goes on in the background.
    ///
    /// # Errors
    /// What [`Client::sign`](super::Client::sign) gives, and
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) inside an async runtime: the operation
    /// goes on then, and the error keeps it.
    pub fn outcome(self) -> Result<Outcome<Signed>> {
        let kept = self.handle().clone();
        match self.thread.run(self.signing.outcome()) {
            Ok(outcome) => outcome,
            Err(refused) => Err(refused.with_operation(kept.into_operation())),
        }
    }

    /// Waits until the callback has been told.
    ///
    /// # Errors
    /// What the callback gives, that its task was cut off, or that this is inside an async runtime.
    pub fn delivered(self) -> Result<(), DeliveryError> {
        self.thread.run(self.signing.delivered())?
    }
}

impl fmt::Debug for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.signing, f)
    }
}

impl OperationCall<Signed> {
    /// Sends it in the background and tells a callback what became of it, as
    /// [`Client::sign_async`](super::Client::sign_async) does.
    ///
    /// # Errors
    /// Those of [`Client::sign_async`](super::Client::sign_async).
    pub fn in_background(self, callback: impl Callback) -> Result<Background> {
        let Self { call, thread } = self;
        let callback = KeepsThread {
            callback,
            _thread: Arc::clone(&thread),
        };
        let signing = {
            let _inside = thread.enter();
            call.in_background(callback)?
        };
        Ok(Background { signing, thread })
    }
}

/// A callback that keeps the client's thread until it has been told.
struct KeepsThread<C> {
    callback: C,
    _thread: Arc<RuntimeThread>,
}

impl<C: Callback> Callback for KeepsThread<C> {
    fn deliver(&self, state: SignState) -> Delivery<'_> {
        self.callback.deliver(state)
    }
}
