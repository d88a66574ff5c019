//! A simulator of the fiskaltrust POS System API: the whole API on a laptop, with every fault a
//! till will ever see.
//!
//! It is an independent oracle. It shares no code with the client library, runs over real sockets,
//! keeps state as the servers do, and its [`Ledger`] says what really happened. It has no fiscal
//! value and says so: every answer carries the header `x-simulator`, every receipt a signature
//! that is marked as simulated, and it listens on loopback addresses only, unless it is
//! [told otherwise](SimulatorBuilder::allow_remote).
//!
//! # One line in a test
//!
//! ```
//! use pos_system_api_simulator::Simulator;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sim = Simulator::start().await?;
//! // What a client needs to know:
//! let (_url, _id, _token) = (sim.base_url(), sim.cashbox_id(), sim.access_token());
//! # Ok(())
//! # }
//! ```
//!
//! # A scenario
//!
//! [`Simulator::builder`] sets up what a test starts from: the [`Profile`] (which of the known
//! servers it behaves like), the market, whether the queue is started, payment terminals, PINs,
//! receipts of the past. Ids follow from a seed and time from a [`Clock`], so that a run can be
//! repeated.
//!
//! ```
//! use pos_system_api_simulator::{Fault, Profile, Simulator};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sim = Simulator::builder()
//!     .started(true)
//!     .market("DE")
//!     .profile(Profile::Spec20)
//!     .faults([Fault::ResetAfterCommit])
//!     .start()
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Faults
//!
//! [`Faults::script`] breaks the next requests one after the other; a [`FaultPlan`] is data, in
//! TOML or JSON, and chooses by path, attempt and chance, the same way for the same seed.
//! [`Simulator::hold`] keeps operations in progress, [`Simulator::restart`] breaks all
//! connections, and [`Simulator::forget_operations`] loses the memory that makes repeats safe.
//!
//! # Virtual time
//!
//! With [`SimulatorBuilder::virtual_time`] time stands still until [`Simulator::advance`] moves it,
//! so that a payment of six minutes takes milliseconds. [`ScaledClock`] runs faster than the
//! machine's clock, [`ManualClock`] is moved by its owner.
//!
//! ```
//! use std::time::Duration;
//!
//! use pos_system_api_simulator::Simulator;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let start = "2026-06-01T10:00:00Z".parse()?;
//! let sim = Simulator::builder().virtual_time(start).start().await?;
//! let later = sim.advance(Duration::from_secs(360))?;
//! assert_eq!(later.to_rfc3339(), "2026-06-01T10:06:00+00:00");
//! # Ok(())
//! # }
//! ```
//!
//! # The ledger
//!
//! [`Simulator::ledger`] tells every request that arrived and everything that was done, by
//! operation id. Assertions on it name the operations at fault:
//!
//! ```
//! use pos_system_api_simulator::Simulator;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sim = Simulator::builder().started(true).start().await?;
//! let id = "6f1c2d5e-0000-4000-8000-0000000000a1";
//! let receipt = r#"{"cbReceiptReference":"S-1","cbReceiptMoment":"2026-06-01T10:15:30Z",
//!     "cbChargeItems":[],"cbPayItems":[],"ftReceiptCase":35184372088833}"#;
//! for _ in 0..2 {
//!     let request = reqwest::Client::new().post(format!("{}/v2/sign", sim.base_url()));
//!     let answer = request
//!         .header("x-cashbox-id", sim.cashbox_id().to_string())
//!         .header("x-cashbox-accesstoken", sim.access_token())
//!         .header("x-operation-id", id)
//!         .body(receipt)
//!         .send()
//!         .await?;
//!     assert!(answer.status().is_success());
//! }
//! sim.ledger().receipts().exactly_once();
//! sim.ledger().receipts().exactly_once_for([id.parse()?]);
//! sim.ledger().receipts().each_reference_once();
//! sim.ledger().payments().none();
//! assert_eq!(sim.ledger().receipts().references(), ["S-1"]);
//! # Ok(())
//! # }
//! ```
//!
//! [`Ledger::sorted`] is the part that does not depend on the order of concurrent requests: equal
//! runs have equal texts.
//!
//! # The store
//!
//! With [`SimulatorBuilder::store`] everything that is committed goes into a file first, and a
//! simulator that was killed comes back with it: the same answers to the same operation ids, and
//! receipt numbers that go on without a gap. It outlives a kill of the process, not a power cut.
//!
//! # Control over HTTP
//!
//! For tests in any language, and for a browser. Bodies are JSON both ways; what is refused is
//! answered `{"error": ".."}`. These calls take no credentials and are not in the ledger, but they
//! are refused when `Host` or `Origin` names another site.
//!
//! | Call | What it does |
//! |---|---|
//! | `GET /_sim` | A page with the ledger, the last requests and the state of the queue. |
//! | `GET /_sim/ledger` | `fault_seed` (null without a plan), `restarts`, `dropped_requests`, and the lists `requests`, `receipts`, `payments`, `issues` and `issue_updates`. `?operation=UUID` for one operation, `?kind=receipts` for one of these lists, `?last=10` for the last of each. |
//! | `GET /_sim/ledger?sorted` | [`Ledger::sorted`]. |
//! | `GET /_sim/requests` | The list of requests. `?operation=UUID`, `?last=10`. |
//! | `GET /_sim/operations` | What a test of repeats and crashes asks: see below. `?operation=UUID`. |
//! | `GET /_sim/summary` | The set-up, the state of the queue, and how many of everything there are. |
//! | `GET /_sim/faults` | How many faults are `scripted`, and the `plan`. |
//! | `POST /_sim/faults` | Takes a [`FaultPlan`] as JSON instead of the one before. |
//! | `DELETE /_sim/faults` | Drops the script and the plan. |
//! | `GET /_sim/clock` | `now`, and whether it is `virtual_time`. |
//! | `POST /_sim/clock` | `{"advance_seconds": 360}` moves virtual time; 409 without it. |
//! | `POST /_sim/signing-unit` | `{"in_service": false}` takes the signing unit out of service, `true` back. |
//! | `POST /_sim/forget` | [`Simulator::forget_operations`]; answers the summary. |
//! | `POST /_sim/reset` | [`Simulator::reset`]; answers the summary. |
//! | `POST /_sim/pins` | Issues a `pin` for `POST /pair`. |
//! | `GET /_sim/receipts/{queue}/{item}` | The page behind `DocumentURL`. Opening it delivers the document. `?format=pdf` and `?format=png` for files, `?copy` for one that says it is a copy. |
//!
//! `GET /_sim/operations` has one entry an operation id in `operations`, in the order in which the
//! ids were first seen:
//!
//! - `runs`: how often it was carried out to its end.
//! - `arrived`: the different requests under the id, with `method`, `path`, `sha256` and `length` of
//!   the body, and how many `requests` there were. Nothing of it is lost when requests are no longer
//!   kept.
//! - `receipts`: what it signed, with `receipt_number`, `queue_row`, `queue_item_id` and `reference`.
//! - `payments`, `issues` and `issue_updates`: how many it made.
//!
//! Beside it stand the lists of ids for which something is not as it should be, all empty for a
//! client that repeats well: `several_bodies` (one endpoint got different bodies under one id),
//! `several_runs`, `several_receipts` and `several_payments`. `runs` and what was done include
//! earlier lives of a simulator with a store, `arrived` does not.

