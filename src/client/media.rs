//! What an answer says it is.

use http::{HeaderMap, header};

/// The media type of an answer, with its parameters.
pub(super) fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.to_owned())
}

/// How the bytes of an answer are encoded, such as `gzip`: all codings in the order they were applied.
pub(super) fn content_encoding(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    let values: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    let named = values.iter().any(|value| !value.trim().is_empty());
    named.then(|| values.join(", "))
}

/// Whether an answer is a page for a browser: no call of this crate is answered with one.
pub(super) fn is_page(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|content_type| {
        let media_type = content_type.split(';').next().unwrap_or_default();
        let is = |known: &str| media_type.trim().eq_ignore_ascii_case(known);
        is("text/html") || is("application/xhtml+xml")
    })
}
