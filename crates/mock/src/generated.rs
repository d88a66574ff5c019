//! What the pipeline makes of the document.

#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    rustdoc::all
)]

include!(concat!(env!("OUT_DIR"), "/mock.rs"));
