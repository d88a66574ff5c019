//! `pay`: money moves once, whatever happens to the answer.

use pos_system_api_simulator::Fault;
use serde_json::{Value, json};

use crate::till::{Run, Till};

#[test]
fn a_payment_is_one_line_with_the_exact_items() {
    let till = Till::new();
    let run = Run::of(till.program().args(["pay", "30000.50"]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let [line] = &run.lines()[..] else {
        panic!("{}", run.stdout)
    };
    assert_eq!(
        (&line["outcome"], &line["execution"]),
        (&json!("paid"), &json!("new"))
    );
    for (member, text) in [
        ("requested", "30000.50"),
        ("approved", "30000.50"),
        ("tip", "5.00"),
        ("charged", "30005.50"),
    ] {
        assert!(
            run.stdout.contains(&format!("\"{member}\":{text},")),
            "{}",
            run.stdout
        );
    }
    let ledger = till.simulator.ledger();
    let [payment] = ledger.payments().as_slice() else {
        panic!("one payment")
    };
    assert_eq!(line["operationId"], payment.operation_id.to_string());
    let response: Value = serde_json::from_slice(&payment.response).unwrap();
    assert_eq!(line["payItems"], response["ftPayItems"]);
    assert_eq!(line["payItems"].as_array().unwrap().len(), 2);
    // The id is known before the money moves.
    assert!(run.stderr.contains(line["operationId"].as_str().unwrap()));
}

#[test]
fn numbers_of_any_length_come_through() {
    let till = Till::new();
    let items = r#"[{"Description":"Card","Amount":1.10,"Later":0.12345678901234567890123456789}]"#;
    till.simulator.faults().script([Fault::BodyAfterCommit {
        status: 201,
        content_type: "application/json".to_owned(),
        body: format!("{{\"Protocol\":\"use_auto\",\n \"ftPayItems\":{items}}}").into(),
    }]);
    let run = Run::of(till.program().args(["pay", "1.10"]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains(&format!("\"payItems\":{items}")),
        "{}",
        run.stdout
    );
}

#[test]
fn what_was_asked_for_is_what_is_sent() {
    let till = Till::new();
    let arguments = [
        "pay",
        "18.40",
        "--description",
        "Visa",
        "--terminal",
        "T-7",
        "--protocol",
        "test",
    ];
    let run = Run::of(till.program().args(arguments));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let ledger = till.simulator.ledger();
    let request = &ledger.requests()[0];
    assert_eq!(request.header("x-terminal-id"), Some("T-7"));
    let body = String::from_utf8(request.body.to_vec()).unwrap();
    assert!(body.contains("\"Amount\":18.40"), "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["cbPayItem"]["Description"], "Visa");
    assert_eq!(body["Protocol"], "test");
    assert_eq!(body["cbTerminalID"], "T-7");
}

#[test]
fn a_decline_ends_with_2_and_the_words_of_the_server() {
    let till = Till::new();
    let run = Run::of(till.program().args(["pay", "30000.10"]));
    assert_eq!(run.code, 2, "{}", run.stderr);
    let line = &run.lines()[0];
    assert_eq!(line["outcome"], "declined", "{line}");
    assert_eq!(line.get("payItems"), None);
    let message = line["error"]["message"].as_str().unwrap().to_lowercase();
    assert!(message.contains("declined"), "{message}");
    assert!(
        run.stderr.to_lowercase().contains(&message),
        "{}",
        run.stderr
    );
    till.simulator.ledger().payments().none();
}

#[test]
fn a_part_is_said_to_be_one() {
    let till = Till::new();
    let run = Run::of(till.program().args(["pay", "30000.90"]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("\"approved\":15000.50,"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr.contains("15000.50 of 30000.90"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_lost_answer_is_asked_for_and_never_paid_again() {
    let till = Till::new();
    till.simulator.faults().script([Fault::ResetAfterCommit]);
    let run = Run::of(till.program().args(["pay", "18.40"]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.lines()[0]["execution"], "replayed");
    assert_eq!(till.paths(), ["pay", "PayResponse"]);
    till.simulator.ledger().payments().exactly_once();
}

#[test]
fn an_open_payment_is_gone_on_with_by_its_id() {
    let till = Till::new();
    till.simulator
        .faults()
        .script(vec![Fault::HangAfterCommit; 3]);
    let arguments = ["pay", "18.40", "--attempt-timeout", "0.2"];
    let run = Run::of(till.program().args(arguments).args(["--deadline", "0.3"]));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let line = &run.lines()[0];
    assert_eq!(line["outcome"], "pending");
    let id = line["operationId"].as_str().unwrap();
    assert!(
        run.stderr.contains(&format!("--operation-id {id}")),
        "{}",
        run.stderr
    );

    till.simulator.faults().clear();
    let again = Run::of(till.program().args(["pay", "18.40", "--operation-id", id]));
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(again.lines()[0]["outcome"], "paid");
    assert_eq!(again.lines()[0]["execution"], "replayed");
    assert_eq!(till.paths().iter().filter(|path| *path == "pay").count(), 1);
    till.simulator.ledger().payments().exactly_once();
}

#[test]
fn an_id_that_nobody_knows_pays_nothing() {
    let till = Till::new();
    let id = "6f1c2d5e-0000-4000-8000-0000000000e1";
    let arguments = ["pay", "18.40", "--operation-id", id, "--deadline", "2"];
    let run = Run::of(till.program().args(arguments));
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert_eq!(run.lines()[0]["outcome"], "pending");
    assert!(!till.paths().contains(&"pay".to_owned()));
    till.simulator.ledger().payments().none();
}

#[test]
fn a_server_that_is_not_there_has_taken_no_money() {
    let till = Till::new();
    // Bound and let go: nobody listens there.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let arguments = ["pay", "18.40", "--deadline", "0.5", "--base-url", &url];
    let run = Run::of(till.program().args(arguments));
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("no money has moved"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_signal_reports_the_payment_that_is_under_way() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    let output = till.told_to_end(&["pay", "18.40"]);
    assert_eq!(output.status.code(), Some(3));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["outcome"], "unknown");
    let ledger = till.simulator.ledger();
    let sent = ledger.requests()[0].operation_id.unwrap();
    assert_eq!(line["operationId"], sent.to_string());
}
