//! A store that is watched: every call is seen, and one of them can fail, never return, or be the last
//! before the power fails.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pos_system_api::store::{
    Claim, Durability, MemoryStore, OperationStore, Row, Selection, Stage, StoreError,
    StoreErrorKind, StoreFuture, Write,
};
use tokio::sync::watch;
use uuid::Uuid;

/// What happens at one call of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The disk is full for this call: nothing is written.
    Full,
    /// The disk is full from this call on.
    FullFromHere,
    /// The disk fails, and every call after this one does. `done` says whether the call took place.
    Failed { done: bool },
    /// The call never returns: whoever waits for it is to be dropped. `done` says whether it took place.
    Stopped { done: bool },
}

/// A call of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    Commit {
        writes: Vec<Written>,
        durability: Durability,
    },
    Claim(Claim),
    Row(Uuid),
    Page(Selection),
    Trim,
    Verify,
}

/// A write, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) is_insert: bool,
    pub(crate) operation_id: Uuid,
    pub(crate) stage: Stage,
    pub(crate) parked: bool,
}

/// A call and how much the probe showed when it began.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) call: Call,
    pub(crate) probed: usize,
}

type Probe = Box<dyn Fn() -> usize + Send + Sync>;

/// A store in memory that is watched.
pub(crate) struct WatchedStore {
    inner: MemoryStore,
    state: Mutex<State>,
    stopped: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    seen: Vec<Seen>,
    /// The number of the call, from 0, and what happens then.
    trouble: Option<(usize, Trouble)>,
    is_broken: bool,
    /// What is on stable storage.
    synced: Vec<Row>,
    /// From which stage to which operations went.
    transitions: Vec<(Stage, Stage)>,
    probe: Option<Probe>,
}

impl fmt::Debug for WatchedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl Default for WatchedStore {
    fn default() -> Self {
        Self {
            inner: MemoryStore::new(),
            state: Mutex::default(),
            stopped: watch::Sender::new(false),
        }
    }
}

/// All rows of a store.
pub(crate) async fn rows(store: &dyn OperationStore) -> Vec<Row> {
    store.page(Selection::All, 0, u32::MAX).await.unwrap()
}

/// A store with these rows, as one that was opened anew.
async fn holding(rows: Vec<Row>) -> WatchedStore {
    let store = WatchedStore::default();
    let inserts = rows.iter().cloned().map(Write::Insert).collect();
    let written = store.inner.commit(inserts, Durability::Synced).await;
    written.unwrap();
    store.inner.release_all();
    store.lock().synced = rows;
    store
}

impl WatchedStore {
    /// Makes trouble at the call with this number, counted from the next one as 0.
    pub(crate) fn trouble_at(&self, call: usize, trouble: Trouble) {
        let mut state = self.lock();
        let at = state.seen.len() + call;
        state.trouble = Some((at, trouble));
    }

    /// Makes no more trouble.
    pub(crate) fn heal(&self) {
        let mut state = self.lock();
        state.trouble = None;
        state.is_broken = false;
        self.stopped.send_replace(false);
    }

    /// What is noted with every call.
    pub(crate) fn probe(&self, probe: impl Fn() -> usize + Send + Sync + 'static) {
        self.lock().probe = Some(Box::new(probe));
    }

    /// Every call so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// The commits so far: what was written, how, and what the probe showed before.
    pub(crate) fn commits(&self) -> Vec<(Vec<Written>, Durability, usize)> {
        let commit = |seen: Seen| match seen.call {
            Call::Commit { writes, durability } => Some((writes, durability, seen.probed)),
            _ => None,
        };
        self.seen().into_iter().filter_map(commit).collect()
    }

    /// From which stage to which operations went so far.
    pub(crate) fn transitions(&self) -> Vec<(Stage, Stage)> {
        self.lock().transitions.clone()
    }

