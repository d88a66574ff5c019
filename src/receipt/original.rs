//! The earlier receipt that a receipt refers to.

use std::fmt;

#[cfg(feature = "client")]
use crate::Signed;
#[cfg(feature = "client")]
use crate::json::fault;
use crate::types::ReceiptRequest;

/// An earlier receipt: a [`Signed`](crate::Signed) one, or the request it was signed from.
#[derive(Clone)]
pub struct Original(pub(super) Result<Box<ReceiptRequest>, String>);

impl From<ReceiptRequest> for Original {
    fn from(request: ReceiptRequest) -> Self {
        Self(Ok(Box::new(request)))
    }
}

impl From<&ReceiptRequest> for Original {
    fn from(request: &ReceiptRequest) -> Self {
        Self::from(request.clone())
    }
}

#[cfg(feature = "client")]
impl From<&Signed> for Original {
    /// Reads the exact bytes of the request.
    fn from(signed: &Signed) -> Self {
        let request = serde_json::from_slice(&signed.request_body);
        Self(request.map(Box::new).map_err(|error| fault::reason(&error)))
    }
}

#[cfg(feature = "client")]
impl From<Signed> for Original {
    fn from(signed: Signed) -> Self {
        Self::from(&signed)
    }
}

/// Without what may say who the customer is.
impl fmt::Debug for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(request) => f
                .debug_struct("Original")
                .field("case", &request.ft_receipt_case)
                .field("reference", &request.cb_receipt_reference)
                .finish_non_exhaustive(),
            Err(_) => f.write_str("Original(unreadable)"),
        }
    }
}
