//! Amounts on a receipt: exact decimals, from the text of the JSON.

use rust_decimal::{Decimal, RoundingStrategy};

use super::fields::Fields;
use crate::number::decimal;

/// By how many digits numbers are scaled up: `DecimalPrecisionMultiplier` as a power of ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scaling {
    digits: u32,
}

impl Scaling {
    pub(super) const NONE: Self = Self { digits: 0 };

    /// `None` where there is no multiplier.
    pub(super) fn of(fields: &Fields<'_>) -> Option<Self> {
        let digits = match fields.get("DecimalPrecisionMultiplier")?.get() {
            "1" => 0,
            "100" => 2,
            "10000" => 4,
            "1000000" => 6,
            "100000000" => 8,
            _ => return None,
        };
        Some(Self { digits })
    }

    /// The number of a member in units; `None` when it is missing or no number of 28 digits.
    pub(super) fn amount(self, fields: &Fields<'_>, name: &str) -> Option<Decimal> {
        let mut amount = decimal(fields.get(name)?.get())?.normalize();
        // Moving the point loses no digit, as a division may.
        amount.set_scale(amount.scale() + self.digits).ok()?;
        Some(amount)
    }
}

/// All digits, and at least two of the fraction.
pub(super) fn money(amount: Decimal) -> String {
    let amount = amount.normalize();
    if amount.scale() < 2 {
        format!("{amount:.2}")
    } else {
        amount.to_string()
    }
}

/// Rounded to two fraction digits, halves away from zero.
pub(super) fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(json: &str) -> Option<String> {
        let fields = Fields::of_body(json.as_bytes());
        let scaling = Scaling::of(&fields).unwrap_or(Scaling::NONE);
        scaling.amount(&fields, "Amount").map(money)
    }

    #[test]
    fn digits_are_kept_and_two_are_shown() {
        for (json, text) in [
            (r#"{"Amount": 8}"#, "8.00"),
            (r#"{"Amount": 8.10000}"#, "8.10"),
            (r#"{"Amount": -8.225}"#, "-8.225"),
            (r#"{"Amount": 12e-4}"#, "0.0012"),
            (r#"{"Amount": -0.00}"#, "0.00"),
            (
                r#"{"Amount": 79228162514264337593543950335}"#,
                "79228162514264337593543950335.00",
            ),
        ] {
            assert_eq!(shown(json).as_deref(), Some(text), "{json}");
        }
    }

    #[test]
    fn a_multiplier_moves_the_point() {
        for (json, text) in [
            (
                r#"{"Amount": 580, "DecimalPrecisionMultiplier": 100}"#,
                "5.80",
            ),
            (
                r#"{"Amount": 5, "DecimalPrecisionMultiplier": 10000}"#,
                "0.0005",
            ),
            (
                r#"{"Amount": 1234567890123456789012345678, "DecimalPrecisionMultiplier": 100000000}"#,
                "12345678901234567890.12345678",
            ),
            (
                r#"{"Amount": 580, "DecimalPrecisionMultiplier": 7}"#,
                "580.00",
            ),
        ] {
            assert_eq!(shown(json).as_deref(), Some(text), "{json}");
        }
    }

    #[test]
    fn what_is_no_number_is_no_amount() {
        for json in [
            "{}",
            r#"{"Amount": null}"#,
            r#"{"Amount": "8"}"#,
            r#"{"Amount": 1e999999999999}"#,
            r#"{"Amount": [1]}"#,
        ] {
            assert_eq!(shown(json), None, "{json}");
        }
    }
}
