//! The store as its callers see it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use pos_system_api::store::{
    Claim, Durability, OperationStore, Row, Selection, StoreError, StoreErrorKind, StoreFuture,
    Write,
};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::failure::Failure;
use crate::files::Files;
use crate::held::Held;
use crate::open;
use crate::rows;
use crate::writer::{Commit, Job, Writer};

/// Operations in a SQLite file of this process.
///
/// A thread of its own writes for all callers: what comes while it syncs is written with the next sync, in
/// one transaction. Each caller's batch is still refused or written by itself.
///
/// When it is dropped it waits for the thread to end what it was asked to do; the store can be opened again
/// then. A process that is killed leaves nothing to be cleaned up.
pub struct SqliteStore {
    files: Files,
    held: Arc<Held>,
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl SqliteStore {
    /// Opens the store with this path, and makes it if nothing is there. Its directory must exist, on a
    /// disk of this machine.
    ///
    /// Everything that is stored is checked before this returns: it reads the whole file, so it takes about
    /// a tenth of a second for each 10,000 operations of 2 kB (optimised, with the file in the system's cache).
    /// It blocks, so that programs without an async runtime can call it too; in one that has one, call it before
    /// anything else runs, or on a thread for such work.
    ///
    /// # Errors
    /// - [`StoreErrorKind::InUse`] if another process has it open, or this one.
    /// - [`StoreErrorKind::Damaged`] if anything is not what was written; nothing is changed then, and
    ///   [`SqliteReader`](crate::SqliteReader) gives what is left.
    /// - [`StoreErrorKind::TooNew`] if a later version of this crate has written it.
    /// - [`StoreErrorKind::Full`] if there is no room, or writing is not allowed.
    /// - [`StoreErrorKind::Failed`] for anything else, such as a directory that does not exist.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        Self::start(path).map_err(|failure| failure.opening(path).into())
    }

    fn start(path: &Path) -> Result<Self, Failure> {
        let files = Files::of(path)?;
        let held = Arc::new(Held::default());
        let writer = Writer::new(open::open(&files)?, files.clone(), Arc::clone(&held));
        let (jobs, received) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("pos-system-api store".to_owned())
            .spawn(move || writer.run(&received))
            .map_err(|error| Failure::of_file("start the thread of", &files.database, error))?;
        Ok(Self {
            files,
            held,
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        self.jobs
            .as_ref()
            .and_then(|jobs| jobs.send(job).ok())
            .ok_or_else(|| ended().with_nothing_written())
    }

    /// Has the thread do something.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Other(Box::new(move |writer| {
            // Nobody listens any more if the future was dropped.
            let _ = reply.send(writer.attempt(work));
        })))?;
        Ok(answer.await.map_err(|_| ended())??)
    }
}

fn ended() -> StoreError {
    StoreError::new(
        StoreErrorKind::Failed,
        "The store's thread has ended: it has to be opened again",
    )
}

impl OperationStore for SqliteStore {
    fn commit(&self, writes: Vec<Write>, durability: Durability) -> StoreFuture<'_, Vec<Row>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            self.send(Job::Commit(Commit {
                writes,
                durability,
                reply,
            }))?;
            let (rows, hold) = answer.await.map_err(|_| ended())??;
            hold.deliver();
            Ok(rows)
        })
    }

    fn claim(&self, claim: Claim) -> StoreFuture<'_, Option<Row>> {
        Box::pin(async move {
            let claimed = self.ask(move |writer| writer.claim(&claim)).await?;
            Ok(claimed.map(|(row, hold)| {
                hold.deliver();
                row
            }))
        })
    }

    fn release(&self, operation_id: Uuid) {
        self.held.release(operation_id);
    }

    fn row(&self, operation_id: Uuid) -> StoreFuture<'_, Option<Row>> {
        Box::pin(self.ask(move |writer| writer.row(operation_id)))
    }

    fn page(&self, selection: Selection, after: u64, limit: u32) -> StoreFuture<'_, Vec<Row>> {
        Box::pin(self.ask(move |writer| rows::page(writer.connection(), &selection, after, limit)))
    }

    fn trim(&self, purged_before_unix_ms: i64) -> StoreFuture<'_, u64> {
        Box::pin(self.ask(move |writer| writer.trim(purged_before_unix_ms)))
    }

    fn verify(&self) -> StoreFuture<'_, u64> {
        Box::pin(self.ask(Writer::verify))
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        // Without a sender the thread ends when it has done what was sent.
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // If it panicked, its callers were told so.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("path", &self.files.database)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failure here fails the test"
)]
mod tests {
    use super::*;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(future)
    }

    /// Nobody waits for an answer that cannot come.
    #[test]
    fn a_panic_of_the_thread_is_told_to_all_and_the_store_is_free_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("till.db");
        let store = SqliteStore::open(&path).unwrap();
        let (go, wait) = mpsc::channel();
        let panicking = store.ask::<()>(move |_| {
            wait.recv().unwrap();
            panic!("a defect");
        });
        let mut panicking = Box::pin(panicking);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(panicking.as_mut().poll(&mut context).is_pending());
        // It waits behind the one that panics.
        let mut behind = store.verify();
        assert!(behind.as_mut().poll(&mut context).is_pending());
        go.send(()).unwrap();
        let after = || store.commit(Vec::new(), Durability::Synced);
        let errors = [
            block_on(panicking).unwrap_err(),
            block_on(behind).unwrap_err(),
            block_on(after()).unwrap_err(),
            block_on(store.claim(Claim::Operation(Uuid::nil()))).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), StoreErrorKind::Failed);
            assert!(error.to_string().contains("thread has ended"), "{error}");
        }
        drop(store);
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(block_on(store.verify()).unwrap(), 0);
    }
}
