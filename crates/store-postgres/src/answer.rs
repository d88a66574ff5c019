//! Waiting for the writer's answer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pos_system_api::store::{StoreError, StoreErrorKind};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::queue::Job;

/// The answer to a job. Dropped before it was read, it lets go of what the job held: nobody knows of it.
pub(crate) struct Answer<T> {
    answer: oneshot::Receiver<Result<T, StoreError>>,
    /// Whether the writer got the job.
    is_asked: bool,
    jobs: mpsc::UnboundedSender<Job>,
    held: fn(&T) -> Vec<Uuid>,
}

impl<T> Answer<T> {
    pub(crate) fn new(
        answer: oneshot::Receiver<Result<T, StoreError>>,
        is_asked: bool,
        jobs: mpsc::UnboundedSender<Job>,
        held: fn(&T) -> Vec<Uuid>,
    ) -> Self {
        Self {
            answer,
            is_asked,
            jobs,
            held,
        }
    }
}

impl<T> Future for Answer<T> {
    type Output = Result<T, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let is_asked = self.is_asked;
        Pin::new(&mut self.answer)
            .poll(context)
            .map(|answer| answer.unwrap_or_else(|_| Err(closed(is_asked))))
    }
}

impl<T> Drop for Answer<T> {
    fn drop(&mut self) {
        // From here on the writer finds that nobody listens, and lets go by itself.
        self.answer.close();
        if let Ok(Ok(unread)) = self.answer.try_recv() {
            for id in (self.held)(&unread) {
                // A closed store holds nothing.
                let _ = self.jobs.send(Job::Release(id));
            }
        }
    }
}

/// A store that was closed, before a job was asked for or meanwhile.
fn closed(is_asked: bool) -> StoreError {
    let closed = StoreError::new(StoreErrorKind::Failed, "The store was closed");
    if is_asked {
        closed
    } else {
        closed.with_nothing_written()
    }
}
