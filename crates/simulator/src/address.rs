//! The URLs by which a simulator is reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use hyper::http::Uri;

use crate::start_error::StartError;

/// Where clients find the simulator.
pub(crate) struct PublicUrl {
    /// Without a slash at its end.
    pub(crate) url: String,
    /// In small letters.
    pub(crate) host: String,
}

impl PublicUrl {
    pub(crate) fn parse(url: String) -> Result<Self, StartError> {
        let host = url.parse::<Uri>().ok().and_then(|uri| {
            let authority = uri.authority()?;
            let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
            let is_plain = uri.query().is_none() && !authority.as_str().contains('@');
            let host = authority.host().to_ascii_lowercase();
            (is_web && is_plain && !host.is_empty()).then_some(host)
        });
        match host {
            Some(host) => Ok(Self {
                url: url.trim_end_matches('/').to_owned(),
                host,
            }),
            None => Err(StartError::PublicUrl { url }),
        }
    }
}

/// A URL that reaches the address from this machine.
pub(crate) fn url_of(bound: SocketAddr) -> String {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, bound.port()))
}