#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub)]
#![cfg_attr(
    not(test),
    warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod address;
mod blueprint;
mod body_check;
mod builder;
mod clock;
mod control;
mod credentials;
mod document;
mod echo;
mod engine;
mod fault;
mod hex;
mod hold;
mod ids;
mod input;
mod issue;
mod item_id;
mod journal;
mod ledger;
mod members;
mod number;
mod operation;
mod pair;
mod payment;
mod profile;
mod question;
mod queue;
mod simulator;
mod start_error;
mod store;
mod virtual_time;
mod wire;
mod world;

pub use builder::SimulatorBuilder;
pub use clock::{Clock, ManualClock, Reached, ScaledClock, SystemClock};
pub use fault::{EndpointName, Fault, FaultPlan, Faults, Finished, Latency, PlanError, Rule};
pub use hold::Hold;
pub use ledger::{
    ArrivedRequest, Entries, IssueAction, IssueRecord, IssueUpdateRecord, IssueUpdates, Issues,
    Ledger, OperationRecord, PaymentAction, PaymentRecord, Payments, ReceiptRecord, Receipts,
    Record, RequestRecord,
};
pub use payment::Terminal;
pub use profile::{Profile, UnknownProfile};
pub use queue::receipt::signature::{QrError, QrPayload, parse_qr};
pub use simulator::Simulator;
pub use start_error::StartError;
pub use store::StoreError;
pub use virtual_time::TimeError;

// The types of other crates in this crate's face, for callers that do not depend on them.
pub use bytes::Bytes;
pub use chrono::{DateTime, Utc};
pub use rust_decimal::Decimal;
pub use uuid::Uuid;
