//! What a signature says.

use std::fmt;

use bitflags::bitflags;

use super::code::{FLAGS, VERSION_2, flags};
use super::flag::{self, Flag};
use super::open_enum::open_enum;
use super::{Country, SignatureType, signatures};

open_enum! {
    /// How much a signature matters to its reader, bits 15 to 12 of its type (API facts, section 5.11).
    SignatureCategory: u8 {
        /// 0: a signature.
        Uncategorized = 0x0, "Uncategorized";
        /// 1: a note.
        Information = 0x1, "Information";
        /// 2: a note that matters.
        Alert = 0x2, "Alert";
        /// 3: something went wrong.
        Failure = 0x3, "Failure";
    }
}

bitflags! {
    /// Flags of an `ftSignatureType` (API facts, section 5.11). The values are masks of the whole code.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct SignatureFlags: u64 {
        /// `0001`: has to be kept with the books.
        const ARCHIVING_REQUIRED = 0x0001_0000;
        /// `0010`: need not be shown.
        const VISUALIZATION_OPTIONAL = 0x0010_0000;
        /// `0020`: must not be shown.
        const DONT_VISUALIZE = 0x0020_0000;
        /// `0040`: for receipts on paper alone.
        const PRINTED_RECEIPT_ONLY = 0x0040_0000;
        /// `0080`: for digital receipts alone.
        const DIGITAL_RECEIPT_ONLY = 0x0080_0000;

        // Bits without a name are kept.
        const _ = !0;
    }
}

const fn named(flag: SignatureFlags, name: &'static str) -> Flag {
    Flag::new(flag.bits(), name)
}

/// All flags, by bit.
const NAMES: &[Flag] = &[
    named(SignatureFlags::ARCHIVING_REQUIRED, "ArchivingRequired"),
    named(
        SignatureFlags::VISUALIZATION_OPTIONAL,
        "VisualizationOptional",
    ),
    named(SignatureFlags::DONT_VISUALIZE, "DontVisualize"),
    named(SignatureFlags::PRINTED_RECEIPT_ONLY, "PrintedReceiptOnly"),
    named(SignatureFlags::DIGITAL_RECEIPT_ONLY, "DigitalReceiptOnly"),
];

/// The types of one country each are in [`signatures`].
impl SignatureType {
    /// A notification of no special kind.
    pub const UNKNOWN: Self = Self::new(VERSION_2);
    /// `001`: the signature that the country's law asks for.
    pub const PRIMARY_COMPLIANCE_SIGNATURE: Self = Self::new(VERSION_2 | 0x0001);
    /// A failure: its caption and data say what went wrong.
    pub const FAILURE: Self = Self::new(VERSION_2 | 0x3000);

    pub(super) const fn in_market(country: Country, case: u16) -> Self {
        Self::new(VERSION_2 | case as u64).with_country(country)
    }

    /// Bits 15 to 12 by name.
    #[must_use]
    pub const fn category(self) -> SignatureCategory {
        SignatureCategory::from_value((self.case() >> 12) as u8)
    }

    /// The same type in this category, of which the lower four bits count.
    #[must_use]
    pub const fn with_category(self, category: SignatureCategory) -> Self {
        Self::new(self.value() & !0xF000 | ((category.value() & 0xF) as u64) << 12)
    }

    /// Bits 11 to 0, which say what the signature is, by country.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.case() & 0xFFF
    }

    /// The same type with this number, of which the lower twelve bits count.
    #[must_use]
    pub const fn with_number(self, number: u16) -> Self {
        Self::new(self.value() & !0xFFF | (number & 0xFFF) as u64)
    }

    /// The name in the code tables: the country's own, else the common one.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        let own = |case| signatures::name(self.country()?, case);
        own(self.case())
            .or_else(|| own(self.number()))
            .or(match self.number() {
                0x000 => Some("Unknown"),
                0x001 => Some("PrimaryComplianceSignature"),
                0x010 => Some("MiddlewareVersion"),
                0xE00..=0xEFF => Some("ErrorDetail"),
                0xF00..=0xFFF => Some("FailDetail"),
                _ => None,
            })
    }

    flags! {
        /// Bits 43 to 16.
        SignatureFlags, "type"
    }

    /// Something went wrong; the signature says what.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        matches!(self.category(), SignatureCategory::Failure)
    }

    /// Belongs on a receipt on paper.
    #[must_use]
    pub const fn is_for_paper(self) -> bool {
        const HIDDEN: SignatureFlags =
            SignatureFlags::DONT_VISUALIZE.union(SignatureFlags::DIGITAL_RECEIPT_ONLY);
        !self.flags().intersects(HIDDEN)
    }

    /// Belongs on a digital receipt.
    #[must_use]
    pub const fn is_for_digital(self) -> bool {
        const HIDDEN: SignatureFlags =
            SignatureFlags::DONT_VISUALIZE.union(SignatureFlags::PRINTED_RECEIPT_ONLY);
        !self.flags().intersects(HIDDEN)
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

    pub(super) const fn as_read(self) -> Option<Self> {
        None
    }

    pub(super) fn write_case(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.category() {
            SignatureCategory::Uncategorized => {}
            category => write!(f, "{category}, ")?,
        }
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "case 0x{:03X}", self.number()),
        }
    }
}
