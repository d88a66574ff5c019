//! The faults that are still to come.

use std::collections::{HashMap, VecDeque};

use hyper::Method;

use super::chance::{Caller, Chance};
use super::kind::Fault;
use super::plan::FaultPlan;
use super::treatment::Treatment;
use crate::engine::Arrival;
use crate::wire::call;

/// A script, which is used up, a plan, which is not, and what the plan has to count.
#[derive(Debug, Default)]
pub(crate) struct FaultScript {
    pub(super) script: VecDeque<Fault>,
    plan: FaultPlan,
    /// Requests since the plan was set.
    attempts: HashMap<Caller, u64>,
}

impl FaultScript {
    pub(crate) fn of_plan(plan: FaultPlan) -> Self {
        Self {
            plan,
            ..Self::default()
        }
    }

    pub(crate) fn plan(&self) -> &FaultPlan {
        &self.plan
    }

    /// Drops the script and begins the plan anew.
    pub(crate) fn rewind(&mut self) {
        *self = Self::of_plan(std::mem::take(&mut self.plan));
    }

    pub(crate) fn set_plan(&mut self, plan: FaultPlan) {
        self.plan = plan;
        self.attempts.clear();
    }

    /// What is done to a request that arrives now.
    pub(crate) fn next(&mut self, arrival: &Arrival) -> Treatment {
        let mut treatment = Treatment::clean();
        let scripted = match arrival.method {
            Method::POST => self.script.pop_front(),
            _ => None,
        };
        if scripted.is_none() && self.plan.rules.is_empty() {
            return treatment;
        }
        let caller = match call::operation_id(&arrival.headers) {
            Some(id) => Caller::Operation(id),
            None => Caller::Path(arrival.path.clone()),
        };
        // Counted also when the script takes the request.
        let attempt = match self.plan.rules.is_empty() {
            true => 1,
            false => {
                let attempts = self.attempts.entry(caller.clone()).or_insert(0);
                *attempts += 1;
                *attempts
            }
        };
        let chance = |rule| Chance {
            seed: self.plan.seed,
            rule,
            caller: &caller,
            attempt,
        };
        if let Some(fault) = scripted {
            treatment.add(&fault, &chance(usize::MAX));
            return treatment;
        }
        for (index, rule) in self.plan.rules.iter().enumerate() {
            let chance = chance(index);
            if rule.applies(arrival, &chance) && treatment.add(&rule.fault, &chance) {
                break;
            }
        }
        treatment
    }
}
