//! `issue`.

use pos_system_api_simulator::Fault;
use serde_json::Value;

use crate::till::{Run, Till, sale};

/// The line of a signed receipt.
fn signed(till: &Till, reference: &str) -> String {
    let run = Run::of(
        till.program()
            .arg("sign")
            .write_stdin(sale(reference, "5.80")),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn the_request_comes_from_a_file_or_from_the_server() {
    let till = Till::new();
    let line = till.file("signed.json", signed(&till, "S-1"));
    let request = till.file("sale.json", sale("S-1", "5.80"));
    let by_file = Run::of(
        till.program()
            .arg("issue")
            .arg(&line)
            .arg("--request")
            .arg(&request),
    );
    let by_record = Run::of(till.program().arg("issue").arg(&line));
    for run in [&by_file, &by_record] {
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        let issued = &run.lines()[0];
        assert_eq!(issued["outcome"], "issued");
        assert_eq!(issued["queueId"], till.simulator.queue_id().to_string());
        assert!(
            issued["documentUrl"].as_str().unwrap().starts_with("http"),
            "{issued}"
        );
    }
    assert_eq!(
        by_file.lines()[0]["queueItemId"],
        by_record.lines()[0]["queueItemId"]
    );
    let ledger = till.simulator.ledger();
    let bodies: Vec<Value> = ledger
        .requests()
        .iter()
        .filter(|request| request.path.ends_with("/issue"))
        .map(|request| serde_json::from_slice(&request.body).unwrap())
        .collect();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[0]["ReceiptRequest"]["cbReceiptReference"], "S-1");
}

#[test]
fn an_answer_alone_needs_its_request() {
    let till = Till::new();
    let line: Value = serde_json::from_str(&signed(&till, "S-1")).unwrap();
    let answer = line["response"].to_string();
    let alone = Run::of(
        till.program()
            .args(["issue", "-"])
            .write_stdin(answer.as_str()),
    );
    assert_eq!((alone.code, alone.stdout.as_str()), (64, ""));
    assert!(alone.stderr.contains("--request"), "{}", alone.stderr);
    let request = till.file("sale.json", sale("S-1", "5.80"));
    let mut program = till.program();
    let run = program
        .args(["issue", "-", "--request"])
        .arg(request)
        .write_stdin(answer);
    assert_eq!(Run::of(run).code, 0);
}

#[test]
fn a_lost_answer_is_fetched_again() {
    let till = Till::new();
    let line = signed(&till, "S-1");
    let request = till.file("sale.json", sale("S-1", "5.80"));
    till.simulator.faults().script([Fault::ResetAfterCommit]);
    let mut program = till.program();
    let run = Run::of(
        program
            .args(["issue", "-", "--request"])
            .arg(request)
            .write_stdin(line),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.lines()[0]["execution"], "replayed");
    till.simulator.ledger().issues().exactly_once();
}

#[test]
fn an_open_document_is_settled_by_its_id() {
    let till = Till::new();
    let line = till.file("signed.json", signed(&till, "S-1"));
    let request = till.file("sale.json", sale("S-1", "5.80"));
    let issue = |arguments: &[&str]| {
        let mut program = till.program();
        let program = program
            .arg("issue")
            .arg(&line)
            .arg("--request")
            .arg(&request);
        Run::of(program.args(arguments))
    };
    till.simulator
        .faults()
        .script(vec![Fault::HangAfterCommit; 3]);
    let open = issue(&["--deadline", "0.3", "--attempt-timeout", "0.2"]);
    assert_eq!(open.code, 3);
    assert_eq!(open.lines()[0]["outcome"], "pending");
    let id = open.lines()[0]["operationId"].as_str().unwrap().to_owned();
    assert!(
        open.stderr.contains(&format!("--operation-id {id}")),
        "{}",
        open.stderr
    );
    till.simulator.faults().clear();
    assert_eq!(issue(&["--operation-id", &id]).code, 0);
    till.simulator.ledger().issues().exactly_once();
}

#[test]
fn what_is_not_signed_is_not_issued() {
    let till = Till::new();
    let line: Value = serde_json::from_str(&signed(&till, "S-1")).unwrap();
    let mut failed = line["response"].clone();
    failed["ftState"] = 0x4154_2000_EEEE_EEEE_u64.into();
    let mut unknown = line.clone();
    unknown["operationId"] = "6f1c2d5e-0000-4000-8000-000000000404".into();
    for (text, words) in [
        ("{}".to_owned(), "neither a line of sign"),
        ("no".to_owned(), "expected"),
        (failed.to_string(), "not signed"),
        (unknown.to_string(), "no record"),
    ] {
        let run = Run::of(till.program().args(["issue", "-"]).write_stdin(text));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (2, ""),
            "{words}: {}",
            run.stderr
        );
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    till.simulator.ledger().issues().none();
}
