//! Which attempts of an operation a rule is for.

use std::fmt;
use std::ops::{Bound, RangeBounds};

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Attempts that follow each other, both ends included, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AttemptRange {
    first: u64,
    /// `None` for no end.
    last: Option<u64>,
}

impl AttemptRange {
    /// From any range of attempt numbers.
    pub(super) fn new(attempts: impl RangeBounds<u64>) -> Self {
        Self {
            first: match attempts.start_bound() {
                Bound::Included(first) => *first,
                Bound::Excluded(before) => before.saturating_add(1),
                Bound::Unbounded => 1,
            },
            last: match attempts.end_bound() {
                Bound::Included(last) => Some(*last),
                Bound::Excluded(after) => Some(after.saturating_sub(1)),
                Bound::Unbounded => None,
            },
        }
    }

    pub(super) fn contains(&self, attempt: u64) -> bool {
        self.first <= attempt && self.last.is_none_or(|last| attempt <= last)
    }

    /// `"2"`, `"2-4"` or `"2-"`.
    fn parse(text: &str) -> Option<Self> {
        let (first, last) = match text.split_once('-') {
            None => (text, Some(text)),
            Some((first, "")) => (first, None),
            Some((first, last)) => (first, Some(last)),
        };
        let number = |text: &str| text.trim().parse().ok();
        Some(Self {
            first: number(first)?,
            last: match last {
                None => None,
                Some(last) => Some(number(last)?),
            },
        })
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.first == 0 {
            return Err("attempts are counted from 1".to_owned());
        }
        if self.last.is_some_and(|last| last < self.first) {
            return Err(format!("{self} ends before it begins"));
        }
        Ok(())
    }
}

impl fmt::Display for AttemptRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) if last == self.first => write!(f, "{last}"),
            Some(last) => write!(f, "{}-{last}", self.first),
            None => write!(f, "{}-", self.first),
        }
    }
}

impl Serialize for AttemptRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AttemptRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RangeVisitor)
    }
}

const FORM: &str = "an attempt such as 2, or a range such as \"2-4\" or \"2-\"";

struct RangeVisitor;

impl Visitor<'_> for RangeVisitor {
    type Value = AttemptRange;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FORM)
    }

    fn visit_u64<E: Error>(self, attempt: u64) -> Result<AttemptRange, E> {
        Ok(AttemptRange::new(attempt..=attempt))
    }

    fn visit_i64<E: Error>(self, attempt: i64) -> Result<AttemptRange, E> {
        match u64::try_from(attempt) {
            Ok(attempt) => self.visit_u64(attempt),
            Err(_) => Err(E::custom("attempts are counted from 1")),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<AttemptRange, E> {
        AttemptRange::parse(text).ok_or_else(|| E::custom(format_args!("{text:?} is not {FORM}")))
    }
}

/// One range or a list of them.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<AttemptRange>, D::Error> {
    deserializer.deserialize_any(RangesVisitor)
}

struct RangesVisitor;

impl<'de> Visitor<'de> for RangesVisitor {
    type Value = Vec<AttemptRange>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FORM}, or a list of those")
    }

    fn visit_u64<E: Error>(self, attempt: u64) -> Result<Self::Value, E> {
        RangeVisitor.visit_u64(attempt).map(|range| vec![range])
    }

    fn visit_i64<E: Error>(self, attempt: i64) -> Result<Self::Value, E> {
        RangeVisitor.visit_i64(attempt).map(|range| vec![range])
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        RangeVisitor.visit_str(text).map(|range| vec![range])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut ranges = Vec::new();
        while let Some(range) = list.next_element()? {
            ranges.push(range);
        }
        Ok(ranges)
    }
}
