//! A client with an operation log: what it writes down, and what it makes of that after a fault.

#![cfg(feature = "client")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod asking;
mod canary;
mod clock_jumps;
mod diary;
mod doubt;
mod dropped;
mod every_step;
mod forwarding;
mod held_elsewhere;
mod kept;
mod late_signing;
mod order;
mod payments;
mod random;
mod recovery;
mod resuming;
mod telling;
mod till;
mod writing;

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use pos_system_api::durable::LogOptions;
use pos_system_api::store::{Durability, MemoryStore, OperationStore, Stage};
use pos_system_api::{Client, ErrorKind, Execution, Handle, Outcome, Signed, Standing};
use pos_system_api_simulator::{Fault, Simulator};

use support::arrival::dropped_when;
use support::brisk_clock::BriskClock;
use support::client::{builder_of, done, pending};
use support::clock::ATTEMPT_TIMEOUT;
use support::receipts::sale;
use support::watched_store::{Trouble, WatchedStore, rows};
use till::{is_away, is_in_doubt, refuses, simulator, till, till_with};
