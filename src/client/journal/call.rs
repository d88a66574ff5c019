//! An export that was asked for and not yet awaited.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::export::Export;
use super::range::JournalBody;
use crate::client::Client;
use crate::client::media::is_page;
use crate::client::query::no_answer;
use crate::client::refusal::refused;
use crate::client::terminal::terminal_header;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::operations;
use crate::runtime::{Answer, CallOptions, Ending, Engine, Operation, Reading, Unread};

/// How long to try until the export begins: long enough for an attempt that uses up its time, and another.
const DEADLINE: Duration = Duration::from_secs(10 * 60);

/// How long one attempt may take until the export begins: archives are put together first. As long as the
/// local server waits for the cloud (API facts, section 1).
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// How long an export may stand still.
const STALL_TIMEOUT: Duration = Duration::from_secs(60);

/// An export of a journal; awaited, it gives the [`Export`] as soon as it begins.
///
/// Asking for an export changes nothing at the server, so it is asked again under the rules of every call
/// until it begins, for 10 minutes unless [`with_deadline`](Self::with_deadline) says otherwise, and in silence:
/// a client's [`Observer`](crate::runtime::Observer) hears of each attempt. From then on, breaking off is an
/// error: see [`Export`].
#[must_use = "nothing is sent before `.await`"]
pub struct JournalCall {
    engine: Arc<Engine>,
    prepared: Result<Operation>,
    stall_timeout: Duration,
}

impl JournalCall {
    /// The id it is sent under, or `None` for a call that cannot be sent. Servers want one and do not
    /// record it (API facts, section 3.5).
    #[must_use]
    pub fn operation_id(&self) -> Option<Uuid> {
        self.prepared.as_ref().ok().map(Operation::id)
    }

    /// Sends it under this id instead of a fresh one.
    pub fn with_operation_id(mut self, id: Uuid) -> Self {
        if let Ok(operation) = &mut self.prepared {
            operation.id = id;
        }
        self
    }

    /// Sends `x-operation-lifetime`, in whole milliseconds. Default: not sent.
    pub fn with_lifetime(self, lifetime: Duration) -> Self {
        self.with_options(|options| options.lifetime = Some(lifetime))
    }

    /// Sends `x-terminal-id`. Default: not sent.
    pub fn with_terminal(mut self, terminal: &str) -> Self {
        match terminal_header(terminal) {
            Ok(value) => self.with_options(|options| options.terminal = Some(value)),
            Err(error) => {
                self.prepared = self.prepared.and(Err(error));
                self
            }
        }
    }

    /// How long to try until the export begins. Default 10 minutes, whatever the client's deadline is: a
    /// server may take minutes to put an archive together. Where somebody waits who would rather hear soon
    /// that the server cannot be reached, set less.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        self.with_options(|options| options.deadline = Some(deadline))
    }

    /// How long one attempt may take until the export begins. Default 5 minutes.
    pub fn with_attempt_timeout(self, timeout: Duration) -> Self {
        self.with_options(|options| options.attempt_timeout = Some(timeout))
    }

    /// How long the export may stand still once it has begun; there is no limit for the whole of it. Time
    /// that the receiving side takes does not count. Default 60 s.
    pub fn with_stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    fn with_options(mut self, set: impl FnOnce(&mut CallOptions)) -> Self {
        if let Ok(operation) = &mut self.prepared {
            set(&mut operation.options);
        }
        self
    }

    async fn begin(self) -> Result<Export> {
        let operation = self.prepared?;
        let engine = &*self.engine;
        // A page for a browser is no journal, whatever its status.
        let read = |answer: &Answer| match is_page(&answer.headers) {
            true => Reading::Unreadable,
            false => Reading::Value(()),
        };
        match engine.run(&operation, read).await {
            Ending::Done { .. } => {
                let unread = operation.options.unread.as_ref();
                let response = unread
                    .and_then(Unread::take)
                    .ok_or_else(|| Error::new(ErrorKind::Interrupted, "The export has no body"))?;
                let clock = Arc::clone(&engine.clock);
                Ok(Export::new(response, clock, self.stall_timeout))
            }
            Ending::Refused { refusal, last, .. } => {
                let reason = "it is a web page".to_owned();
                Err(refused(engine, &operation, refusal, last, reason))
            }
            Ending::Open { last } => Err(no_answer(engine, last.as_ref())),
            Ending::Parked { last, .. } => Err(no_answer(engine, Some(&last))),
        }
    }
}

impl IntoFuture for JournalCall {
    type Output = Result<Export>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.begin())
    }
}

impl fmt::Debug for JournalCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JournalCall")
            .field("operation", &self.prepared)
            .field("stall_timeout", &self.stall_timeout)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Exports a journal: a [`JournalType`](crate::codes::JournalType) for all of it, or a
    /// [`JournalRange`](super::JournalRange). The server keeps nothing of it; calling again exports again
    /// (API facts, section 3.5).
    ///
    /// The bytes come as they are, unbuffered and as fast as they are taken, in whatever form the journal
    /// has: JSON, XML in any encoding, ZIP, TAR. See [`Export`] for where they can go, and
    /// [the module](super) for what can be done when one breaks off.
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::NoAnswer`] if the export does not begin before the deadline, by default 10
    /// minutes, see [`JournalCall::with_deadline`]; otherwise what [`ErrorKind`] lists.
    pub fn journal(&self, range: impl Into<JournalBody>) -> JournalCall {
        let prepared = range.into().into_bytes().and_then(|body| {
            let mut operation = self.fixed(&operations::JOURNAL, &[], "*/*", Some(body))?;
            operation.options.deadline = Some(DEADLINE);
            operation.options.attempt_timeout = Some(ATTEMPT_TIMEOUT);
            operation.options.unread = Some(Unread::default());
            Ok(operation)
        });
        JournalCall {
            engine: Arc::clone(&self.engine),
            prepared,
            stall_timeout: STALL_TIMEOUT,
        }
    }
}
