//! Real payloads, read and written back without loss.
//!
//! The payloads are not part of this project. They are looked for in the folder that
//! `POS_SYSTEM_API_PAYLOADS` names, else in `../shared/api/payloads` beside the checkout; without them
//! the test says so and passes. The project's own fixtures are read by `fixtures.rs`, always.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::io::Write;
use std::path::{Path, PathBuf};

use pos_system_api::receipt::Receipt;
use pos_system_api::types::{Moment, ReceiptRequest};
use support::exact_json::{Exact, Rules, differences};
use support::payload_kind::written_back;

/// How far a file can be trusted, by its tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Real: has to be read and written back.
    Full,
    /// Put together by hand, documentation, drafts, other shapes: a clean error is as good.
    Lenient,
}

const LENIENT_TAGS: [&str; 14] = [
    "derived-from-code",
    "assembled",
    "synthetic",
    "doc",
    "rfc",
    "elided",
    "fragment",
    "untrusted-draft",
    "doc-draft",
    "v1-shape",
    "v0-shape",
    "shape-only",
    "third-party",
    "v1-codes",
];

fn trust(notes: &str) -> Trust {
    let mut tags = notes.split(';').map(str::trim);
    if tags.any(|tag| LENIENT_TAGS.contains(&tag)) {
        Trust::Lenient
    } else {
        Trust::Full
    }
}

/// A folder that is named has to be right; the default one may be absent.
fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("POS_SYSTEM_API_PAYLOADS") {
        return Some(PathBuf::from(folder));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/api/payloads");
    folder.join("INDEX.csv").is_file().then_some(folder)
}

/// The default folder may be absent, which is said past the test harness: it shows no output of a test
/// that passes.
fn folder_or_skip() -> Option<PathBuf> {
    let folder = folder();
    if folder.is_none() {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: no payloads here; name their folder in POS_SYSTEM_API_PAYLOADS"
        );
    }
    folder
}

#[test]
fn payloads_are_read_and_written_back_without_loss() {
    let Some(folder) = folder_or_skip() else {
        return;
    };
    let mut index = csv::Reader::from_path(folder.join("INDEX.csv")).unwrap();
    let mut failures = Vec::new();
    let mut outcomes: Vec<String> = Vec::new();
    let (mut full, mut lenient_kept) = (0, 0);
    for row in index.records() {
        let row = row.unwrap();
        let (file, kind, notes) = (&row[0], &row[1], &row[4]);
        let json = std::fs::read_to_string(folder.join(file)).unwrap();
        // Fragments are pieces of several types and have none of their own.
        let Some(written) = written_back(kind, &json) else {
            continue;
        };
        let differences = match written {
            Err(error) => Err(error.to_string()),
            Ok(written) => Ok(differences(
                &Exact::read(&json).unwrap(),
                &Exact::read(&written).unwrap(),
                Rules::Meaning,
            )),
        };
        match (trust(notes), differences) {
            (Trust::Full, Ok(differences)) if differences.is_empty() => full += 1,
            (Trust::Full, Ok(differences)) => failures.push(format!("{file}: {differences:?}")),
            (Trust::Full, Err(error)) => failures.push(format!("{file}: {error}")),
            (Trust::Lenient, Ok(differences)) if differences.is_empty() => lenient_kept += 1,
            // What was read must not be changed, however odd.
            (Trust::Lenient, Ok(differences)) => failures.push(format!("{file}: {differences:?}")),
            (Trust::Lenient, Err(error)) => {
                assert!(!error.is_empty());
                outcomes.push(format!("{file}: refused: {error}"));
            }
        }
    }
    println!("{full} payloads have to be kept and are; {lenient_kept} others are kept as well");
    for outcome in &outcomes {
        println!("{outcome}");
    }
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(full > 0, "the index names no payload");
}

/// Real receipts have amounts that do not add up and references that nobody knows, on purpose; but none is
/// a refund that the builders would call forgotten, and none has a rate or a position that they refuse.
#[test]
fn no_real_receipt_is_refused_for_its_signs_rates_or_positions() {
    let Some(folder) = folder_or_skip() else {
        return;
    };
    let mut built = 0;
    for file in std::fs::read_dir(folder.join("receipt-request")).unwrap() {
        let file = file.unwrap().path();
        let json = std::fs::read_to_string(&file).unwrap();
        let Ok(request) = serde_json::from_str::<ReceiptRequest>(&json) else {
            continue;
        };
        let case = request.ft_receipt_case.unwrap_or_default();
        let previous = request.cb_previous_receipt_reference.is_some();
        let receipt = Receipt::of(case, "S-1", Moment::now())
            .charge_items(request.cb_charge_items)
            .pay_items(request.cb_pay_items);
        let receipt = match previous {
            true => receipt.previous("S-0"),
            false => receipt,
        };
        match receipt.build() {
            Ok(_) => built += 1,
            Err(error) => {
                let is_wrong = error.field().ends_with(".VATRate")
                    && !error.reason().contains("no line before")
                    || error.field().ends_with(".Position")
                    || error.reason().contains("partial_refund_of");
                assert!(!is_wrong, "{}: {error}", file.display());
            }
        }
    }
    assert!(built > 50, "only {built} build");
}
