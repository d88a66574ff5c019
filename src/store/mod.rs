//! Where operations are kept, so that none is lost whatever dies.
//!
//! A client with a store writes each operation down before its first byte leaves, and its answer before
//! success is reported. The store keeps [`Row`]s and need not know what they mean: the rules of operations
//! stand in the client, those of durability here. Stores that write to a disk or to a server are crates of
//! their own, `pos-system-api-store-sqlite` and `pos-system-api-store-postgres`; [`MemoryStore`] is the
//! reference of how one behaves, and good for tests.

mod error;
mod memory;
mod row;
mod stage;

use std::fmt;
use std::pin::Pin;

use uuid::Uuid;

pub use error::{StoreError, StoreErrorKind};
pub use memory::MemoryStore;
pub use row::Row;
pub use stage::Stage;

/// What a store's calls return: boxed, so that a client can take any store.
pub type StoreFuture<'a, T> =
    Pin<Box<dyn Future<Output = std::result::Result<T, StoreError>> + Send + 'a>>;

/// Keeps the operations of one or several cash boxes.
///
/// An opened store is one *holder*: a row it inserted or claimed is held by it until it is released, and
/// no other holder gets it meanwhile. A store of one process keeps that in memory; one that is shared by
/// several uses leases with an expiry, which it renews by itself for as long as a row is held.
///
/// Futures that are dropped leave a write either done or not done, never done in part, and hold nothing:
/// what was held for a call that is gone is let go of. What is inserted or
/// claimed for a future that was dropped before it gave a row is not held.
pub trait OperationStore: fmt::Debug + Send + Sync + 'static {
    /// Whether other processes may work on the same rows at the same time. Default: no.
    fn is_shared(&self) -> bool {
        false
    }

    /// Writes all of this, or nothing, in this order: each write sees those before it. With
    /// [`Durability::Synced`] it is on stable storage when this returns. Rows that are inserted are held
    /// from then on. Gives the rows as they are stored, one for each write.
    ///
    /// An insert whose operation id is stored already changes nothing: it gives the stored row, held if
    /// nobody else holds it. The other writes of the same call take place.
    ///
    /// # Errors
    /// [`StoreErrorKind::Outdated`] if a row that is updated has another revision than the one before,
    /// [`StoreErrorKind::Held`] if a row to be inserted is stored and held, by this holder or another, or if
    /// one to be updated is held by another, and [`StoreErrorKind::Missing`] if one to be updated is not
    /// stored. [`StoreError::wrote_nothing`] has to be true only where that is certain: the client takes it
    /// as the proof that nobody will find and send what it failed to write down.
    fn commit(&self, writes: Vec<Write>, durability: Durability) -> StoreFuture<'_, Vec<Row>>;

    /// Holds one row that is [open](Stage::is_open), if nobody holds it.
    ///
    /// # Errors
    /// [`StoreErrorKind::Held`] if somebody does: of [`Claim::Operation`], that row, whatever is before it in its
    /// queue; of [`Claim::Next`], the first row if that is another holder.
    fn claim(&self, claim: Claim) -> StoreFuture<'_, Option<Row>>;

    /// Lets go of a row. Never fails and waits for nothing: a lease that could not be given back expires.
    fn release(&self, operation_id: Uuid);

    /// The row of an operation, held or not.
    fn row(&self, operation_id: Uuid) -> StoreFuture<'_, Option<Row>>;

    /// The first `limit` rows of a selection behind a sequence number (0 for the beginning), by sequence.
    fn page(&self, selection: Selection, after: u64, limit: u32) -> StoreFuture<'_, Vec<Row>>;

    /// Removes the leading rows that are [`Stage::Purged`] and were written before a moment, in milliseconds
    /// since 1970 in UTC, and gives their number. The numbers that are left have no gap.
    fn trim(&self, purged_before_unix_ms: i64) -> StoreFuture<'_, u64>;

    /// Looks at everything that is stored: each row intact, no number missing, the file or database sound.
    /// Gives the number of rows.
    ///
    /// # Errors
    /// [`StoreErrorKind::Damaged`] says what is wrong.
    fn verify(&self) -> StoreFuture<'_, u64>;
}

/// A change of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// A new row. Its sequence number is given by the store, which [seals](Row::sealed) it.
    Insert(Row),
    /// A row in the place of the one with its operation id, whose revision must be one less.
    Update(Row),
}

/// How sure a write has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Durability {
    /// On stable storage before it counts as written.
    Synced,
    /// Written, and on stable storage with the next write that is synced, at the latest: what may be lost
    /// with the power.
    Lazy,
}

/// Which row is claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// This one, set aside or not, whatever is before it in its queue.
    Operation(Uuid),
    /// The first of this queue that is open, not set aside and not held by this holder. One that another holder
    /// has is not passed over: it is nobody's turn then.
    Next {
        /// The queue.
        queue: String,
        /// Only one with a lower sequence number than this; `None` for any. Rows from there on are not
        /// looked at: who holds them does not matter.
        before: Option<u64>,
    },
}

/// Which rows are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All.
    All,
    /// Those that are [open](Stage::is_open), of one queue or of all.
    Open {
        /// The queue; `None` for all.
        queue: Option<String>,
    },
    /// Those that were settled and that nobody has taken note of, of one queue or of all.
    Untaken {
        /// The queue; `None` for all.
        queue: Option<String>,
    },
    /// Those that [ended](Stage::is_ended) before a moment and still have their content.
    EndedBefore {
        /// The moment, in milliseconds since 1970 in UTC.
        unix_ms: i64,
    },
}

impl Selection {
    /// Whether a row is one of these.
    #[must_use]
    pub fn contains(&self, row: &Row) -> bool {
        let of = |queue: &Option<String>| queue.as_ref().is_none_or(|queue| *queue == row.queue);
        match self {
            Self::All => true,
            Self::Open { queue } => row.stage.is_open() && of(queue),
            Self::Untaken { queue } => row.stage == Stage::Final && of(queue),
            Self::EndedBefore { unix_ms } => {
                row.stage.is_ended() && row.stage != Stage::Purged && row.changed_unix_ms < *unix_ms
            }
        }
    }
}
