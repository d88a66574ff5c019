//! A mixture of faults that follows from a seed.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{EndpointName, FaultPlan, Rule};
use crate::fault::chance::fraction;
use crate::fault::kind::Fault;
use crate::fault::latency::Latency;

/// No attempt after this one meets a fault.
const LAST_FAULTY_ATTEMPT: u64 = 3;

/// How likely a rule is at most. There are about twenty: most attempts meet a fault with some
/// seeds, few with others.
const LARGEST_PROBABILITY: f64 = 0.15;

pub(super) fn plan(seed: u64) -> FaultPlan {
    let draw = |purpose: &str, index: usize| {
        fraction(
            Sha256::new()
                .chain_update(seed.to_be_bytes())
                .chain_update((index as u64).to_be_bytes())
                .chain_update(purpose),
        )
    };
    let number = |purpose: &str, below: f64| (draw(purpose, 0) * below) as u64;
    let ms = Duration::from_millis;
    let page = |executed| Fault::HtmlPage {
        status: [200, 403, 502][number("page", 3.0) as usize % 3],
        executed,
    };
    let status_before = |status| Fault::StatusBeforeCommit {
        status,
        retry_after: None,
    };
    let status_after = |status| Fault::StatusAfterCommit {
        status,
        retry_after: None,
    };
    let faults = [
        Fault::DelayBeforeHandling(Latency::LogNormal {
            median: ms(2 + number("median", 10.0)),
            p99: ms(50 + number("p99", 200.0)),
            cap: ms(1000),
        }),
        Fault::DelayBeforeAnswer(Latency::Exponential {
            mean: ms(1 + number("mean", 20.0)),
            cap: ms(1000),
        }),
        Fault::ResetBeforeCommit,
        Fault::ResetAfterCommit,
        Fault::CutBodyAfterCommit {
            bytes: number("cut", 600.0) as usize,
        },
        status_before(408),
        Fault::StatusBeforeCommit {
            status: 429,
            retry_after: Some(1),
        },
        status_before(502),
        status_before(503),
        Fault::StatusWithRetryDate {
            status: 503,
            retry_in_seconds: 1,
            executed: false,
        },
        status_before(504),
        status_after(408),
        status_after(500),
        status_after(502),
        status_after(503),
        status_after(504),
        page(false),
        page(true),
        Fault::NullBody,
        Fault::MalformedJson,
        Fault::GzipBody,
        Fault::UnknownMembers,
        Fault::UnknownEnumValues,
        Fault::UnknownSignatureFormat,
        Fault::SlowDrip {
            bytes: 64 + number("drip", 400.0) as usize,
            interval: ms(1 + number("pause", 10.0)),
        },
    ];
    let mut plan = FaultPlan::new(seed);
    for (index, fault) in faults.into_iter().enumerate() {
        let probability = rounded(LARGEST_PROBABILITY * draw("probability", index));
        plan = plan.rule(
            Rule::new(fault)
                .attempts(1..=LAST_FAULTY_ATTEMPT)
                .probability(probability),
        );
    }
    // A large answer costs time: for one endpoint only, and seldom.
    plan.rule(
        Rule::new(Fault::HugeBody {
            bytes: 16 * 1024 * 1024,
        })
        .endpoint(EndpointName::Sign)
        .attempts(1..=LAST_FAULTY_ATTEMPT)
        .probability(rounded(LARGEST_PROBABILITY * draw("huge", 0) / 5.0)),
    )
}

/// To three digits, for those who read the plan.
fn rounded(probability: f64) -> f64 {
    (probability * 1000.0).round() / 1000.0
}
