//! The dummy provider of the sandbox: special amounts have special ends.

use std::time::Duration;

use rust_decimal::Decimal;

use crate::wire::problem::Failure;

/// What the guest adds on top of a payment of 30000.50.
const TIP: Decimal = hundredths(500);

/// What is approved of 30000.90.
const PART: Decimal = hundredths(1_500_050);

const fn hundredths(count: u32) -> Decimal {
    Decimal::from_parts(count, 0, 0, false, 2)
}

/// How the terminal ends a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Approved { amount: Decimal, tip: Decimal },
    Declined,
    TimedOut,
    CancelledByUser,
}

impl Ending {
    /// The end of a payment of this amount.
    pub(crate) fn of(amount: Decimal) -> Self {
        match special(amount) {
            Some(10) => Self::Declined,
            Some(20) => Self::TimedOut,
            Some(40) => Self::CancelledByUser,
            Some(50) => Self::Approved { amount, tip: TIP },
            Some(90) => Self::Approved {
                amount: PART,
                tip: Decimal::ZERO,
            },
            _ => Self::Approved {
                amount,
                tip: Decimal::ZERO,
            },
        }
    }

    /// The amount and the tip on top of it.
    pub(crate) fn approved(self) -> Result<(Decimal, Decimal), Failure> {
        let (title, detail) = match self {
            Self::Approved { amount, tip } => return Ok((amount, tip)),
            Self::Declined => ("Payment declined", "The terminal declined the payment."),
            Self::TimedOut => ("Payment timed out", "Nobody paid at the terminal in time."),
            Self::CancelledByUser => ("Payment cancelled", "The guest cancelled the payment."),
        };
        Err(failure(title, detail))
    }
}

/// No source says with which status a payment fails. It is not one that asks for a repeat,
/// because the failure is stored.
pub(crate) fn failure(title: &'static str, detail: &'static str) -> Failure {
    Failure::new(400, title, detail)
}

/// How long the guest takes. An end without a payment takes no time.
pub(crate) fn duration(amount: Decimal) -> Duration {
    let minutes = match special(amount) {
        Some(60) => 1,
        Some(70) => 3,
        Some(80) => 6,
        _ => 0,
    };
    Duration::from_secs(minutes * 60)
}

/// The hundredths of a special amount: `x` of 30000.x0.
fn special(amount: Decimal) -> Option<u32> {
    [10, 20, 40, 50, 60, 70, 80, 90]
        .into_iter()
        .find(|rest| amount == hundredths(3_000_000 + rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_special_whatever_their_digits() {
        for text in ["30000.1", "30000.10", "30000.1000"] {
            assert_eq!(Ending::of(text.parse().unwrap()), Ending::Declined);
        }
        for text in ["30000.01", "30000.101", "-30000.10", "3000010", "30000.30"] {
            let amount = text.parse().unwrap();
            let tip = Decimal::ZERO;
            assert_eq!(Ending::of(amount), Ending::Approved { amount, tip });
        }
    }
}
