//! The one thread that works with the database, and what it does for all callers at once.

use std::iter;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use pos_system_api::store::{Claim, Durability, Row, StoreErrorKind, Write};
use rusqlite::Connection;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::batch::{Plan, Written};
use crate::check;
use crate::counter::{Counter, Found};
use crate::failure::{Failure, is_without_room};
use crate::files::Files;
use crate::held::{Held, Hold};
use crate::lock::Lock;
use crate::meta::Meta;
use crate::named::NamedFile;
use crate::open::{self, Opened};
use crate::rows;

/// How many callers are served in one transaction at most.
const GROUP: usize = 256;

/// How much is in the log, about, before it is brought to the database file.
const CHECKPOINT_BYTES: u64 = 8 << 20;

/// What the thread is asked to do.
pub(crate) enum Job {
    Commit(Commit),
    Other(Box<dyn FnOnce(&mut Writer) + Send>),
}

/// One caller's batch.
pub(crate) struct Commit {
    pub(crate) writes: Vec<Write>,
    pub(crate) durability: Durability,
    pub(crate) reply: oneshot::Sender<Result<(Vec<Row>, Hold), Failure>>,
}

/// The database, and what is known of it.
pub(crate) struct Writer {
    connection: Connection,
    counter: Counter,
    files: Files,
    held: Arc<Held>,
    meta: Meta,
    /// What every caller is told, after a failure of unknown effect.
    failed: Option<Failure>,
    /// Whether the next commit is synced.
    syncs: bool,
    /// Whether something was written that is not synced yet.
    is_behind: bool,
    /// How much was written to the log since it was brought to the database.
    log_bytes: u64,
    database: NamedFile,
    log: NamedFile,
    // Dropped last: the store is free when nothing of it is open.
    lock: Lock,
}

impl Writer {
    pub(crate) fn new(opened: Opened, files: Files, held: Arc<Held>) -> Self {
        Self {
            connection: opened.connection,
            counter: opened.counter,
            files,
            held,
            meta: opened.meta,
            failed: None,
            syncs: true,
            is_behind: false,
            log_bytes: if opened.is_log_full {
                CHECKPOINT_BYTES
            } else {
                0
            },
            database: opened.database,
            log: opened.log,
            lock: opened.lock,
        }
    }

