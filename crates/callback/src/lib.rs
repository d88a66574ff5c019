#![cfg_attr(doc, doc = include_str!("../README.md"))]
#![cfg_attr(
    not(doc),
    doc = "Signed HTTP callbacks of pos-system-api: the sender, and the receiver that verifies them."
)]

#[cfg(feature = "axum")]
mod extract;
mod headers;
mod replay;
mod secret;
mod signature;
mod verifier;
mod wall_clock;

#[cfg(feature = "sender")]
mod retry;
#[cfg(feature = "axum")]
mod route;
#[cfg(feature = "sender")]
mod sender;
#[cfg(feature = "sender")]
mod target;

pub use pos_system_api::callback::{SignState, StateWord};
#[cfg(feature = "axum")]
pub use {extract::NotHandedOver, route::callback_route};
pub use {
    headers::{WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP},
    secret::{SecretError, SigningSecret},
    verifier::{Admission, Rejection, Ticket, Verifier},
    wall_clock::{SystemWallClock, WallClock},
};
#[cfg(feature = "sender")]
pub use {
    retry::DeliveryPolicy,
    sender::{Failure, HttpCallback, HttpCallbackBuilder, SendError},
    target::SetupError,
};

/// The largest body that is sent or taken, in bytes: 64 KiB.
pub const LARGEST_BODY: usize = 64 * 1024;
