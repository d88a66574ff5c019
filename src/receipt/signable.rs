//! What can be signed.

use super::ReceiptError;
use crate::types::ReceiptRequest;

/// What can be signed: a [`Receipt`](super::Receipt) that is still to be built, or a [`ReceiptRequest`] as it is.
///
/// For everything that converts into a request and says in a [`ReceiptError`] when it does not.
pub trait Signable {
    /// The request.
    ///
    /// # Errors
    /// What keeps a receipt from being built.
    fn into_request(self) -> Result<ReceiptRequest, ReceiptError>;
}

impl<T> Signable for T
where
    T: TryInto<ReceiptRequest>,
    T::Error: Into<ReceiptError>,
{
    fn into_request(self) -> Result<ReceiptRequest, ReceiptError> {
        self.try_into().map_err(Into::into)
    }
}
