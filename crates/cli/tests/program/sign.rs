//! `sign`: receipts that are settled.

use std::net::TcpListener;
use std::path::Path;

use pos_system_api_simulator::{Fault, Simulator};
use serde_json::Value;

use crate::till::{Run, Till, sale};

const OPERATION_ID: &str = "6f1c2d5e-0000-4000-8000-0000000000e1";

fn last_body(till: &Till) -> String {
    let ledger = till.simulator.ledger();
    let request = ledger.requests().last().unwrap();
    String::from_utf8(request.body.to_vec()).unwrap()
}

#[test]
fn two_files_give_two_lines_in_order() {
    let till = Till::new();
    let first = till.file("first.json", sale("S-1", "5.80"));
    let second = till.file(
        "second.json",
        format!("\u{feff}{}\r\n", sale("S-2", "2.20")),
    );
    let run = Run::of(till.program().arg("sign").arg(&first).arg(&second));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));

    let lines = run.lines();
    assert_eq!(lines.len(), 2);
    for (line, file) in lines.iter().zip([&first, &second]) {
        assert_eq!(line["file"], file.to_str().unwrap());
        assert_eq!(
            (&line["outcome"], &line["execution"]),
            (&"signed".into(), &"new".into())
        );
        assert_eq!(line.get("error"), None);
    }
    let ledger = till.simulator.ledger();
    for (receipt, line) in ledger.receipts().iter().zip(&lines) {
        assert_eq!(line["operationId"], receipt.operation_id.to_string());
        assert_eq!(
            line["response"],
            serde_json::from_slice::<Value>(&receipt.response).unwrap()
        );
    }
}

#[test]
fn the_example_of_the_readme_is_signed() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/receipt.json");
    let till = Till::new();
    let run = Run::of(till.program().arg("sign").arg(&example));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(run.lines()[0]["outcome"], "signed");
    assert_eq!(
        till.simulator.ledger().receipts().references(),
        ["S-2026-000102"]
    );
}

#[test]
fn long_amounts_and_codes_go_out_and_come_back_as_they_are() {
    let till = Till::new();
    let amount = "12345678901234567890123456.78";
    let run = Run::of(till.program().arg("sign").write_stdin(sale("S-1", amount)));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let body = last_body(&till);
    assert_eq!(
        body.matches(&format!("\"Amount\":{amount},")).count(),
        2,
        "{body}"
    );
    assert!(
        body.contains("\"ftReceiptCase\":4707422694881099777"),
        "{body}"
    );
    assert!(
        body.contains("\"ftChargeItemCase\":35184372088851"),
        "{body}"
    );

    let answer = r#"{"ftState":4707422694881099776,
        "ftQueueRow":1, "extra":0.12345678901234567890123456789}"#;
    till.simulator.faults().script([Fault::BodyAfterCommit {
        status: 201,
        content_type: "application/json".to_owned(),
        body: answer.into(),
    }]);
    let run = Run::of(till.program().arg("sign").write_stdin(sale("S-2", "1.10")));
    assert!(
        run.stdout
            .contains(r#""extra":0.12345678901234567890123456789}"#),
        "{}",
        run.stdout
    );
    assert_eq!(run.stdout.lines().count(), 1);
}

#[test]
fn an_operation_id_makes_a_second_run_a_replay() {
    let till = Till::new();
    let file = till.file("sale.json", sale("S-1", "5.80"));
    let sign = || {
        Run::of(
            till.program()
                .args(["sign", "--operation-id", OPERATION_ID])
                .arg(&file),
        )
    };
    let (first, second) = (sign().lines().remove(0), sign().lines().remove(0));
    assert_eq!(
        (&first["execution"], &second["execution"]),
        (&"new".into(), &"replayed".into())
    );
    assert_eq!(first["operationId"], OPERATION_ID);
    assert_eq!(first["response"], second["response"]);
    assert_eq!(till.simulator.ledger().receipts().len(), 1);

    let other = till.file("other.json", sale("S-2", "1.00"));
    let run = Run::of(
        till.program()
            .args(["sign", "--operation-id", OPERATION_ID])
            .arg(other),
    );
    assert_eq!(run.code, 2);
    assert_eq!(run.lines()[0]["error"]["status"], 409);
}

#[test]
fn standard_input_holds_one_a_line_or_one_after_the_other() {
    let till = Till::new();
    let pretty: Value = serde_json::from_str(&sale("S-3", "3.00")).unwrap();
    let input = format!(
        "{}\n{}\n{pretty:#} {}",
        sale("S-1", "1.00"),
        sale("S-2", "2.00"),
        sale("S-4", "4.00")
    );
    let run = Run::of(till.program().args(["sign", "-"]).write_stdin(input));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let read: Vec<(Value, Value)> = run
        .lines()
        .into_iter()
        .map(|line| {
            (
                line["line"].clone(),
                line["response"]["cbReceiptReference"].clone(),
            )
        })
        .collect();
    let expected =
        [(1, "S-1"), (2, "S-2"), (3, "S-3")].map(|(line, text)| (line.into(), text.into()));
    assert_eq!(read[..3], expected);
    assert_eq!(read[3].1, "S-4");
}

