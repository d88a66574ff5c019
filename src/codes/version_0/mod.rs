//! Codes of version 0, the numbering of the older interfaces of Austria, Germany and France.
//!
//! A code of version 0 has the country in front and 0 as its version; the rest is numbered by each of
//! these countries for itself: `0x4154_0000_0000_0002` is a zero receipt, and not the payment transfer
//! that `0002` means in version 2. Responses may carry version 0 still, stored receipts surely do.
//!
//! `to_version_2` and `to_version_0`, on [`ReceiptCase`](super::ReceiptCase),
//! [`ChargeItemCase`](super::ChargeItemCase), [`PayItemCase`](super::PayItemCase),
//! [`State`](super::State) and [`JournalType`](super::JournalType), carry a code over as the published
//! migration map says. The country stays; a code of version 2 without one gets it by `with_country`
//! first.
//!
//! ```
//! use pos_system_api::codes::ReceiptCase;
//!
//! let old = ReceiptCase::new(0x4154_0000_0000_0002);
//! let new = old.to_version_2()?;
//! assert_eq!(new.to_string(), "AT v2 ZeroReceipt");
//! assert_eq!(new.to_version_0()?, old);
//!
//! let unmapped = ReceiptCase::new(0x4154_0000_0000_00FF).to_version_2();
//! assert_eq!(
//!     unmapped.unwrap_err().to_string(),
//!     "ftReceiptCase 0x4154_0000_0000_00FF cannot be carried over: the case has no counterpart",
//! );
//! # Ok::<(), pos_system_api::codes::version_0::MigrationError>(())
//! ```
//!
//! # What gets lost
//!
//! Version 2 tells more apart, so several of its cases lead to one of version 0: to Austria's `0008`,
//! for example, all four kinds of invoices. On the way back that is the most general one,
//! `InvoiceUnknown`, and whoever knows better sets the kind.
//!
//! Flags that the map gives up for want of a counterpart are given up here, too: towards version 0,
//! the refund flag of receipts, and the flags for void, refund, deposit and take-away of lines in
//! countries that have none. The signs of the amounts say the same. Anything the map does not mention
//! is an error.
//!
//! # Where the map was not followed
//!
//! - Germany's change of signing unit is `0017` and `0018` in the tables of version 0 and in servers,
//!   but `0010` and `0011` in the map, which are orders and payment transfers.
//! - Germany's lines at a parking rate: some rows of the map leave the row's block of numbers. Here they
//!   are the block's number for an unknown VAT, as in all its other rows.
//! - Germany's down payments and receivables: which sign leads where contradicts the tables of both
//!   versions, so there is no way back to version 0.

mod charge_item;
mod journal;
mod pay_item;
mod receipt;
mod state;

use std::fmt;

use super::Country;
use super::code::Grouped;

/// Why a code cannot be carried over to the other version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationError {
    member: &'static str,
    value: u64,
    reason: MigrationErrorReason,
}

/// Which part of a code cannot be carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MigrationErrorReason {
    /// The code is without a country, or of one that has no version 0.
    Country,
    /// The code is not of the version it was to be carried over from.
    Version,
    /// The other version has no such case.
    Case,
    /// The other version has no such flags. Their bits, as they stand in the code.
    Flags(u64),
    /// Which case it is depends on more than the code.
    DependsOnContent,
}

impl MigrationError {
    /// The number that was to be carried over.
    #[must_use]
    pub const fn value(&self) -> u64 {
        self.value
    }

    /// Which part of it cannot be.
    #[must_use]
    pub const fn reason(&self) -> MigrationErrorReason {
        self.reason
    }
}

impl fmt::Display for MigrationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { member, value, .. } = self;
        write!(f, "{member} {} cannot be carried over: ", Grouped(*value))?;
        match self.reason {
            MigrationErrorReason::Country => {
                f.write_str("only AT, DE and FR have a version 0, and the code has to name one")
            }
            MigrationErrorReason::Version => f.write_str("it is of another version"),
            MigrationErrorReason::Case => f.write_str("the case has no counterpart"),
            MigrationErrorReason::Flags(bits) => {
                write!(f, "the flags {bits:#X} have no counterpart")
            }
            MigrationErrorReason::DependsOnContent => {
                f.write_str("the counterpart depends on more than the code")
            }
        }
    }
}

impl std::error::Error for MigrationError {}

/// The sign of a line's amount, on which some cases of version 0 depend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AmountSign {
    /// The amount is zero or above.
    Positive,
    /// The amount is below zero.
    Negative,
}

/// A country that has a version 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Market {
    Austria,
    Germany,
    France,
}

impl Market {
    fn of(country: Option<Country>) -> Result<Self, MigrationErrorReason> {
        match country {
            Some(Country::AT) => Ok(Self::Austria),
            Some(Country::DE) => Ok(Self::Germany),
            Some(Country::FR) => Ok(Self::France),
            _ => Err(MigrationErrorReason::Country),
        }
    }
}

/// Nothing is left, or these flags have no counterpart.
fn none_left(bits: u64) -> Result<(), MigrationErrorReason> {
    match bits {
        0 => Ok(()),
        bits => Err(MigrationErrorReason::Flags(bits)),
    }
}

/// The code is of this version.
fn is_version(version: u8, expected: u8) -> Result<(), MigrationErrorReason> {
    if version == expected {
        Ok(())
    } else {
        Err(MigrationErrorReason::Version)
    }
}

#[cfg(test)]
mod tests;
