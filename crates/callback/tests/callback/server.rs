//! A receiver that answers from a script and keeps every request as it came.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What a request is answered with.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Status(u16),
    With(u16, &'static str, String),
    /// With several headers.
    WithAll(u16, &'static [(&'static str, &'static str)]),
    /// None.
    Never,
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    count: watch::Receiver<usize>,
}

impl Receiver {
    /// Answers in the order of the script; the last answer is repeated.
    pub(crate) async fn start(script: impl IntoIterator<Item = Answer>) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(Mutex::new(script.into_iter().collect::<VecDeque<_>>()));
        let (counting, count) = watch::channel(0);
        let seen = Arc::clone(&requests);
        let app = Router::new().fallback(move |request: axum::extract::Request<Body>| {
            let (seen, script, counting) = (seen.clone(), script.clone(), counting.clone());
            async move {
                let (head, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.unwrap();
                seen.lock().unwrap().push(Request {
                    method: head.method.to_string(),
                    headers: head.headers,
                    body,
                });
                counting.send_modify(|count| *count += 1);
                let answer = {
                    let mut script = script.lock().unwrap();
                    match script.len() {
                        1 => script[0].clone(),
                        _ => script.pop_front().unwrap(),
                    }
                };
                let (status, headers) = match answer {
                    Answer::Status(status) => (status, Vec::new()),
                    Answer::With(status, name, value) => (status, vec![(name, value)]),
                    Answer::WithAll(status, headers) => {
                        let owned = |(name, value): &(_, &str)| (*name, (*value).to_owned());
                        (status, headers.iter().map(owned).collect())
                    }
                    Answer::Never => std::future::pending().await,
                };
                let mut response = Response::new(Body::from("an answer that nobody reads"));
                *response.status_mut() = StatusCode::from_u16(status).unwrap();
                for (name, value) in headers {
                    response.headers_mut().insert(name, value.parse().unwrap());
                }
                response
            }
        });
        Self {
            url: serve(app).await,
            requests,
            count,
        }
    }

    /// Everything that arrived so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Completes when this many requests have arrived.
    pub(crate) async fn arrivals(&self, wanted: usize) {
        let mut count = self.count.clone();
        count.wait_for(|count| *count >= wanted).await.unwrap();
    }
}

/// Serves an app on loopback, and gives the URL of its path `/hook`.
pub(crate) async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/hook")
}
