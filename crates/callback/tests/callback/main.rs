//! Deliveries over a real socket: what is sent, what is taken, and how both fit together.

#![cfg(all(feature = "sender", feature = "axum"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod clock;
mod clock_jumps;
mod end_to_end;
mod handler;
mod receiver;
mod sender;
mod server;
mod verifier;

use std::sync::Arc;

use pos_system_api::callback::{SignState, StateWord};
use pos_system_api_callback::{
    Admission, DeliveryPolicy, Failure, HttpCallback, Rejection, SetupError, SigningSecret,
    Verifier, callback_route,
};

use clock::{ManualClock, ManualWallClock, NOW, SteadyChance};
use server::{Answer, Receiver, Request};

/// The bytes 0 to 31.
const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// The bytes 32 to 63.
const OTHER_SECRET: &str = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

fn secret() -> SigningSecret {
    SECRET.parse().unwrap()
}

fn other_secret() -> SigningSecret {
    OTHER_SECRET.parse().unwrap()
}

fn state() -> SignState {
    let id = "6f1c2d5e-0000-4000-8000-000000000007";
    let mut state = SignState::new(id.into(), StateWord::Done);
    state.state_message = Some("ft1#IT1".to_owned());
    state
}

/// A callback to `url`, its clock, and its time of day.
fn callback(url: &str) -> (HttpCallback, Arc<ManualClock>, Arc<ManualWallClock>) {
    let clock = Arc::new(ManualClock::default());
    let wall_clock = Arc::new(ManualWallClock::default());
    let callback = HttpCallback::builder(url)
        .secret(secret())
        .with_clock(clock.clone())
        .with_wall_clock(wall_clock.clone())
        .with_chance(Arc::new(SteadyChance::default()))
        .build()
        .unwrap();
    (callback, clock, wall_clock)
}
