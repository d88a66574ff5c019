//! Randomness that is the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use pos_system_api::runtime::Chance;
use uuid::Uuid;

/// Counts operation ids up from 1; jitter is always the least.
#[derive(Debug, Default)]
pub(crate) struct SteadyChance {
    given: AtomicU64,
}

/// The operation id with this number.
pub(crate) fn operation(number: u64) -> Uuid {
    Uuid::from_u128(0x6f1c_2d5e_0000_4000_8000_0000_0000_0000 + u128::from(number))
}

impl Chance for SteadyChance {
    fn operation_id(&self) -> Uuid {
        operation(self.given.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn fraction(&self) -> f64 {
        0.0
    }
}
