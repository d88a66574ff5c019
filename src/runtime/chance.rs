//! Randomness, injected: operation ids and jitter.

use std::fmt;

use uuid::Uuid;

/// Where operation ids and jitter come from.
pub trait Chance: fmt::Debug + Send + Sync {
    /// An id never given before, by anyone.
    fn operation_id(&self) -> Uuid;

    /// A fraction from 0 up to, not including, 1.
    fn fraction(&self) -> f64;
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn operation_id(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn fraction(&self) -> f64 {
        // The low 53 bits of a version 4 UUID are random: as many as a fraction holds.
        let bits = Uuid::new_v4().as_u64_pair().1 & ((1 << 53) - 1);
        bits as f64 / (1_u64 << 53) as f64
    }
}
