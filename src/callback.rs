//! What became of a receipt that is signed in the background, and whom to tell.
//!
//! **The service itself sends no callbacks**: no header, no member and no endpoint takes the address of
//! one (API facts, section 2.3). The sender is this library, in the till's own process:
//! `Client::sign_async` signs in the background and then gives the result, a [`SignState`], to a
//! callback. That is a closure, a channel of tokio's, or anything else that is a `Callback`, such as the
//! signed HTTP delivery of the crate `pos-system-api-callback`.
//!
//! A callback is a convenience, and nothing depends on it: a process that ends before it was called
//! calls nobody. What must survive is the operation: a client with a store keeps it, and after a restart gives
//! its answer in `recover().finished`, without a callback; otherwise keep the operation's handle.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::{Id, Json};

/// What became of a receipt, as a callback is told.
///
/// Over the wire it is a JSON object of texts, `{"OperationID": .., "QueueID": .., "State": ..,
/// "StateMessage": .., "StateData": ..}`, each of them optional (API facts, section 4.16).
///
/// ```
/// use pos_system_api::callback::{SignState, StateWord};
///
/// let text = r#"{"OperationID":"6f1c2d5e-0000-4000-8000-000000000007","State":"done"}"#;
/// let state: SignState = serde_json::from_str(text)?;
/// assert_eq!(state.state, StateWord::Done);
/// assert_eq!(serde_json::to_string(&state)?, text);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignState {
    /// The id the receipt is signed under.
    #[serde(
        rename = "OperationID",
        alias = "OperationId",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub operation_id: Option<Id>,
    /// The queue that answered; known only from an answer.
    #[serde(
        rename = "QueueID",
        alias = "QueueId",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub queue_id: Option<Id>,
    /// Where the operation stands. A missing one is read as [`StateWord::Unknown`].
    #[serde(rename = "State", default, deserialize_with = "word_or_unknown")]
    pub state: StateWord,
    /// The state in words, for a person.
    #[serde(
        rename = "StateMessage",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub state_message: Option<String>,
    /// The queue's answer, JSON as text, byte for byte. Left out if there is none.
    #[serde(rename = "StateData", default, skip_serializing_if = "Option::is_none")]
    pub state_data: Option<String>,
    /// Members that are not known, kept as they came.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Json>,
}

impl SignState {
    /// The state of this operation, with nothing else known.
    #[must_use]
    pub fn new(operation_id: Id, state: StateWord) -> Self {
        Self {
            operation_id: Some(operation_id),
            state,
            ..Self::default()
        }
    }
}

impl fmt::Debug for SignState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The answer is business data.
        f.debug_struct("SignState")
            .field("operation_id", &self.operation_id)
            .field("queue_id", &self.queue_id)
            .field("state", &self.state)
            .field("state_message", &self.state_message)
            .field(
                "state_data_length",
                &self.state_data.as_ref().map_or(0, String::len),
            )
            .finish_non_exhaustive()
    }
}

/// Where an operation stands, in the words of the API (API facts, section 5.3). Read in any letter case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StateWord {
    /// Open: not answered before the deadline, or not executed for want of credentials. It can be
    /// resumed by its id.
    Pending,
    /// Under way at the server.
    Processing,
    /// Signed.
    Done,
    /// Not signed, and it never will be under this id.
    Failed,
    /// It may be signed or not: the server failed each time, or its answer cannot be read. Never sign the
    /// same receipt under another id then.
    #[default]
    Unknown,
    /// A word that is not listed, kept as it came.
    Other(String),
}

impl StateWord {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for StateWord {
    fn from(word: &str) -> Self {
        [
            Self::Pending,
            Self::Processing,
            Self::Done,
            Self::Failed,
            Self::Unknown,
        ]
        .into_iter()
        .find(|known| known.as_str().eq_ignore_ascii_case(word))
        .unwrap_or_else(|| Self::Other(word.to_owned()))
    }
}

impl fmt::Display for StateWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for StateWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for StateWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|word| Self::from(word.as_str()))
    }
}

fn word_or_unknown<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StateWord, D::Error> {
    Option::<StateWord>::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(feature = "client")]
pub use delivery::{Callback, Delivery, DeliveryError};

#[cfg(feature = "client")]
mod delivery {
    use std::error::Error as StdError;
    use std::pin::Pin;
    use std::sync::Arc;

    use tokio::sync::mpsc;

    use super::SignState;

    /// Why a callback was not told.
    pub type DeliveryError = Box<dyn StdError + Send + Sync>;

    /// The future of [`Callback::deliver`].
    pub type Delivery<'a> = Pin<Box<dyn Future<Output = Result<(), DeliveryError>> + Send + 'a>>;

    /// Who is told what became of a receipt.
    ///
    /// - A closure `Fn(SignState)` is called on a task of the runtime, so it must not block.
    /// - The sender of a tokio channel waits for room; a channel whose receiver is gone is an error.
    /// - So is the [`Sender`](std::sync::mpsc::Sender) of the standard library, for programs without an
    ///   async runtime. It has room for everything; a `SyncSender` is no callback, as it would block.
    /// - An `Arc` of a callback is one, for use with several receipts.
    /// - Anything else implements this trait.
    ///
    /// ```
    /// use pos_system_api::callback::{Callback, Delivery, SignState};
    ///
    /// struct Screen;
    ///
    /// impl Callback for Screen {
    ///     fn deliver(&self, state: SignState) -> Delivery<'_> {
    ///         Box::pin(async move {
    ///             println!("{}", state.state);
    ///             Ok(())
    ///         })
    ///     }
    /// }
    /// ```
    pub trait Callback: Send + Sync + 'static {
        /// Tells it. Whatever is tried again is tried again in here.
        fn deliver(&self, state: SignState) -> Delivery<'_>;
    }

    impl<F: Fn(SignState) + Send + Sync + 'static> Callback for F {
        fn deliver(&self, state: SignState) -> Delivery<'_> {
            Box::pin(async move {
                self(state);
                Ok(())
            })
        }
    }

    impl Callback for mpsc::Sender<SignState> {
        fn deliver(&self, state: SignState) -> Delivery<'_> {
            Box::pin(async move { Ok(self.send(state).await?) })
        }
    }

    impl Callback for mpsc::UnboundedSender<SignState> {
        fn deliver(&self, state: SignState) -> Delivery<'_> {
            Box::pin(async move { Ok(self.send(state)?) })
        }
    }

    impl Callback for std::sync::mpsc::Sender<SignState> {
        fn deliver(&self, state: SignState) -> Delivery<'_> {
            Box::pin(async move { Ok(self.send(state)?) })
        }
    }

    impl<C: Callback + ?Sized> Callback for Arc<C> {
        fn deliver(&self, state: SignState) -> Delivery<'_> {
            (**self).deliver(state)
        }
    }
}
