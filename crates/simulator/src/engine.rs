//! What happens to a request between its arrival and its answer.

mod answer;
mod connections;
mod life;
mod operation;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::HeaderMap;
use hyper::header::ALLOW;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::blueprint::Blueprint;
use crate::clock::{self, Clock};
use crate::control::Guard;
use crate::credentials::Credentials;
use crate::fault::{Amnesia, Delivery, FaultPlan, FaultScript, Finished, SkewedClock, Treatment};
use crate::hex::hex;
use crate::hold::{Hold, Holds};
use crate::input::Input;
use crate::ledger::{Ledger, RequestRecord};
use crate::profile::Profile;
use crate::question::{self, Asked};
use crate::store::{Store, StoreError};
use crate::wire::call::{self, ACCESS_TOKEN};
use crate::wire::problem::Failure;
use crate::wire::reply::Reply;
use crate::wire::route::{Endpoint, Question, Route, route};
use crate::world::World;

pub(crate) use answer::{Accepted, Answer, Arrival, Handled, Handling};
pub(crate) use connections::Connections;

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) faults: FaultScript,
    pub(crate) world: World,
    holds: Holds,
    /// Where inputs are written before they happen.
    store: Option<Store>,
    /// Nothing happens any more: the store may belong to another simulator by now.
    closed: bool,
    /// Ends the operations that are in progress, and requests that are still to be handled.
    running: CancellationToken,
    /// The connections since the last restart.
    connections: Connections,
}

impl State {
    pub(crate) fn has_store(&self) -> bool {
        self.store.is_some()
    }
}

