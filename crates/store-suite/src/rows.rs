//! Rows to write, and short ways to write and read them.

use pos_system_api::store::{
    Durability, OperationStore, Row, Selection, Stage, StoreError, StoreErrorKind, Write,
};
use uuid::Uuid;

/// The queue that rows have here where it does not matter.
pub const QUEUE: &str = "0c8dd3a3-3bbd-4ee9-9d32-0d2a7ef9a1f6";

/// A row to be inserted, of the usual queue, with a new id.
#[must_use]
pub fn row() -> Row {
    row_of(QUEUE)
}

/// A row to be inserted, of a queue, with a new id.
#[must_use]
pub fn row_of(queue: &str) -> Row {
    let operation_id = Uuid::new_v4();
    Row {
        sequence: 0,
        operation_id,
        queue: queue.to_owned(),
        stage: Stage::Prepared,
        parked: false,
        revision: 1,
        changed_unix_ms: 1_700_000_000_000,
        details: format!(r#"{{"path":"/sign","id":"{operation_id}"}}"#),
        body: Some(format!(r#"{{"cbReceiptReference":"{operation_id}"}}"#).into()),
        answer: None,
        checksum: [0; 32],
    }
}

/// A row as the next writer writes it, at a stage.
#[must_use]
pub fn next(row: &Row, stage: Stage) -> Row {
    Row {
        stage,
        revision: row.revision + 1,
        changed_unix_ms: row.changed_unix_ms + 1,
        ..row.clone()
    }
}

/// Writes one thing, synced.
///
/// # Errors
/// As the store says.
pub async fn write(store: &dyn OperationStore, write: Write) -> Result<Row, StoreError> {
    let mut rows = store.commit(vec![write], Durability::Synced).await?;
    assert_eq!(rows.len(), 1, "one row for each write");
    Ok(rows.remove(0))
}

/// Inserts a row, which is held then.
pub async fn insert(store: &dyn OperationStore, row: Row) -> Row {
    write(store, Write::Insert(row)).await.expect("inserted")
}

/// Inserts a row and lets go of it.
pub async fn insert_free(store: &dyn OperationStore, row: Row) -> Row {
    let row = insert(store, row).await;
    store.release(row.operation_id);
    row
}

/// Brings a row to a stage.
pub async fn update(store: &dyn OperationStore, row: &Row, stage: Stage) -> Row {
    write(store, Write::Update(next(row, stage)))
        .await
        .expect("updated")
}

/// All rows, in one page.
pub async fn all(store: &dyn OperationStore) -> Vec<Row> {
    store.page(Selection::All, 0, u32::MAX).await.expect("rows")
}

/// The numbers of rows.
#[must_use]
pub fn numbers(rows: &[Row]) -> Vec<u64> {
    rows.iter().map(|row| row.sequence).collect()
}

/// What sort of failure came, if one did.
pub fn kind<T>(result: Result<T, StoreError>) -> Option<StoreErrorKind> {
    result.err().map(|error| error.kind())
}
