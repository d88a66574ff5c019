//! Exact amounts: a JSON number on the wire, a decimal in Rust, never a binary float in between.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{self, Serialize, Serializer};

use crate::json;

/// How many significant digits a binary float holds for certain.
const FLOAT_DIGITS: usize = 15;

/// The longest text of a decimal: sign, point and 29 digits, with room to spare.
const LONGEST_TEXT: usize = 40;

/// An exact decimal with up to 28 significant digits: an amount of money, a quantity, a rate or a
/// position.
///
/// The unit is that of the member it stands in: euros for an amount unless the receipt says
/// otherwise, percent for a VAT rate (API facts, section 4).
///
/// `serde_json` reads it from and writes it to text without loss, trailing zeros included. A format
/// that only knows binary floats (`serde_json::Value` among them) gets it if 15 digits hold it
/// exactly, and an error otherwise: an amount is never rounded.
///
/// ```
/// use pos_system_api::types::Amount;
///
/// let amount: Amount = serde_json::from_str("1.10")?;
/// assert_eq!(amount, Amount::from_cents(110));
/// assert_eq!(serde_json::to_string(&amount)?, "1.10");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(Decimal);

/// Why a text is not an [`Amount`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseAmountError {
    text: String,
}

impl fmt::Display for ParseAmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a decimal number of at most 28 digits",
            self.text
        )
    }
}

impl std::error::Error for ParseAmountError {}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// One, the default of a quantity.
    pub const ONE: Self = Self(Decimal::ONE);

    /// An amount of hundredths: `from_cents(1050)` is `10.50`.
    #[must_use]
    pub fn from_cents(cents: i64) -> Self {
        Self(Decimal::new(cents, 2))
    }

    /// The decimal inside, for arithmetic.
    #[must_use]
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0 < Decimal::ZERO
    }

    /// The sum, or `None` if it has more than 28 digits: it is never rounded.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let sum = self.0.checked_add(other.0)?;
        // The decimal rounds a sum that is too long; then the way back does not lead home.
        (sum.checked_sub(other.0)? == self.0 && sum.checked_sub(self.0)? == other.0)
            .then_some(Self(sum))
    }
}

impl From<Decimal> for Amount {
    fn from(decimal: Decimal) -> Self {
        Self(decimal)
    }
}

impl From<Amount> for Decimal {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Amount {
            fn from(value: $integer) -> Self {
                Self(Decimal::from(value))
            }
        }
    )*};
}
from_integer!(i32, u32, i64, u64);

impl std::ops::Neg for Amount {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl FromStr for Amount {
    type Err = ParseAmountError;

    /// Reads a decimal with an optional exponent. Digits beyond the 28th are an error.
    fn from_str(text: &str) -> Result<Self, ParseAmountError> {
        let refuse = || ParseAmountError {
            text: text.chars().take(LONGEST_TEXT).collect(),
        };
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i64>().map_err(|_| refuse())?),
            None => (text, 0),
        };
        if !is_plain(digits) {
            return Err(refuse());
        }
        let decimal = Decimal::from_str_exact(digits).map_err(|_| refuse())?;
        shift(decimal, exponent).map(Self).ok_or_else(refuse)
    }
}

/// Digits with at most a sign in front and a point between them.
fn is_plain(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    is_digits(whole) && is_digits(fraction)
}

/// `decimal` times ten to the power of `exponent`, if that is exact.
fn shift(decimal: Decimal, exponent: i64) -> Option<Decimal> {
    if decimal.is_zero() {
        return Some(decimal);
    }
    let scale = i64::from(decimal.scale()).checked_sub(exponent)?;
    if scale >= 0 {
        Decimal::try_from_i128_with_scale(decimal.mantissa(), u32::try_from(scale).ok()?).ok()
    } else {
        let factor = 10_i128.checked_pow(u32::try_from(-scale).ok()?)?;
        let mantissa = decimal.mantissa().checked_mul(factor)?;
        Decimal::try_from_i128_with_scale(mantissa, 0).ok()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({})", self.0)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if json::text::is_written_by::<S>() {
            let mut text = Text::default();
            fmt::Write::write_fmt(&mut text, format_args!("{}", self.0))
                .map_err(ser::Error::custom)?;
            return json::text::write(serializer, text.as_str());
        }
        if self.0.scale() == 0
            && let Ok(integer) = i64::try_from(self.0)
        {
            return serializer.serialize_i64(integer);
        }
        let text = self.0.to_string();
        let float: f64 = text.parse().map_err(ser::Error::custom)?;
        if Decimal::from_str_exact(&float.to_string()) == Ok(self.0) {
            serializer.serialize_f64(float)
        } else {
            Err(ser::Error::custom(format_args!(
                "the amount {text} has more digits than this format can hold exactly"
            )))
        }
    }
}

/// A decimal's text without an allocation: amounts are the most frequent members of a receipt.
struct Text {
    bytes: [u8; LONGEST_TEXT],
    length: usize,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            bytes: [0; LONGEST_TEXT],
            length: 0,
        }
    }
}

impl Text {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let end = self.length + part.len();
        self.bytes
            .get_mut(self.length..end)
            .ok_or(fmt::Error)?
            .copy_from_slice(part.as_bytes());
        self.length = end;
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::text::read(
            deserializer,
            AmountVisitor {
                is_whole_text: json::text::is_read_by::<D>(),
            },
        )
    }
}

struct AmountVisitor {
    /// The text comes from JSON text and not from a value in between.
    is_whole_text: bool,
}

impl<'de> Visitor<'de> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number of at most 28 digits")
    }

    /// `serde_json` with the text of the value.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Amount, A::Error> {
        let raw = json::text::in_map(map)?;
        let raw = raw.trim();
        if !self.is_whole_text && may_be_rounded(raw) {
            return Err(rounded(raw));
        }
        if raw.starts_with('"') {
            let text: String = serde_json::from_str(raw).map_err(de::Error::custom)?;
            return self.visit_str(&text);
        }
        raw.parse()
            .map_err(|_| de::Error::invalid_value(de::Unexpected::Other(&excerpt(raw)), &self))
    }

    /// Any other format.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Amount, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Amount, E> {
        Ok(Amount::from(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Amount, E> {
        Ok(Amount::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Amount, E> {
        let text = value.to_string();
        if may_be_rounded(&text) {
            return Err(rounded(&text));
        }
        text.parse()
            .map_err(|_| E::invalid_value(de::Unexpected::Float(value), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
        text.trim()
            .parse()
            .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

fn rounded<E: de::Error>(text: &str) -> E {
    E::custom(format_args!(
        "the amount {text} may have lost digits in a binary float"
    ))
}

/// Whether the shortest text of a float has more digits than a float holds for certain.
fn may_be_rounded(text: &str) -> bool {
    let is_float = text.contains(['.', 'e', 'E']) && !text.starts_with('"');
    let digits = text.trim_start_matches(['-', '0', '.']);
    let significant = digits.split(['e', 'E']).next().unwrap_or_default();
    is_float && significant.bytes().filter(u8::is_ascii_digit).count() > FLOAT_DIGITS
}

/// The beginning of a value, for a message.
fn excerpt(raw: &str) -> String {
    let mut text: String = raw.chars().take(LONGEST_TEXT).collect();
    if text.len() < raw.len() {
        text.push('…');
    }
    text
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Amount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

#[cfg(test)]
mod tests;
