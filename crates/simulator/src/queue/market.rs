//! The market of a queue and the country bits it puts into codes.

use std::fmt;

/// Two capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Market([u8; 2]);

impl Market {
    /// Any two ASCII letters; small ones are made capital.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        match code.as_bytes() {
            &[first, second] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => {
                Some(Self(
                    [first, second].map(|letter| letter.to_ascii_uppercase()),
                ))
            }
            _ => None,
        }
    }

    /// `CCCC_2000_0000_0000`: the country and the version of a code.
    pub(crate) fn code_base(self) -> u64 {
        u64::from(u16::from_be_bytes(self.0)) << 48 | 0x2000_0000_0000
    }
}

impl fmt::Display for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0 {
            write!(f, "{}", char::from(letter))?;
        }
        Ok(())
    }
}
