//! The access token is in no output; every other test looks for it as well.

use crate::till::{Run, TOKEN, Till, program, sale};

#[test]
fn a_token_in_the_wrong_place_is_not_shown() {
    let till = Till::new();
    for name in ["FISKALTRUST_CASHBOX_ID", "FISKALTRUST_POS_SYSTEM_ID"] {
        let run = Run::of(till.program().env(name, TOKEN).arg("echo"));
        assert_eq!(run.code, 64);
        assert!(run.stderr.contains(name), "{}", run.stderr);
    }
    for arguments in [
        &["echo", "--cashbox-id", TOKEN][..],
        &["echo", "--pos-system-id", TOKEN],
        &["echo", "--access-tokens", TOKEN, "x"],
        &["echo", "--access-token", "canary-token-5b1f\n"],
    ] {
        let run = Run::of(till.program().args(arguments));
        assert_eq!(run.code, 64, "{}", run.stderr);
    }
    let simulated = Run::of(program().args(["simulate", "--market", "?", "--access-token", TOKEN]));
    assert_eq!(simulated.code, 64);
}

#[test]
fn a_token_that_works_and_one_that_does_not_are_not_shown() {
    let till = Till::new();
    assert_eq!(
        Run::of(
            till.program()
                .args(["sign"])
                .write_stdin(sale("S-1", "1.00"))
        )
        .code,
        0
    );
    let refused = format!("{TOKEN}-refused");
    let run = Run::of(
        till.program()
            .args(["sign", "--access-token", &refused])
            .write_stdin(sale("S-2", "1.00")),
    );
    assert_eq!(run.code, 2);
}

#[test]
fn no_command_shows_a_token_that_is_refused() {
    let till = Till::new();
    let id = "6f1c2d5e-0000-4000-8000-0000000000e1";
    let refused = format!("{TOKEN}-refused");
    let item = r#"{"Description":"Card","Amount":1}"#;
    for arguments in [
        &["pay", "1"][..],
        &["refund", "-"],
        &["cancel", "-"],
        &["document", id, id, "--format", "json"],
        &["journal", "export", "--type", "receipts"],
        &["operation", id],
    ] {
        let mut program = till.program();
        let program = program.args(arguments).args(["--access-token", &refused]);
        let run = Run::of(program.write_stdin(item));
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains("access token"), "{}", run.stderr);
    }
}
