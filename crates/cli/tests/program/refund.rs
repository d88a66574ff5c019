//! `refund`.

use pos_system_api_simulator::{Fault, PaymentAction};
use serde_json::Value;

use crate::till::{Run, Till};

/// The line of a payment.
fn paid(till: &Till, amount: &str) -> String {
    let run = Run::of(till.program().args(["pay", amount]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn a_payment_goes_back_by_its_line_its_answer_or_its_item() {
    let till = Till::new();
    for form in ["line", "answer", "item"] {
        // The tip goes back with the rest.
        let line = paid(&till, "30000.50");
        let value: Value = serde_json::from_str(&line).unwrap();
        let text = match form {
            "line" => line.clone(),
            "answer" => format!("{{\"ftPayItems\":{}}}", value["payItems"]),
            _ => value["payItems"][0].to_string(),
        };
        let run = Run::of(till.program().args(["refund", "-"]).write_stdin(text));
        assert_eq!(run.code, 0, "{form}: {}", run.stderr);
        let back = &run.lines()[0];
        assert_eq!(back["outcome"], "refunded", "{form}");
        assert_eq!(back["approved"], -30005.5, "{form}");
        let ledger = till.simulator.ledger();
        let record = ledger.payments().iter().last().unwrap();
        assert_eq!(record.action, PaymentAction::Refund);
        assert_eq!(
            record.refunds.unwrap().to_string(),
            value["operationId"].as_str().unwrap()
        );
    }
}

#[test]
fn money_goes_back_at_the_terminal_that_is_named() {
    let till = Till::new();
    for command in ["refund", "cancel"] {
        let line = paid(&till, "18.40");
        let arguments = [command, "-", "--terminal", "T-7"];
        let run = Run::of(till.program().args(arguments).write_stdin(line));
        assert_eq!(run.code, 0, "{}", run.stderr);
        let ledger = till.simulator.ledger();
        let request = ledger.requests().last().unwrap();
        assert_eq!(request.header("x-terminal-id"), Some("T-7"), "{command}");
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["cbTerminalID"], "T-7", "{command}");
    }
}

#[test]
fn a_part_goes_back_and_no_more_than_was_paid() {
    let till = Till::new();
    let file = till.file("paid.json", paid(&till, "18.40"));
    let refund = |amount: &str| {
        let mut program = till.program();
        Run::of(program.arg("refund").arg(&file).args(["--amount", amount]))
    };
    let part = refund("8.40");
    assert_eq!(part.code, 0, "{}", part.stderr);
    assert!(
        part.stdout.contains("\"approved\":-8.40,"),
        "{}",
        part.stdout
    );
    // The server keeps count.
    let rest = refund("10.01");
    assert_eq!(
        (rest.code, &rest.lines()[0]["outcome"] != "refunded"),
        (2, true)
    );
    let more = refund("18.41");
    assert_eq!(
        (more.code, &more.lines()[0]["error"]["kind"]),
        (2, &"invalid".into())
    );
}

#[test]
fn a_lost_answer_gives_nothing_back_twice() {
    let till = Till::new();
    let file = till.file("paid.json", paid(&till, "18.40"));
    till.simulator.faults().script([Fault::ResetAfterCommit]);
    let run = Run::of(till.program().arg("refund").arg(&file));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.lines()[0]["execution"], "replayed");
    till.simulator.ledger().payments().exactly_once();

    let id = run.lines()[0]["operationId"].as_str().unwrap().to_owned();
    let again = Run::of(
        till.program()
            .arg("refund")
            .arg(&file)
            .args(["--operation-id", &id]),
    );
    assert_eq!(again.code, 0, "{}", again.stderr);
    till.simulator.ledger().payments().exactly_once();
}

#[test]
fn the_protocol_is_that_of_the_payment_unless_another_is_named() {
    let till = Till::new();
    let run = Run::of(till.program().args(["pay", "18.40", "--protocol", "test"]));
    let file = till.file("paid.json", run.stdout);
    for (arguments, expected) in [(&[][..], "test"), (&["--protocol", "use_auto"], "use_auto")] {
        let mut program = till.program();
        Run::of(
            program
                .arg("refund")
                .arg(&file)
                .args(["--amount", "1"])
                .args(arguments),
        );
        let ledger = till.simulator.ledger();
        let body: Value = serde_json::from_slice(&ledger.requests().last().unwrap().body).unwrap();
        assert_eq!(body["Protocol"], expected);
    }
}

#[test]
fn what_is_no_payment_is_not_sent() {
    let till = Till::new();
    let item = r#"{"Description":"Card","Amount":1}"#;
    for (text, words) in [
        ("[]".to_owned(), "expected a map"),
        ("{".to_owned(), "EOF"),
        ("{}".to_owned(), "neither a payment"),
        (r#"{"payItems":[]}"#.to_owned(), "no pay item"),
        (
            format!(r#"{{"payItems":[{item},{item}]}}"#),
            "several payments",
        ),
        (item.replace("1}", "\"much\"}"), "Amount"),
    ] {
        let run = Run::of(till.program().args(["refund", "-"]).write_stdin(text));
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{words}");
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    assert_eq!(till.simulator.ledger().requests(), []);
}
