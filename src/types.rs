//! The types of the document, generated, with the scalars they are made of.
//!
//! Member names are the document's in snake case; what goes over the wire is the document's own
//! spelling. Every object keeps members it does not know in `extra`, every enumeration keeps values
//! it does not list, and every struct is `#[non_exhaustive]` with a `builder()`: a later revision of
//! the document breaks nobody.
//!
//! Optional lists that are empty are left out on writing, and so is what was `null`; required lists are
//! always written.

#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags
)]

pub use crate::amount::{Amount, ParseAmountError};
pub use crate::id::Id;
pub use crate::json::Json;
pub use crate::moment::{Moment, ParseMomentError};
pub use crate::secret::Secret;

include!(concat!(env!("OUT_DIR"), "/types.rs"));
