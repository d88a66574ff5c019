//! Which journal is asked for.

use std::fmt;

use bitflags::bitflags;

use super::code::{FLAGS, VERSION_2, flags};
use super::flag::{self, Flag};
use super::open_enum::open_enum;
use super::{Country, JournalType, journals};

open_enum! {
    /// Whose journal it is, bits 15 to 12 of its type (API facts, section 5.12).
    JournalCategory: u8 {
        /// 0: in use for all journals.
        Common = 0x0, "Common";
        /// 1: in the tables for journals of one country; no server uses it.
        MarketSpecific = 0x1, "MarketSpecific";
    }
}

bitflags! {
    /// Flags of an `ftJournalType` (API facts, section 5.12). The values are masks of the whole code.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct JournalFlags: u64 {
        /// `0001`: packed as ZIP.
        const ZIP = 0x0001_0000;

        // Bits without a name are kept.
        const _ = !0;
    }
}

/// All flags, by bit.
const NAMES: &[Flag] = &[Flag::new(JournalFlags::ZIP.bits(), "Zip")];

/// The journals of all countries. They are bare numbers, without country and version, because servers
/// compare the whole value. The journals of one country each are in [`journals`].
impl JournalType {
    /// `0`: versions of the middleware.
    pub const VERSION_INFORMATION: Self = Self::new(0x00);
    /// `1`: the journal of events.
    pub const ACTION_JOURNAL: Self = Self::new(0x01);
    /// `2`: the chain of receipts.
    pub const RECEIPT_JOURNAL: Self = Self::new(0x02);
    /// `3`: requests with their responses.
    pub const QUEUE_ITEM: Self = Self::new(0x03);
    /// `FF`: the queue's configuration. Not in the tables; servers answer it.
    pub const CONFIGURATION: Self = Self::new(0xFF);

    pub(super) const fn in_market(country: Country, case: u16) -> Self {
        Self::new(VERSION_2 | case as u64).with_country(country)
    }

    /// Bits 15 to 12 by name.
    #[must_use]
    pub const fn category(self) -> JournalCategory {
        JournalCategory::from_value((self.case() >> 12) as u8)
    }

    /// The name in the code tables: of a country its own, without a country the common one.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self.country() {
            Some(country) => journals::name(country, self.case()),
            None => match self.case() {
                0x00 => Some("VersionInformation"),
                0x01 => Some("ActionJournal"),
                0x02 => Some("ReceiptJournal"),
                0x03 => Some("QueueItem"),
                0xFF => Some("Configuration"),
                _ => None,
            },
        }
    }

    flags! {
        /// Bits 43 to 16.
        JournalFlags, "type"
    }

    /// Packed as ZIP.
    #[must_use]
    pub const fn is_zip(self) -> bool {
        self.flags().contains(JournalFlags::ZIP)
    }

    /// The names of the flags in the code tables.
    pub fn flag_names(self) -> impl Iterator<Item = &'static str> {
        flag::names(NAMES, self.value(), 0)
    }

    /// The flag bits that have no name.
    #[must_use]
    pub fn unknown_bits(self) -> u64 {
        flag::unnamed(NAMES, self.value(), 0, FLAGS)
    }

    pub(super) fn write_case(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "journal 0x{:04X}", self.case()),
        }
    }
}
