//! Identifiers in bodies: UUIDs, and whatever else a server puts in their place.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The id of a cash box, queue, queue item or line.
///
/// A UUID by contract. A text that is none, such as an abbreviated example or an empty string, is
/// kept and written back as it came, so that one odd id does not cost the whole answer.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(Form);

#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Form {
    Uuid(Uuid),
    Text(Box<str>),
}

impl Id {
    /// The UUID, or `None` for a text that is none.
    #[must_use]
    pub fn uuid(&self) -> Option<Uuid> {
        match &self.0 {
            Form::Uuid(uuid) => Some(*uuid),
            Form::Text(text) => Uuid::parse_str(text).ok(),
        }
    }

    /// Whether it is the empty text, which some servers send for "none" and none accepts back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Form::Text(text) if text.is_empty())
    }
}

impl From<Uuid> for Id {
    fn from(uuid: Uuid) -> Self {
        Self(Form::Uuid(uuid))
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        // Only the hyphenated form comes back as it was; the others keep their text.
        let is_hyphenated = text.len() == uuid::fmt::Hyphenated::LENGTH;
        match Uuid::parse_str(text) {
            Ok(uuid) if is_hyphenated => Self(Form::Uuid(uuid)),
            _ => Self(Form::Text(text.into())),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Uuid(uuid) => fmt::Display::fmt(uuid, f),
            Form::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Ok(Self::from(text.as_ref()))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Id {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "uuid" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_read_in_any_case_and_other_texts_are_kept() {
        let read = |text: &str| serde_json::from_value::<Id>(serde_json::json!(text)).unwrap();
        let upper = read("6F1C2D5E-0000-4000-8000-0000000000C1");
        assert_eq!(upper, read("6f1c2d5e-0000-4000-8000-0000000000c1"));
        assert!(upper.uuid().is_some());
        let odd = read("a1b2…");
        assert_eq!(odd.uuid(), None);
        assert_eq!(serde_json::to_value(&odd).unwrap(), "a1b2…");
        assert!(read("").is_empty());
        let simple = "6f1c2d5e00004000800000000000c1aa";
        assert_eq!(serde_json::to_value(read(simple)).unwrap(), simple);
        assert!(read(simple).uuid().is_some());
    }
}
