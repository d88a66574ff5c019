//! What all codes have in common: the layout, the text forms, the JSON forms.

use std::fmt;

use serde::de::{self, Visitor};

use super::Country;

/// Bits 43 to 16: the flags, of one country and of all.
pub(super) const FLAGS: u64 = 0x0000_0FFF_FFFF_0000;

/// Version 2 without a country, the form in which cases stand in requests.
pub(super) const VERSION_2: u64 = 0x0000_2000_0000_0000;

/// Why a text is not a code: it is no decimal and no `0x` number of 64 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseCodeError {
    text: String,
}

impl fmt::Display for ParseCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a 64-bit code, neither decimal nor 0x…",
            self.text
        )
    }
}

impl std::error::Error for ParseCodeError {}

/// Reads `4707422694881099777`, `0x4154200000000001` or `0x4154_2000_0000_0001`.
pub(super) fn parse(text: &str) -> Result<u64, ParseCodeError> {
    let digits: String = text.trim().chars().filter(|digit| *digit != '_').collect();
    let hexadecimal = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"));
    let starts_with_digit =
        |digits: &str| digits.starts_with(|first: char| first.is_ascii_hexdigit());
    match hexadecimal {
        Some(digits) if starts_with_digit(digits) => u64::from_str_radix(digits, 16).ok(),
        None if starts_with_digit(&digits) => digits.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| ParseCodeError {
        text: text.chars().take(40).collect(),
    })
}

/// The number as the code tables spell it: `0x4154_2000_0000_0001`.
pub(super) struct Grouped(pub(super) u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let group = |shift: u32| self.0 >> shift & 0xFFFF;
        write!(
            f,
            "0x{:04X}_{:04X}_{:04X}_{:04X}",
            group(48),
            group(32),
            group(16),
            group(0)
        )
    }
}

/// Country and version before the name. Bare numbers, such as the common journals, have neither.
pub(super) fn write_origin(f: &mut fmt::Formatter<'_>, value: u64, version: u8) -> fmt::Result {
    let country = (value >> 48) as u16;
    match Country::from_bits(country) {
        Some(country) => write!(f, "{country} ")?,
        None if country != 0 => write!(f, "0x{country:04X} ")?,
        None if version == 0 => return Ok(()),
        None => {}
    }
    write!(f, "v{version} ")
}

/// Reads a code from a number or a text.
pub(super) struct CodeVisitor;

impl Visitor<'_> for CodeVisitor {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a 64-bit code as an integer, a decimal string or a 0x string")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<u64, E> {
        u64::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
        parse(text).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// Defines a code: a `u64` with the common layout.
