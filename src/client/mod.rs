//! The facade: calls that are safe at the moment the power fails.

#![allow(
    private_bounds,
    private_interfaces,
    reason = "the sealed trait behind the answers: nobody outside can name or call its members"
)]

mod answer;
#[cfg(operation = "sign")]
mod background;
mod base_url;
#[cfg(operation = "sign")]
mod batch;
mod builder;
mod call;
mod completion;
mod credentials;
#[cfg(operation = "delivered")]
mod delivered;
#[cfg(operation = "document")]
mod document;
#[cfg(operation = "echo")]
mod echo;
mod environment;
mod fixed;
#[cfg(all(operation = "issue", operation = "sign"))]
mod issue;
mod issued_item;
#[cfg(operation = "journal")]
pub mod journal;
mod media;
#[cfg(all(operation = "operation_item", operation = "operation_items"))]
mod operation_item;
#[cfg(operation = "pair")]
mod pair;
#[cfg(all(operation = "pay", operation = "sign"))]
mod pay;
#[cfg(operation = "peek_journal_item")]
mod peek;
mod proxy;
#[cfg(operation = "qr_code")]
mod qr_code;
mod query;
mod redaction;
mod refusal;
mod replay;
#[cfg(operation = "sign")]
mod sign;
mod terminal;
#[cfg(operation = "update_issue")]
mod update_issue;
#[cfg(all(operation = "delivered", operation = "wait_delivered"))]
mod wait_delivered;

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

#[cfg(operation = "sign")]
pub use background::Background;
pub use base_url::ApiVersion;
#[cfg(operation = "sign")]
pub use batch::{BatchEntry, BatchProgress, BatchStop, SignAll};
pub use builder::ClientBuilder;
pub(crate) use call::read_stored;
pub use call::{Answered, OperationCall};
pub use completion::Completion;
pub(crate) use credentials::Credentials;
pub use credentials::{AccessToken, CredentialsProvider, TokenFuture, TokenNeed};
#[cfg(operation = "document")]
pub use document::{Document, DocumentFormat};
#[cfg(operation = "echo")]
pub use echo::Echoed;
#[cfg(all(operation = "issue", operation = "sign"))]
pub use issue::{Issuable, Issued};
pub use issued_item::IssuedItem;
#[cfg(operation = "pair")]
pub use pair::Paired;
#[cfg(all(operation = "pay", operation = "sign"))]
pub use pay::{Paid, PayBody, Payment, Reversal};
pub use proxy::Proxy;
#[cfg(operation = "qr_code")]
pub use qr_code::QrCode;
pub use query::QueryCall;
pub(crate) use refusal::cause;
pub(crate) use replay::{replay, untyped};
#[cfg(operation = "sign")]
pub use sign::Signed;
pub(crate) use terminal::terminal_header;
#[cfg(operation = "update_issue")]
pub use update_issue::{IssueAction, Updated};
#[cfg(all(operation = "delivered", operation = "wait_delivered"))]
pub use wait_delivered::DeliveryWait;

use crate::error::{Error, ErrorKind, Result};
use crate::handle::Handle;
use crate::raw;
use crate::runtime::{Call, Engine, Operation};

/// A client for one cash box.
///
/// Cheap to clone; clones share connections. One client for the life of the program keeps its
/// connections warm.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use pos_system_api::Client;
///
/// let client = Client::builder()
///     .sandbox()
///     .cashbox_id("6f1c2d5e-0000-4000-8000-0000000000c1".parse()?)
///     .access_token(std::env::var("TOKEN")?)
///     .pos_system_id("7a0d9c11-0000-4000-8000-000000000001".parse()?)
///     .build()?;
/// client.echo("hello").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    engine: Arc<Engine>,
}

impl Client {
    /// A client to be set up.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client set up from the four `FISKALTRUST_…` variables, see
    /// [`ClientBuilder::from_env`].
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] names the variable that is
    /// missing or malformed.
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build()
    }

    /// The base URL of all calls, with the version prefix and without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.engine.base_url
    }

    /// The generated client, for endpoints without a call of their own. Its calls go through the same
    /// retries, limits and credentials, each under a fresh operation id.
    #[must_use]
    pub fn raw(&self) -> raw::Client {
        self.generated(self.call())
    }

    /// The generated client with options for its next call: an id of the caller's, a terminal, a
    /// deadline, and afterwards the [`handle`](Call::handle) of what was sent. Made from
    /// [`call`](Self::call).
    #[must_use]
    pub fn raw_with(&self, call: &Call) -> raw::Client {
        self.generated(call.clone())
    }

    /// What a client generated elsewhere, from another revision of the document, carries through its
    /// hooks to run on this client's engine: the same credentials, retries and limits.
    #[must_use]
    pub fn call(&self) -> Call {
        Call::sending(Arc::clone(&self.engine))
    }

    /// The HTTP client underneath, for a client generated elsewhere.
    #[must_use]
    pub fn http_client(&self) -> reqwest::Client {
        self.engine.http.clone()
    }

    /// Goes on with a pending operation: the same id, the same bytes.
    ///
    /// With an operation log, what stands there counts for more than what the handle knows. One that is settled
    /// gives its answer without being sent. One that the log sends by itself just now is let go of at the end of
    /// its attempt. One in doubt for longer than
    /// [`LogOptions::id_retention`](crate::durable::LogOptions::id_retention) is set aside and gives
    /// [`Outcome::Parked`](crate::Outcome::Parked): the handle in that, resumed, is the decision that it is sent, as is
    /// [`Handle::decided`]; an older handle never is. Those behind it do not wait while it is sent. A payment that is
    /// proved never to have been sent is begun: the terminal asks for money.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`], when awaited, if the operation is of another
    /// kind than `T`, such as [`Signed`] for the handle of an echo.
    pub fn resume<T: Answered>(&self, handle: Handle) -> OperationCall<T> {
        OperationCall::resumed(Arc::clone(&self.engine), handle)
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    fn generated(&self, call: Call) -> raw::Client {
        raw::Client::new_with_client(&self.engine.base_url, self.engine.http.clone(), call)
    }

    /// Has the generated client write down a call, without sending it.
    fn freeze<F, T, E>(&self, write: impl FnOnce(raw::Client) -> F) -> Result<Operation>
    where
        F: Future<Output = std::result::Result<T, raw::Error<E>>>,
    {
        let call = Call::freezing(Arc::clone(&self.engine), self.engine.chance.operation_id());
        // Writing a request down waits for nothing: one poll runs it to the `pre` hook and out again.
        let mut context = Context::from_waker(Waker::noop());
        let written = pin!(write(self.generated(call.clone()))).poll(&mut context);
        call.take_frozen().ok_or_else(|| {
            let error = Error::new(
                ErrorKind::Invalid,
                "The call cannot be written as a request",
            );
            match written {
                Poll::Ready(Err(raw::Error::InvalidRequest(reason))) => error.with_source(reason),
                Poll::Ready(Err(raw::Error::CommunicationError(source))) => {
                    error.with_source(source)
                }
                _ => error,
            }
        })
    }
}
