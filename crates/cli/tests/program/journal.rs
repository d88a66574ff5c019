//! `journal export`.

use std::fs;
use std::net::TcpListener;

use pos_system_api_simulator::{Fault, Simulator};
use serde_json::Value;

use crate::till::{Run, Till};

/// A queue with receipts of the past: one a minute, the last at 23:59 of 2025.
fn with_past(count: u64) -> Till {
    Till::with(Simulator::builder().started(true).past_receipts(count))
}

fn export(till: &Till, arguments: &[&str]) -> Run {
    Run::of(
        till.program()
            .args(["journal", "export", "--type"])
            .args(arguments),
    )
}

fn entries(till: &Till, arguments: &[&str]) -> usize {
    let run = export(till, arguments);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
    let entries: Value = serde_json::from_str(&run.stdout).unwrap();
    entries.as_array().unwrap().len()
}

#[test]
fn a_journal_goes_to_standard_output_whole_or_in_part() {
    let till = with_past(3000);
    for (arguments, expected) in [
        (&["queue-items"][..], 3000),
        (&["receipts"], 3000),
        (&["0x02"], 3000),
        (&["queue-items", "--take", "3"], 3),
        (&["queue-items", "--from", "2025-12-31"], 1440),
        (
            &["queue-items", "--from", "2025-12-30", "--to", "2025-12-30"],
            1440,
        ),
        (&["queue-items", "--from", "2025-12-31T23:58:00Z"], 2),
        (
            &[
                "queue-items",
                "--from",
                "2025-12-31",
                "--to",
                "2025-12-31T01:09:00+01:00",
            ],
            10,
        ),
        (&["queue-items", "--from", "2025-12-31", "--take", "7"], 7),
        (&["queue-items", "--to", "2020-01-01"], 0),
        // Days of a till east of here: the last two hours of 2025 are in its new year.
        (
            &[
                "queue-items",
                "--from",
                "2026-01-01",
                "--utc-offset",
                "+02:00",
            ],
            120,
        ),
        (
            &[
                "queue-items",
                "--utc-offset",
                "+02:00",
                "--from",
                "2025-12-31",
                "--to",
                "2025-12-31",
            ],
            1440,
        ),
        // And of one west of here, where it had only begun. A moment has its own offset.
        (
            &[
                "queue-items",
                "--utc-offset",
                "-05:30",
                "--from",
                "2025-12-31",
            ],
            1110,
        ),
        (
            &[
                "queue-items",
                "--utc-offset",
                "-05:30",
                "--from",
                "2025-12-31T23:58:00Z",
            ],
            2,
        ),
    ] {
        assert_eq!(entries(&till, arguments), expected, "{arguments:?}");
    }
}

#[test]
fn the_journal_that_the_help_names_is_one_that_a_till_needs() {
    let help = Run::of(crate::till::program().args(["journal", "export", "--help"]));
    let code = help.stdout.split_once("0x").unwrap().1;
    let code: String = code.chars().take_while(char::is_ascii_hexdigit).collect();
    let code = format!("0x{code}");
    let decoded = Run::of(
        crate::till::program().args(["codes", "decode", "--kind", "journal", "--json", &code]),
    );
    assert_eq!(decoded.code, 0, "{}", decoded.stderr);
    for part in ["DsfinvkExport", "Zip"] {
        assert!(decoded.stdout.contains(part), "{code}: {}", decoded.stdout);
    }
}

#[test]
fn a_file_has_its_name_once_it_is_whole() {
    let till = with_past(100);
    let file = till.folder.path().join("journal.json");
    let name = file.to_str().unwrap();
    let part = till.folder.path().join("journal.json.part");
    till.simulator
        .faults()
        .script([Fault::CutBodyAfterCommit { bytes: 70_000 }]);
    let cut = export(&till, &["queue-items", "--output", name]);
    assert_eq!((cut.code, cut.stdout.as_str()), (3, ""));
    assert!(cut.stderr.contains("not whole"), "{}", cut.stderr);
    assert!(
        cut.stderr.contains(part.to_str().unwrap()),
        "{}",
        cut.stderr
    );
    assert!(part.exists() && !file.exists());
    let left = fs::read(&part).unwrap();

    let whole = export(&till, &["queue-items", "--output", name]);
    assert_eq!((whole.code, whole.stderr.as_str()), (0, ""));
    let bytes = fs::read(&file).unwrap();
    assert!(bytes.starts_with(&left) && bytes.len() > left.len());
    assert!(!part.exists());
    let line = &whole.lines()[0];
    assert_eq!(line["bytes"], bytes.len());
    assert_eq!(line["contentType"], "application/json");
    assert_eq!(line["journalType"], "0x0000_0000_0000_0003");
    serde_json::from_slice::<Value>(&bytes).unwrap();
}

