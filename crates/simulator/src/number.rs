//! JSON numbers as exact decimals.

use rust_decimal::Decimal;
use serde::ser::Error as _;
use serde::{Serialize as _, Serializer};
use serde_json::value::RawValue;

/// A JSON number as an exact decimal; `None` for other values and for more than 28 digits.
pub(crate) fn decimal(json: &str) -> Option<Decimal> {
    if !json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return None;
    }
    match json.find(['e', 'E']) {
        // Read twice, because the scientific form would round a mantissa that is too long.
        Some(end) => Decimal::from_str_exact(&json[..end])
            .and_then(|_| Decimal::from_scientific(json))
            .ok(),
        None => Decimal::from_str_exact(json).ok(),
    }
}

/// Writes all digits as a JSON number.
pub(crate) fn exact<S: Serializer>(number: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(number.to_string())
        .map_err(S::Error::custom)?
        .serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_counts() {
        for (json, text) in [
            ("30000.10", "30000.10"),
            ("-0.3", "-0.3"),
            ("1.5e1", "15"),
            ("12E-1", "1.2"),
            (
                "1234567890123456789012345678",
                "1234567890123456789012345678",
            ),
        ] {
            assert_eq!(decimal(json).unwrap().to_string(), text, "{json}");
        }
        for json in [
            "\"1\"",
            "null",
            "true",
            "[1]",
            "1e99",
            "1e-99",
            "0.12345678901234567890123456789012",
            "1.2345678901234567890123456789012e1",
        ] {
            assert_eq!(decimal(json), None, "{json}");
        }
    }
}
