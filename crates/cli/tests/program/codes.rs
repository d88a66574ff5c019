//! Codes are explained and carried over, without a server.

use serde_json::{Value, json};

use crate::till::{Run, program};

fn run(arguments: &[&str]) -> Run {
    Run::of(program().arg("codes").args(arguments))
}

fn lines(run: &Run) -> Vec<Value> {
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines = run.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_code_of_one_kind_is_taken_apart() {
    let run = run(&["decode", "0x4154_2000_0100_0001", "--kind", "receipt"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(
        run.stdout,
        "\
0x4154_2000_0100_0001 = 4707422694897876993

receipt           AT v2 PointOfSaleReceipt | Refund
  country         AT
  version         2
  kind            0x1 PointOfSaleReceipt
  category        0x0 receipt
  flags           Refund
"
    );
}

#[test]
fn every_kind_of_which_a_number_makes_sense_is_shown() {
    for (code, kinds) in [
        (
            "0x4154200000000001",
            &[
                "receipt",
                "charge-item",
                "pay-item",
                "state",
                "signature-type",
                "journal",
            ][..],
        ),
        ("0x4154200000002011", &["receipt"]),
        ("0x49542000EEEEEEEE", &["state"]),
        ("0x50003", &["signature-format"]),
        ("255", &["journal"]),
        ("0x4652200000000015", &["charge-item", "signature-type"]),
    ] {
        let found = lines(&run(&["decode", code, "--json"]));
        let found: Vec<_> = found.iter().map(|line| line["kind"].clone()).collect();
        assert_eq!(found, kinds, "{code}");
    }
}

#[test]
fn a_number_without_any_meaning_is_shown_as_every_kind() {
    let found = lines(&run(&["decode", "0xFFFF_FFFF_FFFF_FFF0", "--json"]));
    assert_eq!(found.len(), 7);
    assert!(found.iter().all(|line| line["country"].is_null()));
}

#[test]
fn a_reading_as_json_has_all_parts() {
    let found = lines(&run(&[
        "decode",
        "0x4954_2000_4002_1018",
        "--kind",
        "charge-item",
        "--json",
    ]));
    assert_eq!(
        found,
        [json!({
            "kind": "charge-item",
            "value": 0x4954_2000_4002_1018_u64,
            "hex": "0x4954_2000_4002_1018",
            "text": "IT v2 Delivery, NotTaxable, NotTaxableExports | Refund | RespondInReceiptResponse",
            "country": "IT",
            "version": 2,
            "parts": [
                {"part": "VAT", "value": "0x8", "name": "NotTaxable"},
                {"part": "service", "value": "0x1", "name": "Delivery"},
                {"part": "nature", "value": "0x10", "name": "NotTaxableExports"},
            ],
            "flags": ["Refund", "RespondInReceiptResponse"],
            "unknownBits": null,
            "inVersion2": null,
        })]
    );
    let unknown = run(&["decode", "0x4752_2000_4000_0008", "--kind", "receipt"]);
    assert!(
        unknown.stdout.contains("0x8 not in the tables"),
        "{}",
        unknown.stdout
    );
    assert!(
        unknown.stdout.contains("unknown bits    0x40000000"),
        "{}",
        unknown.stdout
    );
}

#[test]
fn a_code_of_version_0_is_read_by_its_own_tables() {
    let found = lines(&run(&[
        "decode",
        "0x4154000000000002",
        "--kind",
        "receipt",
        "--json",
    ]));
    assert_eq!(found[0]["text"], "AT v0 ZeroReceipt");
    assert_eq!(found[0]["version"], 0);
    assert_eq!(found[0]["inVersion2"], "0x4154_2000_0000_2000");
    assert_eq!(found[0]["parts"][0]["name"], "ZeroReceipt");
}

#[test]
fn codes_are_carried_over_both_ways() {
    let old = "0x4154_0000_0000_0002";
    let new = "0x4154_2000_0000_2000";
    let there = run(&["migrate", old, "--kind", "receipt"]);
    assert_eq!(
        (there.code, there.stdout.as_str()),
        (
            0,
            format!("receipt     {old} -> {new}  AT v2 ZeroReceipt\n").as_str()
        )
    );
    let back = lines(&run(&["migrate", new, "--kind", "receipt", "--json"]));
    assert_eq!(back[0]["toHex"], old);
    assert_eq!(back[0]["to"], 0x4154_0000_0000_0002_u64);

    let kinds = lines(&run(&["migrate", old, "--json"]));
    let kinds: Vec<_> = kinds.iter().map(|line| line["kind"].clone()).collect();
    assert_eq!(kinds, ["receipt", "charge-item", "pay-item", "state"]);

    let discount = [
        "migrate",
        "0x4445200000040003",
        "--kind",
        "charge-item",
        "--json",
    ];
    assert_eq!(lines(&run(&discount))[0]["toHex"], "0x4445_0000_0000_0039");
    let discount = [&discount[..], &["--negative"]].concat();
    assert_eq!(lines(&run(&discount))[0]["toHex"], "0x4445_0000_0000_0031");
}

#[test]
fn what_cannot_be_carried_over_is_refused_with_the_reason() {
    for (arguments, reason) in [
        (
            &["migrate", "0x4154_0000_0000_00FF", "--kind", "receipt"][..],
            "no counterpart",
        ),
        (&["migrate", "0x4954_0000_0000_0001"], "AT, DE and FR"),
        (
            &["migrate", "0x2000_0000_0001", "--kind", "pay-item"],
            "AT, DE and FR",
        ),
    ] {
        let run = run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        assert!(run.stderr.contains(reason), "{}", run.stderr);
    }
}

#[test]
fn what_is_no_code_is_wrong_usage() {
    for arguments in [
        &["decode", "twelve"][..],
        &["decode", "-1"],
        &["decode"],
        &["decode", "1", "--kind", "order"],
        &["migrate", "1", "--kind", "signature-type"],
        &[],
    ] {
        let run = run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{arguments:?}");
    }
}
