//! Keeping operations in progress for as long as a test wants.

use tokio::sync::watch;

/// While this lives, every operation that starts stays in progress.
///
/// An operation waits for the holds that lived when it started, and for no later one.
/// It goes on when they are released or dropped, also when its client is gone.
#[derive(Debug)]
#[must_use = "the hold ends when it is dropped"]
pub struct Hold {
    // Never sent on: its end is the signal.
    _alive: watch::Sender<()>,
}

impl Hold {
    /// Lets the held operations go on. The same as dropping the hold.
    pub fn release(self) {}
}

/// The holds that live.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    live: Vec<watch::Receiver<()>>,
}

impl Holds {
    pub(crate) fn begin(&mut self) -> Hold {
        let (alive, seen) = watch::channel(());
        self.live.push(seen);
        Hold { _alive: alive }
    }

    /// The holds an operation that starts now has to wait for.
    pub(crate) fn live(&mut self) -> Vec<watch::Receiver<()>> {
        self.live.retain(|hold| hold.has_changed().is_ok());
        self.live.clone()
    }
}

/// Completes when all `holds` are gone.
pub(crate) async fn released(holds: Vec<watch::Receiver<()>>) {
    for mut hold in holds {
        while hold.changed().await.is_ok() {}
    }
}
