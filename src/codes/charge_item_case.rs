//! Charge item cases by name. Without a country: the market comes from the cash box.

use super::ChargeItemCase;

/// The kind of VAT of a line, bits 3 to 0 of its case (API facts, section 5.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VatRate {
    /// Not known to the till.
    Unknown,
    /// First reduced rate.
    Discounted1,
    /// Second reduced rate.
    Discounted2,
    /// Normal rate.
    Normal,
    /// First super-reduced rate.
    SuperReduced1,
    /// Second super-reduced rate.
    SuperReduced2,
    /// Parking rate.
    Parking,
    /// Zero rate.
    Zero,
    /// Not taxable.
    NotTaxable,
}

impl VatRate {
    const fn bits(self) -> u64 {
        match self {
            Self::Unknown => 0,
            Self::Discounted1 => 1,
            Self::Discounted2 => 2,
            Self::Normal => 3,
            Self::SuperReduced1 => 4,
            Self::SuperReduced2 => 5,
            Self::Parking => 6,
            Self::Zero => 7,
            Self::NotTaxable => 8,
        }
    }
}

impl ChargeItemCase {
    /// Goods.
    #[must_use]
    pub const fn goods(vat: VatRate) -> Self {
        Self::of(0x10, vat)
    }

    /// A service.
    #[must_use]
    pub const fn service(vat: VatRate) -> Self {
        Self::of(0x20, vat)
    }

    const fn of(service: u64, vat: VatRate) -> Self {
        Self::new(0x0000_2000_0000_0000 | service | vat.bits())
    }
}
