//! A request that was sent and the answer to it, without the credentials.

use serde::Serialize;

/// What went over the wire in one step. The access token is never part of it.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Exchange {
    /// The HTTP method.
    pub method: String,
    /// The path below the base URL.
    pub path: String,
    /// The operation id, when one was sent.
    pub operation_id: Option<String>,
    /// The request body.
    pub request: Option<String>,
    /// The HTTP status.
    pub status: u16,
    /// The media type of the answer.
    pub content_type: Option<String>,
    /// The answer's body as text, cut to 8 KiB; bytes that are no UTF-8 are replaced.
    pub response: String,
}
