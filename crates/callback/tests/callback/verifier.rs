//! What is taken for a delivery, and what is not.

use axum::http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

use super::*;

const BODY: &[u8] = br#"{"State":"done"}"#;
/// Of `msg_1`, [`NOW`] and [`BODY`] with [`SECRET`], computed with `openssl dgst -sha256 -mac HMAC`.
const SIGNATURE: &str = "v1,vI6MTa+ivXl/YQA96QMgo5Lm2QPrVI/rsp+MMFN7QRY=";

fn verifier() -> (Verifier, Arc<ManualWallClock>) {
    let clock = Arc::new(ManualWallClock::default());
    (Verifier::new([secret()]).with_clock(clock.clone()), clock)
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("webhook-id", "msg_1"),
        ("webhook-timestamp", "1780000000"),
        ("webhook-signature", SIGNATURE),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}

fn with(name: &'static str, value: &str) -> HeaderMap {
    let mut headers = headers();
    headers.insert(name, value.parse().unwrap());
    headers
}

/// Takes a delivery and hands it over.
fn take(verifier: &Verifier, headers: &HeaderMap) -> Result<bool, Rejection> {
    match verifier.admit(headers, BODY)? {
        Admission::New(ticket) => {
            assert_eq!(ticket.state().state, StateWord::Done);
            assert_eq!(ticket.keep().state, StateWord::Done);
            Ok(true)
        }
        _ => Ok(false),
    }
}

#[test]
fn a_delivery_signed_by_another_implementation_is_taken() {
    assert_eq!(take(&verifier().0, &headers()), Ok(true));
}

#[test]
fn whatever_was_changed_is_not_signed() {
    let (verifier, _) = verifier();
    let refused = |headers: &HeaderMap, body: &[u8]| {
        assert_eq!(
            verifier.admit(headers, body).unwrap_err(),
            Rejection::NotSigned,
            "{headers:?}"
        );
    };
    refused(&headers(), br#"{"State":"Done"}"#);
    refused(&headers(), b"");
    refused(&with("webhook-id", "msg_2"), BODY);
    refused(&with("webhook-timestamp", "1780000001"), BODY);
    for signature in [
        "v1,",
        "v1",
        ",",
        "v1,AAAA",
        // Cut, longer, of another version, without one.
        &SIGNATURE[..SIGNATURE.len() - 4],
        &format!("{SIGNATURE}AAAA"),
        &SIGNATURE.replace("v1", "v2"),
        &SIGNATURE[3..],
    ] {
        refused(&with("webhook-signature", signature), BODY);
    }
    refused(&headers(), &BODY[..BODY.len() - 1]);
    // None of them used the id up.
    assert_eq!(take(&verifier, &headers()), Ok(true));
}

#[test]
fn each_header_stands_there_once() {
    let (verifier, _) = verifier();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut without = headers();
        without.remove(name);
        let mut twice = headers();
        twice.append(name, headers()[name].clone());
        let unreadable = {
            let mut headers = headers();
            headers.insert(name, HeaderValue::from_bytes(b"\xff").unwrap());
            headers
        };
        let long = with(name, &"1".repeat(5000));
        for headers in [without, twice, unreadable, long, with(name, "")] {
            assert_eq!(
                verifier.admit(&headers, BODY).unwrap_err(),
                Rejection::Header(name)
            );
        }
    }
    for timestamp in ["-1", "now", "1780000000.5", "99999999999999999999"] {
        let headers = with("webhook-timestamp", timestamp);
        let refused = verifier.admit(&headers, BODY).unwrap_err();
        assert_eq!(refused, Rejection::Header("webhook-timestamp"));
    }
}

#[test]
fn a_timestamp_is_in_time_for_five_minutes_either_way() {
    for (clock_at, expected) in [
        (NOW - 301, Err(Rejection::OutOfTime)),
        (NOW - 300, Ok(true)),
        (NOW + 300, Ok(true)),
        (NOW + 301, Err(Rejection::OutOfTime)),
        (0, Err(Rejection::OutOfTime)),
        (u64::MAX, Err(Rejection::OutOfTime)),
    ] {
        let (verifier, clock) = verifier();
        clock.set(clock_at);
        assert_eq!(take(&verifier, &headers()), expected, "{clock_at}");
    }
}

#[test]
fn during_a_rotation_both_secrets_are_good() {
    let clock: Arc<ManualWallClock> = Arc::default();
    let both = Verifier::new([other_secret(), secret()]).with_clock(clock.clone());
    assert_eq!(take(&both, &headers()), Ok(true));
    let new = Verifier::new([other_secret()]).with_clock(clock.clone());
    assert_eq!(take(&new, &headers()), Err(Rejection::NotSigned));
    // The sender signs with both, in any order, beside signatures of other versions.
    let several = format!("v1a,xyz v1,{} {SIGNATURE}", "A".repeat(44));
    let old = Verifier::new([secret()]).with_clock(clock.clone());
    let headers = with("webhook-signature", &several);
    assert_eq!(take(&old, &headers), Ok(true));
    let none = Verifier::new([]).with_clock(clock);
    assert_eq!(take(&none, &headers), Err(Rejection::NotSigned));
}

