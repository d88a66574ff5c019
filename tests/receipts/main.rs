//! The receipts that the builders give: what the queues of all markets make of them, and what does not
//! build at all.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "client")]
mod late;
#[cfg(feature = "client")]
mod markets;
#[cfg(feature = "client")]
mod payments;
mod precision;
mod properties;
#[cfg(feature = "client")]
mod queue;
mod reversals;
mod shown;
mod wrong;

use pos_system_api::types::{Amount, Moment};

fn moment() -> Moment {
    "2026-06-01T10:15:30Z".parse().unwrap()
}

fn cents(cents: i64) -> Amount {
    Amount::from_cents(cents)
}
