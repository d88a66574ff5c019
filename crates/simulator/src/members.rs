//! The members of a JSON object with the exact text of their values.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use uuid::Uuid;

/// An object whose member names are compared without regard to case, as the servers do.
#[derive(Debug, Clone)]
pub(crate) struct Members<'a> {
    by_name: BTreeMap<String, &'a RawValue>,
}

impl<'a> Members<'a> {
    /// `None` when the text is no JSON object.
    pub(crate) fn of_body(body: &'a [u8]) -> Option<Self> {
        let by_name = serde_json::from_slice(body).ok()?;
        Some(Self { by_name })
    }

    /// `None` when the value is no JSON object.
    pub(crate) fn of_value(value: &'a RawValue) -> Option<Self> {
        Self::of_body(value.get().as_bytes())
    }

    /// A member that is present and not null.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.by_name
            .get(name)
            .or_else(|| {
                let mut spelled = self.by_name.iter();
                spelled
                    .find(|(known, _)| known.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value)
            })
            .copied()
            .filter(|value| value.get() != "null")
    }

    /// Whether a member is written as `null`.
    pub(crate) fn is_null(&self, name: &str) -> bool {
        self.by_name
            .iter()
            .any(|(known, value)| known.eq_ignore_ascii_case(name) && value.get() == "null")
    }
}

/// The text of a JSON string, `None` for every other value.
pub(crate) fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// The uuid in a JSON string, `None` for every other value.
pub(crate) fn uuid(value: &RawValue) -> Option<Uuid> {
    Uuid::try_parse(&text(value)?).ok()
}
