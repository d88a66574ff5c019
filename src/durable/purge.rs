//! Removing the content of what ended long ago.

use super::log::{Log, is_outdated};
use super::record::Record;
use crate::store::{Durability, Row, Selection, StoreError, StoreErrorKind, Write};

/// How many rows are read at a time.
const PAGE: u32 = 500;

impl Log {
    /// Removes the content of what ended long ago, of every cash box of the store; and what was without content
    /// for as long again, so that an old handle is still known for what it is.
    ///
    /// What another worker is removing just now is left to it, and what cannot be read to whoever verifies
    /// the store: nothing of this keeps anybody from working.
    pub(super) async fn purge(&self) -> Result<(), StoreError> {
        let retention = i64::try_from(self.options.content_retention.as_millis());
        let now = self.now_unix_ms();
        let before = now.saturating_sub(retention.unwrap_or(i64::MAX));
        let mut after = 0;
        loop {
            let selection = Selection::EndedBefore { unix_ms: before };
            let rows = match self.store.page(selection, after, PAGE).await {
                Ok(rows) => rows,
                Err(error) if error.kind() == StoreErrorKind::Damaged => break,
                Err(error) => return Err(error),
            };
            let Some(last) = rows.last() else { break };
            after = last.sequence;
            let purged = rows
                .into_iter()
                .filter_map(|row| purged(row, now))
                .collect();
            match self.store.commit(purged, Durability::Lazy).await {
                Ok(_) => {}
                Err(error) if is_left_to_others(&error) => break,
                Err(error) => return Err(error),
            }
        }
        match self.store.trim(before).await {
            Ok(_) => Ok(()),
            Err(error) if is_left_to_others(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn purged(row: Row, now_unix_ms: i64) -> Option<Write> {
    let record = Record::from_row(row).ok()?;
    Some(Write::Update(record.purged(now_unix_ms).to_row()))
}

fn is_left_to_others(error: &StoreError) -> bool {
    is_outdated(error) || matches!(error.kind(), StoreErrorKind::Held | StoreErrorKind::Damaged)
}
