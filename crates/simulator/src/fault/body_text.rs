//! The body of an answer in a plan: a text, or base64 for bytes that are no UTF-8.

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::store::base64_text;

#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a text or { base64 = \"...\" }")]
enum Body {
    Text(String),
    Encoded(Encoded),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Encoded {
    #[serde(with = "base64_text")]
    base64: Bytes,
}

pub(super) fn serialize<S: Serializer>(body: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(body) {
        Ok(text) => serializer.serialize_str(text),
        Err(_) => Encoded {
            base64: body.clone(),
        }
        .serialize(serializer),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    Ok(match Body::deserialize(deserializer)? {
        Body::Text(text) => text.into(),
        Body::Encoded(encoded) => encoded.base64,
    })
}
