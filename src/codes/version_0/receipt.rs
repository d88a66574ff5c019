//! Receipt cases.

use super::{Market, MigrationError, MigrationErrorReason as Reason, none_left};
use crate::codes::code::FLAGS;
use crate::codes::{
    DailyFlags, LifecycleFlags, ReceiptCase, ReceiptCategory, ReceiptFlags, ReceiptKind,
};

/// Version 0 asks for a stored answer by the highest bit of what is the version now.
const RECEIPT_REQUESTED: u64 = 1 << 47;
/// Germany's version 0: no transaction was started before.
const IMPLICIT: u64 = 1 << 32;
/// Germany's version 2 by the map: a transaction was started before.
const EXPLICIT: u64 = ReceiptFlags::DE_IMPLICIT_TRANSACTION.bits();
/// Germany's version 2: which step of a transaction it is.
const STEP: u64 = 0x00F0_0000_0000;
/// Late signing, training, void: the same everywhere, in both versions.
const COMMON: u64 = 0x0007_0000;
/// Handwritten, and who buys from whom: the same in both versions, but not in France.
const PARTIES: u64 = 0x00F8_0000;
const FOREIGN: u64 = ReceiptFlags::SALE_IN_FOREIGN_COUNTRY.bits();
const REFUND: u64 = ReceiptFlags::REFUND.bits();
const TRANSACTION: u16 = ReceiptKind::ProtocolTechnicalEvent.value();

/// Germany's flags of daily receipts: version 2, version 0.
const DAILY: [(u64, u64); 5] = [
    (DailyFlags::REQUEST_SCU_INFORMATION.bits(), 0x0080_0000),
    (DailyFlags::FORCE_SCU_DOWNLOAD.bits(), 0x0200_0000),
    (DailyFlags::BYPASS_SCU_DOWNLOAD.bits(), 0x0400_0000),
    (DailyFlags::REQUEST_SCU_SELF_TEST.bits(), 0x0100_0000),
    (DailyFlags::UPDATE_MASTER_DATA.bits(), 0x0800_0000),
];

/// Germany's flag of lifecycle receipts: version 2, version 0.
const LIFECYCLE: [(u64, u64); 1] = [(LifecycleFlags::QUEUE_REGISTRATION_ONLY.bits(), 0x0100_0000)];

impl ReceiptCase {
    /// The same case in version 2, for a case of version 0 of Austria, Germany or France. Where several
    /// lead to it, the most general one.
    ///
    /// # Errors
    /// If the case is of another country or version, or the migration map has no counterpart.
    pub fn to_version_2(self) -> Result<Self, MigrationError> {
        self.forward().map_err(|reason| self.stays(reason))
    }

    /// The same case in version 0, for a case of version 2 that names Austria, Germany or France.
    ///
    /// # Errors
    /// If the case is of another country or version, or the migration map has no counterpart.
    pub fn to_version_0(self) -> Result<Self, MigrationError> {
        self.backward().map_err(|reason| self.stays(reason))
    }

    /// What a case of version 0 stands for.
    pub(in crate::codes) fn as_read(self) -> Option<Self> {
        (self.version() & 0x7 == 0)
            .then(|| self.forward().ok())
            .flatten()
    }

    fn stays(self, reason: Reason) -> MigrationError {
        MigrationError {
            member: "ftReceiptCase",
            value: self.value(),
            reason,
        }
    }

    fn forward(self) -> Result<Self, Reason> {
        let market = Market::of(self.country())?;
        super::is_version(self.version() & 0x7, 0)?;
        let implicit = market == Market::Germany && self.value() & IMPLICIT != 0;
        let (kind, implied) = version_2(market, self.case(), implicit).ok_or(Reason::Case)?;
        let read = Self::new(kind.into());

        let mut flags = self.value() & FLAGS;
        if market == Market::Germany {
            flags &= !IMPLICIT;
        }
        let renamed = renamed(market, read.category());
        let mut carried = implied | flags & kept(market, read.category());
        flags &= !kept(market, read.category());
        for (new, old) in renamed {
            if flags & old != 0 {
                carried |= new;
                flags &= !old;
            }
        }
        none_left(flags)?;
        let steps = read.category() == ReceiptCategory::Log
            || read.category() == ReceiptCategory::Receipt
            || read.category() == ReceiptCategory::Invoice;
        if market == Market::Germany && steps && !implicit {
            carried |= EXPLICIT;
        }
        if self.value() & RECEIPT_REQUESTED != 0 {
            carried |= ReceiptFlags::RECEIPT_REQUESTED.bits();
        }
        Ok(Self::new(self.value() & 0xFFFF << 48 | carried | u64::from(kind)).with_version(2))
    }

