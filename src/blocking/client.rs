//! The blocking client: each call is the async client's.

use std::sync::Arc;

use uuid::Uuid;

#[cfg(operation = "sign")]
use super::background::Background;
#[cfg(operation = "sign")]
use super::batch::SignAll;
use super::call::{Call, OperationCall};
#[cfg(operation = "journal")]
use super::journal::JournalCall;
#[cfg(all(operation = "delivered", operation = "wait_delivered"))]
use super::query::DeliveryWait;
use super::query::QueryCall;
use super::thread::RuntimeThread;
#[cfg(operation = "sign")]
use crate::callback::Callback;
use crate::client::{self, Answered, ClientBuilder};
use crate::error::Result;
use crate::handle::Handle;
#[cfg(operation = "sign")]
use crate::receipt::Signable;
use crate::types::Json;
#[cfg(all(operation = "operation_item", operation = "operation_items"))]
use crate::types::OperationItem;
#[cfg(operation = "pair")]
use crate::types::Secret;

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
    #[cfg(operation = "update_issue")]
    fn update_issue(
        item: impl Into<client::IssuedItem>,
        action: impl Into<client::IssueAction>
    ) -> OperationCall<client::Updated>;
    #[cfg(operation = "document")]
    fn document(
        item: impl Into<client::IssuedItem>,
        format: client::DocumentFormat
    ) -> QueryCall<client::Document>;
    #[cfg(operation = "qr_code")]
    fn qr_code(item: impl Into<client::IssuedItem>) -> QueryCall<client::QrCode>;
    #[cfg(operation = "delivered")]
    fn delivered(item: impl Into<client::IssuedItem>) -> QueryCall<bool>;
    #[cfg(all(operation = "delivered", operation = "wait_delivered"))]
    fn wait_delivered(item: impl Into<client::IssuedItem>) -> DeliveryWait;
    #[cfg(all(operation = "pay", operation = "sign"))]
    fn pay(payment: impl Into<client::PayBody>) -> OperationCall<client::Paid>;
    #[cfg(all(operation = "pay", operation = "sign"))]
    fn refund(reversal: impl Into<client::Reversal>) -> OperationCall<client::Paid>;
    #[cfg(all(operation = "pay", operation = "sign"))]
    fn cancel(reversal: impl Into<client::Reversal>) -> OperationCall<client::Paid>;
    #[cfg(operation = "journal")]
    fn journal(range: impl Into<client::journal::JournalBody>) -> JournalCall;
    #[cfg(all(operation = "operation_item", operation = "operation_items"))]
    fn operation(id: Uuid) -> QueryCall<Option<OperationItem>>;
    #[cfg(all(operation = "operation_item", operation = "operation_items"))]
    fn operations(queue_id: Uuid) -> QueryCall<Vec<OperationItem>>;
    #[cfg(operation = "peek_journal_item")]
    fn peek_journal_item(queue_id: Uuid, storage_type: &str, id: Uuid) -> QueryCall<Option<Json>>;
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

    /// As [`Client::base_url`](crate::Client::base_url).
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.client.base_url()
    }

    /// The async client underneath, for a program that has both kinds of code. The connections of each
    /// are kept by the runtime they were opened on.
    #[must_use]
    pub fn as_async(&self) -> &client::Client {
        &self.client
    }

    /// The thread that its futures run on.
    pub(super) fn thread(&self) -> &Arc<RuntimeThread> {
        &self.thread
    }

    /// Signs receipts one after the other, in their order, as
    /// [`Client::sign_all`](crate::Client::sign_all): an iterator of what became of each. The receipts may
    /// come from an iterator that blocks.
    #[cfg(operation = "sign")]
    pub fn sign_all<I>(&self, receipts: I) -> SignAll<I::IntoIter>
    where
        I: IntoIterator<Item: Signable + Send + 'static>,
    {
        SignAll::new(&self.thread, &self.client, receipts.into_iter())
    }

    /// Signs a receipt in the background and tells a callback what became of it, as
    /// [`Client::sign_async`](crate::Client::sign_async). Returns at once, inside an async runtime too.
    ///
    /// The callback is called on the client's thread, so a closure must not block: send what it is told
    /// through a channel, as a [`Sender`](std::sync::mpsc::Sender) of the standard library does. For a
    /// deadline or an id of its own, use [`OperationCall::in_background`].
    ///
    /// ```no_run
    /// # use pos_system_api::{blocking::Client, types::ReceiptRequest};
    /// # fn example(client: Client, receipts: Vec<ReceiptRequest>) -> pos_system_api::Result<()> {
    /// let (states, told) = std::sync::mpsc::channel();
    /// for receipt in receipts {
    ///     let signing = client.sign_async(receipt, states.clone())?;
    ///     println!("under way: {}", signing.handle());
    /// }
    /// drop(states);
    /// for state in told {
    ///     println!("{:?}: {}", state.operation_id, state.state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a receipt that cannot be sent. Nothing was
    /// sent then, and the callback is not called.
    #[cfg(operation = "sign")]
    pub fn sign_async(
        &self,
        receipt: impl Signable,
        callback: impl Callback,
    ) -> Result<Background> {
        self.sign(receipt).in_background(callback)
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

    /// Exchanges a pairing PIN for the credentials of a cash box, as [`pair`](Self::pair), and blocks.
    ///
    /// ```no_run
    /// # fn example(pin: String) -> Result<(), Box<dyn std::error::Error>> {
    /// use pos_system_api::blocking::Client;
    ///
    /// let set_up = || Client::builder().sandbox().pos_system_id(uuid::Uuid::nil());
    /// if let Some(paired) = set_up().pair_blocking(pin)?.send()?.done() {
    ///     let client = set_up().paired(&paired).build_blocking()?;
    ///     client.echo("hello").send()?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`pair`](Self::pair) and of [`build_blocking`](Self::build_blocking).
    #[cfg(operation = "pair")]
    pub fn pair_blocking(self, pin: impl Into<Secret>) -> Result<OperationCall<client::Paired>> {
        let call = self.pair(pin)?;
        Ok(Call::new(&Arc::new(RuntimeThread::start()?), call))
    }
}
