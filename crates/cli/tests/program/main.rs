//! The program seen from outside: arguments, environment and input in, output and exit code out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod codes;
mod conformance;
mod demo;
mod echo;
mod killed;
mod open_outcomes;
mod secrets;
mod sign;
mod simulate;
mod till;
mod usage;
