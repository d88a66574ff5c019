//! What the facade of `pos-system-api` costs, beside two ways to do without it:
//!
//! - **bare**: `reqwest` and `serde_json` by hand, the least that a typed call over HTTP can be;
//! - **generated**: the client of the generator, whose hooks add the headers and nothing else.
//!
//! Beside these stands the facade with an operation log on a disk, for what being safe from a loss of power
//! costs.
//!
//! All send the same request to the same canned server and read the same answer into the same
//! type. They take turns in one run, so that what else the machine does hits all of them; what is
//! compared is the difference within a turn. `cargo xtask bench` runs both programs and writes their
//! tables into `docs/performance.md`. Nothing here fails because it is slow.

pub mod candidate;
pub mod effort;
mod generated;
pub mod machine_load;
pub mod one_processor;
pub mod receipts;
pub mod responder;
pub mod statistics;
pub mod table;

/// What stops a benchmark: never slowness.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The result of a benchmark.
pub type Result<T> = std::result::Result<T, Error>;

/// The runtime of a till: one thread.
///
/// # Errors
/// If the operating system gives none.
pub fn one_thread() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
}
