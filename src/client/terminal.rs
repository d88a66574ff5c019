//! The payment terminal of a call.

use http::HeaderValue;

use crate::error::{Error, ErrorKind, Result};

/// A terminal as the header that names it.
pub(crate) fn terminal_header(terminal: &str) -> Result<HeaderValue> {
    if terminal.is_empty() {
        return Err(Error::new(
            ErrorKind::Invalid,
            "The terminal \"\" names none; leave it out to name none",
        ));
    }
    HeaderValue::from_str(terminal).map_err(|source| {
        Error::new(
            ErrorKind::Invalid,
            format!("The terminal {terminal:?} cannot be sent as a header"),
        )
        .with_source(source)
    })
}
