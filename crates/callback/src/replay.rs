//! Which messages came before: bounded, and only for as long as they could be taken again.

use std::collections::{HashMap, VecDeque};

/// The ids of messages that are signed and in time.
#[derive(Debug)]
pub(crate) struct Seen {
    ids: HashMap<Box<str>, Standing>,
    /// Those that are kept, in their order, with the second they are dropped.
    kept: VecDeque<(u64, Box<str>)>,
    capacity: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Being handed over.
    Claimed,
    /// Handed over.
    Kept,
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
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            ids: HashMap::new(),
            kept: VecDeque::new(),
            capacity,
        }
    }

    pub(crate) fn claim(&mut self, id: &str, now: u64) -> Claim {
        while self.kept.front().is_some_and(|(until, _)| *until < now) {
            if let Some((_, id)) = self.kept.pop_front() {
                self.ids.remove(&id);
            }
        }
        match self.ids.get(id) {
            Some(Standing::Kept) => Claim::Repeated,
            Some(Standing::Claimed) => Claim::Busy,
            None if self.ids.len() >= self.capacity => Claim::Busy,
            None => {
                self.ids.insert(id.into(), Standing::Claimed);
                Claim::New
            }
        }
    }

    /// Keeps a claimed id up to and including this second.
    pub(crate) fn keep(&mut self, id: &str, until: u64) {
        self.ids.insert(id.into(), Standing::Kept);
        self.kept.push_back((until, id.into()));
    }

    /// Gives a claimed id up: it was not handed over.
    pub(crate) fn give_up(&mut self, id: &str) {
        self.ids.remove(id);
    }
}
