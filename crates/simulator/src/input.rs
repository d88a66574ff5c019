//! Everything that changes the simulated world: the same inputs in the same order make the same
//! world again.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fault::FiscalScript;
use crate::item_id::ItemId;
use crate::store::base64_text;
use crate::wire::call::Call;
use crate::wire::route::Action;

/// An operation with all it needs to be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Command {
    pub(crate) call: Call,
    pub(crate) action: Action,
    pub(crate) request: StoredRequest,
    pub(crate) script: FiscalScript,
    /// Its place among all operations in order of arrival.
    pub(crate) arrival: u64,
    /// The URL of the server, for the links in its answers.
    pub(crate) base_url: String,
}

/// The request of an operation, as `OperationItem` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Without the id and the token of the cash box.
    pub(crate) headers: Vec<(String, String)>,
    #[serde(with = "base64_text")]
    pub(crate) body: Bytes,
    /// When it arrived.
    pub(crate) moment: DateTime<Utc>,
}

/// Something that happens to the world at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum Input {
    /// An operation is run.
    Operation {
        command: Box<Command>,
        moment: DateTime<Utc>,
    },
    /// The document of a receipt is looked at by the customer.
    Viewed(ItemId),
    /// Somebody asks whether a document is delivered, where documents count as delivered after
    /// so many of these questions.
    DeliveryAsked { item: ItemId, delivered_after: u32 },
    /// The signing unit goes out of service, or is back.
    SigningUnit {
        in_service: bool,
        moment: DateTime<Utc>,
    },
    /// A PIN can be exchanged for the credentials of the cash box for a while.
    PinIssued { pin: String, moment: DateTime<Utc> },
    /// Stored operations are forgotten; what they did stays.
    OperationsForgotten,
    /// The same for those that were finished at a moment or before it.
    OperationsExpired { finished_until: DateTime<Utc> },
}
