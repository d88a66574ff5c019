//! An answer before it goes on the wire.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONTENT_TYPE, DATE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::clock::Clock;
use crate::wire::drip::Drip;

/// Every answer carries this header, so that nobody takes the simulator for a real server.
const SIMULATOR_HEADER: HeaderName = HeaderName::from_static("x-simulator");

/// Makes the pieces of a long body one after the other, as they are read.
pub(crate) trait Pieces: Send + Sync {
    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send>;
}

/// The body of an answer.
#[derive(Clone)]
pub(crate) enum Content {
    Whole(Bytes),
    /// Sent in chunks; its length is not known beforehand.
    Streamed(Arc<dyn Pieces>),
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(bytes) => f.debug_tuple("Whole").field(&bytes.len()).finish(),
            Self::Streamed(_) => f.write_str("Streamed"),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    content_type: Option<String>,
    headers: Vec<(HeaderName, String)>,
    pub(crate) content: Content,
}

impl Reply {
    pub(crate) fn new(
        status: u16,
        content_type: impl Into<String>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            status,
            content_type: Some(content_type.into()),
            headers: Vec::new(),
            content: Content::Whole(body.into()),
        }
    }

    pub(crate) fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(status, "application/json", body)
    }

    /// Neither a body nor its type.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            content_type: None,
            headers: Vec::new(),
            content: Content::Whole(Bytes::new()),
        }
    }

    pub(crate) fn streamed(
        status: u16,
        content_type: impl Into<String>,
        pieces: Arc<dyn Pieces>,
    ) -> Self {
        Self {
            status,
            content_type: Some(content_type.into()),
            headers: Vec::new(),
            content: Content::Streamed(pieces),
        }
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// The HTTP form, sent at `moment`. A status outside 200..=599 becomes 500, a header value
    /// that HTTP cannot carry is left out.
    pub(crate) fn into_response(self, moment: DateTime<Utc>) -> Response<ReplyBody> {
        let mut response = Response::new(ReplyBody::of(self.content));
        *response.status_mut() = match self.status {
            200..=599 => StatusCode::from_u16(self.status),
            _ => Ok(StatusCode::INTERNAL_SERVER_ERROR),
        }
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        let content_type = self.content_type.map(|value| (CONTENT_TYPE, value));
        let date = http_date(moment);
        for (name, value) in self
            .headers
            .into_iter()
            .chain(content_type)
            .chain([(DATE, date)])
        {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        headers.insert(SIMULATOR_HEADER, HeaderValue::from_static("pos-system-api"));
        response
    }
}

/// The form of moments in the headers of HTTP.
pub(crate) fn http_date(moment: DateTime<Utc>) -> String {
    moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The body as it is sent.
pub(crate) enum ReplyBody {
    Whole(Option<Bytes>),
    Pieces(Box<dyn Iterator<Item = Bytes> + Send>),
    Dripping(Drip),
}

impl ReplyBody {
    fn of(content: Content) -> Self {
        match content {
            Content::Whole(bytes) => Self::Whole(Some(bytes).filter(|bytes| !bytes.is_empty())),
            Content::Streamed(pieces) => Self::Pieces(pieces.pieces()),
        }
    }

    /// In pieces of so many bytes with a pause after each.
    pub(crate) fn dripping(self, piece: usize, pause: Duration, clock: Arc<dyn Clock>) -> Self {
        let length = self.size_hint().exact();
        let source: Box<dyn Iterator<Item = Bytes> + Send> = match self {
            Self::Whole(bytes) => Box::new(bytes.into_iter()),
            Self::Pieces(pieces) => pieces,
            Self::Dripping(_) => return self,
        };
        Self::Dripping(Drip::new(source, length, piece, pause, clock))
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = match self.get_mut() {
            Self::Whole(bytes) => bytes.take(),
            Self::Pieces(pieces) => pieces.next(),
            Self::Dripping(drip) => ready!(drip.poll_piece(context)),
        };
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_none(),
            Self::Pieces(_) => false,
            Self::Dripping(drip) => drip.left() == Some(0),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Pieces(_) => SizeHint::default(),
            Self::Dripping(drip) => drip
                .left()
                .map_or_else(SizeHint::default, SizeHint::with_exact),
        }
    }
}
