//! Who may steer the simulator: pages of other sites in a browser on this machine may not.

use std::net::IpAddr;

use hyper::HeaderMap;
use hyper::header::{HOST, ORIGIN};
use hyper::http::Uri;
use hyper::http::uri::Authority;

use crate::control::refusal::Refusal;

/// Control calls take no credentials. A site whose name leads to this machine, or that sends a
/// browser here, is told apart by the host it names.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    /// The address the simulator is bound to.
    pub(crate) bound: IpAddr,
    /// Other machines may come in.
    pub(crate) remote: bool,
    /// The name or address by which clients know the simulator, in small letters.
    pub(crate) public_host: Option<String>,
}

impl Guard {
    pub(crate) fn admit(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let hosts: Vec<_> = headers.get_all(HOST).iter().collect();
        let host = match hosts.as_slice() {
            [host] => host.to_str().ok(),
            _ => None,
        };
        let host = host.and_then(|host| host.parse::<Authority>().ok());
        if !host.is_some_and(|host| self.is_own(&host)) {
            return Err(Refusal::new(403, "The header Host names another host."));
        }
        for origin in headers.get_all(ORIGIN) {
            let origin = origin.to_str().ok();
            let origin = origin.and_then(|origin| origin.parse::<Uri>().ok());
            // An opaque origin is written `null`, without a scheme.
            let own = origin.is_some_and(|origin| {
                let authority = origin.authority();
                origin.scheme().is_some() && authority.is_some_and(|host| self.is_own(host))
            });
            if !own {
                return Err(Refusal::new(403, "The header Origin names another site."));
            }
        }
        Ok(())
    }

    fn is_own(&self, authority: &Authority) -> bool {
        if authority.as_str().contains('@') {
            return false;
        }
        let host = authority.host().to_ascii_lowercase();
        if self.public_host.as_ref() == Some(&host) {
            return true;
        }
        let ip = host.strip_prefix('[').and_then(|ip| ip.strip_suffix(']'));
        if let Ok(ip) = ip.unwrap_or(&host).parse::<IpAddr>() {
            return ip.is_loopback() || ip == self.bound || self.remote;
        }
        // Nobody can register a name without a dot or below `internal`: those of containers.
        let is_private = !host.contains('.') || host.ends_with(".internal");
        host == "localhost" || host.ends_with(".localhost") || (self.remote && is_private)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(remote: bool, host: &str, origin: Option<&str>) -> bool {
        let guard = Guard {
            bound: "127.0.0.2".parse().unwrap(),
            remote,
            public_host: None,
        };
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        guard.admit(&headers).is_ok()
    }

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "till.localhost:1",
            "127.0.0.1:8080",
            "127.0.0.2",
            "[::1]:8080",
        ] {
            assert!(admits(false, host, None), "{host}");
            assert!(admits(true, host, None), "{host}");
        }
        for host in [
            "example.com",
            "localhost.example.com:8080",
            "127.0.0.1.example.com",
            "localhost@example.com",
            "",
            "a b",
        ] {
            assert!(!admits(false, host, None), "{host}");
            assert!(!admits(true, host, None), "{host}");
        }
        for host in ["simulator:8080", "192.0.2.7", "host.docker.internal"] {
            assert!(!admits(false, host, None), "{host}");
            assert!(admits(true, host, None), "{host}");
        }
    }

    #[test]
    fn a_page_of_another_site_may_not_steer() {
        for origin in ["http://localhost:3000", "https://[::1]", "http://127.0.0.1"] {
            assert!(admits(false, "localhost", Some(origin)), "{origin}");
        }
        for origin in ["null", "https://example.com", "localhost", "file://", ""] {
            assert!(!admits(false, "localhost", Some(origin)), "{origin}");
            assert!(!admits(true, "localhost", Some(origin)), "{origin}");
        }
        assert!(
            Guard {
                bound: "127.0.0.1".parse().unwrap(),
                remote: true,
                public_host: None,
            }
            .admit(&HeaderMap::new())
            .is_err()
        );
    }
}
