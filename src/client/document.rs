//! `GET /issue/{queue}/{item}`: the document itself.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header;

use super::Client;
use super::answer::Misread;
use super::issued_item::IssuedItem;
use super::media::{content_type, is_page};
use super::query::QueryCall;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::operations;
use crate::runtime::{Answer, Operation};

/// The widths that can be written: `^\d{2,3}mm$`.
const WIDTHS_MM: std::ops::RangeInclusive<u16> = 10..=999;

/// The form a document is wanted in.
///
/// Widths are the printable width of the paper in millimetres, usually 48, 58, 72 or 80; what the server
/// made of it is [`Document::width_mm`] (API facts, section 3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFormat {
    accept: String,
    width_mm: Option<u16>,
}

impl DocumentFormat {
    /// A picture with 8 dots per millimetre: 384 pixels for 48 mm. Other widths than 10 to 999 mm are
    /// [`ErrorKind::Invalid`] when the document is asked for.
    #[must_use]
    pub fn png(width_mm: u16) -> Self {
        Self {
            accept: format!("image/png;width={width_mm}mm"),
            width_mm: Some(width_mm),
        }
    }

    /// A PDF file.
    #[must_use]
    pub fn pdf() -> Self {
        Self::of("application/pdf")
    }

    /// The data of the receipt as JSON. Its members are not documented.
    #[must_use]
    pub fn json() -> Self {
        Self::of("application/json")
    }

    /// Commands for a receipt printer: 48 columns from 80 mm, 42 from 72 mm, 32 below. Widths as for
    /// [`png`](Self::png).
    #[must_use]
    pub fn esc_pos(width_mm: u16) -> Self {
        Self {
            accept: format!("text/vnd.esc-pos;charset=utf-8;width={width_mm}mm"),
            width_mm: Some(width_mm),
        }
    }

    /// Any other value of `Accept`, such as `application/xml` or a list with weights.
    #[must_use]
    pub fn of(accept: impl Into<String>) -> Self {
        Self {
            accept: accept.into(),
            width_mm: None,
        }
    }

    /// The value of `Accept`.
    #[must_use]
    pub fn accept(&self) -> &str {
        &self.accept
    }

    /// # Errors
    /// [`ErrorKind::Invalid`] for a width of other than two or three digits: servers would take it for
    /// 80 mm without a word.
    fn checked(&self) -> Result<&str> {
        match self.width_mm {
            Some(width) if !WIDTHS_MM.contains(&width) => Err(Error::new(
                ErrorKind::Invalid,
                format!("A paper of {width} mm cannot be asked for, only 10 to 999 mm"),
            )),
            _ => Ok(&self.accept),
        }
    }
}

/// A document as the server made it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Document {
    /// The document, byte for byte.
    pub body: Bytes,
    /// What it is, such as `image/png`; `None` if the server did not say.
    pub content_type: Option<String>,
    /// The printable width that was really applied, in millimetres: 72 where 74 was asked for. Only for
    /// pictures and printer commands.
    pub width_mm: Option<u16>,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("width_mm", &self.width_mm)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Fetches the document of an issued receipt. It is no delivery: that state does not change (API
    /// facts, section 3.4).
    ///
    /// ```no_run
    /// # async fn example(client: pos_system_api::Client, issued: pos_system_api::client::Issued)
    /// # -> Result<(), Box<dyn std::error::Error>> {
    /// use pos_system_api::client::DocumentFormat;
    ///
    /// let picture = client.document(&issued, DocumentFormat::png(48)).await?;
    /// std::fs::write("receipt.png", &picture.body)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::Invalid`] for a width that cannot be asked for,
    /// [`ErrorKind::NotFound`] if no document was issued under these ids, [`ErrorKind::Rejected`] if it
    /// cannot be made in this form; otherwise what [`ErrorKind`] lists. A web page in its place, as of a
    /// captive portal, is no document.
    pub fn document(
        &self,
        item: impl Into<IssuedItem>,
        format: DocumentFormat,
    ) -> QueryCall<Document> {
        let prepared = item.into().in_path().and_then(|[queue, item]| {
            self.fixed(
                &operations::DOCUMENT,
                &[&queue, &item],
                format.checked()?,
                None,
            )
        });
        QueryCall::new(Arc::clone(&self.engine), prepared, read)
    }
}

fn read(operation: &Operation, answer: &Answer) -> std::result::Result<Document, Misread> {
    let content_type = content_type(&answer.headers);
    let accept = operation.headers.get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    if answer.body.is_empty() {
        return Err(Misread::new("the document is empty"));
    }
    if is_page(&answer.headers) && !accept.is_some_and(|accept| accept.contains("text/html")) {
        return Err(Misread::new("it is a web page"));
    }
    let width = answer.headers.get("x-print-width");
    let width_mm = match width.and_then(|width| width.to_str().ok()) {
        Some(width) => millimetres(width),
        None => content_type.as_deref().and_then(width_of),
    };
    Ok(Document {
        body: answer.body.clone(),
        content_type,
        width_mm,
    })
}

/// The `width` parameter of a media type.
fn width_of(content_type: &str) -> Option<u16> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("width")
            .then(|| millimetres(value))?
    })
}

fn millimetres(text: &str) -> Option<u16> {
    text.trim()
        .trim_matches('"')
        .strip_suffix("mm")?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_of_a_media_type_is_found() {
        for (content_type, width) in [
            ("text/vnd.esc-pos; charset=utf-8; width=80mm", Some(80)),
            ("text/vnd.esc-pos;WIDTH=\"72mm\"", Some(72)),
            ("image/png", None),
            ("text/vnd.esc-pos;width=wide", None),
            ("text/vnd.esc-pos;width=80", None),
        ] {
            assert_eq!(width_of(content_type), width, "{content_type}");
        }
    }
}
