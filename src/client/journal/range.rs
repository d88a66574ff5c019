//! Which journal, and which part of it.

use std::num::NonZeroU32;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use serde::Serialize;

use super::local_day;
use super::ticks::Ticks;
use crate::codes::JournalType;
use crate::error::{Error, ErrorKind, Result};
use crate::types::JournalRequest;

/// A part of a journal: everything, between two points in time, or a number of entries (API facts, section
/// 4.12).
///
/// On the wire both bounds are inclusive: the lower one by the facts, the upper one as far as it is known.
/// Were the upper one not, an export would lack its last 100 ns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[must_use]
pub struct JournalRange {
    #[serde(rename = "ftJournalType")]
    kind: JournalType,
    #[serde(rename = "From")]
    from: i64,
    /// 0 for no end, positive for the last tick, negative for a number of entries.
    #[serde(rename = "To")]
    to: i64,
}

impl JournalRange {
    /// The whole journal.
    pub fn all(kind: JournalType) -> Self {
        Self {
            kind,
            from: 0,
            to: 0,
        }
    }

    /// Entries at `from` and after it, and before `until`: two such parts with a bound in common neither
    /// overlap nor leave a tick out. With `until` at or before `from` the part is empty.
    ///
    /// The bound on the wire is the last tick before `until`, because the server takes bounds as inclusive.
    ///
    /// ```
    /// use chrono::{DateTime, FixedOffset};
    /// use pos_system_api::client::journal::JournalRange;
    /// use pos_system_api::codes::JournalType;
    ///
    /// // A night shift, as the till writes it.
    /// let from: DateTime<FixedOffset> = "2026-06-01T22:00:00+02:00".parse()?;
    /// let until: DateTime<FixedOffset> = "2026-06-02T06:00:00+02:00".parse()?;
    /// let night = JournalRange::between(JournalType::QUEUE_ITEM, from, until);
    /// # assert_eq!(
    /// #     night,
    /// #     JournalRange::all(JournalType::QUEUE_ITEM)
    /// #         .since("2026-06-01T20:00:00Z".parse()?)
    /// #         .until("2026-06-02T03:59:59.9999999Z".parse()?),
    /// # );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn between<From: TimeZone, Until: TimeZone>(
        kind: JournalType,
        from: DateTime<From>,
        until: DateTime<Until>,
    ) -> Self {
        let last = Ticks::last_before(until.to_utc());
        Self::all(kind).since(from.to_utc()).until_ticks(last)
    }

    /// One day in UTC: from its first tick to its last.
    pub fn day(kind: JournalType, day: NaiveDate) -> Self {
        Self::local_day(kind, day, &Utc)
    }

    /// One day by the clocks of a time zone: a [`chrono::FixedOffset`], `chrono::Local` for those of this
    /// computer (feature `clock` of `chrono`), a zone of `chrono-tz`.
    ///
    /// Where clocks are set, the day has 23 or 25 hours. It begins at midnight, the first one if clocks are
    /// set back over it, or where they are set forward over it, as from midnight to one. A day that clocks
    /// leave out is empty.
    ///
    /// ```
    /// use chrono::{Days, FixedOffset, Utc};
    /// use pos_system_api::client::journal::JournalRange;
    /// use pos_system_api::codes::JournalType;
    ///
    /// let zone = FixedOffset::east_opt(2 * 60 * 60).ok_or("a zone that is none")?;
    /// let today = Utc::now().with_timezone(&zone).date_naive();
    /// let yesterday = today.checked_sub_days(Days::new(1)).ok_or("the first day")?;
    /// let range = JournalRange::local_day(JournalType::QUEUE_ITEM, yesterday, &zone);
    /// # let _ = range;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn local_day<Zone: TimeZone>(kind: JournalType, day: NaiveDate, zone: &Zone) -> Self {
        let from = local_day::begins(day, zone);
        match day.succ_opt() {
            Some(next) => Self::between(kind, from, local_day::begins(next, zone)),
            None => Self::all(kind).since(from),
        }
    }

    /// The days from `first` to `last`, both included, each with its part: exports that can be taken again
    /// one by one. Their parts neither overlap nor leave a tick out. A day that is not over gives what there is of
    /// it so far.
    pub fn days(
        kind: JournalType,
        first: NaiveDate,
        last: NaiveDate,
    ) -> impl Iterator<Item = (NaiveDate, Self)> {
        Self::local_days(kind, first, last, Utc)
    }

    /// As [`days`](Self::days), by the clocks of a time zone: see [`local_day`](Self::local_day).
    pub fn local_days<Zone: TimeZone>(
        kind: JournalType,
        first: NaiveDate,
        last: NaiveDate,
        zone: Zone,
    ) -> impl Iterator<Item = (NaiveDate, Self)> {
        first
            .iter_days()
            .take_while(move |day| *day <= last)
            .map(move |day| (day, Self::local_day(kind, day, &zone)))
    }

    /// Entries at this moment and after it. Default: from the beginning.
    pub fn since(self, moment: DateTime<Utc>) -> Self {
        self.since_ticks(Ticks::at_or_after(moment))
    }

    /// Entries at this moment and before it, in the place of a number of entries. Default: no end.
    pub fn until(self, moment: DateTime<Utc>) -> Self {
        self.until_ticks(Ticks::at_or_before(moment))
    }

    /// As [`since`](Self::since), in ticks as they stand in the entries' `TimeStamp`.
    pub fn since_ticks(mut self, ticks: Ticks) -> Self {
        self.from = ticks.value();
        self
    }

    /// As [`until`](Self::until), in ticks.
    pub fn until_ticks(mut self, ticks: Ticks) -> Self {
        // 0 would say "no end"; nothing lies between the first two ticks of the year 1.
        self.to = ticks.value().max(1);
        self
    }

    /// This many entries from the lower bound on, in the place of an upper bound.
    pub fn take(mut self, entries: NonZeroU32) -> Self {
        self.to = -i64::from(entries.get());
        self
    }
}

