//! The market of a queue and the country bits it puts into codes.

use std::fmt;

/// Two capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Market([u8; 2]);

/// The markets with rules of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Country {
    Austria,
    Belgium,
    France,
    Germany,
    Greece,
    Italy,
    Portugal,
    Spain,
    /// Takes every known code.
    Other,
}

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

    pub(crate) fn country(self) -> Country {
        match &self.0 {
            b"AT" => Country::Austria,
            b"BE" => Country::Belgium,
            b"DE" => Country::Germany,
            b"ES" => Country::Spain,
            b"FR" => Country::France,
            b"GR" => Country::Greece,
            b"IT" => Country::Italy,
            b"PT" => Country::Portugal,
            _ => Country::Other,
        }
    }

    /// The two letters as they stand in the upper 16 bits of a code.
    pub(crate) fn country_bits(self) -> u16 {
        u16::from_be_bytes(self.0)
    }

    /// The two letters of the upper 16 bits of a code; `None` when they are no capital letters.
    pub(crate) fn of_country_bits(bits: u16) -> Option<Self> {
        let letters = bits.to_be_bytes();
        let capital = letters.iter().all(u8::is_ascii_uppercase);
        capital.then_some(Self(letters))
    }

    /// `CCCC_2000_0000_0000`: the country and the version of a code.
    pub(crate) fn code_base(self) -> u64 {
        u64::from(self.country_bits()) << 48 | 0x2000_0000_0000
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
