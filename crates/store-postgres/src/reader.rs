//! What is read beside the writer, and the renewal of leases.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::{BoxFuture, FutureExt, Shared};
use pos_system_api::store::{Row, Selection, StoreError};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row as Columns, Statement};
use uuid::Uuid;

use crate::connection::{Session, SharedConnector};
use crate::fault::{Cause, Fault};
use crate::statements::Reading;
use crate::stored::{self, signed};
use crate::verify;

type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection that reads, or the making of it, which all that need it wait for together.
type Connecting = Shared<BoxFuture<'static, Result<Arc<Session<Reading>>, Arc<StoreError>>>>;

/// A connection that reads, made when it is first needed.
pub(crate) struct Reader {
    connector: SharedConnector,
    connecting: Mutex<Option<Connecting>>,
}

impl Reader {
    pub(crate) fn new(connector: SharedConnector) -> Self {
        Self {
            connector,
            connecting: Mutex::new(None),
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
        verify::verify(&session, &config.schema, config.timeout).await
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
            if fault.is_of_the_connection() {
                self.forget(&session);
            }
            if is_repeated || !fault.may_be_repeated() {
                return Err(fault.to_store_error());
            }
            is_repeated = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Connecting>> {
        // Nothing below panics halfway through a change.
        self.connecting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves a connection that is of no more use, unless somebody has already.
    fn forget(&self, useless: &Arc<Session<Reading>>) {
        let mut connecting = self.lock();
        if let Some(Some(Ok(open))) = connecting.as_ref().map(Shared::peek)
            && Arc::ptr_eq(open, useless)
        {
            *connecting = None;
        }
    }

    async fn connected(&self) -> Result<Arc<Session<Reading>>, StoreError> {
        let connecting = {
            let mut connecting = self.lock();
            match &*connecting {
                Some(connecting) if is_of_use(connecting) => connecting.clone(),
                _ => connecting.insert(self.connect()).clone(),
            }
        };
        let connected = connecting.await;
        connected.map_err(|error| Fault::Unreachable(error).to_store_error())
    }

    fn connect(&self) -> Connecting {
        let connector = Arc::clone(&self.connector);
        let connecting =
            async move { connector.reading().await.map(Arc::new).map_err(Arc::new) }.boxed();
        let connecting = connecting.shared();
        // It goes on though whoever began it may stop waiting.
        tokio::spawn(connecting.clone());
        connecting
    }
}

/// Whether a connection is under way, or there and open.
fn is_of_use(connecting: &Connecting) -> bool {
    match connecting.peek() {
        None => true,
        Some(Ok(session)) => !session.client.is_closed(),
        Some(Err(_)) => false,
    }
}
