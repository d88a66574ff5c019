//! Plans: rules that say which requests meet which fault.

mod attempts;
mod endpoint;
mod error;
mod path;
mod random;
mod rule;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

pub use endpoint::EndpointName;
pub use error::PlanError;
pub use rule::Rule;

/// The largest `clock_skew_ms`, about a hundred years.
const LARGEST_SKEW_MS: u64 = 100 * 366 * 24 * 60 * 60 * 1000;

#[doc = include_str!("format.md")]
#[doc = include_str!("../../../plans/bad_network.toml")]
#[doc = "```"]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultPlan {
    pub(in crate::fault) seed: u64,
    clock_skew_ms: i64,
    pub(in crate::fault) rules: Vec<Rule>,
}

impl FaultPlan {
    /// A plan without rules.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// A mixture for endurance tests: delays, resets, cut bodies, statuses of overloaded servers
    /// and gateways, pages of proxies, slow and compressed answers, and more. The seed decides
    /// how likely each of them is.
    ///
    /// Only the first three attempts of each operation, and of each path without an operation
    /// id, can meet a fault: a client that goes on gets through with the fourth. Nothing hangs
    /// for ever, nothing is forgotten, and no delay is longer than a second of the simulator's
    /// clock.
    pub fn random(seed: u64) -> Self {
        random::plan(seed)
    }

    /// Reads a plan in TOML.
    ///
    /// # Errors
    ///
    /// [`PlanError`] for what is no TOML, for unknown members, and for values that make no sense.
    ///
    /// # Examples
    ///
    /// ```
    /// use pos_system_api_simulator::{FaultPlan, Simulator};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let plan = FaultPlan::from_toml(
    ///     r#"
    ///     seed = 42
    ///
    ///     [[rules]]
    ///     endpoint = "sign"
    ///     attempts = 1
    ///     fault = "reset_after_commit"
    ///     "#,
    /// )?;
    /// let sim = Simulator::builder().fault_plan(plan).start().await?;
    /// assert_eq!(sim.faults().seed(), 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, PlanError> {
        let deserializer = toml::Deserializer::parse(text).map_err(PlanError::unreadable)?;
        let plan = serde_path_to_error::deserialize(deserializer).map_err(|error| {
            let place = error.path().to_string();
            PlanError::at(place, error.inner().message())
        })?;
        Self::checked(plan)
    }

    /// Reads a plan in JSON.
    ///
    /// # Errors
    ///
    /// [`PlanError`] for what is no JSON, for unknown members, and for values that make no sense.
    pub fn from_json(text: &str) -> Result<Self, PlanError> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let plan = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let place = error.path().to_string();
            PlanError::at(place, error.inner())
        })?;
        deserializer.end().map_err(PlanError::unreadable)?;
        Self::checked(plan)
    }

    fn checked(self) -> Result<Self, PlanError> {
        if self.clock_skew_ms.unsigned_abs() > LARGEST_SKEW_MS {
            return Err(PlanError::at("clock_skew_ms", "is more than 100 years"));
        }
        for (index, rule) in self.rules.iter().enumerate() {
            rule.check().map_err(|(member, reason)| {
                PlanError::at(format!("rules[{index}].{member}"), reason)
            })?;
        }
        Ok(self)
    }

    /// Adds a rule behind the others.
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Lets the simulator's clock go wrong: ahead by so many milliseconds, behind when negative,
    /// at most 100 years. 0 by default.
    pub fn clock_skew_ms(mut self, milliseconds: i64) -> Self {
        let largest = LARGEST_SKEW_MS as i64;
        self.clock_skew_ms = milliseconds.clamp(-largest, largest);
        self
    }

    /// The seed, from which all chance of the plan follows.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The seed, unless nothing ever goes wrong by this plan.
    pub(crate) fn seed_if_any(&self) -> Option<u64> {
        let is_any = !self.rules.is_empty() || self.clock_skew_ms != 0;
        is_any.then_some(self.seed)
    }

    /// The rules in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    pub(crate) fn clock_skew(&self) -> TimeDelta {
        TimeDelta::try_milliseconds(self.clock_skew_ms).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
