//! A simulator of the fiskaltrust POS System API, for tests.
//!
//! It is an independent oracle: it shares no code with the client library, runs over real
//! sockets, and its [`Ledger`] says what really happened at the server. It has no fiscal value:
//! every answer carries the header `x-simulator`, every receipt a signature that says so, and it
//! listens on loopback addresses only.
//!
//! Served are `POST /echo`, `/sign` and `/issue`, with and without the prefix `/v2`, and
//! `GET /_sim/ledger`, the ledger as JSON.
//!
//! - [`Simulator`] starts and stops it, [`Profile`] says which server it behaves like.
//! - [`Faults`] breaks requests on purpose, [`Hold`] keeps operations in progress.
//! - [`parse_qr`] reads the simulated QR signature.
//! - Ids follow from a seed and time from a [`Clock`]: a run can be repeated.

#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub)]
#![cfg_attr(
    not(test),
    warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod builder;
mod clock;
mod credentials;
mod echo;
mod engine;
mod fault;
mod hold;
mod ids;
mod input;
mod issue;
mod journal;
mod ledger;
mod members;
mod operation;
mod pair;
mod payment;
mod profile;
mod question;
mod queue;
mod simulator;
mod wire;
mod world;

pub use builder::{SimulatorBuilder, StartError};
pub use clock::{Clock, ManualClock, Reached, ScaledClock, SystemClock};
pub use fault::{Fault, Faults};
pub use hold::Hold;
pub use ledger::{IssueRecord, Ledger, ReceiptRecord, RequestRecord};
pub use profile::{Profile, UnknownProfile};
pub use queue::receipt::signature::{QrError, QrPayload, parse_qr};
pub use simulator::Simulator;

// The types of other crates in this crate's face, for callers that do not depend on them.
pub use bytes::Bytes;
pub use chrono::{DateTime, Utc};
pub use rust_decimal::Decimal;
pub use uuid::Uuid;
