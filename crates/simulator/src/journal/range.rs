//! Which part of a journal is exported, and the entries within it.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::journal::entry::Entry;
use crate::journal::past::Past;
use crate::journal::ticks::ticks;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    /// In ticks, inclusive.
    from: i64,
    /// In ticks, inclusive.
    until: i64,
    at_most: Option<u64>,
}

impl Range {
    /// From the members `From` and `To`: `to` is 0 for no end, positive for an upper bound,
    /// negative for a number of entries.
    pub(crate) fn new(from: i64, to: i64) -> Self {
        Self {
            from,
            until: if to > 0 { to } else { i64::MAX },
            at_most: (to < 0).then(|| to.unsigned_abs()),
        }
    }
}

/// The entries of a journal within a range, as they were when the export began.
#[derive(Debug)]
pub(crate) struct Selection<E> {
    past: Past,
    earlier: RangeInclusive<u64>,
    kept: Vec<Arc<E>>,
    at_most: Option<u64>,
}

impl<E: Entry> Selection<E> {
    pub(crate) fn new(range: Range, past: &Past, entries: &[Arc<E>]) -> Self {
        let bounds = range.from..=range.until;
        let mut kept: Vec<Arc<E>> = entries
            .iter()
            .filter(|entry| bounds.contains(&ticks(entry.moment())))
            .cloned()
            .collect();
        // The clock may have been set back between two entries.
        kept.sort_by_key(|entry| entry.moment());
        Self {
            past: past.clone(),
            earlier: past.numbers_between(range.from, range.until),
            kept,
            at_most: range.at_most,
        }
    }

    /// In order of time; entries from before the start are made up as they are reached.
    pub(crate) fn entries(self: &Arc<Self>) -> impl Iterator<Item = Arc<E>> + Send + use<E> {
        let selection = Arc::clone(self);
        let mut earlier = E::EARLIER.map(|make| (make, self.earlier.clone()));
        let mut next_kept = 0;
        let merged = std::iter::from_fn(move || {
            let kept = selection.kept.get(next_kept);
            let older = earlier.as_mut().and_then(|(make, numbers)| {
                let moment = selection.past.moment(*numbers.start());
                let first = !numbers.is_empty() && kept.is_none_or(|kept| moment <= kept.moment());
                first.then(|| numbers.next().map(|number| make(&selection.past, number)))?
            });
            match older {
                Some(older) => Some(Arc::new(older)),
                None => {
                    next_kept += 1;
                    kept.cloned()
                }
            }
        });
        let at_most = self.at_most.map_or(usize::MAX, |count| {
            usize::try_from(count).unwrap_or(usize::MAX)
        });
        merged.take(at_most)
    }
}
