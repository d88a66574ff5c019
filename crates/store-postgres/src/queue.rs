//! What waits for the writer.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pos_system_api::store::{Claim, Durability, Row, StoreError, Write};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::fault::Fault;

/// What is wanted of the writer. It is done in this order.
pub(crate) enum Job {
    Commit {
        writes: Vec<Write>,
        durability: Durability,
        reply: oneshot::Sender<Result<Batch, StoreError>>,
    },
    Release(Uuid),
    Claim {
        claim: Claim,
        reply: oneshot::Sender<Result<Option<Row>, StoreError>>,
    },
    Trim {
        purged_before_unix_ms: i64,
        /// How many rows it has removed so far.
        removed: u64,
        reply: oneshot::Sender<Result<u64, StoreError>>,
    },
    Close {
        reply: oneshot::Sender<()>,
    },
}

/// A batch as it is stored.
pub(crate) struct Batch {
    /// One row for each write.
    pub(crate) rows: Vec<Row>,
    /// The rows that it holds.
    pub(crate) held: Vec<Uuid>,
}

/// The jobs that wait.
pub(crate) struct Queue {
    jobs: mpsc::UnboundedReceiver<Job>,
    /// What is done before the next job.
    before: VecDeque<Job>,
    is_closing: Arc<AtomicBool>,
}

impl Queue {
    /// A queue of jobs. `is_closing` is set when the store is being closed.
    pub(crate) fn new(jobs: mpsc::UnboundedReceiver<Job>, is_closing: Arc<AtomicBool>) -> Self {
        Self {
            jobs,
            before: VecDeque::new(),
            is_closing,
        }
    }

    /// Whether the store is being closed: what waits is written, and nothing else is begun any more.
    pub(crate) fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::SeqCst)
    }

    /// The next job that has to be done, when there is one; none once the store was dropped.
    pub(crate) async fn next(&mut self) -> Option<Job> {
        loop {
            if let Some(waiting) = self.waiting() {
                return Some(waiting);
            }
            let job = self.jobs.recv().await?;
            self.before.push_back(job);
        }
    }

    /// The next job that has to be done, if there is one already.
    pub(crate) fn waiting(&mut self) -> Option<Job> {
        loop {
            let job = self.any()?;
            if self.has_to_be_done(&job) {
                return Some(job);
            }
        }
    }

    fn any(&mut self) -> Option<Job> {
        let before = self.before.pop_front();
        before.or_else(|| self.jobs.try_recv().ok())
    }

    /// Whether a job is of use to anybody. A commit always is: it shares a transaction, and so takes no
    /// time of others.
    fn has_to_be_done(&self, job: &Job) -> bool {
        match job {
            Job::Claim { reply, .. } => !self.is_closing() && !reply.is_closed(),
            // One that has begun is told what it has removed.
            Job::Trim { reply, removed, .. } => {
                (*removed > 0 || !self.is_closing()) && !reply.is_closed()
            }
            Job::Commit { .. } | Job::Release(_) | Job::Close { .. } => true,
        }
    }

    /// Does a job before all others.
    pub(crate) fn put_first(&mut self, job: Job) {
        self.before.push_front(job);
    }

    /// Does a job after those that wait by now.
    pub(crate) fn put_last(&mut self, job: Job) {
        while let Ok(waiting) = self.jobs.try_recv() {
            self.before.push_back(waiting);
        }
        self.before.push_back(job);
    }

    /// Answers all that wait with one failure, before which nothing of it was begun. What is to be let go
    /// of is given back, and a store that is being closed is closed next.
    pub(crate) fn fail_all(&mut self, fault: &Fault) -> Vec<Uuid> {
        let mut released = Vec::new();
        let mut closing = VecDeque::new();
        while let Some(job) = self.any() {
            // Whoever asked may have gone.
            match job {
                Job::Commit { reply, .. } => drop(reply.send(Err(fault.to_store_error()))),
                Job::Claim { reply, .. } => drop(reply.send(Err(fault.to_store_error()))),
                Job::Trim { reply, .. } => drop(reply.send(Err(fault.to_store_error()))),
                Job::Release(id) => released.push(id),
                close @ Job::Close { .. } => closing.push_back(close),
            }
        }
        self.before = closing;
        released
    }
}
