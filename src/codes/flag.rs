//! How flags are called, and for whom they mean something.

use super::Country;

/// Categories of a case as a set: bit n stands for category n.
pub(super) type Categories = u16;

/// All categories.
pub(super) const ANY: Categories = Categories::MAX;

/// A flag with its name in the code tables.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flag {
    value: u64,
    mask: u64,
    name: &'static str,
    market: Option<Country>,
    categories: Categories,
}

impl Flag {
    /// A flag of all countries, on cases of any category.
    pub(super) const fn new(value: u64, name: &'static str) -> Self {
        Self {
            value,
            mask: value,
            name,
            market: None,
            categories: ANY,
        }
    }

    /// Means this in one country only.
    pub(super) const fn market(mut self, country: Country) -> Self {
        self.market = Some(country);
        self
    }

    /// Means this on cases of these categories only.
    pub(super) const fn on(mut self, categories: Categories) -> Self {
        self.categories = categories;
        self
    }

    /// Not a bit of its own, but one value of these bits.
    pub(super) const fn under(mut self, mask: u64) -> Self {
        self.mask = mask;
        self
    }

    fn is_set(&self, code: u64, category: u8) -> bool {
        code & self.mask == self.value
            && self.categories >> category & 1 != 0
            && (self.market.is_none() || self.market == Country::from_bits((code >> 48) as u16))
    }
}

/// The names of the flags that are set in a code.
pub(super) fn names(
    flags: &'static [Flag],
    code: u64,
    category: u8,
) -> impl Iterator<Item = &'static str> {
    flags
        .iter()
        .filter(move |flag| flag.is_set(code, category))
        .map(|flag| flag.name)
}

/// The bits of a code within `area` that no name explains.
pub(super) fn unnamed(flags: &'static [Flag], code: u64, category: u8, area: u64) -> u64 {
    flags
        .iter()
        .filter(|flag| flag.is_set(code, category))
        .fold(code & area, |left, flag| left & !flag.value)
}