/// What [`Client::journal`](crate::Client::journal) sends: a [`JournalRange`], a [`JournalType`] for the
/// whole journal, or a [`JournalRequest`] put together by the caller.
#[derive(Debug)]
pub struct JournalBody(Result<Bytes>);

impl JournalBody {
    pub(super) fn into_bytes(self) -> Result<Bytes> {
        self.0
    }

    fn of<T: Serialize>(request: &T) -> Self {
        let bytes = serde_json::to_vec(request).map_err(|source| {
            Error::new(ErrorKind::Invalid, "The export cannot be asked for").with_source(source)
        });
        Self(bytes.map(Bytes::from))
    }
}

impl From<JournalRange> for JournalBody {
    fn from(range: JournalRange) -> Self {
        Self::of(&range)
    }
}

impl From<JournalType> for JournalBody {
    fn from(kind: JournalType) -> Self {
        Self::from(JournalRange::all(kind))
    }
}

impl From<JournalRequest> for JournalBody {
    fn from(request: JournalRequest) -> Self {
        Self::of(&request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn written(range: JournalRange) -> String {
        serde_json::to_string(&range).unwrap()
    }

    #[test]
    fn ranges_stand_on_the_wire_as_the_api_has_them() {
        let kind = JournalType::QUEUE_ITEM;
        assert_eq!(
            written(JournalRange::all(kind)),
            r#"{"ftJournalType":3,"From":0,"To":0}"#
        );
        assert_eq!(
            written(JournalRange::day(kind, day("2026-03-14"))),
            r#"{"ftJournalType":3,"From":639090432000000000,"To":639091295999999999}"#
        );
        let ten = NonZeroU32::new(10).unwrap();
        assert_eq!(
            written(JournalRange::all(kind).take(ten)),
            r#"{"ftJournalType":3,"From":0,"To":-10}"#
        );
        let most = JournalRange::all(kind).take(NonZeroU32::MAX);
        assert_eq!(most.to, -4_294_967_295);
    }

    #[test]
    fn what_lies_between_two_moments_ends_before_the_second() {
        let kind = JournalType::QUEUE_ITEM;
        let moment = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
        let day = JournalRange::day(kind, day("2026-03-14"));
        let (from, until) = ("2026-03-14T02:00:00+02:00", "2026-03-14T19:00:00-05:00");
        assert_eq!(
            JournalRange::between(kind, moment(from), moment(until)),
            day
        );
        // Between two ticks: the one before is before it, the one after is not.
        let until = "2026-03-15T00:00:00.00000005Z";
        let longer = JournalRange::between(kind, moment(from), moment(until));
        assert_eq!((longer.from, longer.to), (day.from, day.to + 1));
        // Nothing lies between a moment and itself or an earlier one.
        for until in [from, "2026-03-13T00:00:00Z"] {
            let empty = JournalRange::between(kind, moment(from), moment(until));
            assert!(0 < empty.to && empty.to < empty.from, "{empty:?}");
        }
        let first = DateTime::<Utc>::MIN_UTC;
        let empty = JournalRange::between(kind, first, first);
        assert_eq!((empty.from, empty.to), (0, 1));
        let all = JournalRange::between(kind, first, DateTime::<Utc>::MAX_UTC);
        assert_eq!((all.from, all.to), (0, Ticks::MAX.value()));
    }

    #[test]
    fn an_upper_bound_is_never_taken_for_none() {
        let kind = JournalType::QUEUE_ITEM;
        assert_eq!(JournalRange::all(kind).until_ticks(Ticks::MIN).to, 1);
        assert_eq!(
            JournalRange::all(kind).until(DateTime::<Utc>::MIN_UTC).to,
            1
        );
    }

    #[test]
    fn days_follow_on_each_other_without_gap_or_overlap() {
        let kind = JournalType::QUEUE_ITEM;
        let days: Vec<_> = JournalRange::days(kind, day("2024-02-28"), day("2024-03-01")).collect();
        assert_eq!(days.len(), 3);
        for pair in days.windows(2) {
            assert_eq!(pair[0].1.to + 1, pair[1].1.from);
        }
        assert_eq!(days[1].0, day("2024-02-29"));
        assert!(
            JournalRange::days(kind, day("2024-03-01"), day("2024-02-28"))
                .next()
                .is_none()
        );
    }

    #[test]
    fn the_last_day_of_the_count_ends_with_its_last_tick() {
        let kind = JournalType::QUEUE_ITEM;
        assert_eq!(
            JournalRange::day(kind, day("9999-12-31")).to,
            Ticks::MAX.value()
        );
        assert_eq!(JournalRange::day(kind, day("0001-01-01")).from, 0);
    }
}
