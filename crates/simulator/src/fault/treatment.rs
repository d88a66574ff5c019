//! A fault, taken apart into what is done to a request and to its answer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::chance::Chance;
use super::change::Change;
use super::kind::{Fault, Finished};
use crate::wire::reply::Reply;

/// How `/sign` ends, whatever the receipt says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FiscalScript {
    ByRequest,
    Error,
    Fail,
    QueueNotActive,
}

/// What the server forgets before it handles a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amnesia {
    /// What is in progress.
    Restart(Finished),
    /// What was finished at least this long ago.
    RetentionExpired(Duration),
}

/// The header `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    Seconds(u32),
    /// As a date, so many seconds from the answer.
    Date(u32),
}

/// What becomes of the answer.
#[derive(Debug, Clone)]
pub(crate) enum Delivery {
    Whole,
    Reset,
    Hang,
    Cut {
        bytes: usize,
    },
    Dripping {
        bytes: usize,
        interval: Duration,
    },
    /// Another answer with a status of its own.
    Status {
        status: u16,
        retry_after: Option<RetryAfter>,
    },
    Replaced(Reply),
    Changed(Change),
}

/// What is done to one request.
#[derive(Debug, Clone)]
pub(crate) struct Treatment {
    pub(crate) delay_before_handling: Duration,
    pub(crate) amnesia: Option<Amnesia>,
    pub(crate) handled: bool,
    pub(crate) fiscal: FiscalScript,
    pub(crate) delay_before_answer: Duration,
    pub(crate) delivery: Delivery,
}

impl Treatment {
    /// No fault.
    pub(crate) fn clean() -> Self {
        Self {
            delay_before_handling: Duration::ZERO,
            amnesia: None,
            handled: true,
            fiscal: FiscalScript::ByRequest,
            delay_before_answer: Duration::ZERO,
            delivery: Delivery::Whole,
        }
    }

    fn before(&mut self, delivery: Delivery) {
        self.handled = false;
        self.delivery = delivery;
    }

    fn after(&mut self, delivery: Delivery) {
        self.delivery = delivery;
    }

    fn around(&mut self, executed: bool, delivery: Delivery) {
        self.handled = executed;
        self.delivery = delivery;
    }

    /// Adds a fault. False when others may be added.
    pub(super) fn add(&mut self, fault: &Fault, chance: &Chance<'_>) -> bool {
        match fault.clone() {
            Fault::DelayBeforeHandling(latency) => {
                let delay = latency.draw(chance);
                self.delay_before_handling = self.delay_before_handling.saturating_add(delay);
                return false;
            }
            Fault::DelayBeforeAnswer(latency) => {
                let delay = latency.draw(chance);
                self.delay_before_answer = self.delay_before_answer.saturating_add(delay);
                return false;
            }
            Fault::ResetBeforeCommit => self.before(Delivery::Reset),
            Fault::ResetAfterCommit => self.after(Delivery::Reset),
            Fault::CutBodyAfterCommit { bytes } => self.after(Delivery::Cut { bytes }),
            Fault::HangBeforeCommit => self.before(Delivery::Hang),
            Fault::HangAfterCommit => self.after(Delivery::Hang),
            Fault::StatusBeforeCommit {
                status,
                retry_after,
            } => self.before(Delivery::Status {
                status,
                retry_after: retry_after.map(RetryAfter::Seconds),
            }),
            Fault::StatusAfterCommit {
                status,
                retry_after,
            } => self.after(Delivery::Status {
                status,
                retry_after: retry_after.map(RetryAfter::Seconds),
            }),
            Fault::StatusWithRetryDate {
                status,
                retry_in_seconds,
                executed,
            } => self.around(
                executed,
                Delivery::Status {
                    status,
                    retry_after: Some(RetryAfter::Date(retry_in_seconds)),
                },
            ),
            Fault::BodyBeforeCommit {
                status,
                content_type,
                body,
            } => self.before(Delivery::Replaced(Reply::new(status, content_type, body))),
            Fault::BodyAfterCommit {
                status,
                content_type,
                body,
            } => self.after(Delivery::Replaced(Reply::new(status, content_type, body))),
            Fault::HtmlPage { status, executed } => {
                let page = Reply::new(status, "text/html; charset=utf-8", HTML_PAGE);
                self.around(executed, Delivery::Replaced(page));
            }
            Fault::NullBody => self.after(Delivery::Changed(Change::Null)),
            Fault::MalformedJson => self.after(Delivery::Changed(Change::Malformed)),
            Fault::WrongContentType { content_type } => {
                self.after(Delivery::Changed(Change::ContentType(content_type)));
            }
            Fault::HugeBody { bytes } => self.after(Delivery::Changed(Change::Huge { bytes })),
            Fault::GzipBody => self.after(Delivery::Changed(Change::Gzip)),
            Fault::UnknownMembers => self.after(Delivery::Changed(Change::UnknownMembers)),
            Fault::UnknownEnumValues => self.after(Delivery::Changed(Change::UnknownEnumValues)),
            Fault::UnknownSignatureFormat => {
                self.after(Delivery::Changed(Change::UnknownSignatureFormat));
            }
            Fault::SlowDrip { bytes, interval } => {
                self.after(Delivery::Dripping { bytes, interval });
            }
            Fault::Restart { finished } => {
                self.amnesia = Some(Amnesia::Restart(finished));
                self.before(Delivery::Reset);
            }
            Fault::RetentionExpired { older_than } => {
                self.amnesia = Some(Amnesia::RetentionExpired(older_than));
            }
            Fault::FiscalError => self.fiscal = FiscalScript::Error,
            Fault::FiscalFail => self.fiscal = FiscalScript::Fail,
            Fault::QueueNotActive => self.fiscal = FiscalScript::QueueNotActive,
        }
        true
    }
}

const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>\
    <body><h1>Please sign in to this network</h1></body></html>\n";
