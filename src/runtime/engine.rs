//! What the operations of one client share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::attempt::Answer;
use super::chance::Chance;
use super::clock::Clock;
use super::limits::Limits;
use super::policy::RetryPolicy;
use crate::client::Credentials;
use crate::problem::Problem;

/// Everything the operations of one client share.
pub(crate) struct Engine {
    pub(crate) http: reqwest::Client,
    /// With the version prefix, without a trailing slash.
    pub(crate) base_url: String,
    pub(crate) credentials: Credentials,
    pub(crate) policy: RetryPolicy,
    pub(crate) limits: Limits,
    pub(crate) deadline: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
}

impl Engine {
    /// What an answer says, fit to be shown: without the access token, should a server repeat it.
    pub(crate) fn problem(&self, answer: &Answer) -> Problem {
        Problem::read(answer.status, &answer.body).cleaned(|text| self.credentials.redacted(text))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("base_url", &self.base_url)
            .field("credentials", &self.credentials)
            .field("policy", &self.policy)
            .field("deadline", &self.deadline)
            .field("attempt_timeout", &self.attempt_timeout)
            .finish_non_exhaustive()
    }
}
