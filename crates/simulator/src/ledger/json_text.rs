//! Values that are texts in the JSON form of a record.

use bytes::Bytes;
use serde::Serializer;

/// Bodies are texts in the JSON form; bytes that are no UTF-8 are replaced.
pub(super) fn text_of<S: Serializer>(body: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(body))
}

pub(super) fn displayed<S: Serializer>(
    value: &impl std::fmt::Display,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
