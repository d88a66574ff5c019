//! Ticks: steps of 100 ns since the start of the year 1 in UTC.

use chrono::{DateTime, Utc};

const TICKS_PER_SECOND: i64 = 10_000_000;
const UNIX_EPOCH: i64 = 621_355_968_000_000_000;

/// Moments beyond the range of ticks become the first or the last.
pub(crate) fn ticks(moment: DateTime<Utc>) -> i64 {
    // A leap second has more than 10⁹ ns; it must not reach into the next second.
    let part = (i64::from(moment.timestamp_subsec_nanos()) / 100).min(TICKS_PER_SECOND - 1);
    let since_1970 = i128::from(moment.timestamp()) * i128::from(TICKS_PER_SECOND);
    let ticks = since_1970 + i128::from(UNIX_EPOCH) + i128::from(part);
    ticks.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

pub(crate) fn moment(ticks: i64) -> DateTime<Utc> {
    let since_1970 = i128::from(ticks) - i128::from(UNIX_EPOCH);
    let nanos = (since_1970.rem_euclid(i128::from(TICKS_PER_SECOND)) * 100) as u32;
    let seconds = since_1970.div_euclid(i128::from(TICKS_PER_SECOND)) as i64;
    // The whole range of 64-bit ticks lies within the range of `DateTime`.
    DateTime::from_timestamp(seconds, nanos).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_moments_convert_into_each_other() {
        let ten_past: DateTime<Utc> = "2026-06-01T10:15:31.1234567Z".parse().unwrap();
        assert_eq!(ticks(ten_past), 639_159_057_311_234_567);
        assert_eq!(moment(639_159_057_311_234_567), ten_past);
        assert_eq!(
            moment(0),
            "0001-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
        for extreme in [i64::MIN, -1, 1, i64::MAX] {
            assert_eq!(ticks(moment(extreme)), extreme);
        }
        assert_eq!(ticks(DateTime::<Utc>::MAX_UTC), i64::MAX);
        assert_eq!(ticks(DateTime::<Utc>::MIN_UTC), i64::MIN);
    }
}
