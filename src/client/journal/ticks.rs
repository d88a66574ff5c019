//! The service's count of time.

use std::fmt;

use chrono::{DateTime, Utc};

/// Ticks in a second.
const PER_SECOND: i64 = 10_000_000;

/// Nanoseconds in a tick.
const NANOSECONDS: u32 = 100;

/// The tick of 1970-01-01T00:00:00Z.
const UNIX_EPOCH: i64 = 621_355_968_000_000_000;

/// A point in time in ticks of .NET: units of 100 ns since 0001-01-01T00:00:00Z, up to the end of the year
/// 9999 (API facts, section 4.12). Every tick is a point in time of [`chrono`] and comes back as it was.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use pos_system_api::client::journal::Ticks;
///
/// let moment: DateTime<Utc> = "2026-03-14T00:00:00Z".parse()?;
/// let ticks = Ticks::try_from(moment)?;
/// assert_eq!(ticks.value(), 639_090_432_000_000_000);
/// assert_eq!(DateTime::<Utc>::from(ticks), moment);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticks(i64);

/// Why there are no ticks for a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TicksError {
    /// It lies before the year 1 or after the year 9999.
    OutOfRange,
    /// It lies between two ticks, or within a leap second.
    BetweenTicks,
}

impl fmt::Display for TicksError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutOfRange => "ticks count from the year 1 to the year 9999",
            Self::BetweenTicks => "the moment lies between two ticks of 100 ns",
        })
    }
}

impl std::error::Error for TicksError {}

impl Ticks {
    /// 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// 9999-12-31T23:59:59.9999999Z.
    pub const MAX: Self = Self(3_155_378_975_999_999_999);

    /// This many ticks; `None` below 0 and beyond the year 9999.
    #[must_use]
    pub const fn new(value: i64) -> Option<Self> {
        if value < Self::MIN.0 || value > Self::MAX.0 {
            return None;
        }
        Some(Self(value))
    }

    /// The number of ticks.
    #[must_use]
    pub const fn value(self) -> i64 {
        self.0
    }

    /// The last tick that is not after `moment`; [`MIN`](Self::MIN) and [`MAX`](Self::MAX) beyond their
    /// ends.
    #[must_use]
    pub fn at_or_before(moment: DateTime<Utc>) -> Self {
        let (whole, _) = counted(moment);
        Self::clamped(whole)
    }

    /// The first tick that is not before `moment`; [`MIN`](Self::MIN) and [`MAX`](Self::MAX) beyond their
    /// ends.
    #[must_use]
    pub fn at_or_after(moment: DateTime<Utc>) -> Self {
        let (whole, is_exact) = counted(moment);
        Self::clamped(if is_exact { whole } else { whole + 1 })
    }

    /// The last tick before `moment`; [`MIN`](Self::MIN) and [`MAX`](Self::MAX) beyond their ends.
    pub(super) fn last_before(moment: DateTime<Utc>) -> Self {
        let (whole, is_exact) = counted(moment);
        Self::clamped(if is_exact { whole - 1 } else { whole })
    }

    fn clamped(value: i128) -> Self {
        let value = value.clamp(i128::from(Self::MIN.0), i128::from(Self::MAX.0));
        Self(i64::try_from(value).unwrap_or(Self::MAX.0))
    }
}

/// The whole ticks up to a moment, and whether nothing is left over. A leap second is counted as the last
/// tick of the second before it, which has no name of its own.
fn counted(moment: DateTime<Utc>) -> (i128, bool) {
    let nanoseconds = moment.timestamp_subsec_nanos();
    let (ticks, is_exact) = match nanoseconds {
        0..=999_999_999 => (
            nanoseconds / NANOSECONDS,
            nanoseconds.is_multiple_of(NANOSECONDS),
        ),
        _ => (9_999_999, false),
    };
    let whole = i128::from(moment.timestamp()) * i128::from(PER_SECOND) + i128::from(ticks);
    (whole + i128::from(UNIX_EPOCH), is_exact)
}

impl TryFrom<DateTime<Utc>> for Ticks {
    type Error = TicksError;

