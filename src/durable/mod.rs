//! Operations that survive the end of the process, of the power and of the network.
//!
//! A client with an [`OperationStore`](crate::store::OperationStore) keeps a log of its operations:
//!
//! - no byte of an operation leaves before its id and its exact bytes are on stable storage;
//! - its answer is on stable storage before success is reported;
//! - what was open when the power failed is found again by [`Client::recover`](crate::Client::recover), and
//!   sent to its end under the same id with the same bytes, in the order of the cash box.
//!
//! In these pages, an operation is *open* as long as it is not settled. One that is *set aside*
//! ([`Record::is_parked`]) is open too, but only a person moves it, by
//! [`resume_recorded`](crate::Client::resume_recorded) or [`abandon`](crate::Client::abandon).
//! [`pending`](crate::Client::pending) lists both. Payments keep no order: none waits for a receipt, and no receipt
//! waits for one.
//!
//! The promise is: an effect exactly once = this client's sending at least once x the server's knowing an
//! operation id. For how long a server knows one is not documented (API facts, section 6.4): an operation
//! that may have been executed, and was sent first longer ago than [`LogOptions::id_retention`], is not sent
//! again by itself, a person is asked.
//!
//! Kept is every operation that changes something at the server, those of the generated client included;
//! never the answer of pairing, which holds a secret, and never an export.

mod abandon;
mod begin;
mod details;
mod digest;
mod forward;
#[cfg(operation = "sign")]
mod hand_over;
mod keep;
mod left_behind;
mod log;
mod options;
mod order;
mod purge;
mod record;
mod recovery;
mod sending;
mod told;
#[cfg(operation = "sign")]
mod zero_receipt;

pub(crate) use begin::Begun;
pub use forward::{Forwarded, Forwarder};
#[cfg(operation = "sign")]
pub use hand_over::HandedOver;
pub(crate) use keep::{Asker, Kept};
pub(crate) use log::Log;
pub use options::LogOptions;
pub use record::Record;
pub use recovery::Recovery;
pub(crate) use sending::GivesWay;
