//! An answer of any size: its head settles the call, its body is for the caller to read.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use super::attempt::Answer;

/// Where an attempt leaves an answer whose body is not read.
#[derive(Clone, Default)]
pub(crate) struct Unread(Arc<Mutex<Option<reqwest::Response>>>);

impl Unread {
    /// Keeps the response; the answer that tells of it has no body.
    pub(super) fn keep(&self, response: reqwest::Response) -> Answer {
        let answer = Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: Bytes::new(),
            whole: true,
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
        answer
    }

    /// The response that was kept last.
    pub(crate) fn take(&self) -> Option<reqwest::Response> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unread")
    }
}
