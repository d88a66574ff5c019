//! Logs that can no longer be written.
#![cfg(unix)]

use super::{left_behind_of, log_of, pending, with_log};
use crate::till::{Run, Till, sale};

/// The program, in whose files nothing can be written beyond so many blocks of 512 bytes, as on a disk
/// that fails.
fn limited(till: &Till, blocks: u32, arguments: &[&str]) -> assert_cmd::Command {
    let mut limited = assert_cmd::Command::new("sh");
    for (name, value) in till.program().get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"")
        .args(["sh", &blocks.to_string()])
        .arg(env!("CARGO_BIN_EXE_pos-system-api"))
        .args(arguments)
        .arg("--durable")
        .arg(log_of(till));
    limited
}

#[test]
fn what_may_be_written_down_is_unknown_and_what_is_not_is_rejected() {
    // At which write of a sale the disk fails is a matter of some blocks more or less.
    let unknown = (180..=300)
        .step_by(12)
        .filter(|blocks| is_one_unknown(*blocks));
    assert!(unknown.count() > 0);
}

/// Whether of sales signed in a row one is unknown, as its intent may have been written.
fn is_one_unknown(blocks: u32) -> bool {
    let till = Till::new();
    let sales: Vec<String> = (1..=12)
        .map(|number| sale(&format!("S-{number}"), "1.00"))
        .collect();
    let run = Run::of(limited(&till, blocks, &["sign"]).write_stdin(sales.join("\n")));
    let lines = run.lines();
    let of = |outcome: &str| -> Vec<_> {
        let has = |line: &&serde_json::Value| line["outcome"] == outcome;
        lines.iter().filter(has).collect()
    };
    let (signed, unknown, rejected) = (of("signed"), of("unknown"), of("rejected"));
    for line in run.stderr.lines() {
        // Each reason once.
        assert!(
            line.matches("The store's database failed").count() < 2,
            "{line}"
        );
        // What was never written is not told again.
        let is_of = |line: &str, report: &serde_json::Value| {
            line.contains("told again") && line.contains(report["operationId"].as_str().unwrap())
        };
        assert!(!rejected.iter().any(|report| is_of(line, report)), "{line}");
    }
    let [unknown] = unknown[..] else {
        return false;
    };
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert_eq!(signed.len() + 1 + rejected.len(), 12);
    for expected in ["it may be in the operation log", "recover"] {
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    let mut said = run.stderr.lines();
    assert!(
        rejected.is_empty()
            || said.any(|line| line.contains("rejected") && line.contains("nothing was sent")),
        "{}",
        run.stderr
    );
    let ledger = till.simulator.ledger();
    assert_eq!(ledger.receipts().len(), signed.len());

    // The disk is well again.
    let recovered = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!(recovered.code, 0, "{}", recovered.stderr);
    let id = unknown["operationId"].as_str().unwrap();
    let resumed = Run::of(&mut with_log(&till, &["resume", id]));
    let receipts = till.simulator.ledger().receipts().len();
    match resumed.code {
        0 => assert_eq!(receipts, signed.len() + 1),
        _ => assert_eq!(receipts, signed.len(), "{}", resumed.stderr),
    }
    true
}

#[test]
fn what_is_open_in_a_log_that_fails_is_still_open() {
    let till = Till::new();
    // Long enough that the log opens, and fails when it is written down that it is sent.
    let long = sale("S-1", "1.00").replace("Coffee", &"Coffee".repeat(7000));
    let id = left_behind_of(&till, long);
    for command in [&["recover"][..], &["resume", &id]] {
        let run = Run::of(&mut limited(&till, 120, command));
        assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{}", run.stderr);
        assert!(
            run.stderr.contains("operation log cannot be used"),
            "{}",
            run.stderr
        );
        assert_eq!(pending(&till)[0]["operationId"], id.as_str());
    }
    assert_eq!(till.simulator.ledger().requests(), []);
}
