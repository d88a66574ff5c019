//! What the server warns of beside its answers.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::error::Severity;
use tokio_postgres::{AsyncMessage, Connection};

/// Whether the server has warned of something on a connection.
#[derive(Debug, Default)]
pub(crate) struct Warnings(AtomicBool);

impl Warnings {
    /// Forgets what it warned of before.
    pub(crate) fn clear(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    /// Whether it has warned since. A warning arrives before the answer to which it belongs.
    pub(crate) fn has_any(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Drives a connection to its end. How it ended is told to those who wait for its answers.
pub(crate) async fn drive<S, T>(mut connection: Connection<S, T>, warnings: Arc<Warnings>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notice(notice) = message
            && notice.parsed_severity() == Some(Severity::Warning)
        {
            warnings.0.store(true, Ordering::SeqCst);
        }
    }
}
