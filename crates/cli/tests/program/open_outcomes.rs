//! `sign`: receipts whose fate is not known.

use pos_system_api_simulator::{Bytes, Fault};
use serde_json::Value;

use crate::till::{Run, Till, sale};

/// A page as a proxy shows it.
fn page() -> Bytes {
    let mut page = String::from("<html><head><title>Proxy\nerror</title></head><body>");
    page.push_str(&"<p>Nothing to see here.</p>\n".repeat(10 * 1024 * 1024 / 28));
    page.into()
}

#[test]
fn a_huge_page_gives_one_short_message_whatever_its_status() {
    let page = page();
    // 502 is asked again until the deadline, the others a few times.
    for (status, deadline_seconds, expected) in
        [(200, "5", "200"), (404, "5", "404"), (502, "1", "")]
    {
        let till = Till::new();
        let fault = Fault::BodyBeforeCommit {
            status,
            content_type: "text/html".to_owned(),
            body: page.clone(),
        };
        till.simulator.faults().script(vec![fault; 20]);
        let run = Run::of(
            till.program()
                .args(["sign", "--deadline", deadline_seconds])
                .write_stdin(sale("S-1", "1.00")),
        );
        assert_eq!(run.code, 3, "{status}: {}", run.stderr);
        assert!(
            run.stderr.len() < 1024,
            "{status}: {} bytes",
            run.stderr.len()
        );
        assert_eq!(run.stderr.lines().count(), 1, "{status}: {}", run.stderr);
        assert!(run.stderr.contains(expected), "{status}: {}", run.stderr);
        assert!(run.stdout.len() < 2048, "{status}");
        let line = &run.lines()[0];
        let outcome = if status == 502 { "pending" } else { "unknown" };
        assert_eq!(line["outcome"], outcome, "{line}");
        assert_eq!(till.simulator.ledger().receipts(), []);
    }
}

#[test]
fn an_open_receipt_outweighs_a_rejected_one() {
    let till = Till::new();
    till.simulator
        .faults()
        .script(vec![Fault::HangAfterCommit; 5]);
    let input = format!("no receipt\n{}\nno receipt\n", sale("S-1", "1.00"));
    let run = Run::of(
        till.program()
            .args(["sign", "--deadline", "0.5", "--attempt-timeout", "0.2"])
            .write_stdin(input),
    );
    assert_eq!(run.code, 3);
    let outcomes: Vec<Value> = run
        .lines()
        .iter()
        .map(|line| line["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["rejected", "pending", "rejected"]);
}

/// What became of the first and of the second sale, of which the first is answered too late.
fn after_an_open_one(till: &Till, options: &[&str]) -> Run {
    till.simulator
        .faults()
        .script(vec![Fault::HangBeforeCommit; 2]);
    let files = ["S-1", "S-2"].map(|name| till.file(name, sale(name, "1.00")));
    let times = ["--deadline", "0.3", "--attempt-timeout", "0.25"];
    let run = Run::of(
        till.program()
            .arg("sign")
            .args(times)
            .args(options)
            .args(files),
    );
    assert_eq!(run.code, 3, "{}", run.stderr);
    run
}

#[test]
fn after_an_open_receipt_nothing_is_signed_before_it() {
    let till = Till::new();
    let run = after_an_open_one(&till, &[]);
    let lines = run.lines();
    assert_eq!(lines[0]["outcome"], "pending");
    let rest = &lines[1];
    assert_eq!(rest["outcome"], "unsent");
    assert!(rest["file"].as_str().unwrap().ends_with("S-2"));
    assert_eq!(rest["operationId"], Value::Null);
    assert_eq!(rest["error"]["kind"], "unsent");
    assert!(run.stderr.contains("S-2: not sent"), "{}", run.stderr);
    assert!(run.stderr.contains("--keep-going"), "{}", run.stderr);
    till.simulator.ledger().receipts().none();
}

#[test]
fn whoever_asks_for_it_gets_the_others_signed() {
    let till = Till::new();
    let run = after_an_open_one(&till, &["--keep-going"]);
    let lines = run.lines();
    assert_eq!(lines[0]["outcome"], "pending");
    assert_ne!(lines[1]["outcome"], "unsent");
    assert!(lines[1]["operationId"].is_string());
}

#[test]
fn with_a_log_the_rest_waits_there() {
    let till = Till::new();
    let log = till.folder.path().join("till.db");
    let run = after_an_open_one(&till, &["--durable", log.to_str().unwrap()]);
    let lines = run.lines();
    assert_eq!(lines[0]["outcome"], "pending");
    assert_ne!(lines[1]["outcome"], "unsent");
    assert!(lines[1]["operationId"].is_string());
}

#[test]
fn an_answer_that_was_lost_is_fetched_again() {
    let till = Till::new();
    till.simulator.faults().script([Fault::ResetAfterCommit]);
    let run = Run::of(till.program().arg("sign").write_stdin(sale("S-1", "1.00")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.lines()[0]["execution"], "replayed");
    assert_eq!(till.simulator.ledger().receipts().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_signal_reports_the_receipt_that_is_under_way() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    let file = till.file("sale.json", sale("S-1", "1.00"));
    let output = till.told_to_end(&["sign", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["outcome"], "unknown");
    let ledger = till.simulator.ledger();
    assert_eq!(
        line["operationId"],
        ledger.receipts()[0].operation_id.to_string()
    );
}
