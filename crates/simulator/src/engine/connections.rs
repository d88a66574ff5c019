//! The connections of a server.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Connections that end together.
#[derive(Debug, Clone)]
pub(crate) struct Connections {
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
}

impl Connections {
    pub(super) fn new(stop: &CancellationToken) -> Self {
        Self {
            stop: stop.child_token(),
            tasks: TaskTracker::new(),
        }
    }

    pub(super) async fn end(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