    fn backward(self) -> Result<Self, Reason> {
        let market = Market::of(self.country())?;
        super::is_version(self.version(), 2)?;
        let category = self.category();
        let mut flags = self.value() & FLAGS;
        let mut carried = 0;

        let case = self.case_of_version_0(market, &mut flags)?;
        if market == Market::Germany {
            if flags & EXPLICIT == 0 {
                carried |= IMPLICIT;
            }
            flags &= !EXPLICIT;
        }
        if flags & ReceiptFlags::RECEIPT_REQUESTED.bits() != 0 {
            carried |= RECEIPT_REQUESTED;
            flags &= !ReceiptFlags::RECEIPT_REQUESTED.bits();
        }
        carried |= flags & kept(market, category);
        flags &= !kept(market, category);
        for (new, old) in renamed(market, category) {
            if flags & new != 0 {
                carried |= old;
                flags &= !new;
            }
        }
        none_left(flags & !given_up(market, category))?;
        Ok(Self::new(
            self.value() & 0xFFFF << 48 | carried | u64::from(case),
        ))
    }

    /// The case in version 0; the flags that led to it are taken away.
    fn case_of_version_0(self, market: Market, flags: &mut u64) -> Result<u16, Reason> {
        let step = (*flags & STEP) >> 36;
        if market == Market::Germany && self.case() == TRANSACTION && step != 0 {
            let is_explicit = *flags & EXPLICIT != 0;
            *flags &= !STEP;
            return match step {
                1 if is_explicit => Ok(0x0008),
                2 if is_explicit => Ok(0x0009),
                3 if is_explicit => Ok(0x000A),
                4 => Ok(0x000B),
                _ => Err(Reason::Flags(self.value() & (STEP | EXPLICIT))),
            };
        }
        if self.case() <= 0x0003 && *flags & FOREIGN != 0 {
            *flags &= !FOREIGN;
            return Ok(match market {
                Market::Austria => 0x0010,
                Market::Germany => 0x0015,
                Market::France => 0x000E,
            });
        }
        if market == Market::Germany && self.case() == 0x0003 && *flags & REFUND != 0 {
            *flags &= !REFUND;
            return Ok(0x0016);
        }
        version_0(market, self.kind()).ok_or(Reason::Case)
    }
}

/// Flags that are the same bits in both versions.
fn kept(market: Market, category: ReceiptCategory) -> u64 {
    match (category, market) {
        (
            ReceiptCategory::Receipt | ReceiptCategory::Invoice,
            Market::Austria | Market::Germany,
        ) => COMMON | PARTIES,
        (ReceiptCategory::Daily | ReceiptCategory::Lifecycle, _) => 0,
        _ => COMMON,
    }
}

/// Flags that are other bits in version 0.
fn renamed(market: Market, category: ReceiptCategory) -> &'static [(u64, u64)] {
    match (market, category) {
        (Market::Germany, ReceiptCategory::Daily) => &DAILY,
        (Market::Germany, ReceiptCategory::Lifecycle) => &LIFECYCLE,
        _ => &[],
    }
}

/// Flags of version 2 that the map gives up on the way to version 0.
fn given_up(market: Market, category: ReceiptCategory) -> u64 {
    let everywhere = ReceiptFlags::GROUP_BY_POSITION.bits();
    everywhere
        | match (category, market) {
            (ReceiptCategory::Receipt | ReceiptCategory::Invoice, Market::France) => {
                REFUND | PARTIES
            }
            (ReceiptCategory::Receipt | ReceiptCategory::Invoice, _) => REFUND,
            (ReceiptCategory::Daily, Market::Austria | Market::France) => {
                DAILY.iter().fold(0, |all, (new, _)| all | new)
            }
            (ReceiptCategory::Lifecycle, Market::Austria | Market::France) => LIFECYCLE[0].0,
            _ => 0,
        }
}

