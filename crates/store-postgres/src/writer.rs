//! The task that writes: it puts what concurrent callers want into one transaction.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use pos_system_api::store::{Claim, Row, StoreError, Write};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::claim;
use crate::connection::{Session, SharedConnector};
use crate::fault::{self, Cause, Fault};
use crate::group::{self, Holder, Part, Written};
use crate::lease::Held;
use crate::queue::{Batch, Job, Queue};
use crate::statements::Writing;
use crate::trim;

/// How many parts one transaction has at most.
const LARGEST_GROUP: usize = 256;

/// The task that writes.
pub(crate) struct Writer {
    connector: SharedConnector,
    session: Option<Session<Writing>>,
    holder: Holder,
    held: Arc<Held>,
    queue: Queue,
    /// Whether the server could not be reached while the store was being closed.
    is_cut_off: bool,
}

/// What runs on a connection.
enum Task<'a> {
    Write(&'a [Part]),
    Claim(&'a Claim),
    Trim { purged_before_unix_ms: i64 },
}

/// What comes of it.
enum Done {
    Written(Vec<Written>),
    Claimed(claim::Claimed),
    Trimmed(Result<u64, StoreError>),
}

impl Writer {
    pub(crate) fn new(
        connector: SharedConnector,
        session: Session<Writing>,
        held: Arc<Held>,
        queue: Queue,
    ) -> Self {
        let holder = Holder {
            id: connector.holder(),
            lease_seconds: connector.config().lease.as_secs_f64(),
        };
        Self {
            connector,
            session: Some(session),
            holder,
            held,
            queue,
            is_cut_off: false,
        }
    }

    /// Does what is wanted until the store is closed or dropped, and lets go of everything then.
    pub(crate) async fn run(mut self) {
        let closed = loop {
            let Some(job) = self.queue.next().await else {
                break None;
            };
            match job {
                Job::Commit { .. } | Job::Release(_) => self.write(job).await,
                Job::Claim { claim, reply } => self.claim(claim, reply).await,
                Job::Trim {
                    purged_before_unix_ms,
                    removed,
                    reply,
                } => self.trim(purged_before_unix_ms, removed, reply).await,
                Job::Close { reply } => break Some(reply),
            }
        };
        let parts: Vec<_> = self.held.all().into_iter().map(Part::Release).collect();
        if !parts.is_empty() && !self.is_cut_off {
            // A hold that cannot be given back expires.
            let _ = self.run_task(Task::Write(&parts)).await;
        }
        if let Some(reply) = closed {
            let _ = reply.send(());
        }
    }

    /// Writes a job together with those behind it that were waiting meanwhile.
    async fn write(&mut self, first: Job) {
        let mut parts = Vec::new();
        let mut replies = Vec::new();
        let mut job = Some(first);
        while let Some(next) = job {
            match next {
                Job::Commit {
                    writes,
                    durability,
                    reply,
                } => {
                    parts.push(Part::Batch(writes, durability));
                    replies.push(Some(reply));
                }
                Job::Release(id) => {
                    parts.push(Part::Release(id));
                    replies.push(None);
                }
                other => {
                    self.queue.put_first(other);
                    break;
                }
            }
            job = if parts.len() < LARGEST_GROUP {
                self.queue.waiting()
            } else {
                None
            };
        }
        let results = self.write_parts(&parts).await;
        for ((part, reply), result) in parts.iter().zip(replies).zip(results) {
            let Some(reply) = reply else { continue };
            let batch = result.map(|rows| Batch {
                rows,
                held: inserted(part),
            });
            if let Err(Ok(batch)) = reply.send(batch) {
                // Whoever stopped waiting for an insert does not know that it holds the row.
                self.let_go_first(batch.held);
            }
        }
    }

    /// Lets go of rows before anything that was asked for since.
    fn let_go_first(&mut self, ids: impl IntoIterator<Item = Uuid>) {
        for id in ids {
            self.queue.put_first(Job::Release(id));
        }
    }

    async fn write_parts(&mut self, parts: &[Part]) -> Vec<Written> {
        let fault = match self.run_task(Task::Write(parts)).await {
            Ok(Done::Written(written)) => return written,
            Ok(_) => return Vec::new(),
            Err(fault) => fault,
        };
        for part in parts {
            if let Part::Release(id) = part {
                // It is not renewed any more, and given back with the next connection.
                self.held.remove(*id);
            }
        }
        if parts.len() == 1 || fault.is_of_the_connection() {
            return parts.iter().map(|_| Err(fault.to_store_error())).collect();
        }
        // The server refused something in one of them: none of the others has to suffer from it, as long as
        // there is time. They may all wait for the same.
        let begun = Instant::now();
        let mut results = Vec::with_capacity(parts.len());
        for part in parts {
            if begun.elapsed() > self.connector.config().timeout {
                results.push(Err(fault.to_store_error()));
                continue;
            }
            let alone = self.run_task(Task::Write(std::slice::from_ref(part))).await;
            results.push(match alone {
                Ok(Done::Written(written)) => written.into_iter().next().unwrap_or(Ok(Vec::new())),
                Ok(_) => Ok(Vec::new()),
                Err(fault) => Err(fault.to_store_error()),
            });
        }
        results
    }

    async fn claim(
        &mut self,
        claim: Claim,
        reply: oneshot::Sender<Result<Option<Row>, StoreError>>,
    ) {
        let claimed = match self.run_task(Task::Claim(&claim)).await {
            Ok(Done::Claimed(claimed)) => claimed,
            Ok(_) => Ok(None),
            Err(fault) => Err(fault.to_store_error()),
        };
        if let Err(Ok(Some(row))) = reply.send(claimed) {
            self.let_go_first([row.operation_id]);
        }
    }

    /// Removes a part of the rows. What came meanwhile goes before the next part, so that nobody waits for more
    /// than one.
    async fn trim(
        &mut self,
        purged_before_unix_ms: i64,
        removed_before: u64,
        reply: oneshot::Sender<Result<u64, StoreError>>,
    ) {
        let trimmed = if self.queue.is_closing() {
            Ok(0)
        } else {
            let trim = Task::Trim {
                purged_before_unix_ms,
            };
            match self.run_task(trim).await {
                Ok(Done::Trimmed(part)) => part,
                Ok(_) => Ok(0),
                Err(fault) => Err(fault.to_store_error()),
            }
        };
        match trimmed {
            Ok(part) if part == trim::LARGEST_PART && !self.queue.is_closing() => {
                self.queue.put_last(Job::Trim {
                    purged_before_unix_ms,
                    removed: removed_before + part,
                    reply,
                });
            }
            // Whoever asked may have gone.
            trimmed => drop(reply.send(trimmed.map(|part| removed_before + part))),
        }
    }

    /// Runs something on the connection, which is made anew if it was lost. What was certainly not written
    /// is tried a second time.
    async fn run_task(&mut self, task: Task<'_>) -> Result<Done, Fault> {
        let mut is_repeated = false;
        loop {
            let session = self.connected().await?;
            let timeout = self.connector.config().timeout;
            let commit_sent = AtomicBool::new(false);
            let ran = tokio::time::timeout(timeout, async {
                match &task {
                    Task::Write(parts) => {
                        group::write(&session, parts, self.holder, &self.held, &commit_sent)
                            .await
                            .map(Done::Written)
                    }
                    // What is claimed and not known to be claimed expires, and changes no row.
                    Task::Claim(claim) => claim::claim(&session, claim, self.holder, &self.held)
                        .await
                        .map(Done::Claimed),
                    Task::Trim {
                        purged_before_unix_ms,
                    } => trim::trim(&session, *purged_before_unix_ms, &commit_sent)
                        .await
                        .map(Done::Trimmed),
                }
            })
            .await;
            let fault = match ran {
                Ok(Ok(done)) => {
                    self.session = Some(session);
                    return Ok(done);
                }
                Ok(Err(fault)) => fault,
                Err(_) => {
                    session.sever();
                    if commit_sent.into_inner() {
                        Fault::Doubt(Cause::TimedOut)
                    } else {
                        Fault::Untouched(Cause::TimedOut)
                    }
                }
            };
            if !fault.is_of_the_connection() {
                self.session = Some(session);
            }
            if is_repeated || !fault.may_be_repeated() {
                return Err(fault);
            }
            is_repeated = true;
        }
    }

    /// The connection. If there is none to be had, all that wait are told so together.
    async fn connected(&mut self) -> Result<Session<Writing>, Fault> {
        if let Some(session) = self.session.take()
            && !session.client.is_closed()
        {
            return Ok(session);
        }
        let connected = self.connect().await;
        if let Err(fault) = &connected {
            self.is_cut_off = self.queue.is_closing();
            for id in self.queue.fail_all(fault) {
                // It is not renewed any more, and given back with the next connection.
                self.held.remove(id);
            }
        }
        connected
    }

    /// Makes a connection, and finds out what this store holds.
    async fn connect(&self) -> Result<Session<Writing>, Fault> {
        let unreachable = |error| Fault::Unreachable(Arc::new(error));
        let begun = Instant::now();
        let session = self.connector.writing().await.map_err(unreachable)?;
        let left = self.connector.config().timeout;
        let left = left.saturating_sub(begun.elapsed());
        match tokio::time::timeout(left, self.regain(&session)).await {
            Ok(Ok(())) => Ok(session),
            Ok(Err(error)) => Err(unreachable(fault::unreachable(error))),
            Err(_) => {
                session.sever();
                Err(Fault::Untouched(Cause::TimedOut))
            }
        }
    }

    /// Renews what is worked on and not held by another, and lets go of what a write in doubt may have left
    /// held.
    async fn regain(&self, session: &Session<Writing>) -> Result<(), tokio_postgres::Error> {
        let own = self.held.all();
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
            [&own, &self.holder.id, &self.holder.lease_seconds];
        session
            .client
            .execute(&session.statements.regain, &parameters)
            .await
            .map(drop)
    }
}

/// The rows that a part holds when it is written.
fn inserted(part: &Part) -> Vec<Uuid> {
    let Part::Batch(writes, _) = part else {
        return Vec::new();
    };
    writes
        .iter()
        .filter_map(|write| match write {
            Write::Insert(row) => Some(row.operation_id),
            Write::Update(_) => None,
        })
        .collect()
}
