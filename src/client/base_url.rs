//! The base URL and the version prefix.

use crate::error::{Error, ErrorKind, Result};

/// The prefix of the API's second major version.
const V2: &str = "/v2";

/// Which version of the API is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiVersion {
    /// The path prefix `/v2`: what this crate's types describe.
    #[default]
    V2,
    /// No prefix: the latest version of the server (API facts, section 1).
    Latest,
}

/// `base` without a trailing slash and with the prefix of `version`.
///
/// `https://host/v2/`, `https://host/v2` and `https://host` all mean the same server.
pub(super) fn versioned(base: &str, version: ApiVersion, insecure: bool) -> Result<String> {
    let refuse = |reason: &str| {
        Error::new(
            ErrorKind::Configuration,
            format!("The base URL {} cannot be used: {reason}", shown(base)),
        )
    };
    let url: reqwest::Url = base
        .trim()
        .parse()
        .map_err(|_| refuse("it is not a URL such as https://host/v2"))?;
    match url.scheme() {
        "https" => {}
        "http" if insecure || is_loopback(&url) => {}
        "http" => {
            return Err(refuse(
                "plain http would show the access token; use https, or `with_insecure_http`",
            ));
        }
        _ => return Err(refuse("only https and http are known")),
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it must not have a query or a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("it must not hold a user or a password"));
    }
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix(V2).unwrap_or(path).trim_end_matches('/');
    let server = url.origin().ascii_serialization();
    Ok(match version {
        ApiVersion::V2 => format!("{server}{path}{V2}"),
        ApiVersion::Latest => format!("{server}{path}"),
    })
}

/// The URL as it may be shown: what stands before an `@` may be a password.
pub(super) fn shown(base: &str) -> String {
    match base.rsplit_once('@') {
        Some((_, host)) => format!("\"…@{host}\""),
        None => format!("{base:?}"),
    }
}

/// Scheme, host and port of a base URL that [`versioned`] made.
pub(super) fn origin(base_url: &str) -> &str {
    let host = base_url.find("://").map_or(0, |scheme| scheme + 3);
    let end = base_url[host..].find('/').map(|length| host + length);
    &base_url[..end.unwrap_or(base_url.len())]
}

fn is_loopback(url: &reqwest::Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_and_slashes_do_not_matter() {
        for base in [
            "https://host",
            "https://host/",
            "https://host/v2",
            "https://host/v2/",
        ] {
            assert_eq!(
                versioned(base, ApiVersion::V2, false).unwrap(),
                "https://host/v2"
            );
            assert_eq!(
                versioned(base, ApiVersion::Latest, false).unwrap(),
                "https://host"
            );
        }
        assert_eq!(
            versioned("https://v2", ApiVersion::Latest, false).unwrap(),
            "https://v2"
        );
        assert_eq!(
            versioned("http://localhost:1200/helper/v2", ApiVersion::V2, false).unwrap(),
            "http://localhost:1200/helper/v2"
        );
    }

    #[test]
    fn the_origin_is_what_stands_before_the_path() {
        for (base, expected) in [
            ("https://host/v2", "https://host"),
            ("http://127.0.0.1:8080/a/v2", "http://127.0.0.1:8080"),
            ("https://host", "https://host"),
        ] {
            assert_eq!(origin(base), expected);
        }
    }

    #[test]
    fn plain_http_is_for_loopback_unless_allowed_by_name() {
        for base in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost"] {
            assert!(versioned(base, ApiVersion::V2, false).is_ok(), "{base}");
        }
        for base in [
            "http://10.0.0.1",
            "http://localhost.example",
            "ftp://localhost",
        ] {
            assert!(versioned(base, ApiVersion::V2, false).is_err(), "{base}");
        }
        assert!(versioned("http://10.0.0.1", ApiVersion::V2, true).is_ok());
        let secret = versioned("https://u:hunter2@host", ApiVersion::V2, false).unwrap_err();
        assert!(!secret.to_string().contains("hunter2"), "{secret}");
        assert!(versioned("https://host?x=1", ApiVersion::V2, false).is_err());
    }
}
