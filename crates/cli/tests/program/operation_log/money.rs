//! Payments in the log: never made twice, never begun without the customer.

use pos_system_api_simulator::Fault;

use super::{at_work, left_behind, nobody, pending, with_log};
use crate::till::{Run, TOKEN, Till, program};

/// A payment that never reached a server, and its id.
fn never_sent(till: &Till) -> (Run, String) {
    let run = Run::of(&mut with_log(
        till,
        &["pay", "1.00", "--deadline", "0.2", "--base-url", &nobody()],
    ));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let id = run.lines()[0]["operationId"].as_str().unwrap().to_owned();
    (run, id)
}

#[test]
fn one_that_never_left_is_not_begun_without_the_customer() {
    let till = Till::new();
    let (run, id) = never_sent(&till);
    assert_eq!(run.lines()[0]["outcome"], "pending");
    for (said, is_expected) in [
        ("no money has moved", true),
        (&format!("resume {id} begins it"), true),
        (
            &format!("abandon {id} before the money moves in another way"),
            true,
        ),
        // It would be two payments, of which one is begun by resuming it.
        ("a new payment can be begun", false),
        ("--operation-id", false),
    ] {
        assert_eq!(run.stderr.contains(said), is_expected, "{}", run.stderr);
    }
    let recovered = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!(recovered.code, 3);
    assert_eq!(recovered.lines()[0]["outcome"], "parked");
    for expected in [
        format!("resume {id} begins it"),
        format!("abandon {id} before"),
    ] {
        assert!(recovered.stderr.contains(&expected), "{}", recovered.stderr);
    }
    assert_eq!(till.simulator.ledger().requests(), []);

    let arguments = ["abandon", &id, "--who", "Mira", "--why", "paid in cash"];
    assert_eq!(Run::of(&mut with_log(&till, &arguments)).code, 0);
    let resumed = Run::of(&mut with_log(&till, &["resume", &id]));
    assert_eq!(resumed.code, 2, "{}", resumed.stderr);
    assert_eq!(till.simulator.ledger().requests(), []);
}

#[test]
fn a_refund_that_never_left_is_told_of_as_money_that_is_not_moved() {
    let till = Till::new();
    let paid = Run::of(till.program().args(["pay", "1.00"]));
    let nobody = nobody();
    let arguments = ["refund", "-", "--deadline", "0.2", "--base-url", &nobody];
    let run = Run::of(with_log(&till, &arguments).write_stdin(paid.stdout));
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(!run.stderr.contains("guest"), "{}", run.stderr);
    let recovered = Run::of(&mut with_log(&till, &["recover"]));
    let cause = recovered.lines()[0]["cause"].as_str().unwrap().to_owned();
    assert_eq!(cause, "money is not moved without the customer");
    assert!(!recovered.stderr.contains("guest"), "{}", recovered.stderr);
}

#[test]
fn one_that_never_left_is_begun_by_whoever_resumes_it() {
    for with_its_id in [false, true] {
        let till = Till::new();
        let (_, id) = never_sent(&till);
        let arguments = match with_its_id {
            true => vec!["pay", "1.00", "--operation-id", &id],
            false => vec!["resume", &id],
        };
        let run = Run::of(&mut with_log(&till, &arguments));
        assert_eq!(run.code, 0, "{}", run.stderr);
        till.simulator.ledger().payments().exactly_once();
        assert!(pending(&till).is_empty());
    }
}

#[test]
fn one_that_was_refused_for_want_of_a_token_is_set_aside() {
    let till = Till::new();
    let wrong = format!("{TOKEN}-refused");
    let run =
        Run::of(with_log(&till, &["pay", "1.00"]).env("FISKALTRUST_CASHBOX_ACCESS_TOKEN", wrong));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let line = &run.lines()[0];
    assert_eq!(line["outcome"], "parked");
    let id = line["operationId"].as_str().unwrap();
    for expected in [
        "no money has moved".to_owned(),
        format!("resume {id} begins it"),
        format!("abandon {id}"),
    ] {
        assert!(run.stderr.contains(&expected), "{}", run.stderr);
    }
    till.simulator.ledger().payments().none();
}

#[test]
fn one_in_doubt_is_said_to_be_asked_for() {
    let till = Till::new();
    till.simulator
        .faults()
        .script(vec![Fault::HangAfterCommit; 5]);
    let arguments = [
        "pay",
        "1.00",
        "--attempt-timeout",
        "0.2",
        "--deadline",
        "0.3",
    ];
    let run = Run::of(&mut with_log(&till, &arguments));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let id = run.lines()[0]["operationId"].as_str().unwrap().to_owned();
    for expected in [
        "money may have moved",
        "recover",
        &format!("resume {id}"),
        "asks for its result",
    ] {
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    till.simulator.faults().clear();
    let resumed = Run::of(&mut with_log(&till, &["resume", &id]));
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    till.simulator.ledger().payments().exactly_once();
}

#[test]
fn one_that_was_recovered_goes_back_by_the_line_of_recover() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    at_work(&till, &["pay", "18.40"]).kill();
    let recovered = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!(recovered.code, 0, "{}", recovered.stderr);
    let back = Run::of(with_log(&till, &["refund", "-"]).write_stdin(recovered.stdout));
    assert_eq!(back.code, 0, "{}", back.stderr);
    assert_eq!(back.lines()[0]["outcome"], "refunded");
}

#[test]
fn a_guest_who_pays_waits_for_no_receipt() {
    let till = Till::new();
    left_behind(&till);
    let run = Run::of(&mut with_log(&till, &["pay", "1.00"]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("first"), "{}", run.stderr);
    till.simulator.ledger().receipts().none();
    assert_eq!(pending(&till).len(), 1);
}

#[test]
fn a_receipt_waits_for_no_payment() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    at_work(&till, &["pay", "18.40"]).kill();
    let sale = crate::till::sale("S-1", "1.00");
    let run = Run::of(with_log(&till, &["sign"]).write_stdin(sale));
    assert_eq!(run.code, 0, "{}", run.stderr);
    for (said, is_expected) in [("1 payment", true), ("recover", true), ("first", false)] {
        assert_eq!(run.stderr.contains(said), is_expected, "{}", run.stderr);
    }
    assert_eq!(pending(&till).len(), 1);
}

#[test]
fn help_says_when_a_payment_is_begun() {
    for command in ["pay", "refund", "cancel"] {
        let help = Run::of(program().args([command, "--help"])).stdout;
        for wrong in ["no payment is begun", "begins nothing"] {
            assert!(!help.contains(wrong), "{help}");
        }
        assert!(help.contains("never sent"), "{help}");
    }
}
