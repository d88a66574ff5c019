//! `cancel`.

use pos_system_api_simulator::{Fault, PaymentAction};

use crate::till::{Run, Till};

#[test]
fn a_whole_payment_is_taken_back_once() {
    let till = Till::new();
    let paid = Run::of(till.program().args(["pay", "18.40"]));
    let file = till.file("paid.json", &paid.stdout);
    till.simulator.faults().script([Fault::ResetAfterCommit]);
    let run = Run::of(till.program().arg("cancel").arg(&file));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.lines()[0]["outcome"], "cancelled");
    assert!(
        run.stdout.contains("\"approved\":-18.40,"),
        "{}",
        run.stdout
    );
    let ledger = till.simulator.ledger();
    ledger.payments().exactly_once();
    let record = ledger.payments().iter().last().unwrap();
    assert_eq!(record.action, PaymentAction::Cancel);
}

#[test]
fn what_went_back_has_nothing_to_take_back() {
    let till = Till::new();
    let paid = Run::of(till.program().args(["pay", "18.40"]));
    let back = Run::of(
        till.program()
            .args(["cancel", "-"])
            .write_stdin(paid.stdout),
    );
    let run = Run::of(
        till.program()
            .args(["cancel", "-"])
            .write_stdin(back.stdout),
    );
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("nothing to give back"),
        "{}",
        run.stderr
    );
    assert_eq!(till.paths(), ["pay", "pay"]);
}
