//! The country in a code.

use std::fmt;

/// Two upper-case letters, such as `AT`: the country whose rules a code follows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// Austria.
    pub const AT: Self = Self(*b"AT");
    /// Belgium.
    pub const BE: Self = Self(*b"BE");
    /// Germany.
    pub const DE: Self = Self(*b"DE");
    /// Spain.
    pub const ES: Self = Self(*b"ES");
    /// The European Union: the market without rules of its own.
    pub const EU: Self = Self(*b"EU");
    /// France.
    pub const FR: Self = Self(*b"FR");
    /// Greece.
    pub const GR: Self = Self(*b"GR");
    /// Italy.
    pub const IT: Self = Self(*b"IT");
    /// Portugal.
    pub const PT: Self = Self(*b"PT");

    /// The country with this two-letter code, or `None` if these are not two upper-case letters.
    #[must_use]
    pub const fn new(letters: &str) -> Option<Self> {
        match letters.as_bytes() {
            [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => Some(Self([*first, *second])),
            _ => None,
        }
    }

    /// The country in the upper sixteen bits of a code.
    pub(super) const fn from_bits(bits: u16) -> Option<Self> {
        match bits.to_be_bytes() {
            letters @ [b'A'..=b'Z', b'A'..=b'Z'] => Some(Self(letters)),
            _ => None,
        }
    }

    pub(super) const fn bits(self) -> u16 {
        u16::from_be_bytes(self.0)
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
