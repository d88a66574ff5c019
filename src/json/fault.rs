//! What is wrong with a JSON document, without the value at fault: that may be anyone's to read nowhere.

use serde_json::Error;
use serde_json::error::Category;

/// Why a document cannot be read: what was expected, and where. Nothing that stands in it is quoted.
pub(crate) fn reason(error: &Error) -> String {
    let words = error.to_string();
    if error.classify() != Category::Data {
        // About the syntax; `serde_json` quotes none of the text.
        return words;
    }
    let place = match error.line() {
        0 => String::new(),
        line => format!(" at line {line} column {}", error.column()),
    };
    let words = words.strip_suffix(&*place).unwrap_or(&words);
    // The value stands before its last "expected", whatever is written in it.
    let reason = match words.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if names_a_member(words) => words.to_owned(),
        None => "the value does not fit".to_owned(),
    };
    reason + &place
}

/// Whether the words are about a member that a type names itself.
fn names_a_member(words: &str) -> bool {
    ["missing field `", "duplicate field `"]
        .iter()
        .any(|begin| words.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Amount;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Item {
        count: u8,
        kind: Option<Kind>,
        amount: Option<Amount>,
        #[serde(default, deserialize_with = "never")]
        other: (),
    }

    #[derive(Debug, Deserialize)]
    enum Kind {
        Cash,
        Card,
    }

    fn never<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        let text = String::deserialize(deserializer)?;
        Err(serde::de::Error::custom(format_args!("{text} is not good")))
    }

    fn of(text: &str) -> String {
        reason(&serde_json::from_str::<Item>(text).unwrap_err())
    }

    #[test]
    fn what_was_expected_and_where_is_said_and_no_value() {
        for (text, expected) in [
            (r#"{"count":"Mira"}"#, "expected u8 at line 1 column 15"),
            (
                r#"{"count":"Mira, expected Mira"}"#,
                "expected u8 at line 1 column 30",
            ),
            (
                r#"{"count":1,"kind":"Mira"}"#,
                "expected `Cash` or `Card` at line 1 column 24",
            ),
            (
                r#"{"count":1,"other":"Mira"}"#,
                "the value does not fit at line 1 column 26",
            ),
            (r#"{}"#, "missing field `count` at line 1 column 2"),
            (
                r#"{"count":1,"count":2}"#,
                "duplicate field `count` at line 1 column 18",
            ),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
        for text in [
            r#"{"count":300}"#,
            r#"{"Mira":1}"#,
            r#"{"count":1,"amount":"Mira"}"#,
            r#"{"count":1,"amount":{"Mira":1}}"#,
        ] {
            let reason = of(text);
            assert!(reason.starts_with("expected "), "{reason}");
            assert!(
                !reason.contains("Mira") && !reason.contains("300"),
                "{reason}"
            );
        }
    }

    #[test]
    fn what_is_no_json_is_said_by_its_place() {
        for text in [
            r#"{"Mira" 1}"#,
            r#"{"count":Mira}"#,
            r#"{"Mira"#,
            "Mira",
            "",
        ] {
            let reason = of(text);
            assert!(reason.contains(" at line 1 column "), "{reason}");
            assert!(!reason.contains("Mira"), "{reason}");
        }
    }

    #[test]
    fn a_value_without_a_place_has_no_place() {
        let error = serde_json::from_value::<u8>("Mira".into()).unwrap_err();
        assert_eq!(reason(&error), "expected u8");
    }
}
