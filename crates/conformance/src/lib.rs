//! HTTP scenarios as data that any server of the fiskaltrust POS System API can be held against.
//!
//! The suite says what this project believes of the servers; each scenario names the section of
//! the fact sheet it rests on. It runs against the simulator in the tests of this crate, and
//! against a sandbox by `pos-system-api conformance --base-url ..`: a difference there is
//! something the simulator has to learn.
//!
//! A scenario is a TOML file:
//!
//! ```toml
//! name = "echo-replayed"
//! about = "A repeat with the same id and bytes is answered from the store."
//! facts = "6.1"
//!
//! [[step]]
//! name = "first"
//! path = "/echo"
//! operation = "a"
//! body = '{"Message":"${unique}"}'
//! status = [201]
//! expect = [{ at = "/Message", equals = "${unique}" }]
//!
//! [[step]]
//! name = "again"
//! path = "/echo"
//! operation = "a"
//! body = '{"Message":"${unique}"}'
//! status = [200, 201]
//! same_body_as = "first"
//! ```
//!
//! All members are described at [`Scenario`] and [`Step`]. Texts in `path`, `headers`, `body` and
//! `equals` may hold `${name}`: a value a step kept, or `${unique}` (fresh in each run of a
//! scenario), `${moment}` (now, ISO 8601 in UTC), `${cashbox}` (the id of the cash box).

#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::panic,
        clippy::unwrap_used,
        reason = "tests"
    )
)]

mod exchange;
mod expectation;
mod report;
mod run;
mod scenario;
mod suite;
mod variables;

pub use exchange::Exchange;
pub use expectation::{Check, Kind};
pub use report::{Difference, Report, Verdict};
pub use run::{RunError, Target, run};
pub use scenario::{Effect, Scenario, Step};
pub use suite::{Suite, SuiteError};
