//! Receipts: what may be signed, and what a signature looks like.

pub(crate) mod market_signature;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod signature;
