//! All scenarios.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::expectation::Check;
use crate::scenario::Scenario;

/// Why a text is no scenario.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SuiteError {
    /// It is not the TOML of a scenario.
    #[error("{file} is not a scenario")]
    Parse {
        /// The file.
        file: String,
        /// What is wrong with it, and where.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A name is used twice, a step refers to one that is not there, or checks nothing.
    #[error("{file}: {reason}")]
    Inconsistent {
        /// The file.
        file: String,
        /// What does not fit.
        reason: String,
    },
}

/// Scenarios to run.
#[derive(Debug, Clone, Default)]
pub struct Suite {
    scenarios: Vec<Scenario>,
}

macro_rules! scenarios {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../scenarios/", $name, ".toml")))),*]
    };
}

/// The files of this crate, in the order they run.
const BUILT_IN: &[(&str, &str)] = scenarios![
    "echo",
    "echo-null",
    "replay",
    "conflict",
    "at-once",
    "headers",
    "credentials",
    "paths",
    "start",
    "sale",
    "sale-replayed",
    "sums-differ",
    "sign-invalid",
    "zero-receipt",
    "daily-closing",
    "refund",
    "partial-refund",
    "refund-of-nothing",
    "issue",
    "issue-unknown",
    "document",
    "delivered",
    "pay",
    "pay-declined",
    "pay-tip",
    "pay-response-unknown",
    "operation-item",
    "operation-item-unknown",
    "journal-receipts",
    "journal-version",
    "pair-refused",
];

impl Suite {
    /// The scenarios of this crate.
    ///
    /// # Errors
    /// [`SuiteError`] if one of them is broken, which a test of this crate rules out.
    pub fn built_in() -> Result<Self, SuiteError> {
        let mut suite = Self::default();
        for (name, text) in BUILT_IN {
            suite.add(name, text)?;
        }
        Ok(suite)
    }

    /// Adds the scenario in `text`; `file` names it in messages.
    ///
    /// # Errors
    /// [`SuiteError`] if it is no scenario, or refers to a step or a value that is not there.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), SuiteError> {
        let scenario: Scenario = toml::from_str(text).map_err(|source| SuiteError::Parse {
            file: file.to_owned(),
            source: Box::new(source),
        })?;
        let inconsistent = |reason: String| SuiteError::Inconsistent {
            file: file.to_owned(),
            reason,
        };
        if self
            .scenarios
            .iter()
            .any(|known| known.name == scenario.name)
        {
            let reason = format!("there is another scenario {:?}", scenario.name);
            return Err(inconsistent(reason));
        }
        let mut steps = BTreeSet::new();
        for step in &scenario.steps {
            if let Some(earlier) = &step.same_body_as
                && !steps.contains(earlier.as_str())
            {
                let reason = format!("step {:?}: no earlier step {earlier:?}", step.name);
                return Err(inconsistent(reason));
            }
            if !steps.insert(step.name.as_str()) {
                return Err(inconsistent(format!("two steps {:?}", step.name)));
            }
            let no_status = step.status.is_empty().then_some("no status is expected");
            let mut broken = step.expect.iter().filter_map(Check::broken);
            if let Some(reason) = no_status.or_else(|| broken.next()) {
                return Err(inconsistent(format!("step {:?}: {reason}", step.name)));
            }
        }
        self.scenarios.push(scenario);
        Ok(())
    }

    /// The scenarios in the order they run.
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }
}
