//! Waiting for the writer's answer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pos_system_api::store::{StoreError, StoreErrorKind};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::writer::Job;

/// The answer to a job. Dropped before it was read, it lets go of what the job held: nobody knows of it.
pub(crate) struct Answer<T> {
    answer: oneshot::Receiver<Result<T, StoreError>>,
    jobs: mpsc::UnboundedSender<Job>,
    held: fn(&T) -> Vec<Uuid>,
}

impl<T> Answer<T> {
    pub(crate) fn new(
        answer: oneshot::Receiver<Result<T, StoreError>>,
        jobs: mpsc::UnboundedSender<Job>,
        held: fn(&T) -> Vec<Uuid>,
    ) -> Self {
        Self { answer, jobs, held }
    }
}

impl<T> Future for Answer<T> {
    type Output = Result<T, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.answer)
            .poll(context)
            .map(|answer| answer.unwrap_or_else(|_| Err(closed())))
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

/// A store that was closed.
pub(crate) fn closed() -> StoreError {
    StoreError::new(StoreErrorKind::Failed, "The store was closed")
}
