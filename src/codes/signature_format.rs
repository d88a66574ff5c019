//! How a signature is shown, and where.

use std::fmt;

use super::SignatureFormat;
use super::open_enum::open_enum;

open_enum! {
    /// How the data of a signature is shown, bits 15 to 0 of its format (API facts, section 5.11).
    SignatureKind: u16 {
        /// 0: not stated.
        Unknown = 0x0, "Unknown";
        /// 1: text.
        Text = 0x1, "Text";
        /// 2: a link.
        Link = 0x2, "Link";
        /// 3: a QR code.
        QrCode = 0x3, "QrCode";
        /// 4: a Code 128 bar code.
        Code128 = 0x4, "Code128";
        /// 5: text in OCR-A, in Base32.
        OcrA = 0x5, "OcrA";
        /// 6: a PDF417 code.
        Pdf417 = 0x6, "Pdf417";
        /// 7: a Data Matrix code.
        DataMatrix = 0x7, "DataMatrix";
        /// 8: an Aztec code.
        Aztec = 0x8, "Aztec";
        /// 9: an EAN-8 bar code.
        Ean8 = 0x9, "Ean8";
        /// A: an EAN-13 bar code.
        Ean13 = 0xA, "Ean13";
        /// B: a UPC-A bar code.
        UpcA = 0xB, "UpcA";
        /// C: a Code 39 bar code, in Base32.
        Code39 = 0xC, "Code39";
        /// D: data in Base64.
        Base64 = 0xD, "Base64";
    }
}

open_enum! {
    /// Where a signature stands on a receipt, bits 31 to 16 of its format (API facts, section 5.11).
    SignaturePosition: u16 {
        /// 0: below the pay items, above the footer.
        AfterPayItems = 0x0, "AfterPayItemBlockBeforeFooter";
        /// 1: below the header. In version 0 of Germany: need not be printed.
        AfterHeader = 0x1, "AfterHeader";
        /// 2: below the charge items.
        AfterChargeItems = 0x2, "AfterChargeItemBlock";
        /// 3: below totals and taxes.
        AfterTotals = 0x3, "AfterTotalTaxBlock";
        /// 4: below the footer.
        AfterFooter = 0x4, "AfterFooter";
        /// 5: above the header.
        BeforeHeader = 0x5, "BeforeHeader";
    }
}

/// Formats have no country, and as a rule no version.
impl SignatureFormat {
    /// The format of this kind at this position.
    #[must_use]
    pub const fn of(kind: SignatureKind, position: SignaturePosition) -> Self {
        Self::new((position.value() as u64) << 16 | kind.value() as u64)
    }

    /// Bits 15 to 0 by name.
    #[must_use]
    pub const fn kind(self) -> SignatureKind {
        SignatureKind::from_value(self.case())
    }

    /// Bits 31 to 16 by name.
    #[must_use]
    pub const fn position(self) -> SignaturePosition {
        SignaturePosition::from_value(self.global_flags())
    }

    /// The same format with this kind.
    #[must_use]
    pub const fn with_kind(self, kind: SignatureKind) -> Self {
        Self::new(self.value() & !0xFFFF | kind.value() as u64)
    }

    /// The same format at this position.
    #[must_use]
    pub const fn with_position(self, position: SignaturePosition) -> Self {
        Self::new(self.value() & !0xFFFF_0000 | (position.value() as u64) << 16)
    }

    /// The kind's name in the code tables.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        self.kind().name()
    }

    /// Formats have no flags.
    pub fn flag_names(self) -> impl Iterator<Item = &'static str> {
        std::iter::empty()
    }

    /// Bits 43 to 32, which have no use.
    #[must_use]
    pub const fn unknown_bits(self) -> u64 {
        self.value() & 0x0FFF_0000_0000
    }

    pub(super) const fn as_read(self) -> Option<Self> {
        None
    }

    pub(super) fn write_case(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name)?,
            None => write!(f, "format {}", self.kind())?,
        }
        match (self.position(), self.position().name()) {
            (SignaturePosition::AfterPayItems, _) => Ok(()),
            (_, Some(name)) => write!(f, ", {name}"),
            (position, None) => write!(f, ", position {position}"),
        }
    }
}
