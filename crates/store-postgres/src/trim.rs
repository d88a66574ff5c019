//! Removing the leading rows whose content is gone.

use std::sync::atomic::{AtomicBool, Ordering};

use pos_system_api::store::{Stage, StoreError};
use tokio_postgres::{Error, Row as Columns};

use crate::connection::Session;
use crate::fault::{Fault, damaged};
use crate::group::{BEGIN_LAZY, set_meta, version};
use crate::meta::Meta;
use crate::schema;
use crate::statements::Writing;
use crate::stored::{self, signed};

/// How many rows are removed in one transaction at most.
pub(crate) const LARGEST_PART: u64 = 5_000;

/// Removes the first of the leading rows that are purged, and gives their number. Notes
/// when the commit is sent.
pub(crate) async fn trim(
    session: &Session<Writing>,
    purged_before_unix_ms: i64,
    commit_sent: &AtomicBool,
) -> Result<Result<u64, StoreError>, Fault> {
    let trimmed = in_transaction(session, purged_before_unix_ms)
        .await
        .map_err(Fault::before_writing);
    let end = match &trimmed {
        Ok(Ok(_)) => {
            commit_sent.store(true, Ordering::Relaxed);
            "COMMIT"
        }
        _ => "ROLLBACK",
    };
    let ended = session.client.batch_execute(end).await;
    let trimmed = trimmed?;
    ended.map_err(Fault::while_writing)?;
    Ok(trimmed)
}

async fn in_transaction(
    session: &Session<Writing>,
    purged_before_unix_ms: i64,
) -> Result<Result<u64, StoreError>, Error> {
    let Session {
        client, statements, ..
    } = session;
    client.batch_execute(BEGIN_LAZY).await?;
    if let Err(error) = schema::check(version(session).await?) {
        return Ok(Err(error));
    }
    let meta = match Meta::read(&client.query_one(&statements.lock_meta, &[]).await?) {
        Ok(meta) => meta,
        Err(error) => return Ok(Err(error)),
    };
    let part_end = meta.first_sequence.saturating_add(LARGEST_PART);
    let kept = client
        .query_one(
            &statements.first_kept,
            &[&purged_before_unix_ms, &signed(part_end)],
        )
        .await?;
    let kept: Option<i64> = kept.try_get(0)?;
    let first_sequence = kept
        .and_then(|kept| u64::try_from(kept).ok())
        .unwrap_or(part_end.min(meta.last_sequence + 1));
    if first_sequence == meta.first_sequence {
        return Ok(Ok(0));
    }
    let removed = client
        .query(&statements.remove, &[&signed(first_sequence)])
        .await?;
    // A stage may be damaged like anything else: with its row, the proof of it would be gone.
    if let Some(damage) = removed.iter().find_map(not_purged) {
        return Ok(Err(damage));
    }
    let removed = removed.len() as u64;
    if first_sequence.checked_sub(meta.first_sequence) != Some(removed) {
        return Ok(Err(damaged(
            "Rows are missing at the beginning of the store",
        )));
    }
    let changes = meta.changes + 1;
    let meta = Meta {
        first_sequence,
        changes,
        ..meta
    };
    set_meta(session, meta).await?;
    Ok(Ok(removed))
}

/// Why a row that was removed has to come back: it is not what was written, or it was written otherwise.
fn not_purged(columns: &Columns) -> Option<StoreError> {
    match stored::read(columns) {
        Ok(row) if row.stage == Stage::Purged => None,
        Ok(row) => Some(damaged(format!("Row {} still has content", row.sequence))),
        Err(damage) => Some(damage),
    }
}
