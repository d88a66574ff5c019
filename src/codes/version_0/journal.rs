//! Journal types of one country. The common journals have no version.

use super::{Market, MigrationError, MigrationErrorReason as Reason};
use crate::codes::JournalType;

impl JournalType {
    /// The same journal in version 2, for a type of version 0 of Austria, Germany or France.
    ///
    /// # Errors
    /// If the type is of another country or version, or has no counterpart.
    pub fn to_version_2(self) -> Result<Self, MigrationError> {
        self.carried(0, 2).map_err(|reason| self.stays(reason))
    }

    /// The same journal in version 0, for a type of version 2 of Austria, Germany or France.
    ///
    /// # Errors
    /// If the type is of another country or version, or has no counterpart.
    pub fn to_version_0(self) -> Result<Self, MigrationError> {
        self.carried(2, 0).map_err(|reason| self.stays(reason))
    }

    /// What a type of version 0 stands for.
    pub(in crate::codes) fn as_read(self) -> Option<Self> {
        self.to_version_2().ok()
    }

    fn stays(self, reason: Reason) -> MigrationError {
        MigrationError {
            member: "ftJournalType",
            value: self.value(),
            reason,
        }
    }

    fn carried(self, from: u8, to: u8) -> Result<Self, Reason> {
        let market = Market::of(self.country())?;
        super::is_version(self.version(), from)?;
        // In France the bit asks for something else in version 0: the archive as a package.
        if market == Market::France || self.local_flags() != 0 {
            super::none_left(self.flags().bits())?;
        }
        let case = match (market, self.case(), from) {
            (Market::Austria, 0x0000..=0x0001, _) => self.case(),
            (Market::Germany, 0x0000..=0x0003, _) => self.case(),
            (Market::France, 0x0000..=0x0004, _) => self.case(),
            (Market::France, 0x0005..=0x0009, 0) => self.case() + 2,
            (Market::France, 0x0007..=0x000B, 2) => self.case() - 2,
            _ => return Err(Reason::Case),
        };
        Ok(Self::new(self.value() & !0xFFFF | u64::from(case)).with_version(to))
    }
}
