//! `conformance`: scenarios against a server.

use pos_system_api_simulator::{Fault, Simulator};

use crate::till::{Run, TOKEN, Till, program};

#[test]
fn the_simulator_is_as_expected_and_nothing_is_signed_unasked() {
    let till = Till::new();
    let careful = Run::of(till.program().arg("conformance"));
    assert_eq!(careful.code, 0, "{}{}", careful.stdout, careful.stderr);
    assert!(careful.stdout.contains("as expected  echo\n"));
    assert!(
        careful
            .stdout
            .contains("skipped      sale: it signs receipts")
    );
    assert_eq!(till.simulator.ledger().receipts().len(), 0);

    let whole = Run::of(
        till.program()
            .args(["conformance", "--sign", "--irreversible"]),
    );
    assert_eq!(whole.code, 0, "{}", whole.stdout);
    assert!(!whole.stdout.contains("skipped"), "{}", whole.stdout);
    assert!(till.simulator.ledger().receipts().len() > 3);
}

#[test]
fn a_difference_is_told_without_the_token_and_ends_with_2() {
    let till = Till::with(Simulator::builder());
    till.simulator.faults().script([Fault::StatusBeforeCommit {
        status: 503,
        retry_after: None,
    }]);
    let run = Run::of(till.program().args(["conformance", "echo", "--json"]));
    assert_eq!(run.code, 2, "{}", run.stderr);
    let report = &run.lines()[0];
    assert_eq!(report["verdict"], "differs");
    assert_eq!(report["step"], "echo");
    assert_eq!(report["reasons"][0], "expected status 201, got 503");
    assert_eq!(report["exchanges"][0]["status"], 503);
    assert!(!run.stdout.contains(TOKEN));

    till.simulator.faults().script([Fault::ResetBeforeCommit]);
    let text = Run::of(till.program().args(["conformance", "echo"]));
    assert_eq!(text.code, 2);
    assert!(
        text.stdout.contains("differs      echo: "),
        "{}",
        text.stdout
    );
    assert!(
        text.stdout.contains("in step echo: no answer"),
        "{}",
        text.stdout
    );
}

#[test]
fn scenarios_are_listed_without_a_server_and_unknown_ones_are_refused() {
    let list = Run::of(program().args(["conformance", "--list"]));
    assert_eq!(list.code, 0, "{}", list.stderr);
    assert!(list.stdout.lines().count() >= 30);
    let unknown = Run::of(program().args(["conformance", "moon"]));
    assert_eq!(unknown.code, 64);
    assert!(unknown.stderr.contains("\"moon\""), "{}", unknown.stderr);
    let nowhere = Run::of(program().arg("conformance"));
    assert_eq!(nowhere.code, 64, "{}", nowhere.stdout);
}
