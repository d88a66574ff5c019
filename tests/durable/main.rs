//! A client with an operation log: what it writes down, and what it makes of that after a fault.

#![cfg(feature = "client")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod recovery;

use std::sync::Arc;
use std::time::Duration;

use pos_system_api::runtime::SystemChance;
use pos_system_api::store::MemoryStore;
use pos_system_api::{Client, Execution, Signed, Standing};
use pos_system_api_simulator::{Fault, Simulator};
use support::client::{builder_of, done, pending};
use support::clock::ManualClock;
use support::receipts::sale;

/// A started queue.
async fn simulator() -> Simulator {
    Simulator::builder().started(true).start().await.unwrap()
}

/// A till as it is after a start: a client of its own on a log that outlives it.
fn till(simulator: &Simulator, store: &Arc<MemoryStore>) -> Client {
    let clock = Arc::new(ManualClock::default());
    builder_of(simulator, &clock)
        .with_chance(Arc::new(SystemChance))
        .durable_shared(store.clone())
        .build()
        .unwrap()
}
