//! Free JSON, kept as text.

#[cfg(feature = "client")]
pub(crate) mod fault;
pub(crate) mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::ser::{self, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::amount::Amount;

/// Any JSON value: case data, a customer, a member this crate does not know.
///
/// It keeps the text it was read from, so that numbers of any length, and the form itself (an object,
/// or a string that holds one), survive a round trip. Two values are equal if they are the same
/// document; the order of members does not matter.
///
/// ```
/// use pos_system_api::types::Json;
///
/// let customer = Json::from(serde_json::json!({ "CustomerName": "Mira" }));
/// assert_eq!(customer, r#"{"CustomerName": "Mira"}"#.parse()?);
/// assert_eq!(customer.value()["CustomerName"], "Mira");
/// assert_eq!(Json::from("T 12").as_text(), "\"T 12\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Json(Box<str>);

impl Json {
    /// The JSON text of a value.
    ///
    /// # Errors
    /// What the value's own serialisation reports.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        serde_json::to_string(value).map(|text| Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_text(&self) -> &str {
        &self.0
    }

    /// Reads the text as a type.
    ///
    /// # Errors
    /// If the value has another shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }

    /// The value. Numbers beyond 17 digits are rounded in it; [`as_text`](Self::as_text) has them all.
    #[must_use]
    pub fn value(&self) -> Value {
        self.read().unwrap_or_default()
    }

    /// The string, if the value is one.
    #[must_use]
    pub fn as_string(&self) -> Option<String> {
        self.read().ok()
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self(value.to_string().into())
    }
}

impl From<&str> for Json {
    /// A JSON string.
    fn from(text: &str) -> Self {
        Self::from(Value::from(text))
    }
}

impl From<String> for Json {
    /// A JSON string.
    fn from(text: String) -> Self {
        Self::from(Value::from(text))
    }
}

impl FromStr for Json {
    type Err = serde_json::Error;

    /// Reads JSON text.
    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        let raw: Box<RawValue> = serde_json::from_str(text)?;
        Ok(Self(raw.get().into()))
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({})", self.0)
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0, COMPARED_DEPTH)
    }
}

/// How deep two documents are compared; below that only equal texts are equal.
const COMPARED_DEPTH: u8 = 128;

/// Whether two JSON texts are the same document.
fn same(one: &str, two: &str, depth: u8) -> bool {
    if one == two {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match (one.as_bytes().first(), two.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => {
            let (one, two) = (members(one), members(two));
            one.len() == two.len()
                && one.iter().all(|(name, value)| {
                    two.get(name)
                        .is_some_and(|other| same(value.get(), other.get(), depth))
                })
        }
        (Some(b'['), Some(b'[')) => {
            let (one, two) = (elements(one), elements(two));
            one.len() == two.len()
                && one
                    .iter()
                    .zip(&two)
                    .all(|(one, two)| same(one.get(), two.get(), depth))
        }
        (Some(b'"'), Some(b'"')) => {
            serde_json::from_str::<String>(one).ok() == serde_json::from_str::<String>(two).ok()
        }
        _ => match (one.parse::<Amount>(), two.parse::<Amount>()) {
            (Ok(one), Ok(two)) => one == two,
            _ => false,
        },
    }
}

fn members(text: &str) -> BTreeMap<String, &RawValue> {
    serde_json::from_str(text).unwrap_or_default()
}

fn elements(text: &str) -> Vec<&RawValue> {
    serde_json::from_str(text).unwrap_or_default()
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if text::is_written_by::<S>() {
            text::write(serializer, &self.0)
        } else {
            self.read::<Value>()
                .map_err(ser::Error::custom)?
                .serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::read(deserializer, JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    /// `serde_json` with the text of the value.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Json, A::Error> {
        Ok(Json(text::in_map(map)?.trim().into()))
    }

    /// Any other format.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Json, D::Error> {
        Value::deserialize(inner)
            .map(Json::from)
            .map_err(de::Error::custom)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Json {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        true.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_survives_with_every_digit() {
        for text in [
            "0.12345678901234567890123456789012345",
            r#"{"b": [1.10, 1e400], "a": 18446744073709551616}"#,
            r#""{\"a\": 1}""#,
            "\"\"",
            "true",
        ] {
            let json: Json = serde_json::from_str(text).unwrap();
            assert_eq!(json.as_text(), text);
            assert_eq!(serde_json::to_string(&json).unwrap(), text);
        }
    }

    #[test]
    fn equal_documents_are_equal_and_long_numbers_are_compared_whole() {
        let json = |text: &str| text.parse::<Json>().unwrap();
        assert_eq!(
            json(r#"{"a": 1.0, "b": "\u0041"}"#),
            json(r#"{"b":"A","a":1}"#)
        );
        assert_ne!(
            json("0.1234567890123456789012345"),
            json("0.1234567890123456789012346")
        );
        assert_ne!(json("[1]"), json("[1, 2]"));
        assert_ne!(json("\"1\""), json("1"));
        assert_ne!(json("null"), json("false"));
    }

    #[test]
    fn a_bottomless_value_is_carried_and_compared() {
        let deep = |inner: &str| -> Json {
            format!("{}{inner}{}", "[".repeat(20_000), "]".repeat(20_000))
                .parse()
                .unwrap()
        };
        assert_eq!(deep("1"), deep("1"));
        assert_ne!(deep("1"), deep("2"));
        assert_eq!(deep("1").value(), Value::Null);
    }

    #[test]
    fn a_value_in_between_works_both_ways() {
        let value = serde_json::json!({"a": [1, "x", null]});
        let json: Json = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(json.value(), value);
        assert_eq!(serde_json::to_value(&json).unwrap(), value);
    }
}
