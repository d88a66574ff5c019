//! The generated client, and nothing else.
//!
//! It tracks the document: names and parameters may change with every revision, and **semantic
//! versioning does not cover this module**. Prefer the calls of [`Client`](crate::Client); come here
//! for an endpoint that has none yet. Calls made here have the same credentials, ids, retries and
//! limits, because those live in the hooks that are generated with it.
//!
//! ```no_run
//! # async fn example(client: pos_system_api::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let cart = client.raw().get_cart().send().await?;
//! println!("{:?}", cart.into_inner());
//! # Ok(())
//! # }
//! ```

#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags
)]

use crate::types;

include!(concat!(env!("OUT_DIR"), "/client.rs"));

/// Every operation of the document, with what the runtime needs to know about it.
pub mod operations {
    include!(concat!(env!("OUT_DIR"), "/operations.rs"));
}
