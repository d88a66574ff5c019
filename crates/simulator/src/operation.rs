//! The operation state machine: one id, one body, one run.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use hyper::header::LOCATION;
use tokio::sync::watch;
use uuid::Uuid;

use crate::input::{Command, StoredRequest};
use crate::profile::Profile;
use crate::wire::problem::Failure;
use crate::wire::reply::Reply;
use crate::wire::route::Action;

/// The stored end of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done(Content),
    Failed(Failure),
}

/// The body of a good answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
}

impl Outcome {
    pub(crate) fn json(bytes: impl Into<Bytes>) -> Self {
        Self::Done(Content {
            media_type: "application/json".to_owned(),
            bytes: bytes.into(),
        })
    }

    /// The answer: 201 the first time, 200 when a done operation is repeated.
    pub(crate) fn reply(&self, operation_id: Uuid, profile: Profile, repeated: bool) -> Reply {
        let reply = match self {
            Self::Done(content) => Reply::new(
                if repeated { 200 } else { 201 },
                content.media_type.clone(),
                content.bytes.clone(),
            ),
            Self::Failed(failure) => failure.stored_reply(profile, repeated),
        };
        if profile.names_location() {
            reply.with_header(
                LOCATION,
                format!("/v2/journal/OperationItem/{operation_id}"),
            )
        } else {
            reply
        }
    }
}

/// How the run of an operation ends: with an outcome that is stored, or with a failure that is
/// not, because it was not carried out.
pub(crate) type Ending = Result<Arc<Outcome>, Failure>;

/// Shows the ending as soon as there is one.
pub(crate) type OutcomeWatch = watch::Receiver<Option<Ending>>;

#[derive(Debug)]
enum Progress {
    Processing(watch::Sender<Option<Ending>>),
    Finished(Arc<Outcome>),
}

/// An operation the server knows.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: Uuid,
    pub(crate) action: Action,
    pub(crate) request: StoredRequest,
    /// When it came to its present state.
    pub(crate) changed: DateTime<Utc>,
    progress: Progress,
}

impl Operation {
    /// `None` while it is processed.
    pub(crate) fn outcome(&self) -> Option<&Arc<Outcome>> {
        match &self.progress {
            Progress::Processing(_) => None,
            Progress::Finished(outcome) => Some(outcome),
        }
    }

    /// Shows the outcome now or later.
    pub(crate) fn watch(&self) -> OutcomeWatch {
        match &self.progress {
            Progress::Processing(outcome) => outcome.subscribe(),
            Progress::Finished(outcome) => watch::channel(Some(Ok(Arc::clone(outcome)))).1,
        }
    }
}

/// What the state machine says about a request that arrives.
#[derive(Debug)]
pub(crate) enum Admission {
    /// Never seen: it is registered as processing now and must be run.
    New(OutcomeWatch),
    /// The id belongs to another body.
    Conflict,
    Running(OutcomeWatch),
    Finished(Arc<Outcome>),
}

/// All operations ever seen, by id, in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Operations {
    by_id: HashMap<Uuid, Operation>,
    by_arrival: BTreeMap<u64, Uuid>,
    next_arrival: u64,
}

impl Operations {
    /// The place of the next operation that is new.
    pub(crate) fn next_arrival(&self) -> u64 {
        self.next_arrival
    }

    /// Compares raw bytes only, as the servers do: the path plays no part, and an empty body on
    /// a repeat skips the comparison.
    pub(crate) fn admit(&mut self, command: &Command) -> Admission {
        let id = command.call.operation_id;
        let Some(known) = self.by_id.get(&id) else {
            let (outcome, watch) = watch::channel(None);
            self.by_arrival.insert(command.arrival, id);
            self.next_arrival = self.next_arrival.max(command.arrival.saturating_add(1));
            self.by_id.insert(
                id,
                Operation {
                    id,
                    action: command.action,
                    request: command.request.clone(),
                    changed: command.request.moment,
                    progress: Progress::Processing(outcome),
                },
            );
            return Admission::New(watch);
        };
        let body = &command.request.body;
        // Pairing takes no credentials: it tells nothing but its own result, for the same PIN.
        if command.action == Action::Pair
            && (known.action != Action::Pair || known.request.body != *body)
        {
            return Admission::Conflict;
        }
        if !body.is_empty() && known.request.body != *body {
            return Admission::Conflict;
        }
        match &known.progress {
            Progress::Processing(outcome) => Admission::Running(outcome.subscribe()),
            Progress::Finished(outcome) => Admission::Finished(Arc::clone(outcome)),
        }
    }

    /// Stores the outcome and wakes everybody who waits for it.
    pub(crate) fn finish(&mut self, id: Uuid, outcome: Outcome, moment: DateTime<Utc>) {
        if let Some(operation) = self.by_id.get_mut(&id) {
            let outcome = Arc::new(outcome);
            let finished = Progress::Finished(Arc::clone(&outcome));
            operation.changed = moment;
            if let Progress::Processing(watch) =
                std::mem::replace(&mut operation.progress, finished)
            {
                watch.send_replace(Some(Ok(outcome)));
            }
        }
    }

    /// Forgets an operation that could not be carried out and tells everybody who waits for it.
    pub(crate) fn abandon(&mut self, id: Uuid, failure: Failure) {
        self.by_arrival.retain(|_, arrived| *arrived != id);
        if let Some(operation) = self.by_id.remove(&id)
            && let Progress::Processing(watch) = operation.progress
        {
            watch.send_replace(Some(Err(failure)));
        }
    }

    /// Forgets what is in progress. Who waits for it gets no answer.
    pub(crate) fn forget_running(&mut self) {
        self.keep(|operation| operation.outcome().is_some());
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&Operation> {
        self.by_id.get(&id)
    }

    /// In order of arrival.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Operation> {
        let ids = self.by_arrival.values();
        ids.filter_map(|id| self.by_id.get(id))
    }

    /// Forgets what was finished at `until` or before it.
    pub(crate) fn expire(&mut self, until: DateTime<Utc>) {
        self.keep(|operation| operation.outcome().is_none() || operation.changed > until);
    }

    /// Forgets what is finished.
    pub(crate) fn forget(&mut self) {
        self.keep(|operation| operation.outcome().is_none());
    }

    fn keep(&mut self, is_kept: impl Fn(&Operation) -> bool) {
        self.by_id.retain(|_, operation| is_kept(operation));
        self.by_arrival.retain(|_, id| self.by_id.contains_key(id));
    }
}