#[test]
fn what_is_no_receipt_is_rejected_by_place_and_member_and_the_rest_goes_on() {
    let till = Till::new();
    let good = sale("S-1", "1.00");
    let table = [
        ("text.json", "{\n  \"a\" 1}".to_owned(), ":2:7"),
        (
            "list.json",
            "[]".to_owned(),
            "expected an object (ReceiptRequest)",
        ),
        ("empty.json", String::new(), "EOF"),
        ("two.json", format!("{good}{good}"), "trailing characters"),
        (
            "amount.json",
            good.replace("1.00", "\"much\""),
            "cbChargeItems[0].Amount",
        ),
        (
            "rate.json",
            good.replace("\"VATRate\":20,", ""),
            "cbChargeItems[0]: missing field `VATRate`",
        ),
        (
            "reference.json",
            good.replace("\"cbReceiptReference\":\"S-1\",", ""),
            "cbReceiptReference",
        ),
    ];
    let mut command = till.program();
    command.arg("sign");
    for (name, content, _) in &table {
        command.arg(till.file(name, content));
    }
    let run = Run::of(command.arg(till.file("good.json", &good)));
    assert_eq!(run.code, 2);
    let lines = run.lines();
    for ((name, _, expected), (line, said)) in
        table.iter().zip(lines.iter().zip(run.stderr.lines()))
    {
        assert_eq!(line["outcome"], "rejected", "{line}");
        assert_eq!(line["error"]["kind"], "invalid");
        let message = line["error"]["message"].as_str().unwrap();
        assert!(message.contains(expected), "{name}: {message}");
        assert!(
            said.contains(name) && said.contains(expected),
            "{name}: {said}"
        );
    }
    assert_eq!(lines[table.len()]["outcome"], "signed");
    assert_eq!(till.simulator.ledger().requests().len(), 1);
}

#[test]
fn a_refusal_of_the_server_names_the_member() {
    let till = Till::new();
    let receipt = sale("S-1", "1.00").replace("\"Description\":\"Coffee\",", "");
    let run = Run::of(till.program().arg("sign").write_stdin(receipt));
    assert_eq!(run.code, 2);
    let line = &run.lines()[0];
    assert_eq!(
        (&line["outcome"], &line["error"]["status"]),
        (&"rejected".into(), &400.into())
    );
    assert!(
        run.stderr.contains("cbChargeItems[0].Description"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_wrong_token_is_named_as_such() {
    let till = Till::new();
    let run = Run::of(
        till.program()
            .env("FISKALTRUST_CASHBOX_ACCESS_TOKEN", "wrong")
            .arg("sign")
            .write_stdin(sale("S-1", "1.00")),
    );
    assert_eq!(run.code, 2);
    assert_eq!(run.lines()[0]["error"]["kind"], "unauthorized");
    assert!(run.stderr.contains("access token"), "{}", run.stderr);
}

#[test]
fn a_queue_that_is_not_started_is_a_fiscal_error_with_its_answer() {
    let till = Till::with(Simulator::builder());
    let run = Run::of(till.program().arg("sign").write_stdin(sale("S-1", "1.00")));
    assert_eq!(run.code, 2);
    let line = &run.lines()[0];
    assert_eq!(line["outcome"], "fiscal-error");
    assert_eq!(line["error"]["kind"], "queue-not-active");
    assert_eq!(line["response"]["ftQueueRow"], 1);
    assert!(run.stderr.contains("not active"), "{}", run.stderr);
}

#[test]
fn a_reader_that_goes_away_stops_the_batch() {
    let till = Till::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let input = till.file(
        "input",
        format!("{}\n{}\n", sale("S-1", "1.00"), sale("S-2", "2.00")),
    );
    let output = till
        .process()
        .arg("sign")
        .stdin(std::fs::File::open(input).unwrap())
        .stdout(writer)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.contains("line 1: signed") && !stderr.contains("panicked"),
        "{stderr}"
    );
    assert_eq!(till.simulator.ledger().receipts().len(), 1);
}

#[test]
fn a_server_that_is_not_there_leaves_the_receipt_pending() {
    let till = Till::new();
    // Bound and let go: nobody listens there.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let run = Run::of(
        till.program()
            .env(
                "FISKALTRUST_POS_SYSTEM_API_URL",
                format!("http://{address}"),
            )
            .args(["sign", "--deadline", "1"])
            .write_stdin(sale("S-1", "1.00")),
    );
    assert_eq!(run.code, 3);
    let line = &run.lines()[0];
    assert_eq!(
        (&line["outcome"], &line["execution"]),
        (&"pending".into(), &Value::Null)
    );
    assert!(run.stderr.contains(line["operationId"].as_str().unwrap()));
    assert!(run.stderr.contains("cannot connect"), "{}", run.stderr);
}
