//! `pair`: credentials for a PIN, and no secret where it was not asked for.

use std::fs;

use pos_system_api_simulator::{Fault, Simulator};

use crate::till::{Run, TOKEN, Till, program};

const PIN: &str = "246810";

fn till() -> Till {
    Till::with(Simulator::builder().started(true).pin(PIN))
}

#[test]
fn the_cash_box_is_printed_and_the_token_is_not() {
    let till = till();
    let run = Run::of(till.unpaired().args(["pair", PIN]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let line = &run.lines()[0];
    assert_eq!(line["cashboxId"], till.simulator.cashbox_id().to_string());
    assert_eq!(line.get("accessToken"), None);
    assert!(!run.stderr.contains(PIN), "{}", run.stderr);

    // It is not lost: the same operation gives it again.
    let id = line["operationId"].as_str().unwrap();
    assert!(
        run.stderr.contains(&format!("--operation-id {id}")),
        "{}",
        run.stderr
    );
    let mut again = till.unpaired();
    again.args(["pair", PIN, "--show-token", "--operation-id", id]);
    let again = Run::that_shows_the_token(&mut again);
    assert_eq!((again.code, again.stderr.as_str()), (0, ""));
    assert_eq!(again.lines()[0]["accessToken"], TOKEN);
    assert_eq!(again.lines()[0]["execution"], "replayed");
}

#[test]
fn a_file_holds_what_the_other_commands_need() {
    let till = till();
    let file = till.folder.path().join("cash-box.env");
    // A lost answer does not cost the PIN.
    till.simulator.faults().script([Fault::ResetAfterCommit]);
    let mut command = till.unpaired();
    command.args(["pair", "-", "--env-file"]).arg(&file);
    let run = Run::of(command.write_stdin(format!("{PIN}\n")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.lines()[0]["execution"], "replayed");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let mut echo = program();
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count(), 4);
    for line in text.lines() {
        let (name, value) = line.split_once('=').unwrap();
        echo.env(name, value);
    }
    assert_eq!(Run::of(echo.arg("echo")).stdout, "hello\n");
}

#[test]
fn a_file_that_exists_is_left_alone_and_the_pin_is_kept() {
    let till = till();
    let file = till.file("cash-box.env", "old");
    let mut command = till.unpaired();
    let run = Run::of(command.args(["pair", PIN, "--env-file"]).arg(&file));
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    assert_eq!(fs::read(&file).unwrap(), b"old");
    assert_eq!(till.simulator.ledger().requests(), []);
}

#[test]
fn a_pin_that_is_not_accepted_ends_with_2_and_leaves_no_file() {
    let till = till();
    let file = till.folder.path().join("cash-box.env");
    let mut command = till.unpaired();
    let run = Run::of(command.args(["pair", "000000", "--env-file"]).arg(&file));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr.contains("PIN") && !run.stderr.contains("000000"),
        "{}",
        run.stderr
    );
    assert!(!file.exists());
}

#[test]
fn no_answer_ends_with_3_and_the_way_to_go_on() {
    let till = till();
    till.simulator
        .faults()
        .script(vec![Fault::HangAfterCommit; 5]);
    let times = ["--deadline", "0.3", "--attempt-timeout", "0.2"];
    let run = Run::of(till.unpaired().args(["pair", PIN]).args(times));
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("--operation-id"), "{}", run.stderr);
    assert!(!run.stderr.contains(PIN), "{}", run.stderr);
}
