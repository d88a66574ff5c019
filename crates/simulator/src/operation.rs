//! The operation state machine: one id, one body, one run.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use hyper::header::LOCATION;
use tokio::sync::watch;
use uuid::Uuid;

use crate::problem::Failure;
use crate::profile::Profile;
use crate::reply::Reply;

/// The stored end of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done(Bytes),
    Failed(Failure),
}

impl Outcome {
    /// The answer: 201 the first time, 200 when a done operation is repeated.
    pub(crate) fn reply(&self, operation_id: Uuid, profile: Profile, repeated: bool) -> Reply {
        let reply = match self {
            Self::Done(body) => Reply::json(if repeated { 200 } else { 201 }, body.clone()),
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

/// Shows the outcome as soon as there is one.
pub(crate) type OutcomeWatch = watch::Receiver<Option<Arc<Outcome>>>;

#[derive(Debug)]
enum Progress {
    Processing(watch::Sender<Option<Arc<Outcome>>>),
    Finished(Arc<Outcome>),
}

#[derive(Debug)]
struct Operation {
    body: Bytes,
    progress: Progress,
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

/// All operations ever seen, by id.
#[derive(Debug, Default)]
pub(crate) struct Operations {
    by_id: HashMap<Uuid, Operation>,
}

impl Operations {
    /// Compares raw bytes only, as the servers do: the path plays no part, and an empty body on
    /// a repeat skips the comparison.
    pub(crate) fn admit(&mut self, id: Uuid, body: &Bytes) -> Admission {
        let Some(known) = self.by_id.get(&id) else {
            let (outcome, watch) = watch::channel(None);
            let operation = Operation {
                body: body.clone(),
                progress: Progress::Processing(outcome),
            };
            self.by_id.insert(id, operation);
            return Admission::New(watch);
        };
        if !body.is_empty() && known.body != *body {
            return Admission::Conflict;
        }
        match &known.progress {
            Progress::Processing(outcome) => Admission::Running(outcome.subscribe()),
            Progress::Finished(outcome) => Admission::Finished(Arc::clone(outcome)),
        }
    }

    /// Stores the outcome and wakes everybody who waits for it.
    pub(crate) fn finish(&mut self, id: Uuid, outcome: Outcome) {
        if let Some(operation) = self.by_id.get_mut(&id) {
            let outcome = Arc::new(outcome);
            let finished = Progress::Finished(Arc::clone(&outcome));
            if let Progress::Processing(watch) =
                std::mem::replace(&mut operation.progress, finished)
            {
                watch.send_replace(Some(outcome));
            }
        }
    }
}
