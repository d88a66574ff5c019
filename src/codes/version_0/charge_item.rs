//! Charge item cases. Version 0 numbers service and kind of VAT in one, in blocks by service.

use super::{AmountSign, Market, MigrationError, MigrationErrorReason as Reason, none_left};
use crate::codes::{
    ChargeItemCase, ChargeItemFlags as Flags, NatureOfVat, TypeOfService as Service, VatRate as Vat,
};

/// Germany's version 0: taken away.
const TAKE_AWAY: u64 = 0x0001_0000;

impl ChargeItemCase {
    /// The same case in version 2, for a case of version 0 of Austria, Germany or France. Where several
    /// lead to it, the most general one.
    ///
    /// # Errors
    /// If the case is of another country or version, or the migration map has no counterpart.
    pub fn to_version_2(self) -> Result<Self, MigrationError> {
        self.forward().map_err(|reason| self.stays(reason))
    }

    /// The same case in version 0, for a case of version 2 that names Austria, Germany or France. In
    /// Germany, discounts and vouchers have another case by the sign of the line's amount.
    ///
    /// # Errors
    /// If the case is of another country or version, or the migration map has no counterpart.
    pub fn to_version_0(self, amount: AmountSign) -> Result<Self, MigrationError> {
        self.backward(amount).map_err(|reason| self.stays(reason))
    }

    /// What a case of version 0 stands for.
    pub(in crate::codes) fn as_read(self) -> Option<Self> {
        self.forward().ok()
    }

    fn stays(self, reason: Reason) -> MigrationError {
        MigrationError {
            member: "ftChargeItemCase",
            value: self.value(),
            reason,
        }
    }

    fn forward(self) -> Result<Self, Reason> {
        let market = Market::of(self.country())?;
        super::is_version(self.version(), 0)?;
        let line = match market {
            Market::Germany => german_line(self.case()),
            Market::Austria | Market::France => line(market, self.case()),
        };
        let mut new = line.ok_or(Reason::Case)?;
        let mut flags = self.flags().bits();
        if market == Market::Germany && flags & TAKE_AWAY != 0 {
            new = new.with_flags(Flags::TAKE_AWAY);
            flags &= !TAKE_AWAY;
        }
        none_left(flags)?;
        Ok(Self::new(self.value() & 0xFFFF << 48 | new.value()))
    }

    fn backward(self, amount: AmountSign) -> Result<Self, Reason> {
        let market = Market::of(self.country())?;
        super::is_version(self.version(), 2)?;
        let mapped = Flags::VOID
            | Flags::REFUND
            | Flags::EXTRA_OR_DISCOUNT
            | Flags::DOWN_PAYMENT
            | Flags::RETURNABLE
            | Flags::TAKE_AWAY;
        none_left(self.flags().difference(mapped).bits())?;
        let case = match market {
            Market::Germany => self.german_case(amount)?,
            Market::Austria | Market::France => self.case_of_version_0(market)?,
        };
        let take_away = match market {
            Market::Germany if self.flags().contains(Flags::TAKE_AWAY) => TAKE_AWAY,
            _ => 0,
        };
        Ok(Self::new(
            self.value() & 0xFFFF << 48 | take_away | u64::from(case),
        ))
    }

    fn is_reverse_charge(self) -> bool {
        self.nature() == NatureOfVat::REVERSE_CHARGE
            && self.type_of_service() == Service::Unknown
            && self.vat() == Vat::NotTaxable
    }

