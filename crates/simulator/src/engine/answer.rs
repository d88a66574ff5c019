//! A request on its way through the simulator, and where its answer comes from.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use hyper::{HeaderMap, Method};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::fault::Delivery;
use crate::item_id::ItemId;
use crate::operation::OutcomeWatch;
use crate::profile::Profile;
use crate::wire::reply::Reply;

/// A request with its whole body.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body was larger than the limit; `body` is what lies within it.
    pub(crate) over_limit: bool,
}

/// An answer, or where it will come from.
#[derive(Debug)]
pub(crate) enum Answer {
    Ready(Reply),
    /// When the operation is finished, or at `until` if it is not.
    Outcome {
        outcome: OutcomeWatch,
        operation_id: Uuid,
        profile: Profile,
        repeated: bool,
        until: Option<DateTime<Utc>>,
    },
    /// When the document is delivered, or at `until` if it is not.
    Delivered {
        item: ItemId,
        until: DateTime<Utc>,
    },
}

impl Answer {
    /// Whether nobody has to wait for it.
    pub(crate) fn is_ready(&self) -> bool {
        match self {
            Self::Ready(_) => true,
            Self::Outcome { outcome, .. } => outcome.borrow().is_some(),
            Self::Delivered { .. } => false,
        }
    }
}

/// A request that has been taken in.
#[derive(Debug)]
pub(crate) struct Accepted {
    /// Its place in the ledger.
    pub(crate) index: usize,
    pub(crate) handling: Handling,
    pub(crate) delay_before_answer: Duration,
    pub(crate) delivery: Delivery,
}

/// When a request is handled.
#[derive(Debug)]
pub(crate) enum Handling {
    Done(Handled),
    Delayed(JoinHandle<Option<Handled>>),
}

/// A request that has been handled.
#[derive(Debug)]
pub(crate) struct Handled {
    /// `None` when a fault keeps the request from being handled.
    pub(crate) answer: Option<Answer>,
    pub(crate) moment: DateTime<Utc>,
}
