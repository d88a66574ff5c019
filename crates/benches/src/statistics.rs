//! Quantiles, and how candidates compare over rounds.

use std::time::Duration;

/// The quantile of some values by the nearest rank; zero of none.
///
/// `share` is 0.5 for the median, 0.99 for the 99th percentile.
#[must_use]
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a rank among a few thousand values"
    )]
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or_default()
}

/// The value in the middle.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The median of what two candidates give in the same round, compared.
#[must_use]
pub fn median_of_rounds(ours: &[f64], theirs: &[f64], compare: impl Fn(f64, f64) -> f64) -> f64 {
    let compared: Vec<f64> = ours
        .iter()
        .zip(theirs)
        .map(|(ours, theirs)| compare(*ours, *theirs))
        .collect();
    median(&compared)
}

/// A duration in microseconds.
#[must_use]
pub fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_of_the_sample() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(quantile(&hundred, 0.5), 50.0);
        assert_eq!(quantile(&hundred, 0.99), 99.0);
        assert_eq!(quantile(&hundred, 1.0), 100.0);
        assert_eq!(quantile(&hundred, 0.0), 1.0);
        assert_eq!(median(&[7.0]), 7.0);
        assert_eq!(median(&[]), 0.0);
    }

    #[test]
    fn a_slow_round_does_not_decide_a_comparison() {
        let (ours, theirs) = ([11.0, 930.0, 13.0], [10.0, 900.0, 12.0]);
        let more = median_of_rounds(&ours, &theirs, |ours, theirs| ours - theirs);
        assert_eq!(more, 1.0);
    }
}