///
/// Its module adds `flag_names`, `unknown_bits`, `write_case` and `as_read`, which the text forms use.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u64);

        impl $name {
            /// The code with this value. Every value is allowed.
            #[must_use]
            pub const fn new(value: u64) -> Self {
                Self(value)
            }

            /// The number as it stands on the wire.
            #[must_use]
            pub const fn value(self) -> u64 {
                self.0
            }

            /// Bits 63 to 48: the country, or `None` where the code leaves it out or holds no letters.
            #[must_use]
            pub const fn country(self) -> Option<$crate::codes::Country> {
                $crate::codes::Country::from_bits((self.0 >> 48) as u16)
            }

            /// Bits 47 to 44: the version of the code tables, 2 for this API.
            #[must_use]
            pub const fn version(self) -> u8 {
                (self.0 >> 44) as u8 & 0xF
            }

            /// Bits 43 to 32: flags whose meaning the country sets.
            #[must_use]
            pub const fn local_flags(self) -> u16 {
                (self.0 >> 32) as u16 & 0xFFF
            }

            /// Bits 31 to 16: flags that all countries share.
            #[must_use]
            pub const fn global_flags(self) -> u16 {
                (self.0 >> 16) as u16
            }

            /// Bits 15 to 0: the case itself.
            #[must_use]
            pub const fn case(self) -> u16 {
                self.0 as u16
            }

            /// The same code for this country.
            #[must_use]
            pub const fn with_country(self, country: $crate::codes::Country) -> Self {
                Self(self.0 & 0x0000_FFFF_FFFF_FFFF | (country.bits() as u64) << 48)
            }

            /// The same code without a country: the market then comes from the cash box.
            #[must_use]
            pub const fn without_country(self) -> Self {
                Self(self.0 & 0x0000_FFFF_FFFF_FFFF)
            }

            /// The same code in this version of the code tables, of which the lower four bits count.
            /// Changes the number alone: to carry a case over, see
            /// [`version_0`](crate::codes::version_0).
            #[must_use]
            pub const fn with_version(self, version: u8) -> Self {
                Self(self.0 & !(0xF << 44) | ((version & 0xF) as u64) << 44)
            }

            /// The same code with these shared flags set as well.
            #[must_use]
            pub const fn with_global_flags(self, flags: u16) -> Self {
                Self(self.0 | (flags as u64) << 16)
            }

            /// The same code with these flags of its country set as well, of which the lower twelve
            /// bits count.
            #[must_use]
            pub const fn with_local_flags(self, flags: u16) -> Self {
                Self(self.0 | ((flags & 0xFFF) as u64) << 32)
            }
        }

        impl ::std::convert::From<u64> for $name {
            fn from(value: u64) -> Self {
                Self(value)
            }
        }

        impl ::std::convert::From<$name> for u64 {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::codes::ParseCodeError;

            /// Reads the number: decimal, or hexadecimal after `0x`, with or without `_`.
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                $crate::codes::code::parse(text).map(Self)
            }
        }

        impl ::std::fmt::Display for $name {
            /// Country, version, name and flags; what has no name as a number. With `{:#}` the number
            /// alone, as the code tables spell it: `0x4154_2000_0000_0001`.
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                if f.alternate() {
                    return $crate::codes::code::Grouped(self.0).fmt(f);
                }
                let (read, version) = match self.as_read() {
                    Some(read) => (read, 0),
                    None => (*self, self.version()),
                };
                $crate::codes::code::write_origin(f, self.0, version)?;
                read.write_case(f)?;
                for name in read.flag_names() {
                    write!(f, " | {name}")?;
                }
                match read.unknown_bits() {
                    0 => Ok(()),
                    bits => write!(f, " | {bits:#X}"),
                }
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let number = $crate::codes::code::Grouped(self.0);
                write!(f, concat!(stringify!($name), "({}, {})"), self, number)
            }
        }

        impl ::std::fmt::LowerHex for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::LowerHex::fmt(&self.0, f)
            }
        }

        impl ::std::fmt::UpperHex for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::UpperHex::fmt(&self.0, f)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_u64(self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                deserializer
                    .deserialize_any($crate::codes::code::CodeVisitor)
                    .map(Self)
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "integer", "format": "uint64", "minimum": 0 })
            }
        }
    };
}
pub(super) use code;

/// Writes what every code with a set of flags has: `flags`, `with_flags` and `without_flags`. The
/// documentation of `flags` is the caller's; `$what` is what the code is called there.
macro_rules! flags {
    ($(#[$doc:meta])* $flags:ident, $what:literal) => {
        $(#[$doc])*
        #[must_use]
        pub const fn flags(self) -> $flags {
            $flags::from_bits_retain(self.value() & $crate::codes::code::FLAGS)
        }

        #[doc = concat!("The same ", $what, " with these flags set as well.")]
        #[must_use]
        pub const fn with_flags(self, flags: $flags) -> Self {
            Self::new(self.value() | flags.bits() & $crate::codes::code::FLAGS)
        }

        #[doc = concat!("The same ", $what, " without these flags.")]
        #[must_use]
        pub const fn without_flags(self, flags: $flags) -> Self {
            Self::new(self.value() & !(flags.bits() & $crate::codes::code::FLAGS))
        }
    };
}
pub(super) use flags;
