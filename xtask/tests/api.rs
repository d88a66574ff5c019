//! The listing of the generated public surface.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use xtask::api;
use xtask::check::check;
use xtask::repository::{Repository, read};

#[test]
fn the_committed_listing_is_fresh() {
    // The message says which command refreshes it.
    if let Err(error) = api::verify(&Repository::here()) {
        panic!("{error}");
    }
}

#[test]
fn types_members_variants_calls_and_operations_are_listed() {
    let listing = api::current(&Repository::here()).unwrap();
    for line in [
        "types::ReceiptRequest struct, non_exhaustive",
        "types::ChargeItem.amount: Amount",
        "types::ReceiptRequest.cb_charge_items: Vec<ChargeItem>",
        "types::ReceiptResponse.ft_state: codes::State",
        "types::PayAction::Unknown(String)",
        "types::ReceiptRequest::builder() -> builder::ReceiptRequest",
        "raw::Client::sign(&self) -> builder::Sign<'_>",
        "raw::builder::Sign::send(self) -> Result<ResponseValue<types::ReceiptResponse>, Error<types::ProblemDetails>> (async)",
        "raw::operations::SIGN = sign POST /sign Effect Json",
    ] {
        assert!(listing.lines().any(|found| found == line), "{line}");
    }
    let lines: Vec<&str> = listing
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert!(lines.is_sorted());
    assert!(!listing.contains("private"), "{listing}");
}

#[test]
fn what_callers_cannot_reach_is_not_listed() {
    let listing = api::current(&Repository::here()).unwrap();
    for part in ["#[", "baseurl: String", "ChargeItem::amount<"] {
        assert!(!listing.contains(part), "{part}");
    }
}

#[test]
fn a_change_of_the_document_is_a_line_or_two() {
    let repository = Repository::here();
    let text = read(&repository.document()).unwrap();
    let listing = |text: &str| {
        let checked = check(&repository, text, "document", false).unwrap();
        api::listing(&checked.generated).unwrap()
    };
    let before = listing(&text);
    let edited = text.replacen(
        "    EchoRequest:\n      type: object\n      properties:\n",
        "    EchoRequest:\n      type: object\n      properties:\n        Loudness:\n          type: integer\n",
        1,
    );
    assert_ne!(edited, text);
    assert_eq!(
        api::difference(&before, &listing(&edited)),
        "+ types::EchoRequest.loudness: Option<i64>\n"
    );
    assert_eq!(
        api::difference("types::A.b: i32\n", "types::A.b: i64\n"),
        "- types::A.b: i32\n+ types::A.b: i64\n"
    );
    assert_eq!(api::difference("a\r\nb\r\n", "a\nb\n"), "");
}
