//! Charge item cases: VAT, kind of goods or service, nature of VAT.

use std::fmt;

use super::charge_item_flags::NAMES;
use super::code::{FLAGS, VERSION_2, flags};
use super::flag;
use super::open_enum::open_enum;
use super::{ChargeItemCase, ChargeItemFlags, NatureOfVat, natures};

open_enum! {
    /// The kind of VAT of a line, bits 3 to 0 of its case (API facts, section 5.8).
    VatRate: u8 {
        /// 0: not known to the till; follows from the rate.
        Unknown = 0x0, "UnknownVatRate";
        /// 1: first reduced rate.
        Discounted1 = 0x1, "DiscountedVatRate1";
        /// 2: second reduced rate.
        Discounted2 = 0x2, "DiscountedVatRate2";
        /// 3: normal rate.
        Normal = 0x3, "NormalVatRate";
        /// 4: first super-reduced rate.
        SuperReduced1 = 0x4, "SuperReducedVatRate1";
        /// 5: second super-reduced rate.
        SuperReduced2 = 0x5, "SuperReducedVatRate2";
        /// 6: parking rate.
        Parking = 0x6, "ParkingVatRate";
        /// 7: zero rate.
        Zero = 0x7, "ZeroVatRate";
        /// 8: not taxable; the nature of VAT says why.
        NotTaxable = 0x8, "NotTaxable";
    }
}

open_enum! {
    /// What a line stands for, bits 7 to 4 of its case (API facts, section 5.8).
    TypeOfService: u8 {
        /// 0: not stated.
        Unknown = 0x0, "UnknownService";
        /// 1: goods.
        Delivery = 0x1, "Delivery";
        /// 2: a service.
        OtherService = 0x2, "OtherService";
        /// 3: a tip; to an employee if not taxable, else to the owner.
        Tip = 0x3, "Tip";
        /// 4: a voucher, positive when sold, negative when redeemed; for many uses if not taxable, else
        /// for a single use.
        Voucher = 0x4, "Voucher";
        /// 5: goods or services made in the house.
        CatalogService = 0x5, "CatalogService";
        /// 6: sold for somebody else.
        NotOwnSales = 0x6, "NotOwnSales";
        /// 7: used by the business itself.
        OwnConsumption = 0x7, "OwnConsumption";
        /// 8: a grant.
        Grant = 0x8, "Grant";
        /// 9: a receivable, negative when it arises, positive when it is settled.
        Receivable = 0x9, "Receivable";
        /// A: cash into the till (positive) or out of it; not taxable.
        CashTransfer = 0xA, "CashTransfer";
        /// F: a tax other than VAT; not taxable, and the nature of VAT says which tax.
        SpecialTax = 0xF, "SpecialTax";
    }
}

/// Without a country: the market comes from the cash box.
impl ChargeItemCase {
    /// Goods.
    #[must_use]
    pub const fn goods(vat: VatRate) -> Self {
        Self::of(TypeOfService::Delivery, vat)
    }

    /// A service.
    #[must_use]
    pub const fn service(vat: VatRate) -> Self {
        Self::of(TypeOfService::OtherService, vat)
    }

    /// A tip: to an employee if not taxable, else to the owner.
    #[must_use]
    pub const fn tip(vat: VatRate) -> Self {
        Self::of(TypeOfService::Tip, vat)
    }

    /// A voucher: for many uses if not taxable, else for a single use.
    #[must_use]
    pub const fn voucher(vat: VatRate) -> Self {
        Self::of(TypeOfService::Voucher, vat)
    }

    /// The case of this type of service and kind of VAT, in version 2, with the usual nature of VAT.
    #[must_use]
    pub const fn of(service: TypeOfService, vat: VatRate) -> Self {
        Self::new(VERSION_2).with_service(service).with_vat(vat)
    }

    /// Bits 3 to 0: the kind of VAT, whatever the version. Cases of version 0 are numbered differently:
    /// see [`to_version_2`](Self::to_version_2).
    #[must_use]
    pub const fn vat(self) -> VatRate {
        VatRate::from_value((self.value() & 0xF) as u8)
    }

    /// Bits 7 to 4: the type of service.
    #[must_use]
    pub const fn type_of_service(self) -> TypeOfService {
        TypeOfService::from_value((self.value() >> 4 & 0xF) as u8)
    }

    /// Bits 15 to 8: the nature of VAT, or the kind of tax of a [`SpecialTax`](TypeOfService::SpecialTax).
    #[must_use]
    pub const fn nature(self) -> NatureOfVat {
        NatureOfVat::new((self.value() >> 8) as u8)
    }

    /// The nature's name in the code tables. Countries with a table of their own know no other names;
    /// of a special tax there are none.
    #[must_use]
    pub fn nature_name(self) -> Option<&'static str> {
        if self.type_of_service() == TypeOfService::SpecialTax {
            return None;
        }
        natures::name_in(self.country(), self.nature())
    }

    /// The same case with this kind of VAT, of which the lower four bits count.
    #[must_use]
    pub const fn with_vat(self, vat: VatRate) -> Self {
        Self::new(self.value() & !0xF | (vat.value() & 0xF) as u64)
    }

    /// The same case with this type of service, of which the lower four bits count.
    #[must_use]
    pub const fn with_service(self, service: TypeOfService) -> Self {
        Self::new(self.value() & !0xF0 | ((service.value() & 0xF) as u64) << 4)
    }

    /// The same case with this nature of VAT. Natures of one country need that country in the case or
    /// in the cash box.
    #[must_use]
    pub const fn with_nature(self, nature: NatureOfVat) -> Self {
        Self::new(self.value() & !0xFF00 | (nature.value() as u64) << 8)
    }

    /// The name of the kind of VAT in the code tables.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        self.vat().name()
    }

    flags! {
        /// Bits 43 to 16.
        ChargeItemFlags, "case"
    }

    /// Goods or a service are given back.
    #[must_use]
    pub const fn is_refund(self) -> bool {
        self.flags().contains(ChargeItemFlags::REFUND)
    }

    /// The line before is taken back.
    #[must_use]
    pub const fn is_void(self) -> bool {
        self.flags().contains(ChargeItemFlags::VOID)
    }

    /// The price of the line before changes.
    #[must_use]
    pub const fn is_extra_or_discount(self) -> bool {
        self.flags().contains(ChargeItemFlags::EXTRA_OR_DISCOUNT)
    }

    /// The names of the flags in the code tables, as they fit the country.
    pub fn flag_names(self) -> impl Iterator<Item = &'static str> {
        flag::names(NAMES, self.value(), 0)
    }

    /// The flag bits that have no name in this country.
    #[must_use]
    pub fn unknown_bits(self) -> u64 {
        flag::unnamed(NAMES, self.value(), 0, FLAGS)
    }

    pub(super) fn write_case(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.type_of_service().name() {
            Some(service) => write!(f, "{service}, ")?,
            None => write!(f, "service {}, ", self.type_of_service())?,
        }
        match self.name() {
            Some(vat) => f.write_str(vat)?,
            None => write!(f, "VAT {}", self.vat())?,
        }
        match self.nature_name() {
            _ if self.nature() == NatureOfVat::USUAL => Ok(()),
            Some(nature) => write!(f, ", {nature}"),
            None => write!(f, ", nature {:02X}", self.nature().value()),
        }
    }
}
