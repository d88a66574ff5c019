//! What is done to an answer on its way out.

mod filler;
mod gzip;
mod json;
mod prefix;

use std::sync::Arc;

use bytes::Bytes;
use hyper::header::CONTENT_ENCODING;

use crate::wire::reply::{Content, Reply};
use filler::Filler;

/// One change to an answer. What is stored stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    Null,
    Malformed,
    ContentType(String),
    Huge { bytes: u64 },
    Gzip,
    UnknownMembers,
    UnknownEnumValues,
    UnknownSignatureFormat,
}

impl Change {
    pub(crate) fn apply(self, mut reply: Reply) -> Reply {
        match self {
            Self::Null => reply.content = Content::Whole(Bytes::from_static(b"null")),
            Self::Malformed => reply.content = prefix::prefixed(b"{,", reply.content),
            Self::ContentType(content_type) => return reply.with_content_type(content_type),
            Self::Huge { bytes } => reply.content = Content::Streamed(Arc::new(Filler { bytes })),
            Self::Gzip => {
                reply.content = gzip::compressed(reply.content);
                return reply.with_header(CONTENT_ENCODING, "gzip");
            }
            Self::UnknownMembers => edit(&mut reply, json::with_unknown_members),
            Self::UnknownEnumValues => edit(&mut reply, json::with_unknown_words),
            Self::UnknownSignatureFormat => edit(&mut reply, json::with_unknown_signature),
        }
        reply
    }
}

/// Only for good answers that are JSON.
fn edit(reply: &mut Reply, edited: impl FnOnce(&str) -> String) {
    if !(200..300).contains(&reply.status) {
        return;
    }
    if let Content::Whole(body) = &reply.content
        && serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
        && let Ok(text) = std::str::from_utf8(body)
    {
        reply.content = Content::Whole(edited(text).into());
    }
}
