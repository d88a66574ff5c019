//! Signing in the background, with a callback at the end.

use std::fmt;

use tokio::runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::call::OperationCall;
use super::{Client, Signed};
use crate::callback::{Callback, DeliveryError, SignState, StateWord};
use crate::error::{Error, ErrorKind, Result};
use crate::handle::Handle;
use crate::outcome::Outcome;
use crate::receipt::Signable;
use crate::runtime::Standing;
use crate::types::Id;

/// A receipt that is being signed in the background.
///
/// Dropping it stops nothing: the operation goes on, and its callback is called. What ends it early is the
/// end of the runtime or of the process; the [`handle`](Self::handle) is what goes on from there.
#[must_use = "its handle is what is left of the operation if the process ends"]
pub struct Background {
    handle: Handle,
    outcome: oneshot::Receiver<Result<Outcome<Signed>>>,
    task: JoinHandle<Result<(), DeliveryError>>,
}

impl Background {
    /// The operation: store it to resume it in another process. It follows what is known by now.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Whether the receipt's fate has been delivered to the callback, or cannot be any more.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.task.is_finished()
    }

    /// What the operation led to, as soon as it is known; the delivery goes on in the background.
    ///
    /// # Errors
    /// What [`Client::sign`] gives. An operation cut off by the end of its runtime is no error:
    /// it is [`Outcome::Pending`].
    pub async fn outcome(self) -> Result<Outcome<Signed>> {
        match self.outcome.await {
            Ok(outcome) => outcome,
            Err(_) => Ok(Outcome::Pending(self.handle)),
        }
    }

    /// Waits until the callback has been told.
    ///
    /// # Errors
    /// What the callback gives, or that its task was cut off.
    pub async fn delivered(self) -> Result<(), DeliveryError> {
        self.task.await?
    }
}

impl fmt::Debug for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Background")
            .field("handle", &self.handle)
            .field("is_finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Signs a receipt in the background and tells a callback what became of it: a closure, a channel of
    /// tokio's, or another [`Callback`]. Returns at once.
    ///
    /// Receipts that are signed so go side by side, and the queue may take them in another order than they
    /// were given; [`sign_all`](Self::sign_all) keeps the order.
    ///
    /// The service itself sends no callbacks; the sender is this process, see
    /// [`callback`](crate::callback). For a deadline or an id of its own, use
    /// [`OperationCall::in_background`].
    ///
    /// ```no_run
    /// # use pos_system_api::{Client, types::ReceiptRequest};
    /// # async fn example(client: Client, receipt: ReceiptRequest) -> pos_system_api::Result<()> {
    /// use pos_system_api::callback::SignState;
    ///
    /// let signing = client.sign_async(receipt, |state: SignState| {
    ///     println!("{:?}: {}", state.operation_id, state.state);
    /// })?;
    /// println!("under way: {}", signing.handle());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for a receipt that cannot be sent, and [`ErrorKind::Configuration`] outside
    /// of a tokio runtime. Nothing was sent then, and the callback is not called.
    pub fn sign_async(
        &self,
        receipt: impl Signable,
        callback: impl Callback,
    ) -> Result<Background> {
        self.sign(receipt).in_background(callback)
    }
}

impl OperationCall<Signed> {
    /// Sends it in the background and tells a callback what became of it, as
    /// [`Client::sign_async`] does.
    ///
    /// # Errors
    /// Those of [`Client::sign_async`].
    pub fn in_background(self, callback: impl Callback) -> Result<Background> {
        let (handle, call) = self.checked()?;
        let Ok(runtime) = runtime::Handle::try_current() else {
            return Err(Error::new(
                ErrorKind::Configuration,
                "There is no tokio runtime here to sign in the background",
            )
            .with_operation(handle.into_operation()));
        };
        let (told, outcome) = oneshot::channel();
        let kept = handle.clone();
        let task = runtime.spawn(async move {
            let result = call.await;
            let state = state_of(&kept, &result);
            // Nobody may be waiting for it.
            let _ = told.send(result);
            callback.deliver(state).await
        });
        Ok(Background {
            handle,
            outcome,
            task,
        })
    }
}

/// What a callback is told about this result.
fn state_of(handle: &Handle, result: &Result<Outcome<Signed>>) -> SignState {
    let id = Id::from(handle.operation_id());
    match result {
        Ok(Outcome::Done(signed)) => SignState {
            state_message: signed.response.ft_receipt_identification.clone(),
            ..answered(SignState::new(id, StateWord::Done), signed)
        },
        Ok(Outcome::Pending(handle)) => SignState {
            state_message: Some(handle.to_string()),
            ..SignState::new(id, StateWord::Pending)
        },
        Ok(Outcome::Parked(handle)) => SignState {
            state_message: Some(handle.to_string()),
            ..SignState::new(id, StateWord::Unknown)
        },
        Err(error) => {
            let state = SignState {
                state_message: Some(error.to_string()),
                ..SignState::new(id, word_of(error))
            };
            match error.fiscal_answer() {
                Some(signed) => answered(state, signed),
                None => state,
            }
        }
    }
}

fn word_of(error: &Error) -> StateWord {
    match (error.kind(), error.outcome()) {
        // The queue may have signed: what it said cannot be read.
        (ErrorKind::Unreadable, _) | (_, Standing::Unknown) => StateWord::Unknown,
        (_, Standing::Final) => StateWord::Failed,
        (_, Standing::NotSent) if error.is_retryable() => StateWord::Pending,
        (_, Standing::NotSent) => StateWord::Failed,
    }
}

/// The state with what the queue said.
fn answered(state: SignState, signed: &Signed) -> SignState {
    SignState {
        queue_id: signed.response.ft_queue_id.clone(),
        state_data: String::from_utf8(signed.completion.body.to_vec()).ok(),
        ..state
    }
}
