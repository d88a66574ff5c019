//! Where a day begins by the clock on a wall.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

/// No zone is further from UTC (the bound of [`chrono::FixedOffset`]), in seconds.
const FURTHEST: i64 = 24 * 60 * 60;

/// The first moment of `day` by the clocks of `zone`: midnight, the first one if clocks are set back over
/// it, or the moment they are set forward over it. A day that clocks leave out begins where the next one
/// does, and so is empty.
pub(super) fn begins<Z: TimeZone>(day: NaiveDate, zone: &Z) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // Far beyond the count of ticks, where the ends of chrono's own count are not far.
    if !(0..=10_000).contains(&day.year()) {
        return midnight.and_utc();
    }
    let reads = |moment: DateTime<Utc>| moment.with_timezone(zone).naive_local();
    let candidates = zone.from_local_datetime(&midnight);
    let candidates = candidates.map(|moment| moment.to_utc());
    // Zones may name the moment at which clocks were set back from midnight: they read 23:00 then.
    let first = [candidates.earliest(), candidates.latest()]
        .into_iter()
        .flatten()
        .filter(|moment| reads(*moment) == midnight)
        .min();
    first.unwrap_or_else(|| {
        // Clocks are set forward over it, at a full second.
        let after = |seconds| midnight.and_utc() + TimeDelta::seconds(seconds);
        let (mut before, mut at) = (-FURTHEST, FURTHEST);
        while at - before > 1 {
            let middle = before + (at - before) / 2;
            if reads(after(middle)) < midnight {
                before = middle;
            } else {
                at = middle;
            }
        }
        after(at)
    })
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, MappedLocalTime, NaiveDateTime, Offset};

    use super::*;

    /// A zone whose clocks are set once, at this moment.
    #[derive(Debug, Clone, Copy)]
    struct Zone {
        set_at: DateTime<Utc>,
        /// East of UTC, in seconds.
        before: i32,
        after: i32,
    }

    #[derive(Debug, Clone, Copy)]
    struct InZone(Zone, FixedOffset);

    impl Offset for InZone {
        fn fix(&self) -> FixedOffset {
            self.1
        }
    }

    impl Zone {
        fn offset(self, seconds: i32) -> InZone {
            InZone(self, FixedOffset::east_opt(seconds).unwrap())
        }
    }

    impl TimeZone for Zone {
        type Offset = InZone;

        fn from_offset(offset: &InZone) -> Self {
            offset.0
        }

        fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<InZone> {
            self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
        }

        /// As chrono's own `Local` does it: where clocks are set back, the moment itself is named twice.
        fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<InZone> {
            let at = |offset: i32| self.set_at.naive_utc() + TimeDelta::seconds(offset.into());
            let (left, met) = (at(self.before), at(self.after));
            let (before, after) = (self.offset(self.before), self.offset(self.after));
            if *local < left.min(met) {
                MappedLocalTime::Single(before)
            } else if met < left && *local <= left {
                MappedLocalTime::Ambiguous(before, after)
            } else if *local < met {
                MappedLocalTime::None
            } else {
                MappedLocalTime::Single(after)
            }
        }

        fn offset_from_utc_date(&self, utc: &NaiveDate) -> InZone {
            self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
        }

        fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> InZone {
            let is_before = *utc < self.set_at.naive_utc();
            self.offset(if is_before { self.before } else { self.after })
        }
    }

    fn zone(set_at: &str, before_hours: i32, after_hours: i32) -> Zone {
        Zone {
            set_at: set_at.parse().unwrap(),
            before: before_hours * 3600,
            after: after_hours * 3600,
        }
    }

    /// When the day begins, and how long it is in minutes.
    fn day(day: &str, zone: &impl TimeZone) -> (String, i64) {
        let day: NaiveDate = day.parse().unwrap();
        let start = begins(day, zone);
        let end = begins(day.succ_opt().unwrap(), zone);
        let start_of_day = start.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        (start_of_day, (end - start).num_minutes())
    }

    fn is(start: &str, hours: i64) -> (String, i64) {
        (start.to_owned(), hours * 60)
    }

    #[test]
    fn a_day_without_a_change_has_24_hours_from_midnight() {
        let india = FixedOffset::east_opt(5 * 3600 + 1800).unwrap();
        assert_eq!(day("2026-06-01", &india), is("2026-05-31T18:30:00Z", 24));
        let west = FixedOffset::west_opt(8 * 3600).unwrap();
        assert_eq!(day("2026-06-01", &west), is("2026-06-01T08:00:00Z", 24));
        assert_eq!(day("2026-06-01", &Utc), is("2026-06-01T00:00:00Z", 24));
    }

    #[test]
    fn a_day_has_23_or_25_hours_where_clocks_are_set_within_it() {
        // Vienna: 02:00 to 03:00 in spring, 03:00 to 02:00 in autumn.
        let spring = zone("2026-03-29T01:00:00Z", 1, 2);
        assert_eq!(day("2026-03-28", &spring), is("2026-03-27T23:00:00Z", 24));
        assert_eq!(day("2026-03-29", &spring), is("2026-03-28T23:00:00Z", 23));
        assert_eq!(day("2026-03-30", &spring), is("2026-03-29T22:00:00Z", 24));
        let autumn = zone("2026-10-25T01:00:00Z", 2, 1);
        assert_eq!(day("2026-10-25", &autumn), is("2026-10-24T22:00:00Z", 25));
        assert_eq!(day("2026-10-26", &autumn), is("2026-10-25T23:00:00Z", 24));
    }

    #[test]
    fn a_day_without_midnight_begins_when_clocks_are_set_forward_over_it() {
        // Beirut: midnight to 01:00.
        let beirut = zone("2026-03-28T22:00:00Z", 2, 3);
        assert_eq!(day("2026-03-28", &beirut), is("2026-03-27T22:00:00Z", 24));
        assert_eq!(day("2026-03-29", &beirut), is("2026-03-28T22:00:00Z", 23));
        // Toronto in 1919: 23:30 to 00:30. The half hour is the evening's.
        let toronto = zone("1919-03-31T04:30:00Z", -5, -4);
        assert_eq!(day("1919-03-30", &toronto).1, 23 * 60 + 30);
        assert_eq!(day("1919-03-31", &toronto).0, "1919-03-31T04:30:00Z");
        assert_eq!(day("1919-03-31", &toronto).1, 23 * 60 + 30);
    }

    #[test]
    fn a_midnight_that_clocks_are_set_back_from_or_over_is_found() {
        // Beirut: midnight to 23:00, which is still the day before.
        let beirut = zone("2026-10-24T21:00:00Z", 3, 2);
        assert_eq!(day("2026-10-24", &beirut), is("2026-10-23T21:00:00Z", 25));
        assert_eq!(day("2026-10-25", &beirut), is("2026-10-24T22:00:00Z", 24));
        // Havana: 01:00 to midnight, so that there are two.
        let havana = zone("2026-11-01T05:00:00Z", -4, -5);
        assert_eq!(day("2026-11-01", &havana), is("2026-11-01T04:00:00Z", 25));
    }

    #[test]
    fn a_day_that_clocks_leave_out_is_empty() {
        // Samoa, which changed sides of the date line.
        let apia = zone("2011-12-30T10:00:00Z", -10, 14);
        assert_eq!(day("2011-12-29", &apia), is("2011-12-29T10:00:00Z", 24));
        assert_eq!(day("2011-12-30", &apia), is("2011-12-30T10:00:00Z", 0));
        assert_eq!(day("2011-12-31", &apia), is("2011-12-30T10:00:00Z", 24));
    }

    #[test]
    fn days_beyond_the_count_of_ticks_have_a_beginning() {
        let furthest = FixedOffset::east_opt(24 * 3600 - 1).unwrap();
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            assert_eq!(begins(day, &furthest).date_naive(), day);
        }
    }
}
