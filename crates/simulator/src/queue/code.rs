//! The 64-bit codes: `CCCC_vlll_gggg_xxxx`.

use std::fmt;

use crate::queue::market::Market;

/// A case of a receipt or an item, with its country, version and flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code(u64);

impl Code {
    pub(crate) fn new(code: u64) -> Self {
        Self(code)
    }

    /// `CCCC`; 0 leaves the country to the queue.
    fn country_bits(self) -> u16 {
        (self.0 >> 48) as u16
    }

    /// `v`.
    fn version(self) -> u16 {
        (self.0 >> 44) as u16 & 0xF
    }

    /// `lll`.
    pub(crate) fn local_flags(self) -> u16 {
        (self.0 >> 32) as u16 & 0xFFF
    }

    /// `gggg`.
    pub(crate) fn global_flags(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// `xxxx`.
    pub(crate) fn case(self) -> u16 {
        self.0 as u16
    }

    /// The market whose country stands in a code of version 2.
    pub(crate) fn named_market(self) -> Option<Market> {
        Market::of_country_bits(self.country_bits()).filter(|_| self.version() == 2)
    }

    /// Whether any bit of `flag` is among the global flags.
    pub(crate) fn has(self, flag: u16) -> bool {
        self.global_flags() & flag != 0
    }

    /// Why a queue of `market` does not take this code. 0 is the default of every code: it stands
    /// for an unknown case of the queue's own country and version.
    pub(crate) fn check_belongs_to(self, market: Market) -> Result<(), String> {
        if self.0 == 0 {
            return Ok(());
        }
        if self.version() != 2 {
            return Err(format!("{self} is not a code of version 2."));
        }
        let country = self.country_bits();
        if country != 0 && country != market.country_bits() {
            return Err(format!(
                "{self} is a code of another country than {market}."
            ));
        }
        Ok(())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#018x}", self.0)
    }
}
