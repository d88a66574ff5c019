//! One transaction with the batches of several callers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{BoxFuture, FutureExt, join4, try_join_all};
use pos_system_api::store::{Durability, Row, StoreError, Write};
use tokio_postgres::{Error, Row as Columns};
use uuid::Uuid;

use crate::connection::Session;
use crate::draft::{Change, Current, Draft, Hold, Known};
use crate::fault::{Cause, Fault};
use crate::lease::Held;
use crate::meta::Meta;
use crate::schema;
use crate::statements::Writing;
use crate::stored::{self, COLUMN_COUNT, signed};

/// A part of a transaction.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// Is written as a whole or not at all, whatever becomes of the other parts.
    Batch(Vec<Write>, Durability),
    /// A row is let go of.
    Release(Uuid),
}

/// What became of one part: the rows of a batch as they are stored.
pub(crate) type Written = Result<Vec<Row>, StoreError>;

/// Who writes, and for how long it holds what it writes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder {
    pub(crate) id: Uuid,
    pub(crate) lease_seconds: f64,
}

/// A transaction that does not wait for the disk.
pub(crate) const BEGIN_LAZY: &str = "BEGIN; SET LOCAL synchronous_commit = off";

/// Writes all parts that are not refused by themselves in one transaction, in their order. Notes when
/// the commit is sent: cut short before that, nothing lasts.
pub(crate) async fn write(
    session: &Session<Writing>,
    parts: &[Part],
    holder: Holder,
    held: &Held,
    commit_sent: &AtomicBool,
) -> Result<Vec<Written>, Fault> {
    let written = in_transaction(session, parts, holder, held, commit_sent).await;
    if matches!(written, Err(Fault::Refused(_))) {
        // An error here is one of the connection, which the next transaction finds.
        let _ = session.client.batch_execute("ROLLBACK").await;
    }
    written
}

async fn in_transaction(
    session: &Session<Writing>,
    parts: &[Part],
    holder: Holder,
    held: &Held,
    commit_sent: &AtomicBool,
) -> Result<Vec<Written>, Fault> {
    let ids = written_ids(parts);
    let mut touched = ids.clone();
    touched.extend(parts.iter().filter_map(|part| match part {
        Part::Release(id) => Some(*id),
        Part::Batch(..) => None,
    }));
    let Locked {
        version,
        meta,
        rows,
    } = lock(session, parts, &ids, holder.id)
        .await
        .map_err(Fault::before_writing)?;
    schema::check(version).map_err(Fault::unusable)?;
    let mut draft = Draft::new(known(&rows), meta, held.among(&touched));
    let results = parts
        .iter()
        .map(|part| match part {
            Part::Batch(writes, _) => draft.batch(writes.clone()),
            Part::Release(id) => {
                draft.release(*id);
                Ok(Vec::new())
            }
        })
        .collect();
    send(session, &draft, holder)
        .await
        .map_err(Fault::before_writing)?;
    // From here on it may last, whatever is heard of it.
    commit_sent.store(true, Ordering::Relaxed);
    session.warnings.clear();
    session
        .client
        .batch_execute("COMMIT")
        .await
        .map_err(Fault::while_writing)?;
    if has_to_last(parts) && session.warnings.has_any() {
        // The wait for a synchronous standby was cancelled, which the server warns of and calls success.
        return Err(Fault::Doubt(Cause::Unconfirmed));
    }
    held.set(&touched, &draft.into_held());
    Ok(results)
}

/// Whether one of them waits for the disk, and so all of them do.
fn has_to_last(parts: &[Part]) -> bool {
    let is_synced = |part: &Part| matches!(part, Part::Batch(_, Durability::Synced));
    parts.iter().any(is_synced)
}

/// The operation ids that are written.
fn written_ids(parts: &[Part]) -> Vec<Uuid> {
    let writes = parts.iter().flat_map(|part| match part {
        Part::Batch(writes, _) => writes.as_slice(),
        Part::Release(_) => &[],
    });
    writes
        .map(|write| match write {
            Write::Insert(row) | Write::Update(row) => row.operation_id,
        })
        .collect()
}

/// What is locked until the end of a transaction.
struct Locked {
    /// Of the tables, which are not upgraded before that.
    version: i32,
    /// Read if a row is to be inserted.
    meta: Option<Result<Meta, StoreError>>,
    rows: Vec<Columns>,
}

/// Reads the version of the tables. They are not upgraded before the end of the transaction.
pub(crate) async fn version(session: &Session<Writing>) -> Result<i32, Error> {
    let statement = &session.statements.version;
    let columns = session.client.query_one(statement, &[]).await?;
    columns.try_get(0)
}