    /// # Errors
    /// For a moment that is no whole number of ticks, or out of their range: nothing is rounded.
    fn try_from(moment: DateTime<Utc>) -> Result<Self, TicksError> {
        let (whole, is_exact) = counted(moment);
        let ticks = i64::try_from(whole).ok().and_then(Self::new);
        match (ticks, is_exact) {
            (None, _) => Err(TicksError::OutOfRange),
            (_, false) => Err(TicksError::BetweenTicks),
            (Some(ticks), true) => Ok(ticks),
        }
    }
}

impl From<Ticks> for DateTime<Utc> {
    fn from(ticks: Ticks) -> Self {
        let since = ticks.0 - UNIX_EPOCH;
        let nanoseconds = since.rem_euclid(PER_SECOND) * i64::from(NANOSECONDS);
        let nanoseconds = u32::try_from(nanoseconds).unwrap_or(0);
        // The years 1 to 9999 are within what chrono holds.
        Self::from_timestamp(since.div_euclid(PER_SECOND), nanoseconds).unwrap_or(Self::MIN_UTC)
    }
}

impl fmt::Display for Ticks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_known_points_in_time_have_their_ticks() {
        for (text, ticks) in [
            ("0001-01-01T00:00:00Z", 0),
            ("0001-01-01T00:00:00.0000001Z", 1),
            ("1969-12-31T23:59:59.9999999Z", UNIX_EPOCH - 1),
            ("1970-01-01T00:00:00Z", UNIX_EPOCH),
            ("2000-02-29T12:00:00Z", 630_874_224_000_000_000),
            ("2026-03-14T00:00:00Z", 639_090_432_000_000_000),
            ("2026-03-15T00:00:00Z", 639_091_296_000_000_000),
            ("9999-12-31T23:59:59.9999999Z", Ticks::MAX.0),
        ] {
            let at = moment(text);
            assert_eq!(Ticks::try_from(at).map(Ticks::value), Ok(ticks), "{text}");
            assert_eq!(DateTime::<Utc>::from(Ticks(ticks)), at, "{text}");
        }
    }

    #[test]
    fn nothing_is_rounded_unless_it_is_said_which_way() {
        let between = moment("2026-03-14T00:00:00.00000015Z");
        assert_eq!(Ticks::try_from(between), Err(TicksError::BetweenTicks));
        let before = 639_090_432_000_000_001;
        assert_eq!(Ticks::at_or_before(between).value(), before);
        assert_eq!(Ticks::at_or_after(between).value(), before + 1);
        // Before 1970 too, where a careless division rounds towards 1970.
        let between = moment("1969-12-31T23:59:59.99999985Z");
        assert_eq!(Ticks::at_or_before(between).value(), UNIX_EPOCH - 2);
        assert_eq!(Ticks::at_or_after(between).value(), UNIX_EPOCH - 1);
    }

    #[test]
    fn the_ends_of_the_count_hold() {
        assert_eq!(Ticks::new(-1), None);
        assert_eq!(Ticks::new(Ticks::MAX.0 + 1), None);
        for beyond in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            assert_eq!(Ticks::try_from(beyond), Err(TicksError::OutOfRange));
        }
        assert_eq!(Ticks::at_or_after(DateTime::<Utc>::MIN_UTC), Ticks::MIN);
        assert_eq!(Ticks::at_or_before(DateTime::<Utc>::MAX_UTC), Ticks::MAX);
        // The last 99 ns of the year 9999 are after the last tick.
        let last = moment("9999-12-31T23:59:59.99999999Z");
        assert_eq!(Ticks::at_or_after(last), Ticks::MAX);
    }

    #[test]
    fn a_leap_second_is_in_no_tick() {
        let leap = moment("2016-12-31T23:59:60.5Z");
        assert_eq!(Ticks::try_from(leap), Err(TicksError::BetweenTicks));
        let next = Ticks::try_from(moment("2017-01-01T00:00:00Z")).unwrap();
        assert_eq!(Ticks::at_or_before(leap).value(), next.value() - 1);
        assert_eq!(Ticks::at_or_after(leap), next);
    }

    proptest! {
        #[test]
        fn every_tick_comes_back(value in 0..=Ticks::MAX.0) {
            let ticks = Ticks(value);
            let moment = DateTime::<Utc>::from(ticks);
            prop_assert_eq!(Ticks::try_from(moment), Ok(ticks));
            prop_assert_eq!(Ticks::at_or_before(moment), ticks);
            prop_assert_eq!(Ticks::at_or_after(moment), ticks);
        }
    }
}
