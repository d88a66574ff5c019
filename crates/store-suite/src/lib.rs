//! What every store of operations has to do.
//!
//! Each behaviour is an async function over a [`Place`]; [`behaviours!`] makes a test of each:
//!
//! ```
//! use std::sync::Arc;
//!
//! use pos_system_api::store::{MemoryStore, OperationStore, StoreError};
//! use pos_system_api_store_suite::{Holders, Place};
//!
//! struct Memory(Arc<MemoryStore>);
//!
//! impl Place for Memory {
//!     fn holders(&self) -> Holders {
//!         Holders::NotTold
//!     }
//!     async fn open(&self) -> Result<Arc<dyn OperationStore>, StoreError> {
//!         Ok(self.0.clone())
//!     }
//! }
//!
//! # async fn place() -> Option<Memory> { Some(Memory(Arc::default())) }
//! pos_system_api_store_suite::behaviours!(place());
//! ```
#![forbid(unsafe_code)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a behaviour that is not there fails its test"
)]

pub mod claiming;
pub mod concurrency;
pub mod damage;
pub mod dropping;
pub mod holders;
pub mod reading;
pub mod refusing;
pub mod reopening;
pub mod rows;
pub mod trimming;
pub mod writing;

use std::sync::Arc;

use pos_system_api::store::{OperationStore, StoreError};

/// Where one store lives: empty at first, opened again and again by a behaviour.
pub trait Place: Send + Sync + 'static {
    /// What a second store at this place gets.
    fn holders(&self) -> Holders;

    /// Opens the store that lives here.
    fn open(&self) -> impl Future<Output = Result<Arc<dyn OperationStore>, StoreError>> + Send;

    /// Ends a store as its process ends, and comes back when nothing is held by it any more. It is dropped
    /// by default.
    fn end(&self, store: Arc<dyn OperationStore>) -> impl Future<Output = ()> + Send {
        async move { drop(store) }
    }

    /// Changes the stored body of a row behind the store's back, while it is not open. `false`, the
    /// default, if this place cannot do that.
    fn damage(&self, _sequence: u64) -> impl Future<Output = bool> + Send {
        async { false }
    }
}

/// What a second store at the place of an open one gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holders {
    /// `InUse`.
    One,
    /// The rows that others do not hold.
    Several,
    /// The first is not told from the second.
    NotTold,
}

/// Runs a behaviour at a new place; without a place it says so and passes.
pub fn run<P: Place>(
    name: &str,
    place: impl Future<Output = Option<P>>,
    behaviour: impl AsyncFnOnce(P),
) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async {
            match place.await {
                Some(place) => behaviour(place).await,
                None => eprintln!("SKIPPED {name}: there is no place for the store"),
            }
        });
}

/// A test of each behaviour, at the place that an expression makes: a future of `Option<impl Place>`,
/// `None` where the tests are to be skipped.
#[macro_export]
macro_rules! behaviours {
    ($place:expr) => {
        $crate::behaviours! { @tests $place;
            writing::rows_are_numbered_from_one_and_sealed,
            writing::a_batch_is_written_in_its_order,
            writing::an_empty_batch_writes_nothing,
            writing::everything_of_a_row_comes_back,
            writing::every_stage_is_kept,
            writing::an_update_replaces_all_but_the_number,
            writing::a_row_is_inserted_and_updated_in_one_batch,
            writing::a_stored_row_is_not_inserted_again,
            writing::an_insert_twice_in_one_batch_is_one_row,
            writing::lazy_writes_are_read_at_once,
            refusing::an_outdated_update_writes_nothing_of_its_batch,
            refusing::an_update_of_a_missing_row_writes_nothing_of_its_batch,
            refusing::an_insert_of_a_held_row_writes_nothing_of_its_batch,
            refusing::a_refused_batch_holds_nothing_and_uses_no_number,
            claiming::an_inserted_row_is_held,
            claiming::a_released_row_is_claimed_once,
            claiming::what_is_not_open_is_not_claimed,
            claiming::the_next_is_the_first_of_its_queue,
            claiming::the_next_before_a_number_stands_before_it,
            claiming::a_parked_row_is_claimed_by_its_id_alone,
            claiming::a_claimed_row_is_as_it_was_written_last,
            claiming::a_release_of_what_is_not_held_is_harmless,
            claiming::a_held_row_is_updated_and_read,
            reading::an_unknown_row_is_none,
            reading::pages_follow_each_other,
            reading::selections_are_those_of_the_contract,
            reading::verify_counts_the_rows,
            trimming::leading_purged_rows_go,
            trimming::numbers_go_on_after_everything_went,
            trimming::a_row_that_went_can_be_inserted_anew,
            trimming::what_was_purged_lately_stays,
            reopening::everything_is_there_again,
            reopening::lazy_writes_are_there_behind_a_synced_one,
            reopening::numbers_go_on,
            reopening::nothing_is_held,
            holders::a_second_holder_is_refused_where_there_is_one,
            holders::a_row_belongs_to_one_of_several_holders,
            holders::a_queue_keeps_its_order_over_several_holders,
            holders::a_row_held_behind_is_in_nobodys_way,
            holders::several_holders_number_without_gaps,
            holders::a_holder_that_ended_lets_go,
            concurrency::concurrent_commits_are_all_written,
            concurrency::a_refused_batch_does_not_undo_others,
            concurrency::a_row_is_claimed_by_one,
            concurrency::a_row_is_inserted_by_one,
            concurrency::a_revision_is_written_by_one,
            dropping::a_dropped_commit_is_whole_or_not_there,
            dropping::a_dropped_commit_holds_nothing,
            dropping::a_dropped_claim_holds_nothing,
            damage::a_damaged_row_is_never_given,
        }
    };
    (@tests $place:expr; $($module:ident::$name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                $crate::run(stringify!($name), $place, $crate::$module::$name);
            }
        )*
    };
}
