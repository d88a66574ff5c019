//! How often and when a delivery is tried again.

use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// How often and when a delivery is tried again.
///
/// The waits double from the first to the longest one, each shortened at random by up to a half, so that
/// many tills do not come back at once. The defaults try for about two minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryPolicy {
    /// How many attempts are made. Default 8; 0 counts as 1.
    pub attempts: u32,
    /// The wait after the first attempt. Default 1 s.
    pub first_wait: Duration,
    /// The longest wait, one that the receiver asks for by `Retry-After` included. Default 60 s.
    pub longest_wait: Duration,
    /// How long one attempt may take. Default 10 s.
    pub attempt_timeout: Duration,
}

impl Default for DeliveryPolicy {
    fn default() -> Self {
        Self {
            attempts: 8,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
            attempt_timeout: Duration::from_secs(10),
        }
    }
}

impl DeliveryPolicy {
    /// The wait after this many failed attempts (1 or more), with a random fraction from 0 to 1.
    pub(crate) fn wait(
        &self,
        failed: u32,
        fraction: f64,
        retry_after: Option<Duration>,
    ) -> Duration {
        let doubled = 1_u32.checked_shl(failed.saturating_sub(1));
        let full = doubled
            .and_then(|times| self.first_wait.checked_mul(times))
            .unwrap_or(self.longest_wait)
            .min(self.longest_wait);
        let half = full / 2;
        let own = half + half.mul_f64(fraction.clamp(0.0, 1.0));
        own.max(retry_after.unwrap_or_default())
            .min(self.longest_wait)
    }
}

/// The wait that a receiver asks for, in seconds or as a date. That is by its own clock: the sender's may be
/// wrong by years.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let asked = text(RETRY_AFTER)?;
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than a number holds is still a wish to wait.
        return Some(Duration::from_secs(asked.parse().unwrap_or(u64::MAX)));
    }
    let then = httpdate::parse_http_date(asked).ok()?;
    let now = httpdate::parse_http_date(text(DATE)?).ok()?;
    then.duration_since(now).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_keep_a_half() {
        let policy = DeliveryPolicy::default();
        let seconds = |failed, fraction| policy.wait(failed, fraction, None).as_secs_f64();
        let full: Vec<f64> = (1..=8).map(|failed| seconds(failed, 1.0)).collect();
        assert_eq!(full, [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
        assert_eq!(seconds(1, 0.0), 0.5);
        assert_eq!(seconds(u32::MAX, 1.0), 60.0);
    }

    #[test]
    fn the_receiver_may_ask_for_more_but_not_for_any_length() {
        let policy = DeliveryPolicy::default();
        let asked = |seconds| policy.wait(1, 1.0, Some(Duration::from_secs(seconds)));
        assert_eq!(asked(0), Duration::from_secs(1));
        assert_eq!(asked(7), Duration::from_secs(7));
        assert_eq!(asked(86_400), Duration::from_secs(60));
    }
}
