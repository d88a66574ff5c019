//! The simulated world: what the server behind the HTTP interface knows.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::echo::{self, echo};
use crate::input::{Command, Input};
use crate::issue::{self, Issues};
use crate::item_id::ItemId;
use crate::ledger::Ledger;
use crate::operation::{Operations, Outcome};
use crate::pair::{Pins, pair};
use crate::payment::{self, Payments};
use crate::profile::Profile;
use crate::queue::sign::sign;
use crate::queue::{Queue, SignedReceipt};
use crate::wire::route::Action;

/// All state that follows from the [`Input`]s.
#[derive(Debug)]
pub(crate) struct World {
    profile: Profile,
    pub(crate) operations: Operations,
    pub(crate) queue: Queue,
    pub(crate) payments: Payments,
    pub(crate) pins: Pins,
    pub(crate) issues: Issues,
    pub(crate) ledger: Ledger,
}

impl World {
    pub(crate) fn new(
        profile: Profile,
        queue: Queue,
        payments: Payments,
        pins: Pins,
        ledger: Ledger,
    ) -> Self {
        Self {
            profile,
            operations: Operations::default(),
            queue,
            payments,
            pins,
            issues: Issues::default(),
            ledger,
        }
    }

    /// How long an operation takes on the server's clock.
    pub(crate) fn duration(&self, command: &Command) -> Duration {
        match command.action {
            Action::Echo => echo::duration(&command.request.body, self.profile),
            Action::Pay => self.payments.duration(command),
            _ => Duration::ZERO,
        }
    }

    /// The receipt behind a document. Being signed is not enough: it has to be issued.
    pub(crate) fn issued_receipt(&self, item: ItemId) -> Option<&SignedReceipt> {
        self.issues.receipt(item, &self.queue)
    }

    /// Lets the input happen. The same inputs in the same order have the same effect.
    pub(crate) fn apply(&mut self, input: &Input) {
        match input {
            Input::Operation { command, moment } => {
                let outcome = self.run(command, *moment);
                self.ledger.record_run(command.call.operation_id);
                self.operations
                    .finish(command.call.operation_id, outcome, *moment);
            }
            Input::PinIssued { pin, moment } => self.pins.issue(pin.clone(), *moment),
            Input::Viewed(item) => self.issues.deliver(*item),
            Input::DeliveryAsked {
                item,
                delivered_after,
            } => self.issues.asked(*item, *delivered_after),
            Input::SigningUnit { in_service, moment } => {
                self.queue.set_signing_unit(*in_service, *moment);
            }
            Input::OperationsForgotten => self.operations.forget(),
            Input::OperationsExpired { finished_until } => self.operations.expire(*finished_until),
        }
    }

    /// Lets an input of an earlier run happen again.
    pub(crate) fn replay(&mut self, input: &Input) {
        if let Input::Operation { command, .. } = input {
            self.operations.admit(command);
        }
        self.apply(input);
    }

    fn run(&mut self, command: &Command, now: DateTime<Utc>) -> Outcome {
        match command.action {
            Action::Echo => echo(&command.request.body, self.profile, &mut self.ledger),
            Action::Sign => sign(command, now, &mut self.queue, &mut self.ledger),
            Action::Pay => {
                let Self {
                    payments,
                    queue,
                    ledger,
                    ..
                } = self;
                payment::pay(command, now, payments, queue.id, ledger)
            }
            Action::Issue => issue::issue(command, &self.queue, &mut self.issues, &mut self.ledger),
            Action::UpdateIssue(item) => {
                let Self {
                    queue,
                    issues,
                    ledger,
                    ..
                } = self;
                issue::update(command, item, queue, issues, ledger)
            }
            Action::Pair => pair(command, now, &mut self.pins),
        }
    }
}
