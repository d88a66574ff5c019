//! The client for programs without an async runtime: the same calls, types and guarantees.
//!
//! A call is made as with [`crate::Client`] and ends in [`send`](Call::send) instead of `.await`:
//!
//! ```no_run
//! use pos_system_api::blocking::Client;
//! use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
//! use pos_system_api::types::{Amount, Moment};
//! use pos_system_api::{Outcome, codes::VatRate};
//!
//! fn main() -> pos_system_api::Result<()> {
//!     let client = Client::from_env()?;
//!     let coffee = ChargeItem::goods("Coffee", Amount::from_cents(350), 20, VatRate::Normal);
//!     let sale = Receipt::sale("S-2026-000101", Moment::now())
//!         .charge(coffee)
//!         .pay(PayItem::cash("Cash", Amount::from_cents(350)));
//!     match client.sign(sale).send()? {
//!         Outcome::Done(signed) => {
//!             client.issue(signed).send()?.done();
//!         }
//!         Outcome::Pending(handle) | Outcome::Parked(handle) => println!("open: {handle}"),
//!     }
//!     Ok(())
//! }
//! ```
//!
//! The calls of [`crate::Client`] are there under their names, with their options, answers and errors:
//!
//! | Call | What `send` gives |
//! |---|---|
//! | `sign`, `issue`, `update_issue`, `pay`, `refund`, `cancel`, `echo`, `restart_local`, `resume` | an [`Outcome`](crate::Outcome) |
//! | `document`, `qr_code`, `delivered`, `wait_delivered` | the answer |
//! | `operation`, `operations`, `peek_journal_item` | the answer |
//! | `journal` | an [`Export`]: a [`Read`](std::io::Read) and [`BufRead`](std::io::BufRead), or copied into any [`Write`](std::io::Write) |
//! | `recover`, `pending`, `recorded`, `resume_recorded`, `acknowledge`, `abandon`, `handed_over_offline` | needs no `send`: what the log has, see [`durable`](crate::durable) |
//! | `forward` | a [`Forwarder`], to be asked on a thread of its own |
//! | [`ClientBuilder::pair_blocking`](crate::client::ClientBuilder::pair_blocking) | an [`Outcome`](crate::Outcome), before there are credentials |
//!
//! `sign_all` is an iterator, and `sign_async` returns at once and tells a closure or a channel of the
//! standard library. A client is set up by the same [`ClientBuilder`](crate::client::ClientBuilder), which
//! [`build_blocking`](crate::client::ClientBuilder::build_blocking) ends.
//!
//! Not there: the generated client (`raw`, `raw_with`, `call` and `http_client`) and `sign_stream`.
//! [`as_async`](Client::as_async) has them, for a program that has a runtime as well.
//!
//! A card payment, the receipt for it, and its document as a picture:
//!
//! ```no_run
//! # use pos_system_api::blocking::Client;
//! # fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! use pos_system_api::Outcome;
//! use pos_system_api::client::{DocumentFormat, Payment};
//! use pos_system_api::codes::VatRate;
//! use pos_system_api::receipt::{ChargeItem, Receipt};
//! use pos_system_api::types::{Amount, Moment};
//!
//! let amount = Amount::from_cents(1840);
//! let Outcome::Done(paid) = client.pay(Payment::new("Card", amount)).send()? else {
//!     return Err("ask at the terminal".into());
//! };
//! let menu = ChargeItem::goods("Menu", amount, 20, VatRate::Normal);
//! let sale = Receipt::sale("S-1", Moment::now()).charge(menu).pay_items(paid.pay_items());
//! if let Outcome::Done(signed) = client.sign(sale).send()? {
//!     client.issue(&signed).send()?;
//!     let picture = client.document(&signed, DocumentFormat::png(48)).send()?;
//!     std::fs::write("receipt.png", &picture.body)?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The client owns one thread, on which a single-threaded runtime keeps the connections: one that the
//! server closes between two sales is noticed at once, not by the next sale. Clones share the thread,
//! calls from several threads run side by side, and the thread ends with the last clone, export and
//! background receipt.
//!
//! Inside an async runtime, where blocking would stop every other task, a call is refused with
//! [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) and sends nothing. The threads of tokio's
//! `spawn_blocking` count as inside, as they cannot be told apart; use [`crate::Client`] there.

#[cfg(operation = "sign")]
mod background;
#[cfg(operation = "sign")]
mod batch;
mod call;
mod client;
mod durable;
#[cfg(operation = "journal")]
mod export;
#[cfg(operation = "sign")]
mod feed;
#[cfg(operation = "journal")]
mod journal;
mod query;
mod thread;

#[cfg(operation = "sign")]
pub use background::Background;
#[cfg(operation = "sign")]
pub use batch::SignAll;
pub use call::{Call, OperationCall, Sendable};
pub use client::Client;
pub use durable::Forwarder;
#[cfg(operation = "journal")]
pub use export::Export;
#[cfg(operation = "journal")]
pub use journal::JournalCall;
#[cfg(all(operation = "delivered", operation = "wait_delivered"))]
pub use query::DeliveryWait;
pub use query::QueryCall;
