//! The row that knows which numbers are given.

use pos_system_api::store::StoreError;
use sha2::{Digest, Sha256};
use tokio_postgres::Row as Columns;

use crate::fault::damaged;

/// What a checksum begins with: another order of the fields is another version.
const CHECKSUM_VERSION: &[u8] = b"pos-system-api meta 1";

/// Which numbers are given, and how often that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meta {
    /// The number of the first row, or the one that the next row gets if there is none.
    pub(crate) first_sequence: u64,
    /// The number that was given last; 0 for none.
    pub(crate) last_sequence: u64,
    /// How many transactions gave numbers or removed rows.
    pub(crate) changes: u64,
}

impl Meta {
    /// Of a store without rows.
    pub(crate) const EMPTY: Self = Self {
        first_sequence: 1,
        last_sequence: 0,
        changes: 0,
    };

    /// SHA-256 over all of it.
    pub(crate) fn checksum(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(CHECKSUM_VERSION);
        for number in [self.first_sequence, self.last_sequence, self.changes] {
            hasher.update(number.to_be_bytes());
        }
        hasher.finalize().into()
    }

    /// How many rows there have to be.
    pub(crate) fn rows(&self) -> u64 {
        (self.last_sequence + 1).saturating_sub(self.first_sequence)
    }

    /// From the columns first, last, changes, checksum.
    pub(crate) fn read(columns: &Columns) -> Result<Self, StoreError> {
        let broken = || damaged("The row of the store's numbers is not what was written");
        let number = |index: usize| {
            let number: i64 = columns.try_get(index).map_err(|_| broken())?;
            u64::try_from(number).map_err(|_| broken())
        };
        let meta = Self {
            first_sequence: number(0)?,
            last_sequence: number(1)?,
            changes: number(2)?,
        };
        let checksum: &[u8] = columns.try_get(3).map_err(|_| broken())?;
        if checksum == meta.checksum() {
            Ok(meta)
        } else {
            Err(broken())
        }
    }
}
