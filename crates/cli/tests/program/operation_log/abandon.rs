//! `abandon`: a person gives an operation up.

use pos_system_api_simulator::Fault;

use super::{left_behind, log_of, pending, with_log};
use crate::till::{Run, Till, program};

const UNKNOWN: &str = "6f1c2d5e-0000-4000-8000-000000000404";

#[test]
fn who_and_why_stay_in_the_log_and_nothing_is_sent_any_more() {
    let till = Till::new();
    let id = left_behind(&till);
    // No server and no credentials are needed.
    let run = Run::of(
        program()
            .args(["abandon", &id, "--who", "Mira", "--why", "signed by hand"])
            .arg("--durable")
            .arg(log_of(&till)),
    );
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let line = &run.lines()[0];
    assert_eq!(
        (&line["stage"], &line["operationId"]),
        (&"abandoned".into(), &id.as_str().into())
    );
    assert_eq!(line["abandoned"]["who"], "Mira");
    assert_eq!(line["abandoned"]["why"], "signed by hand");
    assert!(pending(&till).is_empty());

    let recovered = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!((recovered.code, recovered.stdout.as_str()), (0, ""));
    let resumed = Run::of(&mut with_log(&till, &["resume", &id]));
    assert_eq!((resumed.code, resumed.stdout.as_str()), (2, ""));
    assert!(resumed.stderr.contains("abandoned"), "{}", resumed.stderr);
    assert_eq!(till.simulator.ledger().requests(), []);
}

#[test]
fn what_may_have_been_executed_is_said_to_be_so() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    super::at_work(&till, &["pay", "18.40"]).kill();
    let id = pending(&till)[0]["operationId"]
        .as_str()
        .unwrap()
        .to_owned();
    let arguments = ["abandon", &id, "--who", "Mira", "--why", "paid in cash"];
    let run = Run::of(&mut with_log(&till, &arguments));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.lines()[0]["stage"], "abandoned");
    for expected in ["money may have moved", &format!("operation {id}")] {
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}

#[test]
fn help_says_that_a_running_till_does_it_itself() {
    for command in ["recover", "resume", "abandon"] {
        let help = Run::of(program().args([command, "--help"])).stdout;
        assert!(help.contains("must not have the log open"), "{help}");
    }
}

#[test]
fn an_operation_of_another_cash_box_is_given_up_too() {
    let till = Till::new();
    let other = ["sign", "--cashbox-id", UNKNOWN, "--deadline", "0.2"];
    let run = Run::of(
        with_log(&till, &other)
            .args(["--base-url", &super::nobody()])
            .write_stdin(crate::till::sale("S-1", "1.00")),
    );
    let id = run.lines()[0]["operationId"].as_str().unwrap().to_owned();

    // Sent it is not: it belongs to another queue.
    let resumed = Run::of(&mut with_log(&till, &["resume", &id]));
    assert_eq!((resumed.code, resumed.stdout.as_str()), (2, ""));
    assert!(
        resumed.stderr.contains("another cash box") && resumed.stderr.contains(UNKNOWN),
        "{}",
        resumed.stderr
    );
    assert_eq!(till.simulator.ledger().requests(), []);

    let arguments = ["abandon", &id, "--who", "Mira", "--why", "closed shop"];
    let abandoned = Run::of(&mut with_log(&till, &arguments));
    assert_eq!(abandoned.code, 0, "{}", abandoned.stderr);
    assert!(pending(&till).is_empty());
}

#[test]
fn what_is_not_open_or_has_no_reason_is_not_given_up() {
    let till = Till::new();
    let id = left_behind(&till);
    for (id, who, why, code) in [
        (UNKNOWN, "Mira", "a reason", 2),
        (&id, " ", "a reason", 2),
        (&id, "Mira", "", 2),
        ("x", "Mira", "a reason", 64),
    ] {
        let arguments = ["abandon", id, "--who", who, "--why", why];
        let run = Run::of(&mut with_log(&till, &arguments));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (code, ""),
            "{}",
            run.stderr
        );
    }
    for missing in [&["--who", "Mira"][..], &["--why", "a reason"]] {
        let run = Run::of(with_log(&till, &["abandon", &id]).args(missing));
        assert_eq!(run.code, 64, "{}", run.stderr);
    }
    assert_eq!(pending(&till).len(), 1);
}
