//! `GET /issue/{queue}/{item}/delivered`: has the customer got the document?

use std::sync::Arc;

use http::StatusCode;

use super::Client;
use super::answer::{Misread, json};
use super::issued_item::IssuedItem;
use super::query::QueryCall;
use crate::error::Result;
use crate::raw::operations;
use crate::runtime::{Answer, Operation};
use crate::types::Json;

impl Client {
    /// Asks whether the document was shown, printed, sent or downloaded at least once (200), or not yet
    /// (204). Asking changes nothing (API facts, section 3.4).
    ///
    /// ```no_run
    /// # async fn example(client: pos_system_api::Client, issued: pos_system_api::client::Issued)
    /// # -> Result<(), Box<dyn std::error::Error>> {
    /// if !client.delivered(&issued).await? {
    ///     println!("print it");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if no document was issued under
    /// these ids; otherwise what [`ErrorKind`](crate::ErrorKind) lists.
    pub fn delivered(&self, item: impl Into<IssuedItem>) -> QueryCall<bool> {
        QueryCall::new(
            Arc::clone(&self.engine),
            self.asked_for_delivery(&operations::DELIVERED, item.into()),
            is_delivered,
        )
    }

    /// The question of one of the two calls that tell of delivery.
    pub(super) fn asked_for_delivery(
        &self,
        spec: &'static crate::runtime::OperationSpec,
        item: IssuedItem,
    ) -> Result<Operation> {
        let [queue, item] = item.in_path()?;
        self.fixed(spec, &[&queue, &item], "application/json", None)
    }
}

/// 204 says "not yet", a JSON document with any other success "delivered".
pub(super) fn is_delivered(_: &Operation, answer: &Answer) -> std::result::Result<bool, Misread> {
    if answer.status == StatusCode::NO_CONTENT {
        return Ok(false);
    }
    json::<std::collections::BTreeMap<String, Json>>(answer).map(|_| true)
}
