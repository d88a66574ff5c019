//! What a till does all day, a page a task.
//!
//! | Page | Task |
//! |---|---|
//! | [`sell`] | sign a sale, and print what the queue says |
//! | [`refund`] | all of a receipt, a part of it, or a void; with money back in cash or on the card |
//! | [`close_the_day`] | daily and monthly closing, zero receipt, start and stop |
//! | [`pay_by_card`] | a payment at a terminal, with tip; what a lost answer means |
//! | [`hand_over`] | the digital receipt: address, QR code, paper, and whether the customer has it |
//! | [`export`] | journals of any size, by days, so that a break costs one day |
//! | [`lose_nothing`] | an operation log: power cuts, a dead network, offline receipts, what a person decides |
//! | [`recover`] | the same by hand: what to store, and what to do at the start after a crash |
//! | [`many_receipts`] | in the background, in a batch, without an async runtime |
//! | [`read_codes`] | what the 64-bit numbers say |
//! | [`test_a_till`] | the simulator, its faults and its ledger in a test |
//!
//! # What the pages share
//!
//! The examples are run, not only compiled: each against a simulator of its own, with nothing hidden but
//! its start and the last checks. In a till, `client` comes from [`Client::from_env`](crate::Client::from_env)
//! or [`Client::builder`](crate::Client::builder), once for the life of the program. `print` and `keep` are
//! the till's own: `keep(&open)?` stores an operation that is still open, as [`recover`] shows. With a store
//! ([`lose_nothing`]) it is in the log already, and there is nothing to keep.
//!
//! - **Amounts** are gross, exact decimals in units of the currency, EUR unless the receipt says otherwise:
//!   `Amount::from_cents(350)` is 3.50, a plain `3` is 3.00. Nothing is rounded.
//! - **VAT** rates are in percent: `20` is 20 %.
//! - **Moments** are points in time; they are sent in UTC.
//! - **References** are the till's own, unique in the queue, at most 1023 characters.
//!
//! Where a page says "API facts, section 6.5", it means the maintainers' collection of what is public about
//! the API; `openapi/PROVENANCE.md` says what that is.

// In `links.md` a page's name leads to its module. The pages say the same names again, for readers of the
// repository; the first definition is the one that counts. The empty line makes this file, not `links.md`, the
// one that a failing example is reported of.
macro_rules! pages {
    ($($name:ident)*) => {$(
        #[doc = ""]
        #[doc = include_str!("links.md")]
        #[doc = include_str!(concat!(stringify!($name), ".md"))]
        pub mod $name {}
    )*};
}

pages! {
    sell
    refund
    close_the_day
    pay_by_card
    hand_over
    export
    lose_nothing
    recover
    many_receipts
    read_codes
    test_a_till
}
