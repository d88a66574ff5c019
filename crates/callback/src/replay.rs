//! Which messages came before: as many as there is room for, however the clock jumps.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The ids of messages that were signed and in time.
///
/// An id is not dropped when its message is out of time, as a clock that jumps ahead and back would bring
/// the message in again. It is dropped when another one needs its room.
#[derive(Debug)]
pub(crate) struct Seen {
    ids: HashMap<Arc<str>, Standing>,
    /// Those that are kept, by the latest second they were sent at.
    kept: BTreeSet<(u64, Arc<str>)>,
    capacity: usize,
    /// How many seconds a message is in time before and after the second it was sent at.
    window: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Being handed over.
    Claimed,
    /// Handed over. The second is the latest one it was sent at: each attempt has its own.
    Kept { sent: u64 },
}

/// What is known about an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It is new, and claimed now.
    New,
    /// It was handed over before.
    Repeated,
    /// It is being handed over, or there is no room: forgetting another one would let that be replayed.
    Busy,
}

impl Seen {
    pub(crate) fn new(capacity: usize, window: u64) -> Self {
        Self {
            ids: HashMap::new(),
            kept: BTreeSet::new(),
            capacity,
            window,
        }
    }

    /// Claims the id of a message that was sent at this second.
    pub(crate) fn claim(&mut self, id: &str, sent: u64, now: u64) -> Claim {
        match self.ids.get(id).copied() {
            Some(Standing::Claimed) => Claim::Busy,
            Some(Standing::Kept { sent: known }) => {
                if sent > known {
                    self.keep(id, sent);
                }
                Claim::Repeated
            }
            None if self.ids.len() >= self.capacity && !self.forget_one(now) => Claim::Busy,
            None => {
                self.ids.insert(id.into(), Standing::Claimed);
                Claim::New
            }
        }
    }

    /// Keeps an id whose message was sent at this second.
    pub(crate) fn keep(&mut self, id: &str, sent: u64) {
        let id: Arc<str> = id.into();
        let before = self.ids.insert(Arc::clone(&id), Standing::Kept { sent });
        if let Some(Standing::Kept { sent: known }) = before {
            self.kept.remove(&(known, Arc::clone(&id)));
        }
        self.kept.insert((sent, id));
    }

    /// Gives a claimed id up: it was not handed over.
    pub(crate) fn give_up(&mut self, id: &str) {
        self.ids.remove(id);
    }

    /// Forgets the message that is out of time for longest. Those ahead of the clock come last, as it may
    /// reach them; what is in time is never forgotten.
    fn forget_one(&mut self, now: u64) -> bool {
        let is_past = |sent: u64| sent.saturating_add(self.window) < now;
        let is_ahead = |sent: u64| sent > now.saturating_add(self.window);
        let first = self.kept.first().filter(|(sent, _)| is_past(*sent));
        let last = || self.kept.last().filter(|(sent, _)| is_ahead(*sent));
        let Some(forgotten) = first.or_else(last).cloned() else {
            return false;
        };
        self.kept.remove(&forgotten);
        self.ids.remove(&forgotten.1);
        true
    }
}