#[test]
fn a_compressed_export_is_told_to_be_one() {
    let till = with_past(100);
    let file = till.folder.path().join("journal.json");
    let name = file.to_str().unwrap();
    let plain = export(&till, &["queue-items", "--output", name]);
    assert_eq!(plain.lines()[0]["contentEncoding"], Value::Null);

    till.simulator.faults().script([Fault::GzipBody]);
    let run = export(&till, &["queue-items", "--output", name]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let line = &run.lines()[0];
    assert_eq!(line["contentEncoding"], "gzip");
    assert_eq!(line["contentType"], "application/json");
    assert!(
        run.stderr.contains("gzip") && run.stderr.contains(name),
        "{}",
        run.stderr
    );
    let bytes = fs::read(&file).unwrap();
    assert_eq!(line["bytes"], bytes.len());
    assert!(bytes.starts_with(&[0x1f, 0x8b]));
}

#[test]
fn a_cut_export_to_standard_output_ends_with_3() {
    let till = with_past(100);
    till.simulator
        .faults()
        .script([Fault::CutBodyAfterCommit { bytes: 70_000 }]);
    let run = export(&till, &["queue-items"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("not whole"), "{}", run.stderr);
}

#[test]
fn an_export_that_is_refused_leaves_no_file_and_an_old_one_alone() {
    let till = with_past(1);
    let file = till.file("journal.json", "old");
    let mut program = till.program();
    program.args([
        "journal",
        "export",
        "--type",
        "receipts",
        "--access-token",
        "wrong",
    ]);
    let run = Run::of(program.arg("--output").arg(&file));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert_eq!(fs::read(&file).unwrap(), b"old");
    assert_eq!(fs::read_dir(till.folder.path()).unwrap().count(), 1);
}

#[test]
fn a_lost_beginning_is_asked_for_again_until_the_deadline() {
    let till = with_past(5);
    till.simulator.faults().script([
        Fault::ResetBeforeCommit,
        Fault::StatusBeforeCommit {
            status: 503,
            retry_after: None,
        },
    ]);
    let run = export(&till, &["queue-items"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let entries: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(entries.as_array().unwrap().len(), 5);
    let told: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(told.len(), 2, "{}", run.stderr);
    for (line, (attempt, why)) in told.iter().zip([
        ("attempt 2", "the connection broke"),
        ("attempt 3", "the server answered 503"),
    ]) {
        assert!(line.contains(attempt) && line.contains(why), "{line}");
        assert!(line.contains("600 s"), "{line}");
    }
    till.simulator
        .faults()
        .script(vec![Fault::HangBeforeCommit; 5]);
    let times = ["receipts", "--deadline", "0.3", "--attempt-timeout", "0.2"];
    assert_eq!(export(&till, &times).code, 3);
}

#[test]
fn a_server_that_is_not_there_is_said_to_be_tried_again() {
    let till = with_past(1);
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap().to_string();
    drop(nobody);
    let url = format!("http://{address}");
    let run = export(&till, &["receipts", "--base-url", &url, "--deadline", "1"]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    let told: Vec<&str> = run.stderr.lines().collect();
    // The last line says that it was given up.
    let (_, tried_again) = told.split_last().unwrap();
    assert!(!tried_again.is_empty(), "{}", run.stderr);
    for (line, attempt) in tried_again.iter().zip(2..) {
        let attempt = format!("attempt {attempt}");
        let why = format!("no connection to {address}");
        assert!(line.contains(&attempt) && line.contains(&why), "{line}");
        assert!(
            line.contains("1 s") && line.contains("--deadline"),
            "{line}"
        );
    }
}

#[test]
fn an_export_that_is_refused_at_once_is_not_said_to_be_tried_again() {
    let till = with_past(1);
    let run = export(&till, &["receipts", "--access-token", "wrong"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
}
