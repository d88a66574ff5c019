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
//! The client owns one thread, on which a single-threaded runtime keeps the connections: one that the
//! server closes between two sales is noticed at once, not by the next sale. Clones share the thread,
//! calls from several threads run side by side, and the thread ends with the last clone.
//!
//! Inside an async runtime, where blocking would stop every other task, a call is refused with
//! [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) and sends nothing. The threads of tokio's
//! `spawn_blocking` count as inside, as they cannot be told apart; use [`crate::Client`] there.

mod batch;
mod call;
mod client;
mod thread;

pub use batch::SignAll;
pub use call::{Call, OperationCall, Sendable};
pub use client::Client;
