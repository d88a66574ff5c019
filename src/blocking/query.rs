//! Questions, which change nothing at the server.

use std::time::Duration;

use super::call::{Call, Sendable, sealed::Sealed};
use crate::client;

/// A question, as [`client::QueryCall`].
pub type QueryCall<T> = Call<client::QueryCall<T>>;

impl<T: Send + 'static> Sealed for client::QueryCall<T> {}
impl<T: Send + 'static> Sendable for client::QueryCall<T> {
    type Answer = T;
}

impl<T: Send + 'static> QueryCall<T> {
    /// As [`client::QueryCall::with_deadline`]: how long to ask.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        self.with(|call| call.with_deadline(deadline))
    }

    /// As [`client::QueryCall::with_attempt_timeout`].
    pub fn with_attempt_timeout(self, timeout: Duration) -> Self {
        self.with(|call| call.with_attempt_timeout(timeout))
    }
}

/// A wait for the delivery of a document, as [`client::DeliveryWait`].
#[cfg(all(operation = "delivered", operation = "wait_delivered"))]
pub type DeliveryWait = Call<client::DeliveryWait>;

#[cfg(all(operation = "delivered", operation = "wait_delivered"))]
impl Sealed for client::DeliveryWait {}
#[cfg(all(operation = "delivered", operation = "wait_delivered"))]
impl Sendable for client::DeliveryWait {
    type Answer = bool;
}

#[cfg(all(operation = "delivered", operation = "wait_delivered"))]
impl DeliveryWait {
    /// As [`client::DeliveryWait::with_deadline`]: how long to wait, and to block.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        self.with(|wait| wait.with_deadline(deadline))
    }

    /// As [`client::DeliveryWait::with_attempt_timeout`].
    pub fn with_attempt_timeout(self, timeout: Duration) -> Self {
        self.with(|wait| wait.with_attempt_timeout(timeout))
    }
}
