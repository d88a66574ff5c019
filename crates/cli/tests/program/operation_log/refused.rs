//! Logs that cannot be used.

use super::{log_of, with_log};
use crate::till::{Run, Till, program, sale};

const ID: &str = "6f1c2d5e-0000-4000-8000-0000000000e1";

#[test]
fn a_log_that_is_not_there_is_not_made_by_those_who_read() {
    let till = Till::new();
    for arguments in [
        &["recover"][..],
        &["pending"],
        &["resume", ID],
        &["abandon", ID, "--who", "Mira", "--why", "a reason"],
    ] {
        let run = Run::of(&mut with_log(&till, arguments));
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{arguments:?}");
        assert!(
            run.stderr.contains("There is no operation log"),
            "{}",
            run.stderr
        );
        // Without a name at all.
        let run = Run::of(till.program().args(arguments));
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{arguments:?}");
        assert!(
            run.stderr.contains("FISKALTRUST_OPERATION_LOG"),
            "{}",
            run.stderr
        );
    }
    for command in ["verify", "export"] {
        let run = Run::of(program().args(["log", command]).arg(log_of(&till)));
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{command}");
    }
    assert!(!log_of(&till).exists());
}

#[test]
fn a_log_that_is_gone_is_not_taken_for_a_mistyped_name() {
    let till = Till::new();
    let run = Run::of(with_log(&till, &["sign"]).write_stdin(sale("S-1", "1.00")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    std::fs::remove_file(log_of(&till)).unwrap();
    for command in ["recover", "pending"] {
        let run = Run::of(&mut with_log(&till, &[command]));
        assert_eq!((run.code, run.stdout.as_str()), (64, ""));
        for expected in ["There is no operation log", "there was one", "-commits"] {
            assert!(run.stderr.contains(expected), "{}", run.stderr);
        }
    }
}

#[test]
fn a_wrong_configuration_makes_no_log() {
    let till = Till::new();
    let run = Run::of(
        with_log(&till, &["sign", "--base-url", "http://pos.example.invalid"])
            .write_stdin(sale("S-1", "1.00")),
    );
    assert_eq!(run.code, 64, "{}", run.stderr);
    assert!(!log_of(&till).exists());
}

#[test]
fn nothing_is_sent_without_the_log_that_was_asked_for() {
    let till = Till::new();
    let folder = till.folder.path().to_owned();
    let no_database = till.file(
        "notes.txt",
        "no database at all, and longer than a header".repeat(40),
    );
    for path in [folder.join("missing").join("till.db"), folder, no_database] {
        let mut program = till.program();
        program.args(["sign", "--durable"]).arg(&path);
        let run = Run::of(program.write_stdin(sale("S-1", "1.00")));
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{}", run.stderr);
        assert!(run.stderr.contains("Nothing was sent"), "{}", run.stderr);
        assert!(
            run.stderr.contains(path.to_str().unwrap()),
            "{}",
            run.stderr
        );
    }
    assert_eq!(till.simulator.ledger().requests(), []);
}

#[test]
fn damage_is_named_and_what_is_sound_is_exported() {
    let till = Till::new();
    for reference in ["S-1", "S-2"] {
        let run = Run::of(with_log(&till, &["sign"]).write_stdin(sale(reference, "1.00")));
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let mut bytes = std::fs::read(log_of(&till)).unwrap();
    let place = bytes
        .windows(3)
        .rposition(|window| window == b"S-1")
        .unwrap();
    bytes[place + 2] = b'7';
    std::fs::write(log_of(&till), bytes).unwrap();

    let verified = Run::of(program().args(["log", "verify"]).arg(log_of(&till)));
    assert_eq!((verified.code, verified.stdout.as_str()), (2, ""));
    let exported = Run::of(program().args(["log", "export"]).arg(log_of(&till)));
    assert_eq!(exported.code, 2, "{}", exported.stderr);
    let numbers: Vec<_> = exported
        .lines()
        .iter()
        .map(|line| line["sequence"].clone())
        .collect();
    assert_eq!(numbers, [2]);
    assert!(exported.stderr.contains("Row 1"), "{}", exported.stderr);
    assert!(
        !exported.stderr.contains("Cannot open"),
        "{}",
        exported.stderr
    );
    let sent = till.simulator.ledger().requests().len();
    let run = Run::of(with_log(&till, &["sign"]).write_stdin(sale("S-3", "1.00")));
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    for expected in ["Nothing was sent", "log export"] {
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    assert_eq!(till.simulator.ledger().requests().len(), sent);
}
