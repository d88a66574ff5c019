//! The simulated world: what the server behind the HTTP interface knows.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::echo::echo;
use crate::input::{Command, Input};
use crate::issue::{self, Issues};
use crate::ledger::Ledger;
use crate::operation::{Operations, Outcome};
use crate::pair::pair;
use crate::payment::{self, Payments};
use crate::queue::Queue;
use crate::queue::sign::sign;
use crate::wire::route::Action;

/// All state that follows from the [`Input`]s.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) operations: Operations,
    pub(crate) queue: Queue,
    pub(crate) payments: Payments,
    pub(crate) issues: Issues,
    pub(crate) ledger: Ledger,
}

impl World {
    pub(crate) fn new(queue: Queue) -> Self {
        Self {
            operations: Operations::default(),
            queue,
            payments: Payments::default(),
            issues: Issues::default(),
            ledger: Ledger::default(),
        }
    }

    /// How long an operation takes on the server's clock.
    pub(crate) fn duration(&self, command: &Command) -> Duration {
        match command.action {
            Action::Pay => payment::duration(&command.request.body),
            _ => Duration::ZERO,
        }
    }

    /// Lets the input happen. The same inputs in the same order have the same effect.
    pub(crate) fn apply(&mut self, input: &Input) {
        match input {
            Input::Operation { command, moment } => {
                let outcome = self.run(command, *moment);
                self.operations
                    .finish(command.call.operation_id, outcome, *moment);
            }
            Input::Viewed(item) => self.issues.viewed(*item),
            Input::SigningUnit { in_service, moment } => {
                self.queue.set_signing_unit(*in_service, *moment);
            }
            Input::OperationsForgotten => self.operations.forget(),
        }
    }

    fn run(&mut self, command: &Command, now: DateTime<Utc>) -> Outcome {
        match command.action {
            Action::Echo => echo(&command.request.body),
            Action::Sign => sign(command, now, &mut self.queue, &mut self.ledger),
            Action::Pay => payment::pay(command, now, self),
            Action::Issue => issue::issue(command, self),
            Action::UpdateIssue(item) => issue::update(command, item, self),
            Action::Pair => pair(command, self),
        }
    }
}
