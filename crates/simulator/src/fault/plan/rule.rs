//! One rule of a plan.

use std::ops::RangeBounds;

use serde::{Deserialize, Serialize};

use super::attempts::{self, AttemptRange};
use super::endpoint::EndpointName;
use super::path;
use crate::engine::Arrival;
use crate::fault::chance::Chance;
use crate::fault::kind::Fault;
use crate::wire::route::{Route, route};

/// Which requests meet a fault, and how likely. Every condition that is not set holds for all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint: Option<EndpointName>,
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "attempts::deserialize"
    )]
    attempts: Vec<AttemptRange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    every: Option<u64>,
    #[serde(default = "always")]
    probability: f64,
    pub(in crate::fault) fault: Fault,
}

fn always() -> f64 {
    1.0
}

impl Rule {
    /// This fault for every request.
    pub fn new(fault: Fault) -> Self {
        Self {
            method: None,
            path: None,
            endpoint: None,
            attempts: Vec::new(),
            every: None,
            probability: always(),
            fault,
        }
    }

    /// Only for this HTTP method, in any case.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Only for this path, in which `*` stands for any text. Case and a leading `/v2` play no
    /// part.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Only for this endpoint.
    pub fn endpoint(mut self, endpoint: EndpointName) -> Self {
        self.endpoint = Some(endpoint);
        self
    }

    /// Only for these attempts, counted from 1; several calls add up. Attempts are counted for
    /// each operation id, over all endpoints, and for each path where there is no operation id.
    pub fn attempts(mut self, attempts: impl RangeBounds<u64>) -> Self {
        self.attempts.push(AttemptRange::new(attempts));
        self
    }

    /// Only for every `n`th attempt: with 3 for the attempts 3, 6, 9 and so on. 0 is for none.
    pub fn every(mut self, n: u64) -> Self {
        self.every = Some(n);
        self
    }

    /// How likely the fault is, from 0 for never to 1 for always, which is the default.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// What goes wrong.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    pub(super) fn check(&self) -> Result<(), (String, String)> {
        let wrong = |member: &str, reason: String| Err((member.to_owned(), reason));
        if !(0.0..=1.0).contains(&self.probability) {
            let reason = format!("{} is not between 0 and 1", self.probability);
            return wrong("probability", reason);
        }
        if self.every == Some(0) {
            return wrong("every", "is 0".to_owned());
        }
        if let Some(path) = &self.path
            && !path.starts_with(['/', '*'])
        {
            return wrong("path", format!("{path:?} does not begin with / or *"));
        }
        if let Some(method) = &self.method
            && hyper::Method::from_bytes(method.as_bytes()).is_err()
        {
            return wrong("method", format!("{method:?} is no HTTP method"));
        }
        for range in &self.attempts {
            if let Err(reason) = range.check() {
                return wrong("attempts", reason);
            }
        }
        self.fault
            .check()
            .map_err(|(member, reason)| (format!("fault.{member}"), reason))
    }

    pub(in crate::fault) fn applies(&self, arrival: &Arrival, chance: &Chance<'_>) -> bool {
        let attempt = chance.attempt;
        self.method
            .as_deref()
            .is_none_or(|method| method.eq_ignore_ascii_case(arrival.method.as_str()))
            && self
                .path
                .as_deref()
                .is_none_or(|pattern| path::fits(pattern, &arrival.path))
            && self
                .endpoint
                .is_none_or(|name| match route(&arrival.method, &arrival.path) {
                    Route::Endpoint(endpoint) => EndpointName::of(&endpoint) == name,
                    _ => false,
                })
            && (self.attempts.is_empty()
                || self.attempts.iter().any(|range| range.contains(attempt)))
            && self.every.is_none_or(|n| attempt.checked_rem(n) == Some(0))
            && chance.draw("hit") < self.probability
    }
}
