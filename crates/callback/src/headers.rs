//! The headers of the Standard Webhooks scheme.

/// The header with the id of the message, the same for each attempt at delivering it.
pub const WEBHOOK_ID: &str = "webhook-id";
/// The header with the moment of the attempt, in seconds since 1970.
pub const WEBHOOK_TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signatures, separated by spaces, each of them `v1,` and base64.
pub const WEBHOOK_SIGNATURE: &str = "webhook-signature";
