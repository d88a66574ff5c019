//! The time of day, injected.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// The time of day.
pub trait WallClock: fmt::Debug + Send + Sync {
    /// Seconds since the beginning of 1970, UTC.
    fn unix_seconds(&self) -> u64;
}

/// The operating system's time of day.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemWallClock;

impl WallClock for SystemWallClock {
    fn unix_seconds(&self) -> u64 {
        // A clock before 1970 is wrong, and 0 is far from every window.
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
    }
}
