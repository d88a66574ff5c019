//! What the integration tests share, one room an idea. Each test file uses some of them.

#![allow(dead_code)]

#[cfg(feature = "client")]
pub(crate) mod arrival;
#[cfg(feature = "client")]
pub(crate) mod brisk_clock;
#[cfg(feature = "client")]
pub(crate) mod chance;
#[cfg(feature = "client")]
pub(crate) mod client;
#[cfg(feature = "client")]
pub(crate) mod clock;
pub(crate) mod exact_json;
pub(crate) mod output;
pub(crate) mod payload_kind;
#[cfg(feature = "client")]
pub(crate) mod receipts;
#[cfg(feature = "client")]
pub(crate) mod scripted_server;
#[cfg(feature = "client")]
pub(crate) mod watched_store;
