//! The text of a JSON value, handed through `serde` by `serde_json`.

use std::borrow::Cow;

use serde::Deserializer;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeStruct, Serializer};

/// The name under which `serde_json` hands over the text of a value instead of the value.
///
/// With any other format, or another `serde_json`, the name means nothing and the value arrives as
/// usual. Tests hold `serde_json` to it.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// Whether `S` writes JSON text and so takes a value as it stands.
///
/// `type_name` is a best effort by contract. Were it to change, long numbers would be refused on
/// writing, never rounded.
pub(crate) fn is_written_by<S>() -> bool {
    std::any::type_name::<S>().starts_with("&mut serde_json::ser::Serializer<")
}

/// Whether `D` reads JSON text, so that a number comes as it was written. The same best effort: were it
/// to change, long amounts would be refused on reading.
pub(crate) fn is_read_by<D>() -> bool {
    std::any::type_name::<D>().contains("serde_json::de::Deserializer<")
}

/// Writes `text` as it stands. Only for a serializer that [`is_written_by`] says yes to.
pub(crate) fn write<S: Serializer>(serializer: S, text: &str) -> Result<S::Ok, S::Error> {
    let mut raw = serializer.serialize_struct(RAW_VALUE, 1)?;
    raw.serialize_field(RAW_VALUE, text)?;
    raw.end()
}

/// Has `visitor` read a value: `serde_json` calls its `visit_map`, to be passed on to [`in_map`],
/// everything else its `visit_newtype_struct`.
pub(crate) fn read<'de, D, V>(deserializer: D, visitor: V) -> Result<V::Value, D::Error>
where
    D: Deserializer<'de>,
    V: Visitor<'de>,
{
    deserializer.deserialize_newtype_struct(RAW_VALUE, visitor)
}

/// The text inside what `serde_json` hands over.
pub(crate) fn in_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Cow<'de, str>, A::Error> {
    map.next_key::<IgnoredAny>()?;
    map.next_value()
}
