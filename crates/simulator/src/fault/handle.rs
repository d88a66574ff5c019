//! The faults of one simulator, in the hands of a test.

use std::sync::Arc;

use super::kind::Fault;
use super::plan::FaultPlan;
use crate::engine::Engine;

/// The script and the plan of faults of one simulator.
///
/// A request that the script breaks is left alone by the plan.
#[derive(Debug, Clone)]
pub struct Faults {
    engine: Arc<Engine>,
}

impl Faults {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    /// Adds faults to the end of the script. Each POST takes the next one, in order of arrival,
    /// also a POST that is refused. When the script is empty, requests are clean.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        // Collected first: the caller's iterator must not run under the lock.
        let faults: Vec<Fault> = faults.into_iter().collect();
        self.engine.state().faults.script.extend(faults);
    }

    /// How many scripted faults are left.
    pub fn remaining(&self) -> usize {
        self.engine.state().faults.script.len()
    }

    /// Takes this plan instead of the one before, for all requests from now on. Attempts are
    /// counted from here, and the clock goes wrong as the plan says.
    pub fn plan(&self, plan: FaultPlan) {
        self.engine.set_fault_plan(plan);
    }

    /// The seed of the plan, 0 without one.
    pub fn seed(&self) -> u64 {
        self.engine.state().faults.plan().seed()
    }

    /// Drops what is left of the script, and the plan.
    pub fn clear(&self) {
        self.engine.state().faults.script.clear();
        self.engine.set_fault_plan(FaultPlan::default());
    }
}
