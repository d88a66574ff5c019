//! `log export`: every record as a line.

use super::{left_behind, log_of, with_log};
use crate::till::{Run, Till, program, sale};

#[test]
fn requests_and_answers_are_exact_and_can_be_left_out() {
    let till = Till::new();
    left_behind(&till);
    let signed = Run::of(with_log(&till, &["sign"]).write_stdin(sale("S-2", "2.00")));
    assert_eq!(signed.code, 0, "{}", signed.stderr);
    let export = |arguments: &[&str]| {
        let mut program = program();
        program.args(["log", "export"]).args(arguments);
        let run = Run::of(program.arg(log_of(&till)));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        run
    };
    let whole = export(&[]);
    let ledger = till.simulator.ledger();
    assert_eq!(whole.lines().len(), 2);
    for (line, receipt) in whole.lines().iter().zip(ledger.receipts().iter()) {
        assert_eq!(line["operationId"], receipt.operation_id.to_string());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        assert_eq!(line["request"], text(&receipt.request));
        assert_eq!(line["answer"], text(&receipt.response));
        assert_eq!(
            (&line["method"], &line["status"]),
            (&"POST".into(), &201.into())
        );
        assert_eq!(line["path"], "/sign");
    }
    let without = export(&["--without-bodies"]);
    assert_eq!(without.lines().len(), 2);
    assert!(!without.stdout.contains("Coffee"), "{}", without.stdout);
    assert!(whole.stdout.contains("Coffee"));
}

#[test]
fn help_says_that_it_is_customer_data() {
    let help = Run::of(program().args(["log", "export", "--help"]));
    assert!(help.stdout.contains("customer data"), "{}", help.stdout);
}
