//! What happens to a request between its arrival and its answer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use hyper::header::ALLOW;
use hyper::{HeaderMap, Method};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::call::{self, ACCESS_TOKEN, Call};
use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::echo::echo;
use crate::fault::{Delivery, Fault, FiscalScript, Plan};
use crate::hold::{Hold, Holds, released};
use crate::issue::issue;
use crate::ledger::{Ledger, RequestRecord};
use crate::operation::{Admission, Operations, Outcome, OutcomeWatch};
use crate::problem::Failure;
use crate::profile::Profile;
use crate::queue::Queue;
use crate::reply::Reply;
use crate::route::{Endpoint, Route, route};
use crate::sign::sign;

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
    Awaited {
        outcome: OutcomeWatch,
        operation_id: Uuid,
        profile: Profile,
        repeated: bool,
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
    pub(crate) faults: VecDeque<Fault>,
    ledger: Ledger,
    operations: Operations,
    holds: Holds,
    queue: Queue,
}

/// A call that is being run.
struct Run {
    call: Call,
    endpoint: Endpoint,
    body: Bytes,
    script: FiscalScript,
}

pub(crate) struct Engine {
    pub(crate) profile: Profile,
    pub(crate) credentials: Credentials,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    clock: Arc<dyn Clock>,
    arrivals: watch::Sender<usize>,
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
        clock: Arc<dyn Clock>,
        queue: Queue,
    ) -> Self {
        Self {
            profile,
            credentials,
            clock,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            arrivals: watch::Sender::new(0),
            state: Mutex::new(State {
                faults: VecDeque::new(),
                ledger: Ledger::default(),
                operations: Operations::default(),
                holds: Holds::default(),
                queue,
            }),
        }
    }

    /// Every lock is short and none is held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ledger(&self) -> Ledger {
        self.state().ledger.clone()
    }

    pub(crate) fn hold(&self) -> Hold {
        self.state().holds.begin()
    }

    pub(crate) fn watch_arrivals(&self) -> watch::Receiver<usize> {
        self.arrivals.subscribe()
    }

    /// Records that this status goes out as the answer to a request.
    pub(crate) fn answered(&self, index: usize, status: u16) {
        self.state().ledger.record_status(index, status);
    }

    /// Takes a request in: fault, checks and state machine in one step, so that requests are
    /// treated strictly in order of arrival.
    pub(crate) fn accept(self: &Arc<Self>, arrival: Arrival) -> Accepted {
        let mut state = self.state();
        let index = state.ledger.record_request(request_record(&arrival));
        let plan = match arrival.method {
            Method::POST => state.faults.pop_front(),
            _ => None,
        }
        .map_or_else(Plan::clean, |fault| Plan::of(fault, self.profile));
        let answer = plan
            .handled
            .then(|| self.handle(&mut state, index, arrival, plan.fiscal));
        drop(state);
        // Told last: who waits for an arrival may rely on its operation being registered.
        self.arrivals.send_modify(|count| *count += 1);
        Accepted {
            index,
            answer,
            delivery: plan.delivery,
        }
    }

    fn handle(
        self: &Arc<Self>,
        state: &mut State,
        index: usize,
        arrival: Arrival,
        script: FiscalScript,
    ) -> Answer {
        let endpoint = match self.endpoint(&arrival) {
            Ok(endpoint) => endpoint,
            Err(reply) => return Answer::Ready(reply),
        };
        let profile = self.profile.answering(endpoint);
        let call = match Call::read(&arrival.headers, &self.credentials) {
            Ok(call) => call,
            Err(failure) => return Answer::Ready(failure.reply(profile)),
        };
        let operation_id = call.operation_id;
        match state.operations.admit(operation_id, &arrival.body) {
            Admission::Finished(outcome) => {
                Answer::Ready(outcome.reply(operation_id, profile, true))
            }
            Admission::Conflict => Answer::Ready(
                Failure::new(
                    409,
                    "Conflict",
                    "Another body is stored for this operation id.",
                )
                .reply(profile),
            ),
            Admission::Running(outcome) if profile.blocks_while_running() => Answer::Awaited {
                outcome,
                operation_id,
                profile,
                repeated: true,
            },
            Admission::Running(_) => Answer::Ready(
                Failure::new(
                    422,
                    "Unprocessable Content",
                    "The operation is still in process.",
                )
                .reply(profile),
            ),
            Admission::New(outcome) => {
                state.ledger.record_execution(index);
                self.start(
                    state,
                    Run {
                        call,
                        endpoint,
                        body: arrival.body,
                        script,
                    },
                );
                Answer::Awaited {
                    outcome,
                    operation_id,
                    profile,
                    repeated: false,
                }
            }
        }
    }

    fn endpoint(&self, arrival: &Arrival) -> Result<Endpoint, Reply> {
        let endpoint = match route(&arrival.path) {
            Route::Endpoint(endpoint) => endpoint,
            Route::RetiredVersion => {
                let failure = Failure::bad_request("This version of the API is not served.");
                return Err(failure.reply(self.profile));
            }
            Route::Unknown => {
                let failure = Failure::new(404, "Not Found", "No such path.");
                return Err(failure.reply(self.profile));
            }
        };
        if arrival.method != Method::POST {
            let failure = Failure::new(405, "Method Not Allowed", "This path takes POST only.");
            return Err(failure.reply(self.profile).with_header(ALLOW, "POST"));
        }
        if arrival.over_limit {
            let failure = Failure::new(413, "Content Too Large", "A body has at most 8 MiB.");
            return Err(failure.reply(self.profile));
        }
        Ok(endpoint)
    }

    /// Runs at once when nothing holds, so that ids and numbers follow the order of arrival.
    fn start(self: &Arc<Self>, state: &mut State, run: Run) {
        let holds = state.holds.live();
        if holds.is_empty() {
            self.run(state, &run);
            return;
        }
        // A task of its own: the operation goes on when its client is gone.
        let engine = Arc::clone(self);
        self.tasks.spawn(async move {
            let stop = engine.stop.clone();
            if stop.run_until_cancelled(released(holds)).await.is_some() {
                engine.run(&mut engine.state(), &run);
            }
        });
    }

    fn run(&self, state: &mut State, run: &Run) {
        let State {
            ledger,
            operations,
            queue,
            ..
        } = state;
        let outcome: Outcome = match run.endpoint {
            Endpoint::Echo => echo(&run.body),
            Endpoint::Sign => sign(
                &run.call,
                &run.body,
                run.script,
                self.clock.now(),
                queue,
                ledger,
            ),
            Endpoint::Issue => issue(&run.call, &run.body, queue, ledger),
        };
        operations.finish(run.call.operation_id, outcome);
    }
}

fn request_record(arrival: &Arrival) -> RequestRecord {
    RequestRecord {
        operation_id: call::operation_id(&arrival.headers),
        method: arrival.method.to_string(),
        path: arrival.path.clone(),
        headers: arrival
            .headers
            .iter()
            .filter(|(name, _)| *name != ACCESS_TOKEN)
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.to_string(), value.into_owned())
            })
            .collect(),
        body: arrival.body.clone(),
        status: None,
        executed: false,
    }
}
