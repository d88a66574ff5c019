//! Where deliveries may go.

use std::fmt;

use reqwest::Url;

/// Why a callback cannot be set up. It does not repeat the URL, which may hold a secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum SetupError {
    /// The URL cannot be read, has no host, or is of another scheme than http and https.
    Url,
    /// Plain http to a host other than loopback.
    PlainHttp,
    /// A user name or a password in the URL. The signature says who sends.
    UserInfo,
    /// https without the feature `rustls`.
    NoTls,
    /// There is no secret to sign with.
    NoSecret,
    /// The HTTP client cannot be set up.
    Client(reqwest::Error),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "the URL of a callback is an http or https address with a host",
            Self::PlainHttp => "plain http is for callbacks on loopback only",
            Self::UserInfo => "the URL of a callback holds no user name and no password",
            Self::NoTls => "https needs the feature `rustls` of the crate pos-system-api-callback",
            Self::NoSecret => "a callback needs a secret to sign with",
            Self::Client(_) => "the HTTP client of the callback cannot be set up",
        })
    }
}

impl std::error::Error for SetupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Client(source) => Some(source),
            _ => None,
        }
    }
}

/// A URL that deliveries may go to: https, or loopback.
pub(crate) fn target(text: &str) -> Result<Url, SetupError> {
    let url = Url::parse(text).map_err(|_| SetupError::Url)?;
    match (url.scheme(), url.host_str()) {
        (_, None | Some("")) => Err(SetupError::Url),
        _ if !url.username().is_empty() || url.password().is_some() => Err(SetupError::UserInfo),
        ("https", _) if cfg!(not(feature = "rustls")) => Err(SetupError::NoTls),
        ("https", _) => Ok(url),
        ("http", Some(host)) if is_loopback(host) => Ok(url),
        ("http", _) => Err(SetupError::PlainHttp),
        _ => Err(SetupError::Url),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_are_targets() {
        for text in [
            "http://127.0.0.1:1/x",
            "http://127.8.9.1/",
            "http://[::1]:1",
            "http://localhost:8080/hook?till=7",
        ] {
            assert!(target(text).is_ok(), "{text}");
        }
        assert_eq!(
            target("https://shop.example/hook").is_ok(),
            cfg!(feature = "rustls")
        );
        for text in [
            "http://10.0.0.1",
            "http://shop.example",
            "http://localhost.example",
        ] {
            assert!(matches!(target(text), Err(SetupError::PlainHttp)), "{text}");
        }
        for text in [
            "",
            "/hook",
            "file:///etc/passwd",
            "ftp://localhost",
            "data:,x",
        ] {
            assert!(matches!(target(text), Err(SetupError::Url)), "{text}");
        }
        let error = target("https://u:hunter2@shop.example").unwrap_err();
        assert!(matches!(error, SetupError::UserInfo));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
