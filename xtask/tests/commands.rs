//! The commands as they are typed.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod documents;

use std::process::{Command, Output};

use documents::base;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_diff_ends_with_its_verdict_and_exits_with_0_whatever_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let mut changed = base();
    changed["paths"].as_object_mut().unwrap().remove("/journal");
    let [old, new] = [("old.json", base()), ("new.json", changed)].map(|(name, document)| {
        let path = directory.path().join(name);
        std::fs::write(&path, document.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    });
    for (pair, verdict) in [
        ([&old, &new], "breaking"),
        ([&new, &old], "additive"),
        ([&new, &new], "none"),
    ] {
        for flag in [&[][..], &["--markdown"][..]] {
            let arguments = [&["spec", "diff", pair[0], pair[1]], flag].concat();
            let output = xtask(&arguments);
            assert!(output.status.success());
            let last = format!("verdict: {verdict}");
            assert_eq!(told(&output).lines().last(), Some(last.as_str()));
        }
    }
    let missing = directory.path().join("missing.yaml");
    let output = xtask(&["spec", "diff", &old, missing.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complained(&output).contains("missing.yaml"));
}

#[test]
fn a_check_sums_up_and_accepts_or_refuses() {
    let repository = xtask::repository::Repository::here();
    let document = repository.document();
    let document = document.to_str().unwrap();
    let output = xtask(&["spec", "check", document, "--strict", "--no-compile"]);
    assert!(output.status.success(), "{}", complained(&output));
    assert_eq!(told(&output).lines().last(), Some("accepted"));
    let verbose = xtask(&["spec", "check", document, "--no-compile", "--verbose"]);
    assert!(told(&verbose).lines().count() > told(&output).lines().count());

    let directory = tempfile::tempdir().unwrap();
    let page = directory.path().join("page.yaml");
    std::fs::write(&page, "<html>not found</html>\n").unwrap();
    let output = xtask(&["spec", "check", page.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let message = complained(&output);
    assert!(message.contains("page.yaml"), "{message}");
    assert!(message.contains("what to do: "), "{message}");
    assert!(!told(&output).contains("accepted"));
}

#[test]
fn an_update_from_nowhere_explains_itself() {
    for arguments in [&["spec", "update"][..], &["spec", "update", ""][..]] {
        let output = xtask(arguments);
        assert_eq!(output.status.code(), Some(1));
        assert!(complained(&output).contains("no address is known"));
    }
}

#[test]
fn the_listing_is_compared() {
    let output = xtask(&["api", "--check"]);
    assert!(output.status.success(), "{}", complained(&output));
}
