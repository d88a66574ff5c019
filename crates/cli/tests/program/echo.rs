//! `echo`.

use crate::till::{Run, Till, program};

#[test]
fn the_message_comes_back() {
    let till = Till::new();
    let run = Run::of(till.program().args(["echo", "Grüß Gott"]));
    assert_eq!((run.code, run.stdout.as_str()), (0, "Grüß Gott\n"));
    let without_message = Run::of(till.program().arg("echo"));
    assert_eq!(without_message.stdout, "hello\n");
}

#[test]
fn options_stand_above_the_environment() {
    let till = Till::new();
    let run = Run::of(
        till.program()
            .env(
                "FISKALTRUST_POS_SYSTEM_API_URL",
                "https://pos.example.invalid",
            )
            .env_remove("FISKALTRUST_CASHBOX_ID")
            .args([
                "echo",
                "--base-url",
                till.simulator.base_url(),
                "--cashbox-id",
            ])
            .arg(till.simulator.cashbox_id().to_string()),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn a_wrong_token_is_refused() {
    let till = Till::new();
    let run = Run::of(till.program().args(["echo", "--access-token", "wrong"]));
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("access token"), "{}", run.stderr);
}

#[test]
fn with_nothing_configured_all_four_variables_are_named() {
    let run = Run::of(program().arg("echo"));
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    for name in [
        "FISKALTRUST_POS_SYSTEM_API_URL",
        "FISKALTRUST_CASHBOX_ID",
        "FISKALTRUST_CASHBOX_ACCESS_TOKEN",
        "FISKALTRUST_POS_SYSTEM_ID",
    ] {
        assert!(run.stderr.contains(name), "{}", run.stderr);
    }
}
