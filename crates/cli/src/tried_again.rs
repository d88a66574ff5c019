//! Says that a call is tried again, and why: what takes minutes is not waited for in silence.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pos_system_api::runtime::{AttemptEnded, AttemptResult, AttemptStarted, Observer};

use crate::message::notice;

/// One line on standard error for each attempt after the first.
#[derive(Debug)]
pub(crate) struct TriedAgain {
    /// What does not happen, such as `The export does not begin`.
    what: &'static str,
    deadline: Duration,
    /// Why the last attempt failed.
    why: Mutex<String>,
}

impl TriedAgain {
    pub(crate) fn new(what: &'static str, deadline: Duration) -> Self {
        Self {
            what,
            deadline,
            why: Mutex::default(),
        }
    }
}

impl Observer for TriedAgain {
    fn attempt_started(&self, started: &AttemptStarted<'_>) {
        if started.attempt > 1 {
            let why = self.why.lock().unwrap_or_else(PoisonError::into_inner);
            notice(&format!(
                "{}: {why}; trying again, attempt {}, for at most {} s in all (--deadline)",
                self.what,
                started.attempt,
                self.deadline.as_secs_f64(),
            ));
        }
    }

    fn attempt_ended(&self, ended: &AttemptEnded<'_>) {
        let mut why = self.why.lock().unwrap_or_else(PoisonError::into_inner);
        *why = reason(ended);
    }
}

fn reason(ended: &AttemptEnded<'_>) -> String {
    let server = &ended.operation;
    match ended.result {
        AttemptResult::Answered(status) if status.is_success() => {
            "the answer cannot be read".to_owned()
        }
        AttemptResult::Answered(status) => format!("the server answered {}", status.as_u16()),
        AttemptResult::TimedOut => format!("no answer in {:.1} s", ended.latency.as_secs_f64()),
        AttemptResult::NotConnected => format!(
            "no connection to {}:{}",
            server.server_address, server.server_port
        ),
        AttemptResult::Untrusted => "the server is not trusted (TLS)".to_owned(),
        AttemptResult::Broken => "the connection broke".to_owned(),
        // It has ended in another way.
        _ => "the attempt failed".to_owned(),
    }
}
