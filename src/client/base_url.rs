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
            format!("The base URL {base:?} cannot be used: {reason}"),
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
    let bare = url.as_str().trim_end_matches('/');
    let bare = bare.strip_suffix(V2).unwrap_or(bare).trim_end_matches('/');
    Ok(match version {
        ApiVersion::V2 => format!("{bare}{V2}"),
        ApiVersion::Latest => bare.to_owned(),
    })
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
            versioned("http://localhost:1200/helper/v2", ApiVersion::V2, false).unwrap(),
            "http://localhost:1200/helper/v2"
        );
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
        assert!(versioned("https://u:p@host", ApiVersion::V2, false).is_err());
        assert!(versioned("https://host?x=1", ApiVersion::V2, false).is_err());
    }
}
