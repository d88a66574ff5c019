// Only where it is read: a build does not depend on the README.
// The first definition of a link counts: here the guide's modules, in a repository browser its files.
#![cfg_attr(any(doc, doctest), doc = "")]
#![cfg_attr(any(doc, doctest), doc = include_str!("guide/links.md"))]
#![cfg_attr(any(doc, doctest), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(any(doc, doctest)),
    doc = "Rust bindings for the fiskaltrust POS System API."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without the call that needs it, a part of the crate is unused.
#![cfg_attr(
    not(all(
        operation = "delivered",
        operation = "document",
        operation = "echo",
        operation = "issue",
        operation = "journal",
        operation = "operation_item",
        operation = "operation_items",
        operation = "pair",
        operation = "pay",
        operation = "pay_response",
        operation = "peek_journal_item",
        operation = "qr_code",
        operation = "sign",
        operation = "update_issue",
        operation = "wait_delivered",
    )),
    allow(dead_code, unused_imports)
)]

mod amount;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod callback;
pub mod codes;
// Pages to read: a build does not depend on them.
#[cfg(all(any(doc, doctest), feature = "client"))]
pub mod guide;
mod id;
mod json;
mod moment;
#[doc(hidden)]
pub mod reading;
#[cfg(operation = "sign")]
pub mod receipt;
pub mod runtime;
mod secret;
#[cfg(feature = "client")]
pub mod store;
pub mod types;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
pub mod durable;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod handle;
#[cfg(feature = "client")]
mod outcome;
#[cfg(feature = "client")]
mod problem;
#[cfg(feature = "client")]
pub mod raw;

// The crates whose types stand in this crate's interface.
#[cfg(feature = "client")]
#[doc(no_inline)]
pub use {bytes, http};
#[doc(no_inline)]
pub use {chrono, rust_decimal, serde_json, uuid};

#[cfg(feature = "client")]
pub use {
    client::{ApiVersion, Client},
    error::{Error, ErrorKind, Result},
    handle::Handle,
    outcome::Outcome,
    problem::Problem,
    runtime::{Execution, Standing},
};

// A call whose endpoint the document does not have is left out, see `build.rs`.
#[cfg(all(feature = "client", operation = "issue", operation = "sign"))]
pub use client::Issued;
#[cfg(all(feature = "client", operation = "sign"))]
pub use client::Signed;
