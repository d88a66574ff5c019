//! The URL of a request as a trace may show it.

use std::fmt;

use uuid::Uuid;

/// What stands in the place of what may be secret, as OpenTelemetry's conventions have it.
const REDACTED: &str = "REDACTED";

/// The URL of a request for `url.full`: the base URL, which holds no user and no password, and the path.
///
/// The document has ids of the queue, of its items and of operations in its paths, and nothing in queries.
/// Of a parameter only a UUID is shown: the form of a journey's id is not documented, so it may name a
/// customer, and another revision of the document may have anything there. Of a query only the names are
/// shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct TracedUrl<'a> {
    /// With the version prefix, without a trailing slash.
    pub(super) base_url: &'a str,
    /// The path with its placeholders; empty for a call that is in no table, whose path is not shown.
    pub(super) template: &'a str,
    /// Path and query.
    pub(super) target: &'a str,
}

impl fmt::Display for TracedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base_url)?;
        let (path, query) = match self.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (self.target, None),
        };
        if self.template.is_empty() {
            write!(f, "/{REDACTED}")?;
        }
        let segments = self.template.split('/').zip(path.split('/'));
        // Both begin with a slash.
        for (wanted, found) in segments.skip(1) {
            let is_shown = wanted == found || is_id(found);
            write!(f, "/{}", if is_shown { found } else { REDACTED })?;
        }
        let pairs = query.into_iter().flat_map(|query| query.split('&'));
        for (index, pair) in pairs.enumerate() {
            let name = pair.split('=').next().unwrap_or_default();
            write!(f, "{}{name}={REDACTED}", if index == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

/// Whether it is a UUID in the form the API has it; without the hyphens it could be a token.
fn is_id(text: &str) -> bool {
    text.len() == uuid::fmt::Hyphenated::LENGTH && Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "6f1c2d5e-0000-4000-8000-000000000007";

    fn shown(template: &str, target: &str) -> String {
        let base_url = "https://host/v2";
        TracedUrl {
            base_url,
            template,
            target,
        }
        .to_string()
    }

    #[test]
    fn ids_are_shown_and_nothing_else_that_was_filled_in() {
        for (template, target, expected) in [
            ("/sign", "/sign", "/sign"),
            (
                "/issue/{Q}/x",
                &*format!("/issue/{ID}/x"),
                &*format!("/issue/{ID}/x"),
            ),
            ("/cart/{journeyId}", "/cart/Ada", "/cart/REDACTED"),
            (
                "/cart/{journeyId}/setdone",
                "/cart/6f1c2d5e000040008000000000000007/setdone",
                "/cart/REDACTED/setdone",
            ),
            (
                "/a",
                "/a?pin=1234&x=%20&y",
                "/a?pin=REDACTED&x=REDACTED&y=REDACTED",
            ),
        ] {
            assert_eq!(
                shown(template, target),
                format!("https://host/v2{expected}")
            );
        }
    }

    #[test]
    fn of_a_call_that_is_in_no_table_no_path_is_shown() {
        assert_eq!(
            shown("", "/redeem/1234?a=b"),
            "https://host/v2/REDACTED?a=REDACTED"
        );
    }
}
