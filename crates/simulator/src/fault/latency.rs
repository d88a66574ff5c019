//! How long something takes, as a distribution.

use std::f64::consts::TAU;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::chance::Chance;
use super::milliseconds;

/// A span of time on the simulator's clock, drawn anew for each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Latency {
    /// Always the same.
    Fixed {
        /// The span.
        #[serde(rename = "ms", with = "milliseconds")]
        span: Duration,
    },
    /// Every span between two is equally likely.
    Uniform {
        /// The shortest span.
        #[serde(rename = "from_ms", with = "milliseconds")]
        from: Duration,
        /// The longest span, not shorter than `from`.
        #[serde(rename = "to_ms", with = "milliseconds")]
        to: Duration,
    },
    /// Mostly short, sometimes long.
    Exponential {
        /// The mean before the cap.
        #[serde(rename = "mean_ms", with = "milliseconds")]
        mean: Duration,
        /// Nothing takes longer than this.
        #[serde(rename = "cap_ms", with = "milliseconds")]
        cap: Duration,
    },
    /// Around a typical span with a long tail, as networks have it.
    LogNormal {
        /// Half of the spans are shorter.
        #[serde(rename = "median_ms", with = "milliseconds")]
        median: Duration,
        /// One span in a hundred is longer, before the cap; not shorter than the median.
        #[serde(rename = "p99_ms", with = "milliseconds")]
        p99: Duration,
        /// Nothing takes longer than this.
        #[serde(rename = "cap_ms", with = "milliseconds")]
        cap: Duration,
    },
}

/// The 99th percentile of the standard normal distribution.
const NORMAL_P99: f64 = 2.326_347_874_040_841;

impl Latency {
    /// The member that makes no sense, and why.
    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        match self {
            Self::Uniform { from, to } if to < from => {
                Err(("uniform.to_ms", "is less than from_ms".to_owned()))
            }
            Self::LogNormal { median, p99, .. } if p99 < median => {
                Err(("log_normal.p99_ms", "is less than median_ms".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// In whole milliseconds, so that no two machines differ in the last digits.
    pub(super) fn draw(&self, chance: &Chance<'_>) -> Duration {
        let draw = chance.draw("latency");
        match *self {
            Self::Fixed { span } => span,
            Self::Uniform { from, to } => {
                let room = milliseconds_of(to.saturating_sub(from));
                from.saturating_add(span_of(room * draw))
            }
            Self::Exponential { mean, cap } => {
                span_of(milliseconds_of(mean) * -(1.0 - draw).ln()).min(cap)
            }
            Self::LogNormal { median, p99, cap } => {
                if median.is_zero() {
                    return Duration::ZERO;
                }
                let sigma = (milliseconds_of(p99) / milliseconds_of(median)).ln() / NORMAL_P99;
                // Box and Muller's way to a normal draw from two even ones.
                let radius = (-2.0 * (1.0 - draw).ln()).sqrt();
                let normal = radius * (TAU * chance.draw("second latency")).cos();
                span_of(milliseconds_of(median) * (sigma.max(0.0) * normal).exp()).min(cap)
            }
        }
    }
}

fn milliseconds_of(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

/// A number that is no span counts as the longest one.
fn span_of(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds.round() / 1000.0).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::chance::Caller;
    use super::*;

    fn drawn(latency: Latency) -> Vec<Duration> {
        let caller = Caller::Path("/".to_owned());
        let mut spans: Vec<Duration> = (1..=10_000)
            .map(|attempt| {
                latency.draw(&Chance {
                    seed: 5,
                    rule: 0,
                    caller: &caller,
                    attempt,
                })
            })
            .collect();
        spans.sort();
        spans
    }

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn about(span: Duration, expected: u64) {
        let span = span.as_millis() as f64;
        let expected = expected as f64;
        assert!((span / expected - 1.0).abs() < 0.1, "{span} for {expected}");
    }

    #[test]
    fn spans_are_distributed_as_told() {
        assert_eq!(drawn(Latency::Fixed { span: ms(70) })[9_999], ms(70));

        let uniform = drawn(Latency::Uniform {
            from: ms(100),
            to: ms(300),
        });
        assert!(uniform[0] >= ms(100) && uniform[9_999] <= ms(300));
        about(uniform[5_000], 200);
        about(uniform[9_900], 298);

        let exponential = drawn(Latency::Exponential {
            mean: ms(1_000),
            cap: ms(3_000),
        });
        about(exponential[5_000], 693);
        assert_eq!(exponential[9_900], ms(3_000));

        let log_normal = drawn(Latency::LogNormal {
            median: ms(1_000),
            p99: ms(8_000),
            cap: ms(60_000),
        });
        about(log_normal[5_000], 1_000);
        about(log_normal[9_900], 8_000);
        assert!(log_normal[9_999] <= ms(60_000));
    }

    #[test]
    fn extreme_spans_do_no_harm() {
        let (longest, nothing) = (Duration::from_millis(u64::MAX), Duration::ZERO);
        for (from, to) in [(longest, nothing), (nothing, longest), (nothing, nothing)] {
            drawn(Latency::Uniform { from, to });
            drawn(Latency::Exponential {
                mean: from,
                cap: to,
            });
            drawn(Latency::LogNormal {
                median: from,
                p99: to,
                cap: longest,
            });
        }
    }
}
