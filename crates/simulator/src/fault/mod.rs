//! Faults as data: what goes wrong with which request.

mod body_text;
mod chance;
mod change;
mod handle;
mod kind;
mod latency;
mod milliseconds;
mod plan;
mod script;
mod skew;
mod treatment;

pub use handle::Faults;
pub use kind::{Fault, Finished};
pub use latency::Latency;
pub use plan::{EndpointName, FaultPlan, PlanError, Rule};

pub(crate) use script::FaultScript;
pub(crate) use skew::SkewedClock;
pub(crate) use treatment::{Amnesia, Delivery, FiscalScript, RetryAfter, Treatment};
