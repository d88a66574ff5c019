//! Why a receipt does not build.

use std::convert::Infallible;
use std::fmt;

/// What is wrong with a receipt: the member, by its path on the wire, and the reason.
///
/// Printed it is one sentence for a help desk. As an [`Error`](crate::Error) of the client it is of
/// the kind [`Invalid`](crate::ErrorKind::Invalid), and nothing was sent.
///
/// ```
/// use pos_system_api::receipt::{PayItem, Receipt};
/// use pos_system_api::types::{Amount, Moment};
///
/// let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
/// let paid = PayItem::cash("Cash", Amount::from_cents(580));
/// let error = Receipt::sale("S-1", moment).pay(paid).build().unwrap_err();
/// assert_eq!(error.field(), "cbPayItems");
/// assert_eq!(error.to_string(), "cbPayItems must come to 0, as the charge items do, not to 5.80");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptError {
    field: String,
    reason: String,
}

impl ReceiptError {
    pub(super) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            reason: reason.into(),
        }
    }

    /// The same fault of a member of `parent`.
    pub(super) fn within(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }

    /// The member, such as `cbChargeItems[1].Amount`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong with it, to be read after the member's name.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.reason)
    }
}

impl std::error::Error for ReceiptError {}

/// A receipt that is a [`ReceiptRequest`](crate::types::ReceiptRequest) already needs no building.
impl From<Infallible> for ReceiptError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The generated builder says in its text which member it means.
impl From<crate::types::error::ConversionError> for ReceiptError {
    fn from(error: crate::types::error::ConversionError) -> Self {
        Self::new("The request", format!("does not build: {error}"))
    }
}

#[cfg(feature = "client")]
impl From<ReceiptError> for crate::Error {
    fn from(error: ReceiptError) -> Self {
        Self::new(
            crate::ErrorKind::Invalid,
            format!("The receipt cannot be sent: {error}"),
        )
        .with_source(error)
    }
}
