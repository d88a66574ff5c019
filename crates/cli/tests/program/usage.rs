//! Wrong usage and configuration: exit code 64, and nothing is sent.

use crate::till::{Run, Till, program, sale};

const ID: &str = "6f1c2d5e-0000-4000-8000-0000000000e1";

#[test]
fn a_missing_file_stops_the_batch_before_it_begins() {
    let till = Till::new();
    let good = till.file("good.json", sale("S-1", "1.00"));
    let missing = till.folder.path().join("missing.json");
    for wrong in [missing.as_path(), till.folder.path()] {
        let run = Run::of(till.program().arg("sign").arg(&good).arg(wrong));
        assert_eq!((run.code, run.stdout.as_str()), (64, ""));
        assert!(
            run.stderr.contains(wrong.to_str().unwrap()),
            "{}",
            run.stderr
        );
    }
    assert_eq!(till.simulator.ledger().requests(), []);
}

#[test]
fn an_operation_id_is_for_one_receipt() {
    let till = Till::new();
    let id = "6f1c2d5e-0000-4000-8000-0000000000e1";
    let (one, two) = (sale("S-1", "1.00"), sale("S-2", "2.00"));
    let files = [till.file("1.json", &one), till.file("2.json", &two)];
    let by_files = Run::of(
        till.program()
            .args(["sign", "--operation-id", id])
            .args(files),
    );
    let by_input = Run::of(
        till.program()
            .args(["sign", "--operation-id", id])
            .write_stdin(format!("{one}\n{two}\n")),
    );
    for run in [by_files, by_input] {
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{}", run.stderr);
        assert!(run.stderr.contains("--operation-id"));
    }
    assert_eq!(till.simulator.ledger().requests(), []);
}

#[test]
fn an_empty_input_is_no_success() {
    let till = Till::new();
    let run = Run::of(till.program().arg("sign").write_stdin("\n"));
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    assert!(run.stderr.contains("no receipt"), "{}", run.stderr);

    let file = till.file("sale.json", sale("S-1", "1.00"));
    let after_a_file = Run::of(
        till.program()
            .arg("sign")
            .arg(file)
            .arg("-")
            .write_stdin(""),
    );
    assert_eq!((after_a_file.code, after_a_file.lines().len()), (2, 1));
}

#[test]
fn wrong_arguments_and_help_have_their_codes() {
    for (arguments, code) in [
        (&["--help"][..], 0),
        (&["sign", "--help"], 0),
        (&["--version"], 0),
        (&[], 64),
        (&["sell"], 64),
        (&["sign", "--deadline", "soon"], 64),
        (&["sign", "--deadline", "0"], 64),
        (&["sign", "--deadline", "1e300"], 64),
        (&["sign", "--operation-id", "x"], 64),
        (&["sign", "-", "-"], 64),
        (&["simulate", "--profile", "moon"], 64),
        (&["simulate", "--market", "Austria"], 64),
        (&["sign"], 64),
        (&["pay", "--help"], 0),
        (&["journal", "export", "--help"], 0),
        (&["pay"], 64),
        (&["pay", "much"], 64),
        (&["pay", "0"], 64),
        (&["pay", "--", "-1"], 64),
        (&["pay", "1", "--operation-id", "x"], 64),
        (&["pay", "1"], 64),
        (&["refund"], 64),
        (&["refund", "-", "--amount", "0"], 64),
        (&["refund", "missing.json"], 64),
        (&["refund", "-"], 64),
        (&["cancel", "-", "--amount", "1"], 64),
        (&["cancel", "-"], 64),
        (&["issue"], 64),
        (&["issue", "-"], 64),
        (&["issue", "-", "--request", "-"], 64),
        (&["document", "x", "y", "--format", "pdf"], 64),
        (&["document", ID, ID], 64),
        (&["document", ID, ID, "--format", "gif"], 64),
        (&["document", ID, ID, "--format", "png", "--width", "9"], 64),
        (
            &["document", ID, ID, "--format", "pdf", "--width", "80"],
            64,
        ),
        (&["journal"], 64),
        (&["journal", "export"], 64),
        (&["journal", "export", "--type", "tears"], 64),
        (
            &["journal", "export", "--type", "receipts", "--take", "0"],
            64,
        ),
        (
            &["journal", "export", "--type", "receipts", "--from", "may"],
            64,
        ),
        (
            &[
                "journal",
                "export",
                "--type",
                "receipts",
                "--take",
                "1",
                "--to",
                "2026-01-01",
            ],
            64,
        ),
        (
            &[
                "journal",
                "export",
                "--type",
                "receipts",
                "--from",
                "2026-01-02",
                "--to",
                "2026-01-01",
            ],
            64,
        ),
        (&["pair"], 64),
        (&["pair", "123456"], 64),
        (&["pair", "-"], 64),
        (&["operation"], 64),
        (&["operation", "x"], 64),
        (&["recover", "--help"], 0),
        (&["recover"], 64),
        (&["sign", "--durable", ""], 64),
        (&["resume"], 64),
        (&["resume", "x"], 64),
        (&["pending", "--help"], 0),
        (&["pending"], 64),
        (&["abandon", ID], 64),
        (&["log"], 64),
        (&["log", "verify"], 64),
        (&["log", "export", "missing.db"], 64),
        (&["echo", "--base-url", "http://pos.example.invalid"], 64),
    ] {
        let run = Run::of(program().args(arguments).write_stdin(""));
        assert_eq!(run.code, code, "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout.is_empty(), code != 0, "{arguments:?}");
    }
}

#[test]
fn help_names_the_variables_and_the_exit_codes() {
    for command in [
        &["demo"][..],
        &["echo"],
        &["sign"],
        &["pay"],
        &["refund"],
        &["cancel"],
        &["issue"],
        &["document"],
        &["journal", "export"],
        &["operation"],
    ] {
        let help = Run::of(program().args(command).arg("--help")).stdout;
        for expected in [
            "FISKALTRUST_CASHBOX_ID",
            "FISKALTRUST_CASHBOX_ACCESS_TOKEN",
            "FISKALTRUST_POS_SYSTEM_API_URL",
            "FISKALTRUST_POS_SYSTEM_ID",
            "Exit codes",
            "64",
        ] {
            assert!(help.contains(expected), "{command:?}: {expected}\n{help}");
        }
    }
    for command in [
        "sign", "pay", "refund", "cancel", "issue", "recover", "resume", "pending",
    ] {
        let help = Run::of(program().args([command, "--help"])).stdout;
        for expected in ["--durable", "FISKALTRUST_OPERATION_LOG", "Exit codes"] {
            assert!(help.contains(expected), "{command}: {expected}\n{help}");
        }
    }
}
