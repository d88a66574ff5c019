//! What happens to a request between its arrival and its answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use hyper::header::ALLOW;
use hyper::{HeaderMap, Method};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::clock::{self, Clock};
use crate::credentials::Credentials;
use crate::fault::{Delivery, FaultScript, FiscalScript, Plan};
use crate::hold::{Hold, Holds, released};
use crate::input::{Command, Input, ItemId, StoredRequest};
use crate::ledger::{Ledger, RequestRecord};
use crate::operation::{Admission, OutcomeWatch};
use crate::profile::Profile;
use crate::question;
use crate::wire::call::{self, ACCESS_TOKEN, CASH_BOX_ID, Call};
use crate::wire::problem::Failure;
use crate::wire::reply::Reply;
use crate::wire::route::{Action, Endpoint, Route, route};
use crate::world::World;

/// A request with its whole body.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body was larger than the limit; `body` is what lies within it.
    pub(crate) over_limit: bool,
}

/// An answer, or where it will come from.
#[derive(Debug)]
pub(crate) enum Answer {
    Ready(Reply),
    /// When the operation is finished, or at `until` if it is not.
    Outcome {
        outcome: OutcomeWatch,
        operation_id: Uuid,
        profile: Profile,
        repeated: bool,
        until: Option<DateTime<Utc>>,
    },
    /// When the document is delivered, or at `until` if it is not.
    Delivered {
        item: ItemId,
        until: DateTime<Utc>,
    },
}

/// A request that has been taken in.
#[derive(Debug)]
pub(crate) struct Accepted {
    /// Its place in the ledger.
    pub(crate) index: usize,
    /// `None` when a fault keeps the request from being handled.
    pub(crate) answer: Option<Answer>,
    pub(crate) delivery: Delivery,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) faults: FaultScript,
    pub(crate) world: World,
    holds: Holds,
}

pub(crate) struct Engine {
    pub(crate) profile: Profile,
    pub(crate) credentials: Credentials,
    pub(crate) base_url: String,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    arrivals: watch::Sender<usize>,
    /// Counts the inputs, for those who wait for one.
    changes: watch::Sender<u64>,
    state: Mutex<State>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("profile", &self.profile)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

impl Engine {
    pub(crate) fn new(
        profile: Profile,
        credentials: Credentials,
        base_url: String,
        clock: Arc<dyn Clock>,
        world: World,
    ) -> Self {
        Self {
            profile,
            credentials,
            base_url,
            clock,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            arrivals: watch::Sender::new(0),
            changes: watch::Sender::new(0),
            state: Mutex::new(State {
                faults: FaultScript::default(),
                world,
                holds: Holds::default(),
            }),
        }
    }

    /// Every lock is short and none is held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ledger(&self) -> Ledger {
        self.state().world.ledger.clone()
    }

    pub(crate) fn hold(&self) -> Hold {
        self.state().holds.begin()
    }

    pub(crate) fn watch_arrivals(&self) -> watch::Receiver<usize> {
        self.arrivals.subscribe()
    }

    pub(crate) fn watch_changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Records that this status goes out as the answer to a request.
    pub(crate) fn answered(&self, index: usize, status: u16) {
        self.state().world.ledger.record_status(index, status);
    }

    /// Lets an input happen and wakes those who wait for one.
    pub(crate) fn apply(&self, input: &Input) {
        self.commit(&mut self.state(), input);
    }

    fn commit(&self, state: &mut State, input: &Input) {
        state.world.apply(input);
        self.changes.send_modify(|count| *count += 1);
    }

    /// Takes a request in: fault, checks and state machine in one step, so that requests are
    /// treated strictly in order of arrival.
    pub(crate) fn accept(self: &Arc<Self>, arrival: Arrival) -> Accepted {
        let mut state = self.state();
        let index = state.world.ledger.record_request(request_record(&arrival));
        let plan = state
            .faults
            .next(&arrival)
            .map_or_else(Plan::clean, |fault| Plan::of(fault, self.profile));
        let answer = plan.handled.then(|| {
            let endpoint = match self.endpoint(&arrival) {
                Ok(endpoint) => endpoint,
                Err(reply) => return Answer::Ready(reply),
            };
            let profile = self.profile.answering(&endpoint);
            let answer = match endpoint {
                Endpoint::Operation(action) => {
                    self.operation(&mut state, index, arrival, action, plan.fiscal)
                }
                Endpoint::Question(question) => {
                    question::answer(&question, self, &state.world, &arrival)
                }
            };
            answer.unwrap_or_else(|failure| Answer::Ready(failure.reply(profile)))
        });
        drop(state);
        // Told last: who waits for an arrival may rely on its operation being registered.
        self.arrivals.send_modify(|count| *count += 1);
        Accepted {
            index,
            answer,
            delivery: plan.delivery,
        }
    }

