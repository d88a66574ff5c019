//! The store.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pos_system_api::store::{
    Claim, Durability, OperationStore, Row, Selection, StoreError, StoreFuture, Write,
};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio_postgres::Socket;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use uuid::Uuid;

use crate::answer::Answer;
use crate::config::PostgresConfig;
use crate::connection::Connector;
use crate::lease::{self, Held};
use crate::queue::{Batch, Job, Queue};
use crate::reader::Reader;
use crate::verify;
use crate::writer::Writer;

/// A store in PostgreSQL, which several workers share.
///
/// Each opened store is one holder. It uses two connections: one that writes, and one, made when it is
/// needed, that reads and renews leases. When the store is dropped, it lets go of what it holds.
///
/// A write fails with [`StoreErrorKind::InDoubt`] if the connection is lost, or the time runs out, after its
/// commit was sent: it may have been written or not. A connection that is lost before that is made anew,
/// and the write repeated, without anybody noticing. If that does not help either, or the time runs out
/// first, the call fails with [`StoreErrorKind::Unavailable`]: nothing was written. In all of these cases
/// later calls connect again, so that the store need not be opened again.
///
/// [`StoreErrorKind::InDoubt`]: pos_system_api::store::StoreErrorKind::InDoubt
/// [`StoreErrorKind::Unavailable`]: pos_system_api::store::StoreErrorKind::Unavailable
pub struct PostgresStore {
    holder: Uuid,
    schema: String,
    jobs: mpsc::UnboundedSender<Job>,
    is_closing: Arc<AtomicBool>,
    reader: Arc<Reader>,
    renewal: AbortHandle,
}

impl PostgresStore {
    /// Opens the store of a server on this machine, creating its tables if there are none.
    ///
    /// Has to be called in a runtime of tokio, which also runs its tasks.
    ///
    /// # Errors
    /// [`StoreErrorKind::TooNew`] if the tables are of a later version of this program,
    /// [`StoreErrorKind::Damaged`] if something in them is not what was written
    /// ([unless that is left to `verify`](PostgresConfig::with_verified_open)), [`StoreErrorKind::Full`] if they cannot be written, [`StoreErrorKind::Unavailable`] if the server
    /// cannot be reached, refuses the connection or loses data with the power, and
    /// [`StoreErrorKind::Failed`] if the configuration cannot be used, or the server is on another machine
    /// without that being [allowed](PostgresConfig::with_plaintext_allowed).
    ///
    /// [`StoreErrorKind::TooNew`]: pos_system_api::store::StoreErrorKind::TooNew
    /// [`StoreErrorKind::Damaged`]: pos_system_api::store::StoreErrorKind::Damaged
    /// [`StoreErrorKind::Full`]: pos_system_api::store::StoreErrorKind::Full
    /// [`StoreErrorKind::Unavailable`]: pos_system_api::store::StoreErrorKind::Unavailable
    /// [`StoreErrorKind::Failed`]: pos_system_api::store::StoreErrorKind::Failed
    pub async fn connect(config: PostgresConfig) -> Result<Self, StoreError> {
        config.check()?;
        let connector = Connector::plain(config, Uuid::new_v4())?;
        Self::open(connector).await
    }

    /// Opens the store of any server, by a connector for TLS such as that of `tokio-postgres-rustls`.
    ///
    /// A server on another machine has to speak TLS, whatever the `sslmode` of the configuration says.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect).
    pub async fn connect_with_tls<T>(config: PostgresConfig, tls: T) -> Result<Self, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        config.check()?;
        let connector = Connector::encrypted(config, Uuid::new_v4(), tls);
        Self::open(connector).await
    }

    async fn open(connector: Connector) -> Result<Self, StoreError> {
        let connector = Arc::new(connector);
        let session = connector.writing().await?;
        let config = connector.config();
        if config.verified_open {
            verify::verify(&session, &config.schema, config.timeout).await?;
        }
        let reader = Arc::new(Reader::new(Arc::clone(&connector)));
        let held = Arc::new(Held::default());
        let (jobs, wanted) = mpsc::unbounded_channel();
        let is_closing = Arc::new(AtomicBool::new(false));
        let queue = Queue::new(wanted, Arc::clone(&is_closing));
        let writer = Writer::new(Arc::clone(&connector), session, Arc::clone(&held), queue);
        tokio::spawn(writer.run());
        let renewal = lease::keep_renewed(held, Arc::clone(&reader), connector.config().lease);
        Ok(Self {
            holder: connector.holder(),
            schema: connector.config().schema.clone(),
            jobs,
            is_closing,
            reader,
            renewal: tokio::spawn(renewal).abort_handle(),
        })
    }

    /// The id of this holder, as it stands in the column `holder` and in the names of its connections,
    /// `pos-system-api <id>`.
    #[must_use]
    pub fn holder(&self) -> Uuid {
        self.holder
    }

    /// Finishes what was begun, writes the commits that wait, lets go of everything that is held, and ends.
    /// Claims that wait, and later calls that write, fail. With a server that is silent it takes about twice
    /// the [timeout](PostgresConfig::with_timeout): one for what is under way, one to connect again.
    pub async fn close(&self) {
        self.is_closing.store(true, Ordering::SeqCst);
        let (reply, closed) = oneshot::channel();
        if self.jobs.send(Job::Close { reply }).is_ok() {
            // An error here says that it has ended already.
            let _ = closed.await;
        }
        self.renewal.abort();
    }

    /// Sends a job now, not when its answer is polled: calls take place in their order.
    fn ask<T>(
        &self,
        held: fn(&T) -> Vec<Uuid>,
        job: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Job,
    ) -> Answer<T> {
        let (reply, answer) = oneshot::channel();
        let is_asked = self.jobs.send(job(reply)).is_ok();
        Answer::new(answer, is_asked, self.jobs.clone(), held)
    }
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("holder", &self.holder)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

impl OperationStore for PostgresStore {
    fn is_shared(&self) -> bool {
        true
    }

    fn commit(&self, writes: Vec<Write>, durability: Durability) -> StoreFuture<'_, Vec<Row>> {
        let answer = self.ask(
            |batch: &Batch| batch.held.clone(),
            |reply| Job::Commit {
                writes,
                durability,
                reply,
            },
        );
        Box::pin(async move { answer.await.map(|batch| batch.rows) })
    }

    fn claim(&self, claim: Claim) -> StoreFuture<'_, Option<Row>> {
        Box::pin(self.ask(
            |row: &Option<Row>| row.iter().map(|row| row.operation_id).collect(),
            |reply| Job::Claim { claim, reply },
        ))
    }

    fn release(&self, operation_id: Uuid) {
        // A closed store holds nothing.
        let _ = self.jobs.send(Job::Release(operation_id));
    }

    fn row(&self, operation_id: Uuid) -> StoreFuture<'_, Option<Row>> {
        Box::pin(self.reader.row(operation_id))
    }

    fn page(&self, selection: Selection, after: u64, limit: u32) -> StoreFuture<'_, Vec<Row>> {
        Box::pin(async move { self.reader.page(&selection, after, limit).await })
    }

    fn trim(&self, purged_before_unix_ms: i64) -> StoreFuture<'_, u64> {
        Box::pin(self.ask(
            |_| Vec::new(),
            |reply| Job::Trim {
                purged_before_unix_ms,
                removed: 0,
                reply,
            },
        ))
    }

    fn verify(&self) -> StoreFuture<'_, u64> {
        Box::pin(self.reader.verify())
    }
}
