//! Bytes before a body.

use std::sync::Arc;

use bytes::Bytes;

use crate::wire::reply::{Content, Pieces};

struct Prefixed {
    prefix: &'static [u8],
    rest: Arc<dyn Pieces>,
}

impl Pieces for Prefixed {
    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
        let first = std::iter::once(Bytes::from_static(self.prefix));
        Box::new(first.chain(self.rest.pieces()))
    }
}

pub(super) fn prefixed(prefix: &'static [u8], content: Content) -> Content {
    match content {
        Content::Whole(body) => Content::Whole([prefix, &body].concat().into()),
        Content::Streamed(rest) => Content::Streamed(Arc::new(Prefixed { prefix, rest })),
    }
}