    fn operation(
        self: &Arc<Self>,
        state: &mut State,
        index: usize,
        arrival: Arrival,
        action: Action,
        script: FiscalScript,
    ) -> Result<Answer, Failure> {
        let call = match action {
            Action::Pair => Call::read_unauthenticated(&arrival.headers, &self.credentials)?,
            _ => Call::read(&arrival.headers, &self.credentials)?,
        };
        let profile = self.profile.answering(&Endpoint::Operation(action));
        let operation_id = call.operation_id;
        let now = self.clock.now();
        let until = call::lifetime(&arrival.headers).map(|lifetime| clock::after(now, lifetime));
        let awaited = |outcome, repeated| Answer::Outcome {
            outcome,
            operation_id,
            profile,
            repeated,
            until,
        };
        let command = Command {
            call,
            action,
            request: StoredRequest {
                method: arrival.method.to_string(),
                path: arrival.path,
                headers: shown_headers(&arrival.headers, &[ACCESS_TOKEN, CASH_BOX_ID]),
                body: arrival.body,
                moment: now,
            },
            script,
            base_url: self.base_url.clone(),
        };
        match state.world.operations.admit(&command) {
            Admission::Finished(outcome) => {
                Ok(Answer::Ready(outcome.reply(operation_id, profile, true)))
            }
            Admission::Conflict => Err(Failure::conflict(profile)),
            Admission::Running(outcome) if profile.blocks_while_running() => {
                Ok(awaited(outcome, true))
            }
            Admission::Running(_) => Err(Failure::still_in_process()),
            Admission::New(outcome) => {
                state.world.ledger.record_execution(index);
                self.start(state, command);
                Ok(awaited(outcome, false))
            }
        }
    }

    fn endpoint(&self, arrival: &Arrival) -> Result<Endpoint, Reply> {
        let refuse = |failure: Failure| Err(failure.reply(self.profile));
        let endpoint = match route(&arrival.method, &arrival.path) {
            Route::Endpoint(endpoint) => endpoint,
            Route::NotAllowed { allowed } => {
                let detail = format!("This path takes {allowed} only.");
                let failure = Failure::new(405, "Method Not Allowed", detail);
                return Err(failure.reply(self.profile).with_header(ALLOW, allowed));
            }
            Route::NotUuid => {
                return refuse(Failure::bad_request("An id in the path is not a uuid."));
            }
            Route::RetiredVersion => {
                let detail = "This version of the API is not served.";
                return refuse(Failure::bad_request(detail));
            }
            Route::NotSimulated => {
                let detail = "What this path does is published nowhere, so it is not simulated.";
                return refuse(Failure::new(404, "Not Found", detail));
            }
            Route::Unknown => return refuse(Failure::new(404, "Not Found", "No such path.")),
        };
        if arrival.over_limit {
            let failure = Failure::new(413, "Content Too Large", "A body has at most 8 MiB.");
            return refuse(failure);
        }
        Ok(endpoint)
    }

    /// Runs at once when nothing delays it, so that numbers follow the order of arrival.
    fn start(self: &Arc<Self>, state: &mut State, command: Command) {
        let holds = state.holds.live();
        let duration = state.world.duration(&command);
        if holds.is_empty() && duration.is_zero() {
            self.run(state, command);
            return;
        }
        // The moment is fixed now: a clock moved by hand may pass it before the task starts.
        let ready = clock::after(command.request.moment, duration);
        // A task of its own: the operation goes on when its client is gone.
        let engine = Arc::clone(self);
        self.tasks.spawn(async move {
            let wait = async {
                released(holds).await;
                engine.clock.reached(ready).await;
            };
            if engine.stop.run_until_cancelled(wait).await.is_some() {
                engine.run(&mut engine.state(), command);
            }
        });
    }

    fn run(&self, state: &mut State, command: Command) {
        let moment = self.clock.now();
        self.commit(state, &Input::Operation { command, moment });
    }
}

fn request_record(arrival: &Arrival) -> RequestRecord {
    RequestRecord {
        operation_id: call::operation_id(&arrival.headers),
        method: arrival.method.to_string(),
        path: arrival.path.clone(),
        headers: shown_headers(&arrival.headers, &[ACCESS_TOKEN]),
        body: arrival.body.clone(),
        status: None,
        executed: false,
    }
}

fn shown_headers(headers: &HeaderMap, hidden: &[&str]) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| !hidden.contains(&name.as_str()))
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        })
        .collect()
}
