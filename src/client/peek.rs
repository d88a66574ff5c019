//! `GET /PeekJournalItem/{queue}/{type}/{id}`: one stored item.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::Client;
use super::answer::{Misread, json};
use super::query::QueryCall;
use crate::raw::operations;
use crate::runtime::{Answer, Operation};
use crate::types::Json;

impl Client {
    /// Looks one stored item of a queue up, without waiting for anything. `None` if there is none (404).
    ///
    /// `storage_type` is an open word such as `OperationItem`, `OperationStateJournal` or `PayItem`; only
    /// the first has been seen to work, and the members of the others are not documented. The item is
    /// given as it came (API facts, sections 3.5 and 5.5).
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a type of other characters than
    /// letters and digits; otherwise what [`ErrorKind`](crate::ErrorKind) lists.
    pub fn peek_journal_item(
        &self,
        queue_id: Uuid,
        storage_type: &str,
        id: Uuid,
    ) -> QueryCall<Option<Json>> {
        let prepared = self.fixed(
            &operations::PEEK_JOURNAL_ITEM,
            &[&queue_id.to_string(), storage_type, &id.to_string()],
            "application/json",
            None,
        );
        QueryCall::new(Arc::clone(&self.engine), prepared, read).or_missing(|| None)
    }
}

fn read(_: &Operation, answer: &Answer) -> std::result::Result<Option<Json>, Misread> {
    // An object, whatever its members.
    json::<BTreeMap<String, serde::de::IgnoredAny>>(answer)?;
    json(answer).map(Some)
}
