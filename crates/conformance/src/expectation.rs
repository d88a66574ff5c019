//! Checks of one answer.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::variables::Variables;

/// What a value has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A JSON object.
    Object,
    /// A JSON list.
    List,
    /// A JSON string.
    Text,
    /// A JSON string with at least one character.
    NonEmptyText,
    /// A JSON integer.
    Integer,
    /// A JSON string that is a uuid.
    Uuid,
    /// There, whatever it is.
    Present,
    /// Not there, or null.
    Absent,
}

/// A check of the answer: `at` or `header` says of what, the other member what it has to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// A JSON pointer into the body, such as `/ftSignatures/0`; empty for the whole body.
    pub at: Option<String>,
    /// The name of a header.
    pub header: Option<String>,
    /// The value is equal; numbers by value.
    pub equals: Option<toml::Value>,
    /// The value is of this kind.
    pub is: Option<Kind>,
    /// The lower 32 bits of a code, as eight hexadecimal digits.
    pub low32: Option<String>,
    /// The text (of a header, or in JSON) begins with this.
    pub starts_with: Option<String>,
    /// The number of entries of a list.
    pub length: Option<usize>,
}

/// The parts of an answer that checks look at.
pub(crate) struct Seen<'a> {
    pub(crate) body: Option<&'a Value>,
    pub(crate) header: &'a dyn Fn(&str) -> Option<String>,
}

impl Check {
    /// Why this is no check.
    pub(crate) fn broken(&self) -> Option<&'static str> {
        let has_condition = self.equals.is_some()
            || self.is.is_some()
            || self.low32.is_some()
            || self.starts_with.is_some()
            || self.length.is_some();
        let is_code = |digits: &String| {
            digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        };
        if self.at.is_some() == self.header.is_some() {
            Some("a check is of either at or header")
        } else if !has_condition {
            Some("a check says what it expects")
        } else if !self.low32.as_ref().is_none_or(is_code) {
            Some("low32 has eight hexadecimal digits")
        } else {
            None
        }
    }

    /// What differs, in words; `None` if nothing does.
    pub(crate) fn difference(&self, seen: &Seen<'_>, variables: &Variables) -> Option<String> {
        let header;
        let (what, value) = match (&self.header, &self.at) {
            (Some(name), _) => {
                header = (seen.header)(name).map(Value::String);
                (format!("header {name}"), header.as_ref())
            }
            (None, at) => {
                let pointer = at.as_deref().unwrap_or_default();
                let value = seen.body.and_then(|body| body.pointer(pointer));
                let what = if pointer.is_empty() { "body" } else { pointer };
                (what.to_owned(), value)
            }
        };
        self.expected(value, variables).err().map(|expected| {
            let got = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
            format!("{what}: expected {expected}, got {got}")
        })
    }

    /// # Errors
    /// What was expected.
    fn expected(&self, value: Option<&Value>, variables: &Variables) -> Result<(), String> {
        if let Some(equals) = &self.equals {
            let expected = as_json(equals, variables)?;
            if !value.is_some_and(|value| same(value, &expected)) {
                return Err(expected.to_string());
            }
        }
        if let Some(kind) = self.is {
            kind.holds_for(value)?;
        }
        if let Some(low32) = &self.low32 {
            let expected = u32::from_str_radix(low32, 16).map_err(|_| "eight digits".to_owned())?;
            let got = value.and_then(Value::as_u64).map(|code| code & 0xFFFF_FFFF);
            if got != Some(u64::from(expected)) {
                return Err(format!("a code ending in {low32}"));
            }
        }
        if let Some(start) = &self.starts_with {
            let start = variables.fill(start)?;
            let text = value.and_then(Value::as_str);
            if !text.is_some_and(|text| text.starts_with(&start)) {
                return Err(format!("a text beginning with {start:?}"));
            }
        }
        if let Some(length) = self.length {
            let got = value.and_then(Value::as_array).map(Vec::len);
            if got != Some(length) {
                return Err(format!("a list of {length}"));
            }
        }
        Ok(())
    }
}

/// Codes have more digits than a float keeps: only numbers with a fraction are compared as such.
fn same(got: &Value, expected: &Value) -> bool {
    let is_float = got.is_f64() || expected.is_f64();
    match (got.as_f64(), expected.as_f64()) {
        (Some(got), Some(expected)) if is_float => got == expected,
        _ => got == expected,
    }
}

impl Kind {
    fn holds_for(self, value: Option<&Value>) -> Result<(), String> {
        let text = value.and_then(Value::as_str);
        let (holds, name) = match self {
            Self::Object => (value.is_some_and(Value::is_object), "an object"),
            Self::List => (value.is_some_and(Value::is_array), "a list"),
            Self::Text => (text.is_some(), "a text"),
            Self::NonEmptyText => (text.is_some_and(|text| !text.is_empty()), "a text"),
            Self::Integer => (
                value.is_some_and(|value| value.is_u64() || value.is_i64()),
                "an integer",
            ),
            Self::Uuid => (
                text.is_some_and(|text| Uuid::try_parse(text).is_ok()),
                "a uuid",
            ),
            Self::Present => (value.is_some(), "something"),
            Self::Absent => (value.is_none_or(Value::is_null), "nothing"),
        };
        if holds { Ok(()) } else { Err(name.to_owned()) }
    }
}

fn as_json(value: &toml::Value, variables: &Variables) -> Result<Value, String> {
    Ok(match value {
        toml::Value::String(text) => Value::String(variables.fill(text)?),
        other => serde_json::to_value(other).map_err(|error| error.to_string())?,
    })
}
