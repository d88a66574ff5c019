//! `GET /issue/{queue}/{item}/link/qrcode`: the document's address as a QR code.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::Client;
use super::answer::Misread;
use super::issued_item::IssuedItem;
use super::media::{content_type, is_page};
use super::query::QueryCall;
use crate::raw::operations;
use crate::runtime::{Answer, Operation};

/// A QR code that leads to a document.
#[derive(Clone)]
#[non_exhaustive]
pub struct QrCode {
    /// The picture or text, byte for byte.
    pub body: Bytes,
    /// What it is: not documented, an image or a text. `None` if the server did not say.
    pub content_type: Option<String>,
}

impl fmt::Debug for QrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrCode")
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Fetches a QR code that leads to the issued document. Which media type it has is not documented: go
    /// by [`QrCode::content_type`]. Where the address will do,
    /// [`Issued::document_url`](super::Issued::document_url) needs no call (API facts, section 3.1).
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if no document was issued under
    /// these ids; otherwise what [`ErrorKind`](crate::ErrorKind) lists.
    pub fn qr_code(&self, item: impl Into<IssuedItem>) -> QueryCall<QrCode> {
        let prepared = item.into().in_path().and_then(|[queue, item]| {
            self.fixed(
                &operations::QR_CODE,
                &[&queue, &item],
                "image/*, text/plain;q=0.5, */*;q=0.1",
                None,
            )
        });
        QueryCall::new(Arc::clone(&self.engine), prepared, read)
    }
}

fn read(_: &Operation, answer: &Answer) -> std::result::Result<QrCode, Misread> {
    if answer.body.is_empty() {
        return Err(Misread::new("the QR code is empty"));
    }
    if is_page(&answer.headers) {
        return Err(Misread::new("it is a web page"));
    }
    Ok(QrCode {
        body: answer.body.clone(),
        content_type: content_type(&answer.headers),
    })
}