/// Begins, and locks what is to be written: the numbers before the rows, everywhere.
async fn lock(
    session: &Session<Writing>,
    parts: &[Part],
    ids: &[Uuid],
    holder: Uuid,
) -> Result<Locked, Error> {
    let inserts = parts.iter().any(|part| match part {
        Part::Batch(writes, _) => writes.iter().any(|write| matches!(write, Write::Insert(_))),
        Part::Release(_) => false,
    });
    let Session {
        client, statements, ..
    } = session;
    // Polled in this order, and sent when they are polled first, without waiting for each other's answers.
    let (begun, version, meta, rows) = join4(
        client.batch_execute(if has_to_last(parts) {
            "BEGIN"
        } else {
            BEGIN_LAZY
        }),
        version(session),
        async {
            if !inserts {
                return Ok(None);
            }
            let columns = client.query_one(&statements.lock_meta, &[]).await?;
            Ok(Some(Meta::read(&columns)))
        },
        async {
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            client.query(&statements.lock_rows, &[&ids, &holder]).await
        },
    )
    .await;
    begun?;
    Ok(Locked {
        version: version?,
        meta: meta?,
        rows: rows?,
    })
}

/// What is known of the rows that were read.
fn known(rows: &[Columns]) -> HashMap<Uuid, Known> {
    rows.iter()
        .filter_map(|columns| {
            let id = stored::operation_id(columns)?;
            let held_by_another = columns.try_get(COLUMN_COUNT).unwrap_or(true);
            let known = match stored::read(columns) {
                Ok(row) => Known::Row(Box::new(Current::stored(row, held_by_another))),
                Err(error) => Known::Damaged(error.to_string()),
            };
            Some((id, known))
        })
        .collect()
}

/// Sends what changes, each row once, without waiting between them.
async fn send(session: &Session<Writing>, draft: &Draft, holder: Holder) -> Result<(), Error> {
    let mut sent: Vec<BoxFuture<'_, Result<u64, Error>>> = Vec::new();
    for current in draft.changes() {
        sent.push(match current.change {
            Change::Inserted => insert(session, current, holder).boxed(),
            Change::Updated => update(session, current, holder).boxed(),
            Change::Nothing => hold(session, current.row.operation_id, holder).boxed(),
        });
    }
    let released = draft.released();
    if !released.is_empty() {
        sent.push(release(session, released, holder.id).boxed());
    }
    if let Some(meta) = draft.changed_meta() {
        sent.push(set_meta(session, meta).boxed());
    }
    try_join_all(sent).await.map(drop)
}

async fn insert(
    session: &Session<Writing>,
    current: &Current,
    holder: Holder,
) -> Result<u64, Error> {
    let row = &current.row;
    session
        .client
        .execute(
            &session.statements.insert,
            &[
                &signed(row.sequence),
                &row.operation_id,
                &row.queue,
                &row.stage.as_str(),
                &row.parked,
                &i64::from(row.revision),
                &row.changed_unix_ms,
                &row.details,
                &row.body.as_deref(),
                &row.answer.as_deref(),
                &row.checksum.as_slice(),
                &holder_after(current.hold, holder),
                &holder.lease_seconds,
            ],
        )
        .await
}

async fn update(
    session: &Session<Writing>,
    current: &Current,
    holder: Holder,
) -> Result<u64, Error> {
    let row = &current.row;
    let body = row.body.as_deref().filter(|_| current.has_new_body);
    session
        .client
        .execute(
            &session.statements.update,
            &[
                &row.operation_id,
                &row.queue,
                &row.stage.as_str(),
                &row.parked,
                &i64::from(row.revision),
                &row.changed_unix_ms,
                &row.details,
                &current.has_new_body,
                &body,
                &row.answer.as_deref(),
                &row.checksum.as_slice(),
                &(current.hold != Hold::Keep),
                &holder_after(current.hold, holder),
                &holder.lease_seconds,
            ],
        )
        .await
}

async fn hold(session: &Session<Writing>, id: Uuid, holder: Holder) -> Result<u64, Error> {
    let statement = &session.statements.hold;
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
        [&id, &holder.id, &holder.lease_seconds];
    session.client.execute(statement, &parameters).await
}

async fn release(session: &Session<Writing>, ids: Vec<Uuid>, holder: Uuid) -> Result<u64, Error> {
    let statement = &session.statements.release;
    session.client.execute(statement, &[&ids, &holder]).await
}

/// Writes the numbers down.
pub(crate) async fn set_meta(session: &Session<Writing>, meta: Meta) -> Result<u64, Error> {
    session
        .client
        .execute(
            &session.statements.set_meta,
            &[
                &signed(meta.first_sequence),
                &signed(meta.last_sequence),
                &signed(meta.changes),
                &meta.checksum().as_slice(),
            ],
        )
        .await
}

/// Who holds a row that is written.
fn holder_after(hold: Hold, holder: Holder) -> Option<Uuid> {
    (hold == Hold::Take).then_some(holder.id)
}