    /// Works until nobody can ask any more.
    pub(crate) fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            let mut commits = Vec::new();
            let mut others = Vec::new();
            // What came while the last group was written is the next group.
            for job in iter::once(first).chain(jobs.try_iter()).take(GROUP) {
                match job {
                    Job::Commit(commit) => commits.push(commit),
                    Job::Other(other) => others.push(other),
                }
            }
            self.commit(commits);
            for other in others {
                other(&mut self);
            }
            self.checkpoint_when_due();
        }
    }

    /// Does something unless the store failed, and remembers if it does now.
    pub(crate) fn attempt<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        work(self).map_err(|failure| self.undo(failure))
    }

    /// Takes back what a failure left; where that is not sure, nothing more is done with the store.
    fn undo(&mut self, failure: Failure) -> Failure {
        let is_undone =
            self.connection.is_autocommit() || self.connection.execute_batch("ROLLBACK").is_ok();
        let is_certain = failure.is_refusal()
            || matches!(failure.kind, StoreErrorKind::Full | StoreErrorKind::InUse);
        if !(is_undone && is_certain) {
            self.failed = Some(failure.lasting());
            // A failed sync is never tried again, and so neither is what a close would sync. If this
            // fails, so does the close.
            let _ = open::set_checkpoint_at_close(&self.connection, false);
        }
        failure
    }

    /// Writes the batches of several callers in one transaction, and tells each what became of it.
    fn commit(&mut self, commits: Vec<Commit>) {
        if commits.is_empty() {
            return;
        }
        let is_synced = commits
            .iter()
            .any(|commit| commit.durability == Durability::Synced);
        let (batches, replies): (Vec<_>, Vec<_>) = commits
            .into_iter()
            .map(|commit| (commit.writes, commit.reply))
            .unzip();
        // A caller that went away is not told; what it would hold is let go of with its answer.
        match self.attempt(|writer| writer.transact(batches, is_synced)) {
            Ok(written) => {
                for (reply, written) in replies.into_iter().zip(written) {
                    let _ = reply.send(written.map(|written| (written.rows, written.hold)));
                }
            }
            Err(failure) => {
                for reply in replies {
                    let _ = reply.send(Err(failure.clone()));
                }
            }
        }
    }

    fn transact(
        &mut self,
        batches: Vec<Vec<Write>>,
        is_synced: bool,
    ) -> Result<Vec<Result<Written, Failure>>, Failure> {
        self.set_sync(is_synced)?;
        self.begin()?;
        let mut meta = self.meta.clone();
        let mut written = Vec::with_capacity(batches.len());
        for writes in batches {
            match Plan::new(&self.connection, &self.held, &meta, writes) {
                Ok(plan) => {
                    written.push(Ok(plan.write(&self.connection, &self.held, &mut meta)?));
                }
                Err(refusal) if refusal.is_refusal() => written.push(Err(refusal)),
                Err(failure) => return Err(failure),
            }
        }
        let bytes: u64 = written.iter().flatten().map(|written| written.bytes).sum();
        // What was stored before without a sync is promised now.
        let is_promised = is_synced && self.is_behind;
        if bytes == 0 && !is_promised {
            self.connection.execute_batch("ROLLBACK")?;
            return Ok(written);
        }
        self.finish(meta, is_synced)?;
        self.log_bytes += bytes;
        Ok(written)
    }

    /// Whether the files are found by their names when this process has ended.
    fn check_names(&mut self) -> Result<(), Failure> {
        self.lock.check()?;
        self.database.check()?;
        self.log.check().inspect_err(|_| {
            // What was promised may be in there alone. If this fails, it is no worse.
            let _ = open::checkpoint(&self.connection);
        })
    }

    /// Opens a transaction, unless the store is not this process's alone any more.
    fn begin(&mut self) -> Result<(), Failure> {
        self.begin_alone().map_err(Failure::with_nothing_written)
    }

    fn begin_alone(&mut self) -> Result<(), Failure> {
        self.check_names()?;
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        if Meta::read(&self.connection)? == self.meta {
            return Ok(());
        }
        Err(Failure::new(
            StoreErrorKind::Failed,
            "Something else has written to the store since it was opened",
        ))
    }

    /// Commits the transaction that is open.
    fn finish(&mut self, mut meta: Meta, is_synced: bool) -> Result<(), Failure> {
        meta.commits += 1;
        meta.update(&self.connection)?;
        self.connection.execute_batch("COMMIT")?;
        self.meta = meta;
        self.is_behind = !is_synced;
        if !is_synced {
            return Ok(());
        }
        match self.counter.write(self.meta.commits) {
            // The next commit is refused for the same reason; until then the counter is behind.
            Err(error) if !is_without_room(&error) => {
                // This commit is on stable storage, and those who wait for it are told so.
                let failure = Failure::of_file("write", &self.files.counter, error);
                self.failed = Some(failure.lasting());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn set_sync(&mut self, is_synced: bool) -> Result<(), Failure> {
        if self.syncs != is_synced {
            let level = if is_synced { "FULL" } else { "NORMAL" };
            self.connection.pragma_update(None, "synchronous", level)?;
            self.syncs = is_synced;
        }
        Ok(())
    }

    /// Brings the log to the database file when there is enough of it; nobody waits for it but the next.
    fn checkpoint_when_due(&mut self) {
        if self.log_bytes < CHECKPOINT_BYTES {
            return;
        }
        self.log_bytes = 0;
        // Without room it is tried again with the next megabytes; anything else is remembered.
        let _ = self.attempt(|writer| {
            writer.set_sync(true)?;
            open::checkpoint(&writer.connection)
        });
    }

    pub(crate) fn claim(&mut self, claim: &Claim) -> Result<Option<(Row, Hold)>, Failure> {
        // Another process that has the store does not know what is held here.
        self.check_names()?;
        let row = match claim {
            Claim::Operation(id) if self.held.contains(*id) => {
                return Err(Failure::new(
                    StoreErrorKind::Held,
                    "Another call is working on this operation",
                ));
            }
            Claim::Operation(id) => {
                rows::by_id(&self.connection, *id)?.filter(|row| row.stage.is_open())
            }
            Claim::Next { queue, before } => {
                let is_free = |id| !self.held.contains(id);
                rows::next_open(&self.connection, queue, *before, is_free)?
            }
        };
        Ok(row.map(|row| {
            let hold = Hold::of(&self.held, vec![row.operation_id]);
            (row, hold)
        }))
    }

    pub(crate) fn row(&self, id: Uuid) -> Result<Option<Row>, Failure> {
        rows::by_id(&self.connection, id)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Removes the leading rows that have been without content since before a moment.
    pub(crate) fn trim(&mut self, purged_before_unix_ms: i64) -> Result<u64, Failure> {
        self.set_sync(true)?;
        self.begin()?;
        let first = match rows::first_kept(&self.connection, purged_before_unix_ms)? {
            Some(first) => first,
            None => self.meta.last_sequence + 1,
        };
        let mut meta = self.meta.clone();
        let removed = first.checked_sub(meta.first_sequence).ok_or_else(|| {
            Failure::damaged(format!("Row {first} stands before the first one there is"))
        })?;
        if removed == 0 {
            self.connection.execute_batch("ROLLBACK")?;
            return Ok(0);
        }
        rows::delete_before(&self.connection, first)?;
        meta.first_sequence = first;
        self.finish(meta, true)?;
        self.log_bytes += removed * 512;
        Ok(removed)
    }

    pub(crate) fn verify(&mut self) -> Result<u64, Failure> {
        match Counter::read(&self.files.counter)? {
            Found::Count { count, .. } => Ok(check::check(&self.connection, count)?.rows),
            Found::Nothing | Found::Unreadable => Err(Failure::damaged(format!(
                "The file {} is missing, or not what was written",
                self.files.counter.display()
            ))),
        }
    }
}
