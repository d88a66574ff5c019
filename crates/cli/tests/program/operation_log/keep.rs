//! What is kept, and how it is told.

use pos_system_api_simulator::Fault;
use serde_json::json;

use super::{at_work, left_behind, log_of, pending, with_log};
use crate::till::{Run, TOKEN, Till, sale};

#[test]
fn a_receipt_that_was_told_leaves_nothing_to_recover() {
    let till = Till::new();
    let run = Run::of(with_log(&till, &["sign"]).write_stdin(sale("S-1", "1.00")));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let verified = Run::of(
        crate::till::program()
            .args(["log", "verify"])
            .arg(log_of(&till)),
    );
    assert_eq!((verified.code, verified.stderr.as_str()), (0, ""));
    let path = log_of(&till).display().to_string();
    let expected = json!({"file": path, "records": 1, "open": 0, "parked": 0});
    assert_eq!(verified.lines(), [expected]);
    let recovered = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!((recovered.code, recovered.stdout.as_str()), (0, ""));
}

#[test]
fn the_variable_names_the_log_as_the_option_does() {
    let till = Till::new();
    let run = Run::of(
        till.program()
            .env("FISKALTRUST_OPERATION_LOG", log_of(&till))
            .arg("sign")
            .write_stdin(sale("S-1", "1.00")),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(log_of(&till).is_file());
}

#[test]
fn every_command_that_changes_something_keeps_it() {
    let till = Till::new();
    let signed = Run::of(with_log(&till, &["sign"]).write_stdin(sale("S-1", "1.00")));
    let issued = Run::of(with_log(&till, &["issue", "-"]).write_stdin(signed.stdout));
    let paid = Run::of(&mut with_log(&till, &["pay", "1.00"]));
    let payment = paid.stdout.clone();
    let refunded = Run::of(
        with_log(&till, &["refund", "-", "--amount", "0.40"]).write_stdin(payment.as_str()),
    );
    let other = Run::of(&mut with_log(&till, &["pay", "2.00"]));
    let cancelled = Run::of(with_log(&till, &["cancel", "-"]).write_stdin(other.stdout.as_str()));
    for run in [issued, paid, refunded, other, cancelled] {
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let export = Run::of(
        crate::till::program()
            .args(["log", "export", "--without-bodies"])
            .arg(log_of(&till)),
    );
    let calls: Vec<_> = export
        .lines()
        .into_iter()
        .map(|line| line["call"].clone())
        .collect();
    assert_eq!(calls, ["sign", "issue", "pay", "pay", "pay", "pay"]);
    for line in export.lines() {
        assert_eq!(line["stage"], "acknowledged", "{line}");
    }
}

#[test]
fn an_open_receipt_is_said_to_be_kept_and_goes_first() {
    let till = Till::new();
    let open = left_behind(&till);
    let lines = pending(&till);
    assert_eq!(lines[0]["operationId"], open.as_str());
    assert_eq!(
        (&lines[0]["stage"], &lines[0]["parked"]),
        (&"prepared".into(), &false.into())
    );
    let run = Run::of(with_log(&till, &["sign"]).write_stdin(sale("S-2", "2.00")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("1 open operation:"), "{}", run.stderr);
    let ledger = till.simulator.ledger();
    assert_eq!(ledger.receipts().references(), ["S-1", "S-2"]);
    // The answer to the first one was not told yet.
    let recovered = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!(recovered.code, 0, "{}", recovered.stderr);
    assert_eq!(recovered.lines().len(), 1);
    assert_eq!(recovered.lines()[0]["operationId"], open.as_str());
}

#[test]
fn a_receipt_that_failed_for_want_of_a_token_is_set_aside_and_resumed() {
    let till = Till::new();
    let wrong = format!("{TOKEN}-refused");
    let run = Run::of(
        with_log(&till, &["sign", "--access-token", &wrong]).write_stdin(sale("S-1", "1.00")),
    );
    assert_eq!(run.code, 3);
    let line = &run.lines()[0];
    assert_eq!(
        (&line["outcome"], &line["error"]["status"]),
        (&"parked".into(), &401.into())
    );
    let id = line["operationId"].as_str().unwrap().to_owned();
    for expected in [format!("resume {id}"), format!("abandon {id}")] {
        assert!(run.stderr.contains(&expected), "{}", run.stderr);
    }
    let recovered = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!(recovered.code, 3, "{}", recovered.stderr);
    assert_eq!(recovered.lines()[0]["outcome"], "parked");
    till.simulator.ledger().receipts().none();

    let resumed = Run::of(&mut with_log(&till, &["resume", &id]));
    assert_eq!((resumed.code, resumed.stderr.as_str()), (0, ""));
    assert_eq!(resumed.lines()[0]["outcome"], "done");
    let again = Run::of(&mut with_log(&till, &["resume", &id]));
    assert_eq!(resumed.lines()[0]["response"], again.lines()[0]["response"]);
    till.simulator.ledger().receipts().exactly_once();
}

#[test]
fn without_a_log_a_wrong_token_leaves_nothing_behind() {
    let till = Till::new();
    let wrong = format!("{TOKEN}-refused");
    for arguments in [&["sign"][..], &["pay", "1.00"]] {
        let mut program = till.program();
        program
            .args(arguments)
            .env("FISKALTRUST_CASHBOX_ACCESS_TOKEN", &wrong);
        let run = Run::of(program.write_stdin(sale("S-1", "1.00")));
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert_eq!(run.lines()[0]["outcome"], "rejected");
    }
}

#[test]
fn a_document_that_failed_for_want_of_a_token_is_set_aside() {
    let till = Till::new();
    let signed = Run::of(till.program().arg("sign").write_stdin(sale("S-1", "1.00")));
    let wrong = format!("{TOKEN}-refused");
    let request = till.file("sale.json", sale("S-1", "1.00"));
    let arguments = ["issue", "-", "--request", request.to_str().unwrap()];
    let run = Run::of(
        with_log(&till, &arguments)
            .env("FISKALTRUST_CASHBOX_ACCESS_TOKEN", wrong)
            .write_stdin(signed.stdout),
    );
    assert_eq!(run.code, 3, "{}", run.stderr);
    let line = &run.lines()[0];
    assert_eq!(line["outcome"], "parked");
    let id = line["operationId"].as_str().unwrap();
    assert!(
        run.stderr.contains(&format!("resume {id}")),
        "{}",
        run.stderr
    );
}

#[test]
fn a_second_program_is_told_that_the_log_is_in_use() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    let file = till.file("sale.json", sale("S-1", "1.00"));
    let first = at_work(&till, &["sign", file.to_str().unwrap()]);
    for arguments in [&["sign"][..], &["recover"], &["pay", "1"]] {
        let second = Run::of(with_log(&till, arguments).write_stdin(sale("S-2", "2.00")));
        assert_eq!((second.code, second.stdout.as_str()), (64, ""));
        let path = log_of(&till).display().to_string();
        for expected in ["Nothing was sent", "open in another process", &path] {
            assert!(second.stderr.contains(expected), "{}", second.stderr);
        }
        assert!(
            !second.stderr.contains("no operation log"),
            "{}",
            second.stderr
        );
        assert_eq!(second.stderr.lines().count(), 1, "{}", second.stderr);
    }
    assert_eq!(till.simulator.ledger().requests().len(), 1);
    // What only reads needs no turn.
    let open = pending(&till);
    assert_eq!(open.len(), 1);
    let id = open[0]["operationId"].as_str().unwrap();
    let arguments = ["abandon", id, "--who", "Mira", "--why", "a reason"];
    let abandoned = Run::of(&mut with_log(&till, &arguments));
    assert_eq!((abandoned.code, abandoned.stdout.as_str()), (64, ""));
    for (said, is_expected) in [
        ("Nothing was given up", true),
        ("open in another process", true),
        ("no operation log", false),
    ] {
        assert_eq!(
            abandoned.stderr.contains(said),
            is_expected,
            "{}",
            abandoned.stderr
        );
    }

    first.kill();
    let recovered = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!(recovered.code, 0, "{}", recovered.stderr);
    till.simulator.ledger().receipts().exactly_once();
}
