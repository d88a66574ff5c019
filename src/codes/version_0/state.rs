//! States. Most bits mean the same in both versions; some moved.

use super::{Market, MigrationError, MigrationErrorReason as Reason, none_left};
use crate::codes::{Country, State, StateKind};

/// Bits that mean the same in both versions.
const COMMON: u64 = 0x4B;

/// Austria's bits that moved: version 0, version 2.
const AUSTRIA: [(u64, u64); 4] = [
    (0x04, 1 << 32),
    (0x10, 0x200),
    (0x20, 0x400),
    (0x80, 2 << 32),
];

/// Germany's bit that moved: version 0, version 2.
const GERMANY: [(u64, u64); 1] = [(0x100, 1 << 32)];

impl State {
    /// The same state in version 2, for a state of version 0 of Austria, Germany or France.
    ///
    /// # Errors
    /// If the state is of another country or version, or has flags without a counterpart.
    pub fn to_version_2(self) -> Result<Self, MigrationError> {
        self.carried(0, self.in_version_2().with_version(2), |(old, _)| *old)
            .map_err(|reason| self.stays(reason))
    }

    /// The same state in version 0, for a state of version 2 of Austria, Germany or France.
    ///
    /// # Errors
    /// If the state is of another country or version, or has flags without a counterpart.
    pub fn to_version_0(self) -> Result<Self, MigrationError> {
        let old = match self.kind() {
            StateKind::Error | StateKind::Fail => self.value(),
            _ => moved(self.country())
                .iter()
                .fold(self.value(), |state, (old, new)| {
                    if state & new == 0 {
                        state
                    } else {
                        state & !new | old
                    }
                }),
        };
        self.carried(2, Self::new(old).with_version(0), |(_, new)| *new)
            .map_err(|reason| self.stays(reason))
    }

    /// What a state of version 0 stands for.
    pub(in crate::codes) fn as_read(self) -> Option<Self> {
        self.to_version_2().ok()
    }

    /// A state of version 0 with its bits where they are in version 2; the version stays. Any other
    /// state as it is.
    pub(in crate::codes) const fn in_version_2(self) -> Self {
        if self.version() != 0 || matches!(self.kind(), StateKind::Error | StateKind::Fail) {
            return self;
        }
        let moved = moved(self.country());
        let mut state = self.value();
        let mut place = 0;
        while place < moved.len() {
            let (old, new) = moved[place];
            if self.value() & old != 0 {
                state = state & !old | new;
            }
            place += 1;
        }
        Self::new(state)
    }

    fn stays(self, reason: Reason) -> MigrationError {
        MigrationError {
            member: "ftState",
            value: self.value(),
            reason,
        }
    }

    fn carried(
        self,
        version: u8,
        carried: Self,
        bits: impl Fn(&(u64, u64)) -> u64,
    ) -> Result<Self, Reason> {
        Market::of(self.country())?;
        super::is_version(self.version(), version)?;
        let known = moved(self.country())
            .iter()
            .fold(COMMON, |known, pair| known | bits(pair));
        none_left(self.flags().bits() & !known)?;
        Ok(carried)
    }
}

const fn moved(country: Option<Country>) -> &'static [(u64, u64)] {
    match country {
        Some(Country::AT) => &AUSTRIA,
        Some(Country::DE) => &GERMANY,
        _ => &[],
    }
}