pub(crate) struct Engine {
    pub(crate) profile: Profile,
    pub(crate) credentials: Credentials,
    /// Reaches the simulator from this machine.
    pub(crate) base_url: String,
    /// Reaches it from where its clients are.
    pub(crate) public_url: String,
    pub(crate) guard: Guard,
    pub(crate) clock: Arc<dyn Clock>,
    /// The same clock, where it can be made to go wrong.
    skewed_clock: Arc<SkewedClock>,
    pub(crate) blueprint: Blueprint,
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
        blueprint: Blueprint,
        base_url: String,
        public_url: String,
        guard: Guard,
        clock: Arc<dyn Clock>,
        world: World,
        store: Option<Store>,
    ) -> Self {
        let stop = CancellationToken::new();
        let skewed_clock = Arc::new(SkewedClock::new(clock));
        Self {
            profile: blueprint.profile,
            credentials: blueprint.credentials.clone(),
            base_url,
            public_url,
            guard,
            clock: Arc::clone(&skewed_clock) as Arc<dyn Clock>,
            skewed_clock,
            blueprint,
            tasks: TaskTracker::new(),
            arrivals: watch::Sender::new(0),
            changes: watch::Sender::new(0),
            state: Mutex::new(State {
                faults: FaultScript::default(),
                world,
                holds: Holds::default(),
                store,
                closed: false,
                running: stop.child_token(),
                connections: Connections::new(&stop),
            }),
            stop,
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

    /// The plan of faults for all requests from now on.
    pub(crate) fn set_fault_plan(&self, plan: FaultPlan) {
        self.skewed_clock.skew(plan.clock_skew());
        self.state().faults.set_plan(plan);
    }

    /// What a fault lets the server forget.
    fn forget(&self, state: &mut State, amnesia: Amnesia) -> Result<(), StoreError> {
        match amnesia {
            Amnesia::Restart(finished) => {
                self.end_running(state);
                let connections = Connections::new(&self.stop);
                std::mem::replace(&mut state.connections, connections)
                    .stop
                    .cancel();
                match finished {
                    Finished::Kept => Ok(()),
                    Finished::Forgotten => self.commit(state, &Input::OperationsForgotten),
                }
            }
            Amnesia::RetentionExpired(age) => {
                let finished_until = clock::before(self.clock.now(), age);
                self.commit(state, &Input::OperationsExpired { finished_until })
            }
        }
    }

    /// Takes a request in: fault, checks and state machine in one step, so that requests are
    /// treated strictly in order of arrival, unless a fault delays them.
    pub(crate) fn accept(self: &Arc<Self>, arrival: Arrival) -> Accepted {
        // Made before the lock: a digest of a large body takes time.
        let record = request_record(&arrival);
        let mut state = self.state();
        let index = state.world.ledger.record_request(record);
        let mut treatment = state.faults.next(&arrival);
        let delay_before_answer = treatment.delay_before_answer;
        let delivery = std::mem::replace(&mut treatment.delivery, Delivery::Whole);
        let handling = if treatment.delay_before_handling.is_zero() {
            Handling::Done(self.handle(&mut state, index, arrival, &treatment))
        } else {
            // Fixed now: a clock moved by hand may pass it before the task starts.
            let moment = clock::after(self.clock.now(), treatment.delay_before_handling);
            let engine = Arc::clone(self);
            let running = state.running.clone();
            // A task of its own: the request is handled when its client is gone.
            Handling::Delayed(self.tasks.spawn(async move {
                let wait = engine.clock.reached(moment);
                running.run_until_cancelled(wait).await?;
                let mut state = engine.state();
                // Not if it was ended while this waited for its turn.
                let goes_on = !running.is_cancelled();
                goes_on.then(|| engine.handle(&mut state, index, arrival, &treatment))
            }))
        };
        drop(state);
        // Told last: who waits for an arrival may rely on its operation being registered.
        self.arrivals.send_modify(|count| *count += 1);
        Accepted {
            index,
            handling,
            delay_before_answer,
            delivery,
        }
    }

    fn handle(
        self: &Arc<Self>,
        state: &mut State,
        index: usize,
        arrival: Arrival,
        treatment: &Treatment,
    ) -> Handled {
        let forgotten = treatment.amnesia.map(|amnesia| self.forget(state, amnesia));
        let answer = treatment.handled.then(|| {
            if let Some(Err(error)) = forgotten {
                return Answer::Ready(Failure::not_committed(&error).reply(self.profile));
            }
            let endpoint = match self.endpoint(&arrival) {
                Ok(endpoint) => endpoint,
                Err(reply) => return Answer::Ready(reply),
            };
            let profile = self.profile.answering(&endpoint);
            let answer = match endpoint {
                Endpoint::Operation(action) => {
                    self.operation(state, index, arrival, action, treatment.fiscal)
                }
                Endpoint::Question(question) => self.question(state, &question, &arrival),
            };
            answer.unwrap_or_else(|failure| Answer::Ready(failure.reply(profile)))
        });
        Handled {
            answer,
            moment: self.clock.now(),
        }
    }

    /// Asking changes nothing, unless documents are to be delivered by it.
    fn question(
        &self,
        state: &mut State,
        question: &Question,
        arrival: &Arrival,
    ) -> Result<Answer, Failure> {
        if let Some(delivered_after) = self.blueprint.delivered_after_polls
            && let Some(item) = question.asks_for_delivery()
            && state.world.issues.is_pending(item)
        {
            call::authenticate(&arrival.headers, &self.credentials)?;
            let input = Input::DeliveryAsked {
                item,
                delivered_after,
            };
            self.commit(state, &input)
                .map_err(|error| Failure::not_committed(&error))?;
        }
        question::answer(&Asked {
            question,
            arrival,
            world: &state.world,
            credentials: &self.credentials,
            profile: self.profile,
            public_url: &self.public_url,
            now: self.clock.now(),
        })
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
}

fn request_record(arrival: &Arrival) -> RequestRecord {
    RequestRecord {
        operation_id: call::operation_id(&arrival.headers),
        method: arrival.method.to_string(),
        path: arrival.path.clone(),
        headers: shown_headers(&arrival.headers, &[ACCESS_TOKEN]),
        body: arrival.body.clone(),
        body_sha256: hex(&Sha256::digest(&arrival.body)),
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
