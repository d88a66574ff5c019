//! The nature of VAT: why a line is taxed in another way than usual.

use std::fmt;

use super::Country;
use super::open_enum::open_enum;

/// The nature of VAT of a line, bits 15 to 8 of its case (API facts, section 5.8).
///
/// The constants here are those of all countries; [`natures`](super::natures) has those of one country each.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NatureOfVat(u8);

impl NatureOfVat {
    /// `00`: VAT as usual.
    pub const USUAL: Self = Self(0x00);
    /// `10`: not taxable.
    pub const NOT_TAXABLE: Self = Self(0x10);
    /// `20`: not subject to VAT.
    pub const NOT_SUBJECT: Self = Self(0x20);
    /// `30`: exempt.
    pub const EXEMPT: Self = Self(0x30);
    /// `40`: margin scheme; the VAT is not shown.
    pub const MARGIN_SCHEME: Self = Self(0x40);
    /// `50`: the buyer owes the VAT.
    pub const REVERSE_CHARGE: Self = Self(0x50);
    /// `60`: taxed in another member state.
    pub const OTHER_EU_COUNTRY: Self = Self(0x60);
    /// `70`: takings of goods whose VAT is worked out later.
    pub const VAT_DISTRIBUTION: Self = Self(0x70);
    /// `80`: no part of the taxable amount.
    pub const EXCLUDED: Self = Self(0x80);

    /// The nature with this value. Every value is allowed.
    #[must_use]
    pub const fn new(value: u8) -> Self {
        Self(value)
    }

    pub(super) const fn in_market(_: Country, value: u8) -> Self {
        Self(value)
    }

    /// The value in the code.
    #[must_use]
    pub const fn value(self) -> u8 {
        self.0
    }

    /// The upper four bits by name. Not for Portugal, where the value is the number of an exemption
    /// code.
    #[must_use]
    pub const fn family(self) -> NatureFamily {
        NatureFamily::from_value(self.0 >> 4)
    }

    /// The name in the code tables of all countries.
    pub(super) const fn common_name(self) -> Option<&'static str> {
        match self.0 {
            0x00 => Some("UsualVatApplies"),
            0x10 => Some("NotTaxable"),
            0x20 => Some("NotSubject"),
            0x30 => Some("Exempt"),
            0x40 => Some("MarginScheme"),
            0x50 => Some("ReverseCharge"),
            0x60 => Some("VatPaidInOtherEuCountry"),
            0x70 => Some("VatDistribution"),
            0x80 => Some("Excluded"),
            _ => None,
        }
    }
}

impl fmt::Debug for NatureOfVat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NatureOfVat(0x{:02X})", self.0)
    }
}

open_enum! {
    /// What natures of VAT have in common, their upper four bits.
    NatureFamily: u8 {
        /// 0: VAT as usual.
        Usual = 0x0, "Usual";
        /// 1: not taxable.
        NotTaxable = 0x1, "NotTaxable";
        /// 2: not subject to VAT.
        NotSubject = 0x2, "NotSubject";
        /// 3: exempt.
        Exempt = 0x3, "Exempt";
        /// 4: margin scheme.
        MarginScheme = 0x4, "MarginScheme";
        /// 5: reverse charge.
        ReverseCharge = 0x5, "ReverseCharge";
        /// 6: taxed in another member state, or by another tax.
        OtherEuCountry = 0x6, "OtherEuCountry";
        /// 7: VAT worked out later.
        VatDistribution = 0x7, "VatDistribution";
        /// 8: excluded.
        Excluded = 0x8, "Excluded";
    }
}
