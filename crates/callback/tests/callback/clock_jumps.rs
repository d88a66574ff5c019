//! What a receiver remembers while its clock jumps, as at boot or when a time server sets it.

use std::collections::HashSet;

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use proptest::prelude::*;
use sha2::Sha256;

use super::*;

const BODY: &[u8] = br#"{"State":"done"}"#;
/// Longer than every window, in seconds.
const YEAR: u64 = 365 * 24 * 60 * 60;

fn verifier(capacity: usize) -> (Verifier, Arc<ManualWallClock>) {
    let clock = Arc::new(ManualWallClock::default());
    let verifier = Verifier::new([secret()])
        .with_clock(clock.clone())
        .with_capacity(capacity);
    (verifier, clock)
}

/// The headers of an attempt at delivering this message, made at this second of the sender's clock.
fn attempt(id: &str, sent: u64) -> HeaderMap {
    let key: Vec<u8> = (0..32).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{sent}.").as_bytes());
    mac.update(BODY);
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", sent.to_string()),
        ("webhook-signature", format!("v1,{signature}")),
    ] {
        headers.insert(name, HeaderValue::try_from(value).unwrap());
    }
    headers
}

/// Takes an attempt at this second of both clocks, as on one machine: whether it was handed over now.
fn take(
    verifier: &Verifier,
    clock: &ManualWallClock,
    id: &str,
    now: u64,
) -> Result<bool, Rejection> {
    clock.set(now);
    take_late(verifier, id, now)
}

/// Takes an attempt that was made at this second, now.
fn take_late(verifier: &Verifier, id: &str, sent: u64) -> Result<bool, Rejection> {
    match verifier.admit(&attempt(id, sent), BODY)? {
        Admission::New(ticket) => {
            let _ = ticket.keep();
            Ok(true)
        }
        _ => Ok(false),
    }
}

#[test]
fn a_clock_that_jumps_and_comes_back_brings_nothing_in_again() {
    for elsewhere in [NOW + YEAR, NOW + 601, NOW - 601, NOW - YEAR, 1000] {
        let (verifier, clock) = verifier(10);
        assert_eq!(take(&verifier, &clock, "msg_1", NOW), Ok(true));
        // The sender is on the same machine, or its clock is set by the same server.
        assert_eq!(take(&verifier, &clock, "msg_2", elsewhere), Ok(true));
        clock.set(NOW + 10);
        assert_eq!(take_late(&verifier, "msg_1", NOW), Ok(false), "{elsewhere}");
        clock.set(elsewhere + 10);
        assert_eq!(take_late(&verifier, "msg_2", elsewhere), Ok(false));
    }
}

#[test]
fn what_came_while_the_clock_was_wrong_takes_up_no_room_for_ever() {
    for wrong in [NOW + YEAR, NOW + 3600, NOW - 3600, 1000] {
        let (verifier, clock) = verifier(2);
        for id in ["wrong_1", "wrong_2"] {
            assert_eq!(take(&verifier, &clock, id, wrong), Ok(true));
        }
        assert_eq!(
            take(&verifier, &clock, "wrong_3", wrong),
            Err(Rejection::Busy)
        );
        for number in 0..6 {
            let taken = take(
                &verifier,
                &clock,
                &format!("msg_{number}"),
                NOW + number * 301,
            );
            assert_eq!(taken, Ok(true), "{wrong}, {number}");
        }
    }
}

#[test]
fn what_may_still_come_again_is_forgotten_last() {
    let (verifier, clock) = verifier(3);
    assert_eq!(take(&verifier, &clock, "past", NOW - 1000), Ok(true));
    assert_eq!(take(&verifier, &clock, "ahead", NOW + 1000), Ok(true));
    assert_eq!(take(&verifier, &clock, "now", NOW), Ok(true));
    // The clock will reach the one ahead, and the one of now is in time.
    assert_eq!(take(&verifier, &clock, "next", NOW), Ok(true));
    assert_eq!(take_late(&verifier, "now", NOW), Ok(false));
    assert_eq!(take(&verifier, &clock, "ahead", NOW + 1000), Ok(false));
}

#[test]
fn a_delivery_that_is_tried_for_long_is_handed_over_once() {
    let (verifier, clock) = verifier(2);
    assert_eq!(take(&verifier, &clock, "msg_1", NOW), Ok(true));
    // The sender does not hear the answers; each attempt has a timestamp of its own.
    for (minutes, other) in [(4, "msg_2"), (8, "msg_3"), (12, "msg_4"), (16, "msg_5")] {
        let now = NOW + minutes * 60;
        assert_eq!(
            take(&verifier, &clock, "msg_1", now),
            Ok(false),
            "{minutes}"
        );
        let room = take(&verifier, &clock, other, now);
        assert!(matches!(room, Ok(true) | Err(Rejection::Busy)), "{room:?}");
    }
}

proptest! {
    #[test]
    fn with_room_for_all_nothing_is_handed_over_twice_however_the_clock_jumps(
        steps in proptest::collection::vec((0_u8..6, 0_u64..4000, 0_u64..700), 1..60),
    ) {
        let (verifier, clock) = verifier(6);
        let mut taken = HashSet::new();
        for (number, now, ago) in steps {
            clock.set(NOW + now);
            let id = format!("msg_{number}");
            match take_late(&verifier, &id, NOW + now + 350 - ago) {
                Ok(true) => prop_assert!(taken.insert(id)),
                Ok(false) => prop_assert!(taken.contains(&id)),
                Err(rejection) => prop_assert_eq!(rejection, Rejection::OutOfTime),
            }
        }
    }
}
