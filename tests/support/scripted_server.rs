//! A server that answers from a script and keeps every request as it came.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};

/// One scripted answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// A JSON answer.
pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    typed(status, "application/json", body)
}

/// An RFC 9457 answer.
pub(crate) fn problem(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    typed(status, "application/problem+json", body)
}

/// A page of something that is not the API.
pub(crate) fn page(status: u16) -> Answer {
    typed(
        status,
        "text/html",
        "<html><head><title>Gateway of the shop</title></head></html>",
    )
}

fn typed(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Answer {
    Answer {
        status,
        headers: vec![("content-type", media_type.to_owned())],
        body: body.into(),
    }
}

impl Answer {
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// All values of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// A server on loopback. Its answers come in the order of the script; the last one is repeated.
pub(crate) struct ScriptedServer {
    server: MockServer,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl ScriptedServer {
    pub(crate) async fn start(script: impl IntoIterator<Item = Answer>) -> Self {
        let server = MockServer::start_async().await;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let script = Mutex::new(script.into_iter().collect::<VecDeque<_>>());
        let seen = Arc::clone(&requests);
        server
            .mock_async(move |when, then| {
                when.any_request();
                then.respond_with(move |request| {
                    seen.lock().unwrap().push(record(request));
                    let mut script = script.lock().unwrap();
                    let answer = match script.len() {
                        1 => script.front().cloned(),
                        _ => script.pop_front(),
                    };
                    response(answer.expect("a script has at least one answer"))
                });
            })
            .await;
        Self { server, requests }
    }

    /// Without a version and without a trailing slash.
    pub(crate) fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// Everything that arrived so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn record(request: &HttpMockRequest) -> Request {
    Request {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        headers: request.headers_vec().clone(),
        body: request.body_vec(),
    }
}

fn response(answer: Answer) -> HttpMockResponse {
    let builder = HttpMockResponse::builder()
        .status(answer.status)
        .headers(answer.headers);
    if answer.body.is_empty() {
        builder.build()
    } else {
        builder.body(answer.body).build()
    }
}
