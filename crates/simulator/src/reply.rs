//! An answer before it goes on the wire.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

/// Every answer carries this header, so that nobody takes the simulator for a real server.
const SIMULATOR_HEADER: HeaderName = HeaderName::from_static("x-simulator");

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    content_type: String,
    headers: Vec<(HeaderName, String)>,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: impl Into<String>, body: Bytes) -> Self {
        Self {
            status,
            content_type: content_type.into(),
            headers: Vec::new(),
            body,
        }
    }

    pub(crate) fn json(status: u16, body: Bytes) -> Self {
        Self::new(status, "application/json", body)
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The HTTP form. A status outside 200..=599 becomes 500, a header value that HTTP cannot
    /// carry is left out.
    pub(crate) fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = match self.status {
            200..=599 => StatusCode::from_u16(self.status),
            _ => Ok(StatusCode::INTERNAL_SERVER_ERROR),
        }
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        for (name, value) in self
            .headers
            .into_iter()
            .chain([(CONTENT_TYPE, self.content_type)])
        {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        headers.insert(SIMULATOR_HEADER, HeaderValue::from_static("pos-system-api"));
        response
    }
}
