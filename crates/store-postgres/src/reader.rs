//! What is read beside the writer, and the renewal of leases.

use std::sync::Arc;
use std::time::Duration;

use pos_system_api::store::{Row, Selection, StoreError};
use tokio::sync::Mutex;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row as Columns, Statement};
use uuid::Uuid;

use crate::connection::{Session, SharedConnector};
use crate::fault::{Cause, Fault, damaged};
use crate::meta::Meta;
use crate::statements::Reading;
use crate::stored::{self, COLUMNS, signed};

type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// How many rows are looked at in one go when everything is verified.
const VERIFIED_AT_ONCE: i64 = 200;

/// A connection that reads, made when it is first needed.
pub(crate) struct Reader {
    connector: SharedConnector,
    session: Mutex<Option<Arc<Session<Reading>>>>,
}

impl Reader {
    pub(crate) fn new(connector: SharedConnector) -> Self {
        Self {
            connector,
            session: Mutex::new(None),
        }
    }

    /// The row of an operation.
    pub(crate) async fn row(&self, operation_id: Uuid) -> Result<Option<Row>, StoreError> {
        let rows = self.query(|it| &it.row, &[&operation_id]).await?;
        rows.first().map(stored::read).transpose()
    }

    /// The first rows of a selection behind a sequence number.
    pub(crate) async fn page(
        &self,
        selection: &Selection,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Row>, StoreError> {
        let after = signed(after);
        let limit = i64::from(limit);
        let rows = match selection {
            Selection::All => self.query(|it| &it.all, &[&after, &limit]).await?,
            Selection::Open { queue } => {
                self.query(|it| &it.open, &[&after, &limit, queue]).await?
            }
            Selection::Untaken { queue } => {
                self.query(|it| &it.untaken, &[&after, &limit, queue])
                    .await?
            }
            Selection::EndedBefore { unix_ms } => {
                self.query(|it| &it.ended, &[&after, &limit, unix_ms])
                    .await?
            }
        };
        rows.iter().map(stored::read).collect()
    }

    /// Gives the rows that are held a new lease.
    pub(crate) async fn renew(&self, ids: &[Uuid]) -> Result<(), StoreError> {
        let lease_seconds = self.connector.config().lease.as_secs_f64();
        let holder = self.connector.holder();
        self.query(|it| &it.renew, &[&ids, &holder, &lease_seconds])
            .await
            .map(drop)
    }

    /// Looks at every row, as all of them were at one moment, and gives their number.
    pub(crate) async fn verify(&self) -> Result<u64, StoreError> {
        // A connection of its own: it is in a transaction for as long as this takes.
        let session = self.connector.reading().await?;
        let config = self.connector.config();
        verify(&session, &config.schema, config.timeout).await
    }

    /// What a statement gives. A connection that was lost is made anew once: reading twice harms nobody.
    async fn query(
        &self,
        statement: impl Fn(&Reading) -> &Statement,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Columns>, StoreError> {
        let mut is_repeated = false;
        loop {
            let session = self.connected().await?;
            let timeout = self.connector.config().timeout;
            let asked = session
                .client
                .query(statement(&session.statements), parameters);
            let fault = match tokio::time::timeout(timeout, asked).await {
                Ok(Ok(rows)) => return Ok(rows),
                Ok(Err(error)) => Fault::before_writing(error),
                Err(_) => {
                    session.sever();
                    Fault::Untouched(Cause::TimedOut)
                }
            };
            if is_repeated || !fault.may_be_repeated() {
                return Err(fault.to_store_error());
            }
            is_repeated = true;
        }
    }

    async fn connected(&self) -> Result<Arc<Session<Reading>>, StoreError> {
        let mut session = self.session.lock().await;
        match &*session {
            Some(open) if !open.client.is_closed() => Ok(Arc::clone(open)),
            _ => {
                let open = Arc::new(self.connector.reading().await?);
                *session = Some(Arc::clone(&open));
                Ok(open)
            }
        }
    }
}

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

async fn verify<S>(
    session: &Session<S>,
    schema: &str,
    timeout: Duration,
) -> Result<u64, StoreError> {
    let client = &session.client;
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
