//! How the world of a running simulator changes, begins anew and ends.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Connections, Engine, State};
use crate::input::Input;
use crate::store::StoreError;
use crate::virtual_time::TimeError;

impl Engine {
    /// Lets an input happen and wakes those who wait for one.
    pub(crate) fn apply(&self, input: &Input) -> Result<(), StoreError> {
        self.commit(&mut self.state(), input)
    }

    /// Issues this PIN, or a fresh one.
    pub(crate) fn issue_pin(&self, pin: Option<String>) -> Result<String, StoreError> {
        let mut state = self.state();
        let pin = pin.unwrap_or_else(|| state.world.pins.fresh());
        let input = Input::PinIssued {
            pin: pin.clone(),
            moment: self.clock.now(),
        };
        self.commit(&mut state, &input)?;
        Ok(pin)
    }

    /// Nothing happens unless the store has it.
    pub(crate) fn commit(&self, state: &mut State, input: &Input) -> Result<(), StoreError> {
        if state.closed {
            return Err(StoreError::Closed);
        }
        if let Some(store) = &mut state.store {
            store.append(input)?;
        }
        state.world.apply(input);
        self.changes.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Ends what is in progress, as if it had never begun.
    pub(super) fn end_running(&self, state: &mut State) {
        std::mem::replace(&mut state.running, self.stop.child_token()).cancel();
        state.world.operations.forget_running();
    }

    /// Breaks all connections and completes when they are gone. What is in progress is gone too.
    pub(crate) async fn restart(&self) {
        let connections = {
            let mut state = self.state();
            self.end_running(&mut state);
            std::mem::replace(&mut state.connections, Connections::new(&self.stop))
        };
        connections.end().await;
    }

    /// The connections since the last restart.
    pub(crate) fn connections(&self) -> Connections {
        self.state().connections.clone()
    }

    /// A fresh world, as at the first start.
    pub(crate) fn reset(&self) -> Result<(), StoreError> {
        let mut state = self.state();
        if let Some(store) = &mut state.store {
            store.clear()?;
        }
        self.end_running(&mut state);
        let ledger = state.world.ledger.successor();
        state.world = self.blueprint.world();
        state.world.ledger = ledger;
        state.faults.rewind();
        if let Some(virtual_time) = &self.blueprint.virtual_time {
            virtual_time.restart();
        }
        drop(state);
        self.changes.send_modify(|count| *count += 1);
        self.begin()
    }

    /// What happens at the start of every world.
    pub(crate) fn begin(&self) -> Result<(), StoreError> {
        match &self.blueprint.pin {
            Some(pin) => self.issue_pin(Some(pin.clone())).map(drop),
            None => Ok(()),
        }
    }

    pub(crate) fn advance(&self, by: Duration) -> Result<DateTime<Utc>, TimeError> {
        let virtual_time = self.blueprint.virtual_time.as_ref();
        virtual_time.ok_or(TimeError::NotVirtual)?.advance(by)
    }

    /// Gives the store to others. Nothing happens from now on.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.store = None;
    }
}
