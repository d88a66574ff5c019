//! An operation as a value.

use std::borrow::Cow;
use std::fmt;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use uuid::Uuid;

use super::attempt::within;
use super::clock::Clock;
use super::spec::{AnswerKind, Class, OperationSpec};
use super::standing::{Progress, Standing};
use super::unread::Unread;
use crate::durable::GivesWay;

/// What the generator sends with each call.
static API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// One id and one frozen body: everything else (resending, polling, resuming after a crash) is
/// sending this same value again.
///
/// It holds no credentials; those are added to each attempt.
#[derive(Clone)]
pub struct Operation {
    pub(crate) id: Uuid,
    pub(crate) name: Cow<'static, str>,
    pub(crate) class: Class,
    pub(crate) answer: AnswerKind,
    pub(crate) method: Method,
    /// The path with its placeholders; empty for a call that is in no table.
    pub(crate) template: &'static str,
    /// Path and query behind the base URL, as the generated call wrote them: a client with another
    /// base URL can resume the operation.
    pub(crate) target: String,
    /// Headers that belong to the operation: `Accept`, `Content-Type`, the call's own.
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) options: CallOptions,
    pub(crate) progress: Progress,
}

/// What a caller can set for one operation.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallOptions {
    /// Sent as `x-operation-lifetime` on every attempt, in milliseconds.
    pub(crate) lifetime: Option<Duration>,
    /// Sent as `x-terminal-id`.
    pub(crate) terminal: Option<HeaderValue>,
    /// How long to try before the operation is handed back as pending.
    pub(crate) deadline: Option<Duration>,
    /// How long to try as long as it is proved that no attempt was executed, where that is shorter.
    pub(crate) unsent_deadline: Option<Duration>,
    /// How long one attempt may take.
    pub(crate) attempt_timeout: Option<Duration>,
    /// Where a run ends that is not settled.
    pub(crate) ends: Ends,
    /// An earlier run parked it: the server's record is asked for at the first server fault.
    pub(crate) was_parked: bool,
    /// The caller made the id, and says that it is fresh.
    pub(crate) has_given_id: bool,
    /// How many answers the operation log had given to the program when the call was made.
    pub(crate) answers_before: u64,
    /// Ends the run early, between two attempts: somebody wants the operation that the log sends by itself.
    pub(crate) gives_way: Option<GivesWay>,
    /// A part of the run of another operation, which tells of its end.
    pub(crate) is_part: bool,
    /// Sent without cash box id and access token: for a caller that has none yet.
    pub(crate) anonymous: bool,
    /// Takes the body of a successful answer unread.
    pub(crate) unread: Option<Unread>,
}

/// Where a run ends that is not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Ends {
    /// At the deadline.
    #[default]
    AtDeadline,
    /// With the first attempt whose fate is unknown, as there is a better way to ask.
    WhenUnknown,
    /// With the first answer that says it is in progress, as that may not be all it says.
    WhenInProgress,
}

impl Operation {
    /// The operation of a request the generated client wrote; `None` if it leaves the path of its
    /// call, or if its body can be read only once.
    pub(crate) fn freeze(
        spec: &OperationSpec,
        id: Uuid,
        request: &reqwest::Request,
        base_url: &str,
        options: CallOptions,
    ) -> Option<Self> {
        let target = request.url().as_str().strip_prefix(base_url)?;
        if !is_path_of(spec.path, target.split('?').next().unwrap_or_default()) {
            return None;
        }
        let body = match request.body() {
            // A body that streams cannot be sent twice.
            Some(body) => Some(Bytes::copy_from_slice(body.as_bytes()?)),
            None => None,
        };
        let mut headers = request.headers().clone();
        // The generator's own; the API has its version in the path.
        headers.remove(&API_VERSION);
        Some(Self {
            id,
            name: Cow::Borrowed(spec.id),
            class: spec.class,
            answer: spec.answer,
            method: request.method().clone(),
            template: spec.path,
            target: target.to_owned(),
            headers,
            body,
            options,
            progress: Progress::new(Standing::NotSent),
        })
    }

    /// The operation id, sent as `x-operation-id` with every attempt.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The name of the call, such as `sign`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The path of the request behind the base URL, such as `/sign`, with its query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.target
    }

    /// The exact bytes sent with every attempt; empty for a call without a body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }
}

impl Operation {
    /// Waits before it goes on. `false` if the run has to give way.
    pub(crate) async fn waited(&self, wait: Duration, clock: &dyn Clock) -> bool {
        match &self.options.gives_way {
            // Somebody may want it although there is nothing to wait for.
            Some(gives_way) => within(wait, pin!(gives_way.wanted()), clock)
                .await
                .is_none(),
            None if wait.is_zero() => true,
            None => {
                clock.sleep(wait).await;
                true
            }
        }
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body may hold customer data.
        f.debug_struct("Operation")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("path", &self.path())
            .field("body_length", &self.body().len())
            .finish_non_exhaustive()
    }
}

/// Whether `path` is what `template` describes. A parameter of dots would name another resource.
fn is_path_of(template: &str, path: &str) -> bool {
    if template.is_empty() {
        // A call that is in no table.
        return path.starts_with('/');
    }
    let (mut wanted, mut found) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == found => {}
            (Some(wanted), Some(found)) if wanted.contains('{') && !found.is_empty() => {}
            _ => return false,
        }
    }
}
