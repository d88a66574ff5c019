//! One attempt: the operation goes out once, and what came back is kept as it is.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use uuid::Uuid;

use super::clock::Clock;
use super::engine::Engine;
use super::operation::Operation;
use super::standing::Standing;
use super::trace::Span;
use crate::client::TokenNeed;

/// What the server answered.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the body was read to its end; a longer one is cut at the limit.
    pub(crate) whole: bool,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers and body hold customer data.
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// How an attempt ended.
#[derive(Debug)]
pub(crate) enum Attempt {
    /// With an answer, to be judged.
    Answered(Answer),
    /// Without one.
    Failed {
        standing: Standing,
        error: reqwest::Error,
    },
    /// Its time ran out; the server may have acted.
    TimedOut { after: Duration },
    /// It was not made: there is no access token to make it with.
    NoToken {
        error: Box<dyn StdError + Send + Sync>,
    },
}

/// The access token for an attempt, or the attempt that cannot be made.
pub(crate) async fn token(
    engine: &Engine,
    need: TokenNeed,
    timeout: Duration,
) -> Result<HeaderValue, Attempt> {
    if let Some(token) = engine.credentials.fixed() {
        return Ok(token.clone());
    }
    let token = pin!(engine.credentials.token(need));
    match within(timeout, token, &*engine.clock).await {
        Some(Ok(token)) => Ok(token),
        Some(Err(error)) => Err(Attempt::NoToken { error }),
        None => Err(Attempt::NoToken {
            error: format!("the credentials provider gave none within {timeout:?}").into(),
        }),
    }
}

/// Sends `operation` once.
pub(crate) async fn send(
    engine: &Engine,
    operation: &Operation,
    token: &HeaderValue,
    timeout: Duration,
    span: &Span,
) -> Attempt {
    let exchange = pin!(async {
        let request = request(engine, operation, token);
        let response = engine.http.execute(request).await?;
        span.answered_in(response.version());
        let status = response.status();
        if let (true, Some(unread)) = (status.is_success(), &operation.options.unread) {
            return Ok(unread.keep(response));
        }
        let limit = if status.is_success() {
            engine.limits.answer
        } else {
            engine.limits.error
        };
        read(response, limit).await
    });
    match within(timeout, exchange, &*engine.clock).await {
        Some(Ok(answer)) => Attempt::Answered(answer),
        Some(Err(error)) => Attempt::Failed {
            standing: standing(&error),
            error,
        },
        None => Attempt::TimedOut { after: timeout },
    }
}

/// The id of the operation.
static OPERATION_ID: HeaderName = HeaderName::from_static("x-operation-id");
/// For how long the server is to work on it, in milliseconds.
static OPERATION_LIFETIME: HeaderName = HeaderName::from_static("x-operation-lifetime");
/// The payment terminal.
static TERMINAL_ID: HeaderName = HeaderName::from_static("x-terminal-id");

/// How many headers an attempt adds at most: cash box, POS product, access token, operation id, lifetime,
/// terminal.
const ATTEMPT_HEADERS: usize = 6;

/// The operation's request with this attempt's credentials.
pub(crate) fn request(
    engine: &Engine,
    operation: &Operation,
    token: &HeaderValue,
) -> reqwest::Request {
    let url = engine.server.url_of(&operation.target);
    let mut request = reqwest::Request::new(operation.method.clone(), url);
    let mut headers = HeaderMap::with_capacity(operation.headers.len() + ATTEMPT_HEADERS);
    headers.extend((operation.headers.iter()).map(|(name, value)| (name.clone(), value.clone())));
    engine.credentials.write(token, &mut headers);
    if operation.options.anonymous {
        for credential in ["x-cashbox-id", "x-cashbox-accesstoken"] {
            headers.remove(credential);
        }
    }
    headers.insert(&OPERATION_ID, operation_id(operation));
    if let Some(lifetime) = operation.options.lifetime {
        headers.insert(
            &OPERATION_LIFETIME,
            HeaderValue::from(u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX)),
        );
    }
    if let Some(terminal) = &operation.options.terminal {
        headers.insert(&TERMINAL_ID, terminal.clone());
    }
    *request.headers_mut() = headers;
    *request.body_mut() = operation.body.clone().map(reqwest::Body::from);
    request
}

/// The operation id as a header.
#[expect(
    clippy::expect_used,
    reason = "a UUID's text is hexadecimal digits and hyphens"
)]
fn operation_id(operation: &Operation) -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let text = operation.id.hyphenated().encode_lower(&mut buffer);
    HeaderValue::from_str(text).expect("hexadecimal digits and hyphens")
}

/// Reads a body up to `limit` bytes.
async fn read(mut response: reqwest::Response, limit: usize) -> reqwest::Result<Answer> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut whole = true;
    let mut body = Bytes::new();
    let mut rest: Option<BytesMut> = None;
    loop {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            // An error page that breaks off still tells its status.
            Err(_) if !status.is_success() => {
                whole = false;
                break;
            }
            Err(error) => return Err(error),
        };
        let length = rest.as_ref().map_or(body.len(), BytesMut::len);
        let room = limit.saturating_sub(length);
        if chunk.len() > room {
            whole = false;
        }
        let chunk = chunk.slice(..chunk.len().min(room));
        match &mut rest {
            Some(rest) => rest.extend_from_slice(&chunk),
            None if body.is_empty() => body = chunk,
            None => {
                let mut joined = BytesMut::with_capacity(body.len() + chunk.len());
                joined.extend_from_slice(&body);
                joined.extend_from_slice(&chunk);
                rest = Some(joined);
            }
        }
        if !whole {
            break;
        }
    }
    Ok(Answer {
        status,
        headers,
        body: rest.map_or(body, BytesMut::freeze),
        whole,
    })
}

/// A failure to connect is the only proof that nothing was sent.
fn standing(error: &reqwest::Error) -> Standing {
    if error.is_connect() || error.is_builder() {
        Standing::NotSent
    } else {
        Standing::Unknown
    }
}

/// Whether the server was reached but not trusted: its certificate was refused, or there is no TLS that
/// suits both sides. Waiting rarely helps.
pub(crate) fn is_tls_refusal(error: &reqwest::Error) -> bool {
    #[cfg(feature = "rustls")]
    {
        let mut cause: Option<&(dyn StdError + 'static)> = error.source();
        while let Some(error) = cause {
            if error.is::<rustls::Error>() {
                return true;
            }
            // An I/O error hides what it was made of: its source is the source of that.
            let inner = error.downcast_ref::<std::io::Error>();
            if let Some(inner) = inner.and_then(std::io::Error::get_ref) {
                cause = Some(inner);
                continue;
            }
            cause = error.source();
        }
    }
    #[cfg(not(feature = "rustls"))]
    let _ = error;
    false
}

/// The future's output, or `None` if the clock gets there first.
///
/// It takes the future where it is: moved into this one it would be there twice.
pub(crate) fn within<'a, F: Future>(
    timeout: Duration,
    mut future: Pin<&'a mut F>,
    clock: &'a dyn Clock,
) -> impl Future<Output = Option<F::Output>> + use<'a, F> {
    let mut sleep = clock.sleep(timeout);
    poll_fn(move |context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        sleep.as_mut().poll(context).map(|()| None)
    })
}