    /// Austria and France number alike, with few exceptions.
    fn case_of_version_0(self, market: Market) -> Result<u16, Reason> {
        if self.is_reverse_charge() {
            return Ok(0x06);
        }
        if self.nature() != NatureOfVat::USUAL {
            return Err(Reason::Case);
        }
        let (service, vat) = (self.type_of_service(), self.vat());
        let is_down_payment = self.flags().contains(Flags::DOWN_PAYMENT);
        let Some(offset) = offset(vat) else {
            return match (service, vat) {
                (Service::Unknown, Vat::Unknown) if is_down_payment => Ok(0x20),
                (Service::Unknown, Vat::Unknown) => Ok(0x00),
                _ => Err(Reason::Case),
            };
        };
        let is_taxable = vat != Vat::NotTaxable;
        let first = match service {
            Service::Unknown | Service::Delivery | Service::OtherService if is_down_payment => 0x1C,
            _ if is_down_payment => return Err(Reason::Case),
            Service::Voucher | Service::NotOwnSales if !is_taxable => return Ok(0x21),
            Service::Receivable if !is_taxable => return Ok(0x22),
            Service::CashTransfer if !is_taxable && market == Market::France => return Ok(0x22),
            Service::CashTransfer if !is_taxable => return Ok(0x23),
            Service::NotOwnSales => return Ok(0x07),
            Service::Unknown | Service::Tip | Service::Voucher | Service::Grant => 0x01,
            Service::Delivery => 0x08,
            Service::OtherService => 0x0D,
            Service::CatalogService => 0x12,
            Service::OwnConsumption => 0x17,
            _ => return Err(Reason::Case),
        };
        Ok(first + offset)
    }

    fn german_case(self, amount: AmountSign) -> Result<u16, Reason> {
        if self.is_reverse_charge() {
            return Ok(0xA1);
        }
        if self.nature() != NatureOfVat::USUAL {
            return Err(Reason::Case);
        }
        let (service, vat) = (self.type_of_service(), self.vat());
        let offset = german_offset(vat).ok_or(Reason::Case)?;
        let is_taxable = vat != Vat::NotTaxable;
        let block = match (service, amount) {
            _ if self.flags().contains(Flags::DOWN_PAYMENT) => {
                return Err(Reason::DependsOnContent);
            }
            _ if self.flags().contains(Flags::RETURNABLE | Flags::REFUND) => 0x28,
            _ if self.flags().contains(Flags::RETURNABLE) => 0x20,
            (_, AmountSign::Negative) if self.is_extra_or_discount() => 0x30,
            (_, AmountSign::Positive) if self.is_extra_or_discount() => 0x38,
            (Service::Unknown, _) if vat == Vat::Unknown => return Ok(0x00),
            (Service::Unknown | Service::CatalogService, _) => 0x00,
            (Service::Delivery, _) => 0x10,
            (Service::OtherService, _) => 0x18,
            (Service::Grant, _) if !is_taxable => return Ok(0x49),
            (Service::Grant | Service::OwnConsumption, _) => 0x40,
            (Service::Tip, _) if !is_taxable => return Ok(0x59),
            (Service::Tip, _) => 0x50,
            (Service::Voucher, AmountSign::Positive) if !is_taxable => return Ok(0x60),
            (Service::Voucher, AmountSign::Negative) if !is_taxable => return Ok(0x68),
            (Service::Voucher, AmountSign::Positive) => 0x60,
            (Service::Voucher, AmountSign::Negative) => 0x68,
            (Service::NotOwnSales, _) if is_taxable => return Ok(0xA2),
            (Service::Receivable | Service::CashTransfer, _) => {
                return Err(Reason::DependsOnContent);
            }
            _ => return Err(Reason::Case),
        };
        Ok(block + offset)
    }
}

/// The place of a kind of VAT in its block, in Austria and France.
fn offset(vat: Vat) -> Option<u16> {
    match vat {
        Vat::Discounted1 => Some(0),
        Vat::Discounted2 => Some(1),
        Vat::Normal => Some(2),
        Vat::SuperReduced1 => Some(3),
        Vat::SuperReduced2 | Vat::Parking | Vat::Zero | Vat::NotTaxable => Some(4),
        _ => None,
    }
}

fn vat_at(offset: u16) -> Vat {
    match offset {
        0 => Vat::Discounted1,
        1 => Vat::Discounted2,
        2 => Vat::Normal,
        3 => Vat::SuperReduced1,
        _ => Vat::Zero,
    }
}

