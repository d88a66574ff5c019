//! Receipts that are not processed.

use crate::queue::receipt::response::{ERROR, FAIL, NOT_ACTIVE};

/// How a receipt ends that is not processed.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The lower 32 bits of `ftState`.
    pub(crate) state: u64,
    pub(crate) message: Option<String>,
}

impl Refusal {
    pub(super) fn not_active() -> Self {
        Self {
            state: NOT_ACTIVE,
            message: None,
        }
    }

    pub(super) fn error(message: impl Into<String>) -> Self {
        Self {
            state: ERROR,
            message: Some(message.into()),
        }
    }

    pub(super) fn fail(message: &str) -> Self {
        Self {
            state: FAIL,
            message: Some(message.to_owned()),
        }
    }

    /// Nothing is stored for a failure: no row, no queue item.
    pub(crate) fn is_stored(&self) -> bool {
        self.state != FAIL
    }
}
