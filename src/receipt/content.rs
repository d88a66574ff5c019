//! What a [`Receipt`](super::Receipt) is made of, so that the compiler knows what it takes.
//!
//! A closing has no method that adds an item, a refund none that adds an article. None of these
//! types has values.

/// Articles and payments, as on a sale or an invoice.
#[derive(Debug, Clone, PartialEq)]
pub enum Items {}

/// Articles that come back, and what is paid back for them.
#[derive(Debug, Clone, PartialEq)]
pub enum Returns {}

/// A whole earlier receipt, taken back.
#[derive(Debug, Clone, PartialEq)]
pub enum Reversal {}

/// Nothing: a copy of an earlier receipt.
#[derive(Debug, Clone, PartialEq)]
pub enum Copied {}

/// Nothing: a closing or a zero receipt.
#[derive(Debug, Clone, PartialEq)]
pub enum Daily {}

/// Nothing: a queue is started or stopped.
#[derive(Debug, Clone, PartialEq)]
pub enum Lifecycle {}

/// Receipts with items: [`Items`], [`Returns`] and [`Reversal`]. Sealed.
pub trait WithItems: sealed::Sealed {}

impl<C: sealed::Sealed> WithItems for C {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Items {}
    impl Sealed for super::Returns {}
    impl Sealed for super::Reversal {}
}
