//! The program seen from outside: arguments, environment and input in, output and exit code out.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod cancel;
mod codes;
mod conformance;
mod demo;
mod document;
mod echo;
mod issue;
mod journal;
mod killed;
mod open_outcomes;
mod operation;
mod operation_log;
mod pair;
mod pay;
mod refund;
mod secrets;
mod sign;
mod simulate;
mod till;
mod usage;
