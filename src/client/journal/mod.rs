//! `POST /journal`: exports of any size.
//!
//! ```no_run
//! # async fn example(client: pos_system_api::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use pos_system_api::client::journal::JournalRange;
//! use pos_system_api::codes::JournalType;
//!
//! let day = "2026-06-01".parse()?;
//! let mut export = client.journal(JournalRange::day(JournalType::QUEUE_ITEM, day)).await?;
//! let mut file = Vec::new(); // or a file, a socket, any `AsyncWrite`
//! let exported = export.copy_to(&mut file).await?;
//! println!("{} bytes of {:?}", exported.bytes, exported.content_type);
//! # Ok(())
//! # }
//! ```
//!
//! # When an export breaks off
//!
//! The service keeps nothing of an export and cannot send the rest of one: it is asked for anew. What was
//! written so far is kept, and the missing part asked for, in one of two ways:
//!
//! - **By days.** [`JournalRange::days`] cuts a span into exports of one day each, whose bounds neither
//!   overlap nor leave a tick out; [`local_days`](JournalRange::local_days) does so by a till's own clocks.
//!   A day that is whole is done; the one that broke off is taken again.
//! - **By the last entry.** The entries of the JSON journals are in order of time and carry their
//!   `TimeStamp` in ticks. Go on with [`since_ticks`](JournalRange::since_ticks) of the last whole entry; it
//!   comes once more, because the bound is inclusive, and others of the same tick with it: drop those whose
//!   id is there already.
//!
//! Archives (ZIP, TAR) are of use only as a whole: take those again, or by days.

mod call;
mod export;
mod local_day;
mod range;
mod ticks;

pub use call::JournalCall;
#[cfg(feature = "blocking")]
pub(crate) use export::not_written;
pub use export::{Export, Exported};
pub use range::{JournalBody, JournalRange};
pub use ticks::{Ticks, TicksError};
