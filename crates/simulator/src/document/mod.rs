//! The document of a signed receipt, in the forms that `GET /issue/{QueueId}/{QueueItemId}`
//! answers with, and the page behind the document's address.
//!
//! [`Choice::of_headers`] or [`Choice::of_format`] says what is wanted, [`render`] makes it. The
//! same receipt and choice always give the same bytes.

mod accept;
mod amount;
mod escpos;
mod fields;
mod html;
mod invoice;
mod item;
mod json;
mod paper;
mod pdf;
mod qr;
mod raster;
mod vat;
mod view;
mod width;
mod win_ansi;

use bytes::Bytes;
use hyper::header::HeaderName;
use thiserror::Error;

pub(crate) use html::escape;
pub(crate) use width::PrintWidth;

use crate::wire::reply::Reply;

/// Asks for a printable width, and tells the applied one.
pub(crate) const PRINT_WIDTH: HeaderName = HeaderName::from_static("x-print-width");

/// A receipt as it was sent to and answered by `/sign`: two JSON objects.
///
/// Members that are missing or unreadable are left out of the document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receipt<'a> {
    pub(crate) request: &'a [u8],
    pub(crate) response: &'a [u8],
    /// The document says that it is a copy.
    pub(crate) is_copy: bool,
}

/// The form of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Json,
    Pdf,
    Png(PrintWidth),
    EscPos(PrintWidth),
    /// Only behind the document's address, never negotiated.
    Html,
    /// Structured data in XML, only to be downloaded.
    Invoice,
}

impl Choice {
    /// What the headers `Accept` and `x-print-width` ask for, `None` for nothing that can be
    /// made. Several `Accept` headers are joined by commas first.
    ///
    /// Entries that cannot be read are passed over, widths that cannot be read are 80 mm.
    pub(crate) fn of_headers(accept: Option<&str>, x_print_width: Option<&str>) -> Option<Self> {
        accept::negotiate(accept, x_print_width)
    }

    /// What the parameter `format` of the document's address asks for: the page without one,
    /// `None` for a format that does not exist.
    pub(crate) fn of_format(format: Option<&str>) -> Option<Self> {
        match format.map(str::to_ascii_lowercase).as_deref() {
            None => Some(Self::Html),
            Some("pdf") => Some(Self::Pdf),
            Some("png") => Some(Self::Png(PrintWidth::default())),
            Some(_) => None,
        }
    }

    /// What the member `Format` of a download asks for, a media type or a short name: PDF
    /// without one, `None` for a format that cannot be made.
    pub(crate) fn of_download(format: Option<&str>) -> Option<Self> {
        let Some(format) = format else {
            return Some(Self::Pdf);
        };
        let name = format.split(';').next().unwrap_or_default().trim();
        match name.to_ascii_lowercase().as_str() {
            "en16931" | "application/xml" | "text/xml" => Some(Self::Invoice),
            // What is accepted may be a list with wildcards; a format is one thing.
            name if name.is_empty() || name.contains(',') || name.contains('*') => None,
            _ => accept::negotiate(Some(format), None),
        }
    }

    /// The value of `Content-Type`.
    fn content_type(self) -> String {
        match self {
            Self::Json => "application/json".to_owned(),
            Self::Pdf => "application/pdf".to_owned(),
            Self::Png(_) => "image/png".to_owned(),
            Self::EscPos(width) => format!("text/vnd.esc-pos; charset=utf-8; width={width}"),
            Self::Html => "text/html; charset=utf-8".to_owned(),
            Self::Invoice => "application/xml".to_owned(),
        }
    }

    /// The value of `x-print-width`: the width that was applied, where there is one.
    fn print_width(self) -> Option<String> {
        match self {
            Self::Png(width) | Self::EscPos(width) => Some(width.to_string()),
            Self::Json | Self::Pdf | Self::Html | Self::Invoice => None,
        }
    }
}

/// A document and the headers that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) content_type: String,
    /// The value of `x-print-width`.
    pub(crate) print_width: Option<String>,
    pub(crate) bytes: Bytes,
}

impl Rendered {
    pub(crate) fn into_reply(self) -> Reply {
        let reply = Reply::new(200, self.content_type, self.bytes);
        match self.print_width {
            Some(width) => reply.with_header(PRINT_WIDTH, width),
            None => reply,
        }
    }
}

/// Why there is no document.
#[derive(Debug, Error)]
pub(crate) enum RenderError {
    #[error("the receipt could not be written as PNG")]
    Png(#[from] png::EncodingError),
    #[error("the receipt could not be written as JSON")]
    Json(#[from] serde_json::Error),
    #[error("the receipt could not be written as XML")]
    Xml(#[from] std::io::Error),
}

/// Draws the receipt in the form of `choice`.
pub(crate) fn render(receipt: Receipt<'_>, choice: Choice) -> Result<Rendered, RenderError> {
    let bytes = match choice {
        Choice::Json => json::json(receipt)?,
        Choice::Pdf => pdf::pdf(&view::lines(receipt, pdf::COLUMNS)),
        Choice::Png(width) => raster::png(&view::lines(receipt, width.columns()), width)?,
        Choice::EscPos(width) => escpos::stream(&view::lines(receipt, width.columns()), width),
        Choice::Invoice => invoice::invoice(receipt)?,
        Choice::Html => html::page(&view::lines(receipt, html::COLUMNS)),
    };
    Ok(Rendered {
        content_type: choice.content_type(),
        print_width: choice.print_width(),
        bytes: Bytes::from(bytes),
    })
}

/// A picture of the QR code that says `data`, `None` for more than a code can hold.
pub(crate) fn render_qr(data: &str) -> Option<Result<Rendered, RenderError>> {
    let code = qr::Code::of(data)?;
    let rendered = raster::qr_png(&code).map(|bytes| Rendered {
        content_type: "image/png".to_owned(),
        print_width: None,
        bytes: Bytes::from(bytes),
    });
    Some(rendered.map_err(RenderError::from))
}

#[cfg(test)]
mod tests;