/// A line of Austria or France.
fn line(market: Market, case: u16) -> Option<ChargeItemCase> {
    let of = |service, first: u16| ChargeItemCase::of(service, vat_at(case - first));
    Some(match case {
        0x00 => ChargeItemCase::of(Service::Unknown, Vat::Unknown),
        0x01..=0x05 => of(Service::Unknown, 0x01),
        0x06 => ChargeItemCase::of(Service::Unknown, Vat::NotTaxable)
            .with_nature(NatureOfVat::REVERSE_CHARGE),
        // The kind of VAT is not told; it follows from the rate.
        0x07 => ChargeItemCase::of(Service::NotOwnSales, Vat::Unknown),
        0x08..=0x0C => of(Service::Delivery, 0x08),
        0x0D..=0x11 => of(Service::OtherService, 0x0D),
        0x12..=0x16 => of(Service::CatalogService, 0x12),
        0x17..=0x1B => of(Service::OwnConsumption, 0x17),
        0x1C..=0x20 => of(Service::Unknown, 0x1C).with_flags(Flags::DOWN_PAYMENT),
        0x21 => ChargeItemCase::of(Service::NotOwnSales, Vat::NotTaxable),
        0x22 => ChargeItemCase::of(Service::Receivable, Vat::NotTaxable),
        0x23 if market == Market::Austria => {
            ChargeItemCase::of(Service::CashTransfer, Vat::NotTaxable)
        }
        _ => return None,
    })
}

/// The place of a kind of VAT in its block, in Germany. 7 is any that Germany does not have.
fn german_offset(vat: Vat) -> Option<u16> {
    match vat {
        Vat::Normal => Some(1),
        Vat::Discounted1 => Some(2),
        Vat::SuperReduced1 => Some(3),
        Vat::SuperReduced2 => Some(4),
        Vat::NotTaxable => Some(5),
        Vat::Zero => Some(6),
        Vat::Unknown | Vat::Discounted2 | Vat::Parking => Some(7),
        _ => None,
    }
}

fn german_vat_at(offset: u16) -> Vat {
    match offset {
        1 => Vat::Normal,
        2 => Vat::Discounted1,
        3 => Vat::SuperReduced1,
        4 => Vat::SuperReduced2,
        5 => Vat::NotTaxable,
        6 => Vat::Zero,
        _ => Vat::Unknown,
    }
}

/// A line of Germany.
fn german_line(case: u16) -> Option<ChargeItemCase> {
    let not_taxable = |service| Some(ChargeItemCase::of(service, Vat::NotTaxable));
    match case {
        0x00 => return Some(ChargeItemCase::of(Service::Unknown, Vat::Unknown)),
        0x49 => return not_taxable(Service::Grant),
        0x59 => return not_taxable(Service::Tip),
        0x60 | 0x68 => return not_taxable(Service::Voucher),
        0x90..=0x97 => return not_taxable(Service::CashTransfer),
        0xA1 => {
            return Some(
                ChargeItemCase::of(Service::Unknown, Vat::NotTaxable)
                    .with_nature(NatureOfVat::REVERSE_CHARGE),
            );
        }
        0xA2 => return Some(ChargeItemCase::of(Service::NotOwnSales, Vat::Unknown)),
        // Not taxable is told apart by cases of its own.
        0x45 | 0x55 | 0x65 | 0x6D => return None,
        _ => {}
    }
    let (block, offset) = (case & !0x7, case & 0x7);
    let (service, flags) = match block {
        0x00 => (Service::Unknown, Flags::empty()),
        0x10 => (Service::Delivery, Flags::empty()),
        0x18 => (Service::OtherService, Flags::empty()),
        0x20 => (Service::Unknown, Flags::RETURNABLE),
        0x28 => (Service::Unknown, Flags::RETURNABLE | Flags::REFUND),
        0x30 | 0x38 => (Service::Unknown, Flags::EXTRA_OR_DISCOUNT),
        0x40 => (Service::Grant, Flags::empty()),
        0x50 => (Service::Tip, Flags::empty()),
        0x60 | 0x68 => (Service::Voucher, Flags::empty()),
        0x70 | 0x78 => (Service::Receivable, Flags::empty()),
        0x80 | 0x88 => (Service::Unknown, Flags::DOWN_PAYMENT),
        _ => return None,
    };
    (offset != 0).then(|| ChargeItemCase::of(service, german_vat_at(offset)).with_flags(flags))
}
