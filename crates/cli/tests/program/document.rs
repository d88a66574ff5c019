//! `document`.

use std::fs;

use crate::till::{Run, Till, sale};

/// The two ids of an issued receipt.
fn issued(till: &Till) -> [String; 2] {
    let signed = Run::of(till.program().arg("sign").write_stdin(sale("S-1", "5.80")));
    let run = Run::of(
        till.program()
            .args(["issue", "-"])
            .write_stdin(signed.stdout),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let line = run.lines().remove(0);
    ["queueId", "queueItemId"].map(|name| line[name].as_str().unwrap().to_owned())
}

#[test]
fn each_form_goes_into_its_file() {
    let till = Till::new();
    let ids = issued(&till);
    for (arguments, content_type, head, width) in [
        (
            &["png", "--width", "48"][..],
            "image/png",
            &b"\x89PNG"[..],
            Some(48),
        ),
        (&["png"], "image/png", b"\x89PNG", Some(80)),
        (&["pdf"], "application/pdf", b"%PDF-", None),
        (&["json"], "application/json", b"{", None),
        (
            &["esc-pos", "--width", "74"],
            "text/vnd.esc-pos",
            b"",
            Some(72),
        ),
    ] {
        let file = till.folder.path().join("document");
        let mut program = till.program();
        program
            .arg("document")
            .args(&ids)
            .arg("--format")
            .args(arguments);
        let run = Run::of(program.arg("--output").arg(&file));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
        let line = &run.lines()[0];
        let told = line["contentType"].as_str().unwrap();
        assert!(told.starts_with(content_type), "{line}");
        assert_eq!(line["widthMm"].as_u64(), width, "{line}");
        let bytes = fs::read(&file).unwrap();
        assert!(bytes.starts_with(head), "{arguments:?}");
        assert_eq!(line["bytes"], bytes.len());
        assert!(!till.folder.path().join("document.part").exists());
    }
}

#[test]
fn without_a_file_it_is_the_output() {
    let till = Till::new();
    let ids = issued(&till);
    let run = Run::of(
        till.program()
            .arg("document")
            .args(&ids)
            .args(["--format", "json"]),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        serde_json::from_str::<serde_json::Value>(&run.stdout)
            .unwrap()
            .is_object()
    );
}

#[test]
fn what_was_never_issued_leaves_no_file() {
    let till = Till::new();
    let queue = till.simulator.queue_id().to_string();
    let item = "6f1c2d5e-0000-4000-8000-000000000404";
    let file = till.folder.path().join("document.pdf");
    let mut program = till.program();
    program.args(["document", &queue, item, "--format", "pdf", "--output"]);
    let run = Run::of(program.arg(&file));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("knows nothing"), "{}", run.stderr);
    assert_eq!(fs::read_dir(till.folder.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_sent() {
    let till = Till::new();
    let id = "6f1c2d5e-0000-4000-8000-000000000001";
    for file in [
        till.folder.path().to_owned(),
        till.folder.path().join("no/such.pdf"),
    ] {
        let mut program = till.program();
        program.args(["document", id, id, "--format", "pdf", "--output"]);
        let run = Run::of(program.arg(&file));
        assert_eq!((run.code, run.stdout.as_str()), (64, ""));
        assert!(run.stderr.contains("nothing was sent"), "{}", run.stderr);
    }
    assert_eq!(till.simulator.ledger().requests(), []);
}

#[test]
fn no_answer_ends_with_3() {
    let till = Till::new();
    let id = "6f1c2d5e-0000-4000-8000-000000000001";
    // Takes connections and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let mut program = till.program();
    program.args(["document", id, id, "--format", "pdf", "--base-url", &url]);
    program.args(["--deadline", "0.3", "--attempt-timeout", "0.2"]);
    let run = Run::of(&mut program);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{}", run.stderr);
}
