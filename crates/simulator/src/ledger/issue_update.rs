//! What was done with an issued document.

use std::fmt;

use bytes::Bytes;
use serde::Serialize;
use uuid::Uuid;

use super::json_text::text_of;

/// What `PUT /issue/{QueueId}/{QueueItemId}` was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum IssueAction {
    /// Gives the document back.
    Download,
    /// Sends the document to the customer.
    Send,
    /// Prints the document.
    Print,
    /// Gives the address of the document.
    Link,
    /// Accepts the document.
    Accept,
    /// Uploads the document.
    Upload,
}

/// As in the member `Action`.
impl fmt::Display for IssueAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Download => "download",
            Self::Send => "send",
            Self::Print => "print",
            Self::Link => "link",
            Self::Accept => "accept",
            Self::Upload => "upload",
        })
    }
}

/// Something that was done with an issued document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IssueUpdateRecord {
    /// The operation that did it.
    pub operation_id: Uuid,
    /// The queue item whose document it is.
    pub queue_item_id: Uuid,
    /// What was done.
    pub action: IssueAction,
    /// `Format` of a download as it was sent, `None` without one.
    pub format: Option<String>,
    /// `Target.Scheme`, the channel something was sent by; `None` for other actions.
    pub scheme: Option<String>,
    /// `Target.Address`, where it was sent to; `None` for other actions.
    pub address: Option<String>,
    /// `Target.Attach`, the media type that was to be attached, `None` without one.
    pub attach: Option<String>,
    /// Whether the customer had the document by this: it was downloaded, printed, or sent with
    /// `Target.Send` true.
    pub delivered: bool,
    /// The raw request body.
    #[serde(serialize_with = "text_of")]
    pub request: Bytes,
}
