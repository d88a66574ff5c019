//! From a path to the endpoint behind it.

/// An endpoint the simulator serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Echo,
    Sign,
    Issue,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Endpoint(Endpoint),
    /// A major version that is no longer served.
    RetiredVersion,
    Unknown,
}

/// Paths are compared without regard to case; `/v2` may be left out.
pub(crate) fn route(path: &str) -> Route {
    let path = path.to_ascii_lowercase();
    let mut segments = path
        .strip_prefix('/')
        .unwrap_or(&path)
        .split('/')
        .peekable();
    match segments.peek() {
        Some(&"v0" | &"v1") => return Route::RetiredVersion,
        Some(&"v2") => {
            segments.next();
        }
        _ => {}
    }
    let endpoint = match segments.next() {
        Some("echo") => Endpoint::Echo,
        Some("sign") => Endpoint::Sign,
        Some("issue") => Endpoint::Issue,
        _ => return Route::Unknown,
    };
    match segments.next() {
        None => Route::Endpoint(endpoint),
        Some(_) => Route::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_with_or_without_version_and_in_any_case() {
        for path in ["/sign", "/v2/sign", "/V2/SIGN", "/Sign"] {
            assert_eq!(route(path), Route::Endpoint(Endpoint::Sign), "{path}");
        }
    }

    #[test]
    fn other_paths_lead_nowhere() {
        for path in [
            "/",
            "",
            "/v2",
            "/v2/sign/",
            "/v3/sign",
            "/v2/v2/sign",
            "/sign/x",
        ] {
            assert_eq!(route(path), Route::Unknown, "{path}");
        }
        for path in ["/v0/sign", "/v1", "/V1/echo"] {
            assert_eq!(route(path), Route::RetiredVersion, "{path}");
        }
    }
}
