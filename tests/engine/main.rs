//! What the engine under every call does beside sending: tokens that rotate, the budget of resends, what
//! an observer is told, and what a hostile network gets.

#![cfg(feature = "client")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod budget;
mod credentials;
mod deadline;
mod observer;
mod security;

use std::sync::Arc;

use support::client::{builder, builder_of, done, pending};
use support::clock::{ATTEMPT_TIMEOUT, ManualClock};
use support::receipts::sale;
use support::scripted_server::{ScriptedServer, json, page, problem};

/// A signed receipt as short as it gets.
const SIGNED: &str = r#"{"ftState":4707387510509010944}"#;
