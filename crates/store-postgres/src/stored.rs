//! A row of operations, between its columns and its fields.

use pos_system_api::bytes::Bytes;
use pos_system_api::store::{Row, Stage, StoreError};
use tokio_postgres::Row as Columns;
use uuid::Uuid;

use crate::fault::damaged;

/// The columns of a row, in the order in which [`read`] expects them.
pub(crate) const COLUMNS: &str = "sequence, operation_id, queue, stage, parked, revision, \
     changed_unix_ms, details, body, answer, checksum";

/// How many these are: what a statement selects besides them begins here.
pub(crate) const COLUMN_COUNT: usize = 11;

/// The row that stands in these columns, if it is what was written.
pub(crate) fn read(columns: &Columns) -> Result<Row, StoreError> {
    let sequence: i64 = columns.try_get(0).unwrap_or_default();
    unchecked(columns)
        .filter(Row::is_intact)
        .ok_or_else(|| damaged(format!("Row {sequence} is not what was written")))
}

fn unchecked(columns: &Columns) -> Option<Row> {
    let sequence: i64 = columns.try_get(0).ok()?;
    let stage: &str = columns.try_get(3).ok()?;
    let revision: i64 = columns.try_get(5).ok()?;
    let checksum: &[u8] = columns.try_get(10).ok()?;
    Some(Row {
        sequence: u64::try_from(sequence).ok()?,
        operation_id: columns.try_get(1).ok()?,
        queue: columns.try_get(2).ok()?,
        stage: Stage::from_stored(stage)?,
        parked: columns.try_get(4).ok()?,
        revision: u32::try_from(revision).ok()?,
        changed_unix_ms: columns.try_get(6).ok()?,
        details: columns.try_get(7).ok()?,
        body: columns
            .try_get::<_, Option<Vec<u8>>>(8)
            .ok()?
            .map(Bytes::from),
        answer: columns
            .try_get::<_, Option<Vec<u8>>>(9)
            .ok()?
            .map(Bytes::from),
        checksum: checksum.try_into().ok()?,
    })
}

/// The operation id in these columns, whatever became of the others.
pub(crate) fn operation_id(columns: &Columns) -> Option<Uuid> {
    columns.try_get(1).ok()
}

/// A number as the database keeps it. There is no way to give that many numbers.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