#[test]
fn a_list_of_signatures_is_looked_at_up_to_a_point() {
    let (verifier, _) = verifier();
    let wrong = format!("v1,{} ", "A".repeat(44));
    let headers = with(
        "webhook-signature",
        &format!("{}{SIGNATURE}", wrong.repeat(16)),
    );
    assert_eq!(take(&verifier, &headers), Err(Rejection::NotSigned));
}

#[test]
fn what_was_handed_over_is_not_handed_over_again_while_it_could_be() {
    let (verifier, clock) = verifier();
    // Sent by a clock that is ahead as far as can be.
    clock.set(NOW - 300);
    assert_eq!(take(&verifier, &headers()), Ok(true));
    for at in [NOW - 300, NOW, NOW + 299, NOW + 300] {
        clock.set(at);
        assert_eq!(take(&verifier.clone(), &headers()), Ok(false), "{at}");
    }
}

#[test]
fn what_was_not_handed_over_can_come_again() {
    let (verifier, _) = verifier();
    let Ok(Admission::New(ticket)) = verifier.admit(&headers(), BODY) else {
        panic!("a new delivery is taken");
    };
    // The same one meanwhile is neither handed over twice nor confirmed.
    assert_eq!(take(&verifier, &headers()), Err(Rejection::Busy));
    drop(ticket);
    assert_eq!(take(&verifier, &headers()), Ok(true));
}

#[test]
fn a_full_memory_refuses_instead_of_forgetting() {
    let (_, clock) = verifier();
    let verifier = Verifier::new([secret()])
        .with_clock(clock.clone())
        .with_capacity(1);
    assert_eq!(take(&verifier, &headers()), Ok(true));
    // Of `msg_2`, 601 s later, computed likewise.
    let mut second = with("webhook-id", "msg_2");
    second.insert("webhook-signature", SECOND.parse().unwrap());
    assert_eq!(take(&verifier, &second), Err(Rejection::Busy));
    assert_eq!(take(&verifier, &headers()), Ok(false));

    clock.set(NOW + 601);
    let mut third = with("webhook-id", "msg_3");
    third.insert(
        "webhook-timestamp",
        (NOW + 601).to_string().parse().unwrap(),
    );
    third.insert("webhook-signature", THIRD.parse().unwrap());
    assert_eq!(take(&verifier, &third), Ok(true));
}

/// Of `msg_2` at [`NOW`].
const SECOND: &str = "v1,1dTa6uexwqZlDDAutz1dgw3LTlPuPzsw9D9LoMvVuD4=";
/// Of `msg_3` at [`NOW`] + 601.
const THIRD: &str = "v1,qXxmexOFqw62GHSIqzivwsq0lL9/g2h1Rg/52p5weTY=";

#[test]
fn what_is_signed_and_no_state_is_unreadable() {
    let (verifier, _) = verifier();
    let headers = with(
        "webhook-signature",
        "v1,rSn/tbf7jNv9Pwj6pg7LWC1ps38Wd/kdDgR5WPVyckc=",
    );
    let refused = verifier.admit(&headers, b"[]").unwrap_err();
    assert_eq!(refused, Rejection::Unreadable);
    assert_eq!(refused.status(), 400);
}

#[test]
fn a_large_body_is_refused_before_anything_else() {
    let (verifier, _) = verifier();
    let refused = verifier.admit(&HeaderMap::new(), &[b' '; 64 * 1024 + 1]);
    assert_eq!(refused.unwrap_err(), Rejection::TooLarge);
    let refused = verifier.admit(&headers(), &[b' '; 64 * 1024]);
    assert_eq!(refused.unwrap_err(), Rejection::NotSigned);
}

#[test]
fn a_secret_has_24_to_64_bytes_in_base64() {
    use pos_system_api_callback::SecretError;
    for (length, good) in [(0, false), (23, false), (24, true), (64, true), (65, false)] {
        let found = SigningSecret::from_bytes(vec![7; length]);
        assert_eq!(found.is_ok(), good, "{length}");
    }
    let error = |text: &str| text.parse::<SigningSecret>().unwrap_err();
    assert_eq!(error(&SECRET[6..]), SecretError::Prefix);
    assert_eq!(error("whsec_!"), SecretError::Base64);
    assert_eq!(error("whsec_AAAA"), SecretError::Length);
    assert_eq!(error(""), SecretError::Prefix);
}

proptest! {
    #[test]
    fn nothing_from_outside_panics_or_is_taken(
        id in ".*", timestamp in "[0-9]{0,20}", signature in "(v1,[A-Za-z0-9+/=]{0,60} ?){0,20}",
        body in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        let (verifier, _) = verifier();
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signature),
        ] {
            if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                headers.insert(name, value);
            }
        }
        headers.entry("webhook-timestamp").or_insert(HeaderValue::from_static("1780000000"));
        prop_assert!(verifier.admit(&headers, &body).is_err());
    }
}
