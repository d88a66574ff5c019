//! What the operations of one client share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::attempt::Answer;
use super::budget::Bucket;
use super::chance::Chance;
use super::clock::Clock;
use super::limits::Limits;
use super::observer::Observer;
use super::policy::RetryPolicy;
use crate::client::Credentials;
use crate::durable::Log;
use crate::problem::Problem;

/// Everything the operations of one client share.
pub(crate) struct Engine {
    pub(crate) http: reqwest::Client,
    /// With the version prefix, without a trailing slash.
    pub(crate) base_url: String,
    pub(crate) server: Server,
    pub(crate) credentials: Credentials,
    pub(crate) policy: RetryPolicy,
    pub(crate) budget: Arc<Bucket>,
    pub(crate) limits: Limits,
    pub(crate) deadline: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    /// Where operations are kept, if they are.
    pub(crate) log: Option<Arc<Log>>,
}

/// The server of a base URL, as traces and metrics name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// The base URL.
    url: reqwest::Url,
    pub(crate) address: String,
    pub(crate) port: u16,
    /// What stands in the base URL before the path of a call, such as `/v2`.
    pub(crate) prefix: String,
}

impl Server {
    /// `None` for a URL without a host or a port, which no base URL is.
    pub(crate) fn of(base_url: &reqwest::Url) -> Option<Self> {
        Some(Self {
            address: base_url.host_str()?.to_owned(),
            port: base_url.port_or_known_default()?,
            prefix: base_url.path().trim_end_matches('/').to_owned(),
            url: base_url.clone(),
        })
    }

    /// The URL of what stands at this path and query behind the base URL.
    pub(super) fn url_of(&self, target: &str) -> reqwest::Url {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        // Only what changes is parsed.
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.prefix));
        url.set_query(query);
        url
    }
}

impl Engine {
    /// How many answers the operation log has given to the program; 0 without one.
    pub(crate) fn answers_given(&self) -> u64 {
        self.log.as_ref().map_or(0, |log| log.answers_given())
    }

    /// What an answer says, fit to be shown: without the access token, should a server repeat it.
    pub(crate) fn problem(&self, answer: &Answer) -> Problem {
        // Before anything of it is cut.
        Problem::read(answer.status, &self.credentials.redacted_body(&answer.body))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A URL that is put together is the one that is read from its text.
        #[test]
        fn put_together_or_read(
            base in "https?://(host|127\\.0\\.0\\.1:80|[a-z]{1,8}:[1-9][0-9]{1,3})(/[a-z0-9%~.]{1,6}){0,2}",
            path in "(/[-A-Za-z0-9._~%!$&'()*+,;=:@é ]{0,8}){1,4}",
            query in proptest::option::of("[-A-Za-z0-9._~%!$&'()*+,;=:@/?é ]{0,12}"),
        ) {
            let base: reqwest::Url = base.parse().unwrap();
            let text = base.as_str().trim_end_matches('/').to_owned();
            let target = match query {
                Some(query) => format!("{path}?{query}"),
                None => path,
            };
            let expected: reqwest::Url = format!("{text}{target}").parse().unwrap();
            prop_assume!(!target.ends_with(' '));
            prop_assert_eq!(Server::of(&base).unwrap().url_of(&target), expected);
        }
    }
}
