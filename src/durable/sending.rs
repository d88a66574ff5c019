//! What the log sends by itself gives way to whoever decides otherwise.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use crate::runtime::{Clock, within};

/// The operations that the log sends by itself, each with whether somebody wants it.
#[derive(Debug)]
pub(crate) struct Sending {
    sent: watch::Sender<Vec<(Uuid, bool)>>,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            sent: watch::Sender::new(Vec::new()),
        }
    }
}

impl Sending {
    /// Notes that an operation is sent, until what is given is dropped.
    pub(super) fn begin(self: &Arc<Self>, operation_id: Uuid) -> Sent {
        self.sent
            .send_modify(|sent| sent.push((operation_id, false)));
        Sent {
            sending: Arc::clone(self),
            operation_id,
        }
    }

    /// Asks that an operation be let go of, which it is at the end of its attempt, and waits for that.
    /// `false` if the log does not send it, or nobody goes on with sending it.
    pub(super) async fn gave_way(
        &self,
        operation_id: Uuid,
        limit: Duration,
        clock: &dyn Clock,
    ) -> bool {
        let is_sent = self.sent.send_if_modified(|sent| {
            let found = sent.iter_mut().find(|(id, _)| *id == operation_id);
            found.is_some_and(|(_, is_wanted)| {
                *is_wanted = true;
                true
            })
        });
        if !is_sent {
            return false;
        }
        let mut sent = self.sent.subscribe();
        let let_go = sent.wait_for(|sent| sent.iter().all(|(id, _)| *id != operation_id));
        within(limit, pin!(let_go), clock).await.is_some()
    }
}

/// An operation that is being sent.
pub(super) struct Sent {
    sending: Arc<Sending>,
    operation_id: Uuid,
}

impl Sent {
    /// Whether somebody wants it.
    pub(super) fn is_wanted(&self) -> bool {
        self.sending
            .sent
            .borrow()
            .contains(&(self.operation_id, true))
    }

    /// What tells the run of the operation to give way.
    pub(super) fn gives_way(&self) -> GivesWay {
        GivesWay {
            sending: Arc::clone(&self.sending),
            operation_id: self.operation_id,
        }
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        let id = self.operation_id;
        self.sending
            .sent
            .send_modify(|sent| sent.retain(|(sent, _)| *sent != id));
    }
}

/// A run that ends early, between two attempts, when somebody wants its operation.
#[derive(Debug, Clone)]
pub(crate) struct GivesWay {
    sending: Arc<Sending>,
    operation_id: Uuid,
}

impl GivesWay {
    /// Completes when somebody wants it.
    pub(crate) async fn wanted(&self) {
        let mut sent = self.sending.sent.subscribe();
        let is_wanted = |sent: &Vec<(Uuid, bool)>| sent.contains(&(self.operation_id, true));
        // The sender lives in `self`.
        let _ = sent.wait_for(is_wanted).await;
    }
}

/// How long a row may be held by somebody who only looks at it.
const LOOK: Duration = Duration::from_millis(50);

/// How often it is looked at again whether a row is free.
const LOOKS: u32 = 4;

/// Waits until a row that is held may be free again.
#[derive(Debug)]
pub(super) struct HeldRow {
    looks: u32,
    was_waited_for: bool,
}

impl HeldRow {
    pub(super) fn new() -> Self {
        Self {
            looks: 0,
            was_waited_for: false,
        }
    }

    pub(super) fn was_waited_for(&self) -> bool {
        self.was_waited_for
    }

    /// Whether it is worth trying again: the log gave way, or whoever holds the row perhaps only looked at it.
    pub(super) async fn may_be_free(
        &mut self,
        sending: &Sending,
        operation_id: Uuid,
        limit: Duration,
        clock: &dyn Clock,
    ) -> bool {
        self.was_waited_for = true;
        if sending.gave_way(operation_id, limit, clock).await {
            return true;
        }
        self.looks += 1;
        if self.looks > LOOKS || limit < LOOK {
            return false;
        }
        clock.sleep(LOOK).await;
        true
    }
}
