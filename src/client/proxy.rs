//! How the server is reached: directly, or through a proxy that was chosen.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, ErrorKind, Result};

/// How the server is reached. Default [`None`](Self::None).
///
/// Only https goes through a proxy, as a tunnel: what the proxy sees is the name of the server. Plain http,
/// as to loopback, never does: the proxy would see the access token.
#[derive(Default, Clone)]
#[non_exhaustive]
pub enum Proxy {
    /// Directly, whatever the environment says.
    #[default]
    None,
    /// As `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    Environment,
    /// Through this one. Made by [`Proxy::url`].
    Url(ProxyUrl),
}

/// The URL of a proxy; it may hold a password, and is not shown.
#[derive(Clone)]
pub struct ProxyUrl(SecretString);

impl Proxy {
    /// Through the proxy of this URL, such as `http://proxy.shop.example:3128`, with user and password if it
    /// wants them. It is checked when the client is built.
    #[must_use]
    pub fn url(url: impl Into<String>) -> Self {
        Self::Url(ProxyUrl(url.into().into()))
    }

    /// Sets up an HTTP client for this server.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for a URL that is none of a proxy.
    pub(super) fn apply(
        self,
        http: reqwest::ClientBuilder,
        base_url: &str,
    ) -> Result<reqwest::ClientBuilder> {
        if !base_url.starts_with("https:") {
            return Ok(http.no_proxy());
        }
        match self {
            Self::None => Ok(http.no_proxy()),
            Self::Environment => Ok(http),
            Self::Url(ProxyUrl(url)) => {
                // The source would show the URL.
                let proxy = reqwest::Proxy::https(url.expose_secret()).map_err(|_| {
                    Error::new(
                        ErrorKind::Configuration,
                        "The URL of the proxy cannot be used; it is one such as http://host:3128",
                    )
                })?;
                Ok(http.no_proxy().proxy(proxy))
            }
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Environment => f.write_str("Environment"),
            Self::Url(url) => url.fmt(f),
        }
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyUrl(…)")
    }
}
