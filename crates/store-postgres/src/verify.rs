//! Whether everything that is stored is what was written.

use std::time::Duration;

use pos_system_api::store::{StoreError, StoreErrorKind};
use tokio_postgres::{Client, Error};

use crate::connection::Session;
use crate::fault::{Cause, Fault, damaged};
use crate::meta::Meta;
use crate::stored::{self, COLUMNS, signed};

/// How many rows are looked at in one go.
const VERIFIED_AT_ONCE: i64 = 200;

/// What the server answers within the time it has.
async fn in_time<T>(
    timeout: Duration,
    asked: impl Future<Output = Result<T, Error>>,
) -> Result<T, StoreError> {
    let fault = match tokio::time::timeout(timeout, asked).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(error)) => Fault::before_writing(error),
        Err(_) => Fault::Untouched(Cause::TimedOut),
    };
    Err(fault.to_store_error())
}

/// Looks at every row, as all of them were at one moment, and gives their number.
pub(crate) async fn verify<S>(
    session: &Session<S>,
    schema: &str,
    timeout: Duration,
) -> Result<u64, StoreError> {
    let verified = in_transaction(&session.client, schema, timeout).await;
    if matches!(&verified, Err(error) if error.kind() == StoreErrorKind::Unavailable) {
        // The server may be silent: its answer is not waited for once more.
        session.sever();
        return verified;
    }
    in_time(timeout, session.client.batch_execute("ROLLBACK")).await?;
    verified
}

async fn in_transaction(
    client: &Client,
    schema: &str,
    timeout: Duration,
) -> Result<u64, StoreError> {
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    in_time(timeout, client.batch_execute(begin)).await?;
    let meta =
        format!("SELECT first_sequence, last_sequence, changes, checksum FROM \"{schema}\".meta");
    let meta = in_time(timeout, client.query_opt(&meta, &[])).await?;
    let meta = meta.ok_or_else(|| damaged("The row of the store's numbers is missing"))?;
    let meta = Meta::read(&meta)?;
    let page = format!(
        "SELECT {COLUMNS} FROM \"{schema}\".operation WHERE sequence > $1 ORDER BY sequence \
         LIMIT {VERIFIED_AT_ONCE}"
    );
    let page = in_time(timeout, client.prepare(&page)).await?;
    let mut expected = meta.first_sequence;
    let mut after = i64::MIN;
    loop {
        let rows = in_time(timeout, client.query(&page, &[&after])).await?;
        let Some(last) = rows.last() else { break };
        after = signed(stored::read(last)?.sequence);
        for columns in &rows {
            let row = stored::read(columns)?;
            if row.sequence != expected {
                return Err(damaged(format!(
                    "Row {expected} is missing: row {} stands in its place",
                    row.sequence
                )));
            }
            expected += 1;
        }
    }
    if expected != meta.last_sequence + 1 {
        return Err(damaged(format!(
            "The store has rows up to {}, and its last number is {}",
            expected - 1,
            meta.last_sequence
        )));
    }
    Ok(meta.rows())
}
