//! Faults as data: what goes wrong with which request.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use hyper::Method;
use hyper::header::RETRY_AFTER;

use crate::engine::{Arrival, Engine};
use crate::profile::Profile;
use crate::wire::problem::Failure;
use crate::wire::reply::Reply;

/// Something that goes wrong with one request.
///
/// `BeforeCommit`: nothing is checked, run or stored, as if a gateway in front had failed.
/// `AfterCommit`: the request is handled in full, only its answer suffers.
/// On a repeat of a finished operation `AfterCommit` breaks the stored answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is reset (TCP RST), nothing is executed.
    ResetBeforeCommit,
    /// The operation is executed and stored, then the connection is reset (TCP RST).
    ResetAfterCommit,
    /// The answer's body ends after `bytes` bytes although `Content-Length` promises more.
    CutBodyAfterCommit {
        /// Body bytes that arrive; at least one byte of the body is always missing.
        bytes: usize,
    },
    /// No answer ever comes, nothing is executed. The client has to give up.
    HangBeforeCommit,
    /// The operation is executed and stored, but no answer ever comes.
    HangAfterCommit,
    /// A problem with this status, nothing is executed.
    StatusBeforeCommit {
        /// The HTTP status, 200..=599; anything else is sent as 500.
        status: u16,
        /// Seconds in the header `Retry-After`.
        retry_after: Option<u32>,
    },
    /// The operation is executed and stored, but the answer is a problem with this status.
    StatusAfterCommit {
        /// The HTTP status, 200..=599; anything else is sent as 500.
        status: u16,
        /// Seconds in the header `Retry-After`.
        retry_after: Option<u32>,
    },
    /// An answer that is not the API's, such as the page of a proxy; nothing is executed.
    BodyBeforeCommit {
        /// The HTTP status, 200..=599; anything else is sent as 500.
        status: u16,
        /// The media type.
        content_type: String,
        /// The body, of any size.
        body: Bytes,
    },
    /// The operation is executed and stored, but the answer is replaced.
    BodyAfterCommit {
        /// The HTTP status, 200..=599; anything else is sent as 500.
        status: u16,
        /// The media type.
        content_type: String,
        /// The body, of any size.
        body: Bytes,
    },
    /// `/sign` answers with the state `EEEE_EEEE`. No effect on other endpoints and on repeats.
    FiscalError,
    /// `/sign` answers with the state `FFFF_FFFF`. No effect on other endpoints and on repeats.
    FiscalFail,
    /// `/sign` answers as if the queue were not started. No effect on other endpoints and on
    /// repeats.
    QueueNotActive,
}

/// How `/sign` ends, whatever the receipt says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FiscalScript {
    ByRequest,
    Error,
    Fail,
    QueueNotActive,
}

/// What becomes of the answer.
#[derive(Debug, Clone)]
pub(crate) enum Delivery {
    Whole,
    Reset,
    Hang,
    Cut { bytes: usize },
    Replaced(Reply),
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct FaultScript {
    script: VecDeque<Fault>,
}

impl FaultScript {
    /// The fault of a request that arrives now.
    pub(crate) fn next(&mut self, arrival: &Arrival) -> Option<Fault> {
        match arrival.method {
            Method::POST => self.script.pop_front(),
            _ => None,
        }
    }
}

/// A fault, taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) handled: bool,
    pub(crate) fiscal: FiscalScript,
    pub(crate) delivery: Delivery,
}

impl Plan {
    /// No fault.
    pub(crate) fn clean() -> Self {
        Self::after(Delivery::Whole)
    }

    fn before(delivery: Delivery) -> Self {
        Self {
            handled: false,
            fiscal: FiscalScript::ByRequest,
            delivery,
        }
    }

    fn after(delivery: Delivery) -> Self {
        Self {
            handled: true,
            fiscal: FiscalScript::ByRequest,
            delivery,
        }
    }

    fn fiscal(fiscal: FiscalScript) -> Self {
        Self {
            handled: true,
            fiscal,
            delivery: Delivery::Whole,
        }
    }

    pub(crate) fn of(fault: Fault, profile: Profile) -> Self {
        match fault {
            Fault::ResetBeforeCommit => Self::before(Delivery::Reset),
            Fault::ResetAfterCommit => Self::after(Delivery::Reset),
            Fault::CutBodyAfterCommit { bytes } => Self::after(Delivery::Cut { bytes }),
            Fault::HangBeforeCommit => Self::before(Delivery::Hang),
            Fault::HangAfterCommit => Self::after(Delivery::Hang),
            Fault::StatusBeforeCommit {
                status,
                retry_after,
            } => Self::before(faulty_status(status, retry_after, profile)),
            Fault::StatusAfterCommit {
                status,
                retry_after,
            } => Self::after(faulty_status(status, retry_after, profile)),
            Fault::BodyBeforeCommit {
                status,
                content_type,
                body,
            } => Self::before(Delivery::Replaced(Reply::new(status, content_type, body))),
            Fault::BodyAfterCommit {
                status,
                content_type,
                body,
            } => Self::after(Delivery::Replaced(Reply::new(status, content_type, body))),
            Fault::FiscalError => Self::fiscal(FiscalScript::Error),
            Fault::FiscalFail => Self::fiscal(FiscalScript::Fail),
            Fault::QueueNotActive => Self::fiscal(FiscalScript::QueueNotActive),
        }
    }
}

fn faulty_status(status: u16, retry_after: Option<u32>, profile: Profile) -> Delivery {
    let problem = Failure::new(status, "Simulated fault", "This status was scripted.");
    let reply = problem.reply(profile);
    Delivery::Replaced(match retry_after {
        Some(seconds) => reply.with_header(RETRY_AFTER, seconds.to_string()),
        None => reply,
    })
}

/// The script of faults of one simulator.
#[derive(Debug, Clone)]
pub struct Faults {
    engine: Arc<Engine>,
}

impl Faults {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    /// Adds faults to the end of the script. Each POST takes the next one, in order of arrival,
    /// also a POST that is refused. When the script is empty, requests are clean.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        // Collected first: the caller's iterator must not run under the lock.
        let faults: Vec<Fault> = faults.into_iter().collect();
        self.engine.state().faults.script.extend(faults);
    }

    /// How many scripted faults are left.
    pub fn remaining(&self) -> usize {
        self.engine.state().faults.script.len()
    }

    /// Drops what is left of the script.
    pub fn clear(&self) {
        self.engine.state().faults.script.clear();
    }
}
