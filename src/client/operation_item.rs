//! What the server has recorded about operations.

use std::sync::Arc;

use serde::Deserialize;
use uuid::Uuid;

use super::Client;
use super::answer::{Misread, json};
use super::query::QueryCall;
use crate::raw::operations;
use crate::runtime::{Answer, Operation};
use crate::types::OperationItem;

/// What tells a record from any other JSON object.
#[derive(Deserialize)]
struct Record {
    #[serde(rename = "LastState", default)]
    state: Option<serde::de::IgnoredAny>,
    #[serde(rename = "cbOperationItemID", alias = "cbOperationItemId", default)]
    id: Option<serde::de::IgnoredAny>,
}

impl Client {
    /// Asks what the server has recorded about an operation: its request, its state and, once it is
    /// finished, its answer. `None` if it knows no such operation (404). Nothing is waited for and nothing
    /// changes (API facts, sections 3.5 and 4.13).
    ///
    /// "Not known" is no proof that an operation was never sent: its request may still be on its way. To
    /// finish an operation, [`resume`](Self::resume) it.
    ///
    /// ```no_run
    /// # async fn example(client: pos_system_api::Client, handle: pos_system_api::Handle)
    /// # -> Result<(), Box<dyn std::error::Error>> {
    /// if let Some(item) = client.operation(handle.operation_id()).await? {
    ///     println!("{:?} {:?}", item.path, item.last_state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When awaited: what [`ErrorKind`](crate::ErrorKind) lists.
    pub fn operation(&self, id: Uuid) -> QueryCall<Option<OperationItem>> {
        let prepared = self.fixed(
            &operations::OPERATION_ITEM,
            &[&id.to_string()],
            "application/json",
            None,
        );
        QueryCall::new(Arc::clone(&self.engine), prepared, read).or_missing(|| None)
    }

    /// Lists all operations of a queue. No paging is known, so the list grows with the age of the queue,
    /// up to [`Limits::answer`](crate::runtime::Limits::answer): for an old queue raise that, or ask for
    /// single operations (API facts, section 3.5).
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) for a list above the limit,
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) for an unknown queue; otherwise what
    /// [`ErrorKind`](crate::ErrorKind) lists.
    pub fn operations(&self, queue_id: Uuid) -> QueryCall<Vec<OperationItem>> {
        let prepared = self.fixed(
            &operations::OPERATION_ITEMS,
            &[&queue_id.to_string()],
            "application/json",
            None,
        );
        QueryCall::new(Arc::clone(&self.engine), prepared, |_, answer| json(answer))
    }
}

fn read(_: &Operation, answer: &Answer) -> std::result::Result<Option<OperationItem>, Misread> {
    let record: Record = json(answer)?;
    if record.state.is_none() && record.id.is_none() {
        return Err(Misread::new("LastState is missing"));
    }
    json(answer).map(Some)
}