/// The case of version 0 that a kind leads to.
fn version_0(market: Market, kind: ReceiptKind) -> Option<u16> {
    use ReceiptKind as K;
    Some(match market {
        Market::Austria => match kind {
            K::Unknown => 0x0000,
            K::PointOfSale => 0x0001,
            K::Zero | K::One | K::ShiftClosing | K::DailyClosing => 0x0002,
            K::InitScuSwitch | K::FinishScuSwitch | K::InitMigration | K::FinishMigration => 0x0002,
            K::InitialOperation => 0x0003,
            K::OutOfOperation => 0x0004,
            K::MonthlyClosing => 0x0005,
            K::YearlyClosing => 0x0006,
            K::PointOfSaleWithoutObligation => 0x0007,
            K::InvoiceUnknown | K::InvoiceB2C | K::InvoiceB2B | K::InvoiceB2G => 0x0008,
            K::DeliveryNote => 0x0009,
            K::PaymentTransfer => 0x000C,
            K::ProtocolUnspecified | K::ProtocolTechnicalEvent | K::ProtocolAccountingEvent => {
                0x000D
            }
            K::Order | K::Pay | K::Copy | K::Archive => 0x000D,
            K::InternalUsage => 0x000E,
            K::ECommerce => 0x000F,
            _ => return None,
        },
        Market::France => match kind {
            K::Unknown => 0x0000,
            K::PointOfSale => 0x0001,
            K::Pay => 0x0002,
            K::InvoiceUnknown | K::InvoiceB2C | K::InvoiceB2B | K::InvoiceB2G => 0x0003,
            K::ShiftClosing => 0x0004,
            K::DailyClosing => 0x0005,
            K::MonthlyClosing => 0x0006,
            K::YearlyClosing => 0x0007,
            K::TableCheck | K::ProForma | K::Order => 0x0008,
            K::DeliveryNote => 0x0009,
            K::PaymentTransfer => 0x000C,
            K::InternalUsage => 0x000D,
            K::PointOfSaleWithoutObligation | K::ECommerce => 0x000E,
            K::Zero | K::One => 0x000F,
            K::InitScuSwitch | K::FinishScuSwitch | K::InitMigration | K::FinishMigration => 0x000F,
            K::InitialOperation => 0x0010,
            K::OutOfOperation => 0x0011,
            K::ProtocolTechnicalEvent => 0x0012,
            K::ProtocolAccountingEvent => 0x0013,
            K::ProtocolUnspecified => 0x0014,
            K::Archive => 0x0015,
            K::Copy => 0x0016,
            _ => return None,
        },
        Market::Germany => match kind {
            K::Unknown => 0x0000,
            K::PointOfSale => 0x0001,
            K::Zero | K::One | K::ShiftClosing => 0x0002,
            K::InitialOperation => 0x0003,
            K::OutOfOperation => 0x0004,
            K::MonthlyClosing => 0x0005,
            K::YearlyClosing => 0x0006,
            K::DailyClosing => 0x0007,
            K::InvoiceB2B => 0x000C,
            K::InvoiceB2C => 0x000D,
            K::InvoiceUnknown | K::InvoiceB2G => 0x000E,
            K::DeliveryNote => 0x000F,
            K::Order | K::Pay => 0x0010,
            K::PaymentTransfer => 0x0011,
            K::InternalUsage => 0x0012,
            K::ProtocolUnspecified => 0x0013,
            K::ProtocolTechnicalEvent | K::ProtocolAccountingEvent => 0x0014,
            K::Copy | K::Archive => 0x0014,
            K::PointOfSaleWithoutObligation | K::ECommerce => 0x0015,
            K::InitScuSwitch => 0x0017,
            K::FinishScuSwitch => 0x0018,
            _ => return None,
        },
    })
}

/// The case of version 2 that a case of version 0 stands for, with the flags that belong to it.
fn version_2(market: Market, case: u16, implicit: bool) -> Option<(u16, u64)> {
    use ReceiptKind as K;
    let kind = match (market, case) {
        (Market::Austria, 0x0010) | (Market::Germany, 0x0015) | (Market::France, 0x000E) => {
            return Some((K::PointOfSale.value(), FOREIGN));
        }
        (Market::Germany, 0x0016) => {
            return Some((K::PointOfSaleWithoutObligation.value(), REFUND));
        }
        (Market::Germany, 0x0008..=0x000A) if implicit => return None,
        (Market::Germany, 0x0008..=0x000B) => {
            return Some((TRANSACTION, u64::from(case - 0x0007) << 36));
        }
        (Market::Austria, 0x0002) => K::Zero,
        (Market::Austria | Market::France, 0x000A | 0x000B) => K::PaymentTransfer,
        (Market::Austria, 0x000D) => K::ProtocolUnspecified,
        (Market::Austria, 0x0008) | (Market::France, 0x0003) => K::InvoiceUnknown,
        (Market::France, 0x0008) => K::TableCheck,
        (Market::France, 0x000F) | (Market::Germany, 0x0002) => K::Zero,
        (Market::Germany, 0x0010) => K::Order,
        (Market::Germany, 0x0014) => K::ProtocolTechnicalEvent,
        // The rest leads back to one kind alone, or to the first one that has it.
        _ => *K::NAMED
            .iter()
            .find(|kind| version_0(market, **kind) == Some(case))?,
    };
    Some((kind.value(), 0))
}
