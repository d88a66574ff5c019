//! From the request for an operation to its run.

use std::sync::Arc;

use super::{Answer, Arrival, Engine, State, shown_headers};
use crate::clock;
use crate::fault::FiscalScript;
use crate::hold::released;
use crate::input::{Command, Input, StoredRequest};
use crate::operation::Admission;
use crate::wire::call::{self, ACCESS_TOKEN, CASH_BOX_ID, Call};
use crate::wire::problem::Failure;
use crate::wire::route::{Action, Endpoint};

impl Engine {
    /// The answer, or where it will come from.
    pub(super) fn operation(
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
            arrival: state.world.operations.next_arrival(),
            base_url: self.public_url.clone(),
        };
        let known = state.world.operations.get(operation_id);
        if profile.tells_endpoints_apart() && known.is_some_and(|known| known.action != action) {
            return Err(Failure::conflict(profile));
        }
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
                self.start(state, index, command);
                Ok(awaited(outcome, false))
            }
        }
    }

    /// Runs at once when nothing delays it, so that numbers follow the order of arrival.
    fn start(self: &Arc<Self>, state: &mut State, index: usize, command: Command) {
        state.world.ledger.record_execution(index, true);
        let holds = state.holds.live();
        let duration = state.world.duration(&command);
        if holds.is_empty() && duration.is_zero() {
            self.run(state, index, command);
            return;
        }
        // The moment is fixed now: a clock moved by hand may pass it before the task starts.
        let ready = clock::after(command.request.moment, duration);
        // A task of its own: the operation goes on when its client is gone.
        let engine = Arc::clone(self);
        let running = state.running.clone();
        self.tasks.spawn(async move {
            let wait = async {
                released(holds).await;
                engine.clock.reached(ready).await;
            };
            if running.run_until_cancelled(wait).await.is_some() {
                let mut state = engine.state();
                // Ended while this waited for its turn.
                if !running.is_cancelled() {
                    engine.run(&mut state, index, command);
                }
            }
        });
    }

    fn run(&self, state: &mut State, index: usize, command: Command) {
        let moment = self.clock.now();
        let operation_id = command.call.operation_id;
        let command = Box::new(command);
        if let Err(error) = self.commit(state, &Input::Operation { command, moment }) {
            let failure = Failure::not_committed(&error);
            state.world.operations.abandon(operation_id, failure);
            state.world.ledger.record_execution(index, false);
        }
    }
}
