//! Numbers as integers, for servers that read them so.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ReceiptError;
use super::members::{self, Members};
use crate::rust_decimal::Decimal;
use crate::types::{Amount, Json};

/// `DecimalPrecisionMultiplier`: all numbers of the receipt are written as integers, in these parts of
/// one (API facts, section 4.2). A number that needs a finer part does not build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Precision {
    /// 100: cents, hundredths of a percent, hundredths of a piece.
    Hundredths,
    /// 10,000.
    TenThousandths,
    /// 1,000,000.
    Millionths,
    /// 100,000,000.
    HundredMillionths,
}

impl Precision {
    /// The multiplier.
    #[must_use]
    pub const fn multiplier(self) -> u32 {
        match self {
            Self::Hundredths => 100,
            Self::TenThousandths => 10_000,
            Self::Millionths => 1_000_000,
            Self::HundredMillionths => 100_000_000,
        }
    }

    pub(super) fn from_multiplier(multiplier: u32) -> Option<Self> {
        [
            Self::Hundredths,
            Self::TenThousandths,
            Self::Millionths,
            Self::HundredMillionths,
        ]
        .into_iter()
        .find(|precision| precision.multiplier() == multiplier)
    }
}

pub(super) const MEMBER: &str = "DecimalPrecisionMultiplier";

/// The numbers of an item (API facts, section 4).
const NUMBERS: [&str; 7] = [
    "Quantity",
    "Amount",
    "VATRate",
    "VATAmount",
    "Position",
    "UnitQuantity",
    "UnitPrice",
];

/// The multiplier of an object, if it has one that is allowed.
pub(super) fn of(members: &Members) -> Option<u32> {
    let multiplier = members.get(MEMBER)?.read().ok()?;
    (multiplier == 1 || Precision::from_multiplier(multiplier).is_some()).then_some(multiplier)
}

/// A number as it is meant. Multipliers are powers of ten, so nothing is lost.
pub(super) fn meant(number: Amount, multiplier: u32) -> Amount {
    match multiplier {
        1 => number,
        _ => Amount::from(number.decimal() / Decimal::from(multiplier)),
    }
}

/// A number as it is written: a whole one, where there is a multiplier.
pub(super) fn written(
    member: &str,
    number: Amount,
    multiplier: u32,
) -> Result<Amount, ReceiptError> {
    if multiplier == 1 {
        return Ok(number);
    }
    let whole = number
        .decimal()
        .checked_mul(Decimal::from(multiplier))
        .filter(Decimal::is_integer);
    match whole {
        Some(whole) => Ok(Amount::from(whole.normalize())),
        None => Err(ReceiptError::new(
            member,
            format!("is {number}, which is no whole number of 1/{multiplier}"),
        )),
    }
}

/// The item with its numbers in these parts of one, or as decimals; so far they are `before` times what
/// they mean. The receipt's multiplier counts for all items, whatever they say themselves (API facts,
/// section 4.2).
pub(super) fn scaled<T>(
    item: T,
    before: u32,
    precision: Option<Precision>,
) -> Result<T, ReceiptError>
where
    T: Serialize + DeserializeOwned,
{
    let unwritable =
        |error: serde_json::Error| ReceiptError::new(MEMBER, format!("cannot be written: {error}"));
    let multiplier = precision.map_or(1, Precision::multiplier);
    if before == multiplier {
        return Ok(item);
    }
    let mut members = members::of(&item).map_err(unwritable)?;
    for (name, value) in &mut members {
        if NUMBERS.contains(&name.as_str()) {
            let number = meant(value.read().map_err(unwritable)?, before);
            let written = written(name, number, multiplier)?;
            *value = Json::of(&written).map_err(unwritable)?;
        }
    }
    if precision.is_some() {
        let multiplier = Json::of(&multiplier).map_err(unwritable)?;
        members.insert(MEMBER.to_owned(), multiplier);
    } else {
        members.remove(MEMBER);
    }
    members::value_of(&members).map_err(unwritable)
}
