//! Pay item cases.

use super::{Market, MigrationError, MigrationErrorReason as Reason, none_left};
use crate::codes::{PayItemCase, PayItemFlags as Flags, PaymentKind as Kind};

impl PayItemCase {
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
        self.forward().ok()
    }

    fn stays(self, reason: Reason) -> MigrationError {
        MigrationError {
            member: "ftPayItemCase",
            value: self.value(),
            reason,
        }
    }

    fn forward(self) -> Result<Self, Reason> {
        let market = Market::of(self.country())?;
        super::is_version(self.version(), 0)?;
        let is_tip = self.case() == 0x12 && self.flags() == Flags::TIP;
        if !is_tip {
            none_left(self.flags().bits())?;
        }
        let (kind, flags) = match (market, self.case()) {
            (_, 0x12) if is_tip => (Kind::Cash, Flags::TIP),
            (_, 0x00) => (Kind::Unknown, Flags::empty()),
            (_, 0x01) => (Kind::Cash, Flags::empty()),
            (_, 0x02) => (Kind::Cash, Flags::FOREIGN_CURRENCY),
            (_, 0x03) => (Kind::CrossedCheque, Flags::empty()),
            (_, 0x04) => (Kind::DebitCard, Flags::empty()),
            (_, 0x05) => (Kind::CreditCard, Flags::empty()),
            (Market::Germany, case) => german(case).ok_or(Reason::Case)?,
            (Market::Austria | Market::France, case) => {
                austrian_or_french(case).ok_or(Reason::Case)?
            }
        };
        let new = Self::of(kind).with_flags(flags);
        Ok(Self::new(self.value() & 0xFFFF << 48 | new.value()))
    }

    fn backward(self) -> Result<Self, Reason> {
        let market = Market::of(self.country())?;
        super::is_version(self.version(), 2)?;
        let case = match (self.kind(), self.flags(), market) {
            _ if self.value() & 0xFF00 != 0 => return Err(Reason::Case),
            (Kind::Cash, Flags::FOREIGN_CURRENCY, _) => 0x02,
            // Change and tip share a number, told apart by the flag.
            (Kind::Cash, Flags::TIP, _) => Flags::TIP.bits() | 0x12,
            (Kind::Cash, Flags::CHANGE, Market::Germany) => 0x0B,
            (Kind::Cash, Flags::CHANGE, _) => 0x12,
            (Kind::Cash, flags, Market::Germany)
                if flags == Flags::CHANGE | Flags::FOREIGN_CURRENCY =>
            {
                0x0C
            }
            (Kind::AccountsReceivable, Flags::DOWN_PAYMENT, Market::Germany) => 0x0F,
            (Kind::AccountsReceivable, Flags::DOWN_PAYMENT, _) => 0x10,
            (_, flags, _) if !flags.is_empty() => return Err(Reason::Flags(flags.bits())),
            (Kind::Unknown, ..) => 0x00,
            (Kind::Cash, ..) => 0x01,
            (Kind::NonCash, ..) => 0x07,
            (Kind::CrossedCheque, ..) => 0x03,
            (Kind::DebitCard, ..) => 0x04,
            (Kind::CreditCard, ..) => 0x05,
            (Kind::TicketRestaurant, ..) => 0x06,
            (Kind::Voucher, _, Market::Germany) => 0x0D,
            (Kind::Online, _, Market::Germany) => 0x06,
            (Kind::LoyaltyProgram, _, Market::Germany) => 0x07,
            (Kind::AccountsReceivable, _, Market::Germany) => 0x0E,
            (Kind::SepaTransfer, _, Market::Germany) => 0x08,
            (Kind::OtherBankTransfer, _, Market::Germany) => 0x09,
            (Kind::InternalConsumption, _, Market::Germany) => 0x0A,
            (Kind::Grant, _, Market::Germany) => 0x11,
            // Germany tells by the money group whom it goes to.
            (Kind::TransferToCashbook, _, Market::Germany) => return Err(Reason::DependsOnContent),
            (Kind::Voucher, ..) => 0x06,
            (Kind::Online, ..) => 0x07,
            (Kind::LoyaltyProgram, ..) => 0x08,
            (Kind::AccountsReceivable | Kind::Grant, ..) => 0x0B,
            (Kind::SepaTransfer, ..) => 0x0C,
            (Kind::OtherBankTransfer, ..) => 0x0D,
            (Kind::TransferToCashbook, ..) => 0x0E,
            (Kind::InternalConsumption, ..) => 0x11,
            (Kind::Other(_), ..) => return Err(Reason::Case),
        };
        Ok(Self::new(self.value() & 0xFFFF << 48 | case))
    }
}

fn austrian_or_french(case: u16) -> Option<(Kind, Flags)> {
    Some(match case {
        0x06 => (Kind::Voucher, Flags::empty()),
        0x07 => (Kind::Online, Flags::empty()),
        0x08 => (Kind::LoyaltyProgram, Flags::empty()),
        0x0B => (Kind::AccountsReceivable, Flags::empty()),
        0x0C => (Kind::SepaTransfer, Flags::empty()),
        0x0D => (Kind::OtherBankTransfer, Flags::empty()),
        0x0E => (Kind::TransferToCashbook, Flags::empty()),
        0x10 => (Kind::AccountsReceivable, Flags::DOWN_PAYMENT),
        0x11 => (Kind::InternalConsumption, Flags::empty()),
        0x12 => (Kind::Cash, Flags::CHANGE),
        _ => return None,
    })
}

fn german(case: u16) -> Option<(Kind, Flags)> {
    Some(match case {
        0x06 => (Kind::Online, Flags::empty()),
        0x07 => (Kind::NonCash, Flags::empty()),
        0x08 => (Kind::SepaTransfer, Flags::empty()),
        0x09 => (Kind::OtherBankTransfer, Flags::empty()),
        0x0A => (Kind::InternalConsumption, Flags::empty()),
        0x0B => (Kind::Cash, Flags::CHANGE),
        0x0C => (Kind::Cash, Flags::CHANGE | Flags::FOREIGN_CURRENCY),
        0x0D => (Kind::Voucher, Flags::empty()),
        0x0E => (Kind::AccountsReceivable, Flags::empty()),
        0x0F => (Kind::AccountsReceivable, Flags::DOWN_PAYMENT),
        0x11 => (Kind::Grant, Flags::empty()),
        0x12..=0x17 => (Kind::TransferToCashbook, Flags::empty()),
        _ => return None,
    })
}
