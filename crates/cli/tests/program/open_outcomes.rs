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