    /// Completes when a call has stopped.
    pub(crate) async fn stopped(&self) {
        let mut stopped = self.stopped.subscribe();
        // The sender lives in `self`.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }

    /// The store as the next process finds it after this one was killed.
    pub(crate) async fn after_kill(&self) -> Arc<Self> {
        Arc::new(holding(rows(&self.inner).await).await)
    }

    /// The store as the next process finds it after the power failed: what was not synced is gone.
    pub(crate) async fn after_power_loss(&self) -> Arc<Self> {
        let synced = self.lock().synced.clone();
        Arc::new(holding(synced).await)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a call, and says what happens at it.
    fn begin(&self, call: Call) -> Option<Trouble> {
        let mut state = self.lock();
        let probed = state.probe.as_ref().map_or(0, |probe| probe());
        let number = state.seen.len();
        state.seen.push(Seen { call, probed });
        if state.is_broken {
            return Some(Trouble::Failed { done: false });
        }
        let (at, trouble) = state.trouble?;
        let is_now = match trouble {
            Trouble::FullFromHere => number >= at,
            _ => number == at,
        };
        state.is_broken = is_now && matches!(trouble, Trouble::Failed { .. });
        is_now.then_some(trouble)
    }

    async fn call<T>(
        &self,
        call: Call,
        work: impl Future<Output = Result<T, StoreError>>,
        held_by: impl Fn(&T) -> Vec<Uuid>,
    ) -> Result<T, StoreError> {
        let trouble = self.begin(call);
        // A store on a disk or behind a network never answers at once.
        tokio::task::yield_now().await;
        let failure = |kind| Err(StoreError::new(kind, "the test has it so"));
        match trouble {
            None => {
                let output = work.await?;
                let mut unread = Unread {
                    store: self,
                    held: held_by(&output),
                };
                // Neither does its answer arrive at once.
                tokio::task::yield_now().await;
                unread.held.clear();
                Ok(output)
            }
            Some(Trouble::Full | Trouble::FullFromHere) => failure(StoreErrorKind::Full),
            Some(Trouble::Failed { done }) => {
                if done && let Ok(output) = work.await {
                    // Nothing is held for a call that is told of a failure.
                    held_by(&output).into_iter().for_each(|id| self.release(id));
                }
                failure(StoreErrorKind::Failed)
            }
            Some(Trouble::Stopped { done }) => {
                if done && let Ok(output) = work.await {
                    // Nothing is held for a call that is never answered.
                    held_by(&output).into_iter().for_each(|id| self.release(id));
                }
                self.stopped.send_replace(true);
                std::future::pending().await
            }
        }
    }
}

/// An answer on its way: dropped before it is read, it lets go of what is held for it.
struct Unread<'a> {
    store: &'a WatchedStore,
    held: Vec<Uuid>,
}

impl Drop for Unread<'_> {
    fn drop(&mut self) {
        self.held.iter().for_each(|id| self.store.release(*id));
    }
}

impl OperationStore for WatchedStore {
    fn commit(&self, writes: Vec<Write>, durability: Durability) -> StoreFuture<'_, Vec<Row>> {
        let written = |write: &Write| {
            let (is_insert, row) = match write {
                Write::Insert(row) => (true, row),
                Write::Update(row) => (false, row),
            };
            Written {
                is_insert,
                operation_id: row.operation_id,
                stage: row.stage,
                parked: row.parked,
            }
        };
        let call = Call::Commit {
            writes: writes.iter().map(written).collect(),
            durability,
        };
        let inserted: Vec<Uuid> = writes
            .iter()
            .filter(|write| matches!(write, Write::Insert(_)))
            .map(|write| written(write).operation_id)
            .collect();
        let work = async move {
            let before = rows(&self.inner).await;
            let stored = self.inner.commit(writes, durability).await?;
            let transitions = stored.iter().filter_map(|row| {
                let before = before.iter().find(|b| b.operation_id == row.operation_id)?;
                (before.revision != row.revision).then_some((before.stage, row.stage))
            });
            self.lock().transitions.extend(transitions);
            if durability == Durability::Synced {
                let synced = rows(&self.inner).await;
                self.lock().synced = synced;
            }
            Ok(stored)
        };
        Box::pin(self.call(call, work, move |_| inserted.clone()))
    }

    fn claim(&self, claim: Claim) -> StoreFuture<'_, Option<Row>> {
        let work = self.inner.claim(claim.clone());
        Box::pin(self.call(Call::Claim(claim), work, |row| {
            row.iter().map(|row| row.operation_id).collect()
        }))
    }

    fn release(&self, operation_id: Uuid) {
        self.inner.release(operation_id);
    }

    fn row(&self, operation_id: Uuid) -> StoreFuture<'_, Option<Row>> {
        let work = self.inner.row(operation_id);
        Box::pin(self.call(Call::Row(operation_id), work, |_| Vec::new()))
    }

    fn page(&self, selection: Selection, after: u64, limit: u32) -> StoreFuture<'_, Vec<Row>> {
        // Read when it is asked, not when it is begun.
        let wanted = selection.clone();
        let work = async move { self.inner.page(wanted, after, limit).await };
        Box::pin(self.call(Call::Page(selection), work, |_| Vec::new()))
    }

    fn trim(&self, purged_before_unix_ms: i64) -> StoreFuture<'_, u64> {
        let work = self.inner.trim(purged_before_unix_ms);
        Box::pin(self.call(Call::Trim, work, |_| Vec::new()))
    }

    fn verify(&self) -> StoreFuture<'_, u64> {
        Box::pin(self.call(Call::Verify, self.inner.verify(), |_| Vec::new()))
    }
}
