//! Members of a JSON object as texts for people.

use serde_json::value::RawValue;

use crate::members::{Members, text};

/// The members of what should be an object; none for anything else.
#[derive(Debug)]
pub(super) struct Fields<'a>(Option<Members<'a>>);

impl<'a> Fields<'a> {
    pub(super) fn of_body(body: &'a [u8]) -> Self {
        Self(Members::of_body(body))
    }

    pub(super) fn of_value(value: &'a RawValue) -> Self {
        Self(Members::of_value(value))
    }

    /// A member that is present and not null.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.as_ref()?.get(name)
    }

    /// A member as text: strings without quotes, anything else as it is written.
    pub(super) fn shown(&self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        Some(text(value).unwrap_or_else(|| value.get().to_owned())).filter(|text| !text.is_empty())
    }

    /// The entries of a list, none for anything else.
    pub(super) fn list(&self, name: &str) -> Vec<&'a RawValue> {
        let list = self.get(name).map(RawValue::get);
        list.and_then(|list| serde_json::from_str(list).ok())
            .unwrap_or_default()
    }

    /// The texts of a list.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).into_iter().filter_map(text).collect()
    }

    /// A 64-bit code, 0 where there is none.
    pub(super) fn code(&self, name: &str) -> u64 {
        let code = self.get(name).and_then(|value| value.get().parse().ok());
        code.unwrap_or(0)
    }
}
