//! When an operation is sent again.

use std::time::Duration;

/// How often and how patiently an operation is sent again, always under the same id with the same
/// bytes.
///
/// Attempts are limited by time, not by number: only an answer ends an operation. What counts as an
/// answer is decided by the rules in [`Outcome`](crate::Outcome).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// The first wait after a failed attempt; each further one is twice as long. Default 250 ms.
    pub first_wait: Duration,
    /// The longest wait between attempts. Default 10 s.
    pub longest_wait: Duration,
    /// The first wait while the server says the operation is still running, growing to
    /// [`longest_poll`](Self::longest_poll). Default 500 ms.
    pub first_poll: Duration,
    /// The longest wait while the operation is still running. Default 2 s.
    pub longest_poll: Duration,
    /// The most a server can ask for with `Retry-After`. Default 60 s.
    pub longest_retry_after: Duration,
    /// How often an operation is resent after status 500 before the server is asked what it has recorded
    /// about it. One that was parked is asked about after the first already. Default 5.
    pub server_fault_resends: u32,
    /// How often an operation is resent after an answer that cannot be read. Default 3.
    pub unreadable_resends: u32,
    /// How often an operation is resent after the server's certificate was refused, or its TLS does not
    /// fit. Default 2.
    pub tls_resends: u32,
    /// How often a [`CredentialsProvider`](crate::client::CredentialsProvider) that has no token is asked
    /// again. Default 3.
    pub credentials_resends: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(10),
            first_poll: Duration::from_millis(500),
            longest_poll: Duration::from_secs(2),
            longest_retry_after: Duration::from_secs(60),
            server_fault_resends: 5,
            unreadable_resends: 3,
            tls_resends: 2,
            credentials_resends: 3,
        }
    }
}

/// Why an attempt is followed by another, and so how long to wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// At once if it is the first failure: the server holds the answer or knows nothing.
    AtOnceThenBackoff,
    /// Exponential backoff.
    Backoff,
    /// The server is still working on it.
    Poll,
}

impl RetryPolicy {
    /// The wait before the next attempt, after `failures` failed ones (1 or more).
    ///
    /// `fraction`, from 0 to 1, spreads tills that failed together: a backoff lies between half and
    /// the whole of its length, a poll within a fifth around it. Never zero by chance: a hint of the
    /// server's is a lower bound.
    pub(crate) fn wait(
        &self,
        pace: Pace,
        failures: u32,
        fraction: f64,
        retry_after: Option<Duration>,
    ) -> Duration {
        let doubled = |first: Duration, longest: Duration| {
            let factor = 2_u32.saturating_pow(failures.saturating_sub(1));
            first.saturating_mul(factor).min(longest)
        };
        let own = match pace {
            Pace::AtOnceThenBackoff if failures <= 1 => Duration::ZERO,
            Pace::AtOnceThenBackoff | Pace::Backoff => {
                spread(doubled(self.first_wait, self.longest_wait), fraction)
            }
            Pace::Poll => scaled(
                doubled(self.first_poll, self.longest_poll),
                0.8 + share(fraction) * 0.4,
            )
            .min(self.longest_poll),
        };
        let asked = retry_after.unwrap_or_default();
        own.max(asked.min(self.longest_retry_after))
    }
}

/// Between half and the whole of `duration`.
pub(super) fn spread(duration: Duration, fraction: f64) -> Duration {
    scaled(duration, 0.5 + share(fraction) / 2.0).min(duration)
}

/// A fraction from 0 to 1, whatever a source of chance gives.
fn share(fraction: f64) -> f64 {
    if fraction.is_finite() {
        fraction.clamp(0.0, 1.0)
    } else {
        1.0
    }
}

/// `duration` times `factor`, as long as durations go.
fn scaled(duration: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(duration.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn backoff_doubles_to_its_limit_and_polls_grow_to_theirs() {
        let policy = RetryPolicy::default();
        let at = |pace, failures| policy.wait(pace, failures, 1.0, None).as_millis();
        assert_eq!(
            [1, 2, 3, 6, 7, 99].map(|n| at(Pace::Backoff, n)),
            [250, 500, 1000, 8000, 10_000, 10_000]
        );
        assert_eq!([1, 2].map(|n| at(Pace::AtOnceThenBackoff, n)), [0, 500]);
        assert_eq!(
            [1, 2, 3, 4].map(|n| at(Pace::Poll, n)),
            [600, 1200, 2000, 2000]
        );
    }

    #[test]
    fn the_server_can_ask_for_more_but_not_for_hours() {
        let policy = RetryPolicy::default();
        let wait = |seconds| policy.wait(Pace::Backoff, 1, 0.0, Some(Duration::from_secs(seconds)));
        assert_eq!(wait(3), Duration::from_secs(3));
        assert_eq!(wait(3600), Duration::from_secs(60));
        assert_eq!(wait(0), Duration::from_millis(125));
    }

    #[test]
    fn a_wait_lies_as_far_up_as_the_fraction_says() {
        let policy = RetryPolicy::default();
        let at = |pace, fraction| policy.wait(pace, 1, fraction, None).as_micros();
        let backoffs = [0.0, 0.5, 1.0].map(|fraction| at(Pace::Backoff, fraction));
        assert_eq!(backoffs, [125_000, 187_500, 250_000]);
        let polls = [0.0, 0.5, 1.0].map(|fraction| at(Pace::Poll, fraction));
        assert_eq!(polls, [400_000, 500_000, 600_000]);
        // A source of chance that gives none of its fractions.
        for fraction in [f64::NAN, f64::INFINITY, 7.0] {
            assert_eq!(at(Pace::Backoff, fraction), 250_000);
        }
        assert_eq!(at(Pace::Backoff, -7.0), 125_000);
    }

    proptest! {
        #[test]
        fn no_policy_and_no_fraction_panics(
            first in any::<Duration>(), longest in any::<Duration>(),
            failures in any::<u32>(), fraction in any::<f64>(), hint in any::<Option<Duration>>(),
        ) {
            let policy = RetryPolicy {
                first_wait: first,
                longest_wait: longest,
                first_poll: first,
                longest_poll: longest,
                ..RetryPolicy::default()
            };
            for pace in [Pace::AtOnceThenBackoff, Pace::Backoff, Pace::Poll] {
                let wait = policy.wait(pace, failures, fraction, hint);
                prop_assert!(wait <= longest.max(policy.longest_retry_after));
            }
        }

        #[test]
        fn a_backoff_stays_between_its_floor_and_its_limit(failures in 1_u32.., fraction in 0.0..1.0) {
            let policy = RetryPolicy::default();
            let wait = policy.wait(Pace::Backoff, failures, fraction, None);
            prop_assert!(wait >= policy.first_wait / 2);
            prop_assert!(wait <= policy.longest_wait);
        }
    }
}
