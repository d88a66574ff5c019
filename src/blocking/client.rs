//! The blocking client: each call is the async client's.

use std::sync::Arc;

#[cfg(operation = "sign")]
use super::batch::SignAll;
use super::call::{Call, OperationCall};
use super::thread::RuntimeThread;
use crate::client::{self, Answered, ClientBuilder};
use crate::error::Result;
use crate::handle::Handle;
#[cfg(operation = "sign")]
use crate::receipt::Signable;

/// A client for one cash box that blocks the calling thread.
///
/// Cheap to clone; clones share connections and the client's own thread.
#[derive(Debug, Clone)]
pub struct Client {
    client: client::Client,
    thread: Arc<RuntimeThread>,
}

/// The calls, each of them that of the async client.
macro_rules! calls {
    ($(
        $(#[$attribute:meta])*
        fn $name:ident $(<$generic:ident $(: $bound:path)?>)? ($($argument:ident: $kind:ty),*) -> $call:ty;
    )*) => {
        impl Client {$(
            $(#[$attribute])*
            #[doc = concat!("As [`Client::", stringify!($name), "`](crate::Client::", stringify!($name), ").")]
            pub fn $name $(<$generic $(: $bound)?>)? (&self, $($argument: $kind),*) -> $call {
                Call::new(&self.thread, self.client.$name($($argument),*))
            }
        )*}
    };
}

calls! {
    #[cfg(operation = "echo")]
    fn echo(message: impl Into<String>) -> OperationCall<client::Echoed>;
    #[cfg(operation = "echo")]
    fn restart_local() -> OperationCall<client::Echoed>;
    #[cfg(operation = "sign")]
    fn sign(receipt: impl Signable) -> OperationCall<client::Signed>;
    #[cfg(all(operation = "issue", operation = "sign"))]
    fn issue(receipt: impl Into<client::Issuable>) -> OperationCall<client::Issued>;
    fn resume<T: Answered>(handle: Handle) -> OperationCall<T>;
}

impl Client {
    /// A client to be set up; [`ClientBuilder::build_blocking`] makes it.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client set up from the four `FISKALTRUST_…` variables, see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) names the variable that is missing
    /// or malformed.
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build_blocking()
    }

    /// The async client underneath, for a program that has both kinds of code. The connections of each
    /// are kept by the runtime they were opened on.
    #[must_use]
    pub fn as_async(&self) -> &client::Client {
        &self.client
    }

    /// Signs receipts one after the other, in their order, as
    /// [`Client::sign_all`](crate::Client::sign_all): an iterator of what became of each.
    #[cfg(operation = "sign")]
    pub fn sign_all<I>(&self, receipts: I) -> SignAll<I::IntoIter>
    where
        I: IntoIterator<IntoIter: Send + 'static>,
        I::Item: Signable + Send + 'static,
    {
        SignAll::new(&self.thread, self.client.sign_all(receipts))
    }
}

impl ClientBuilder {
    /// The blocking client. Nothing is sent yet.
    ///
    /// # Errors
    /// Those of [`build`](Self::build), and
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if its thread cannot be started.
    pub fn build_blocking(self) -> Result<Client> {
        Ok(Client {
            client: self.build()?,
            thread: Arc::new(RuntimeThread::start()?),
        })
    }
}
