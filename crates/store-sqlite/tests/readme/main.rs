//! The program of the repository's README: short, and it does what it says.
#![allow(clippy::unwrap_used, reason = "a failure here fails the test")]

use std::path::Path;
use std::process::Command;

use pos_system_api::uuid::Uuid;
use pos_system_api_simulator::Simulator;

include!("program.rs");

#[test]
fn the_readme_shows_it_in_under_30_lines() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let program = include_str!("program.rs");
    assert!(program.lines().count() < 30);
    assert!(readme.contains(&format!("```rust,ignore\n{program}```\n")));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_pays_signs_and_issues_and_knows_of_it_when_started_again() {
    let simulator = Simulator::builder().started(true).start().await.unwrap();
    let till = tempfile::tempdir().unwrap();
    let start = || {
        // In a process of its own, as the variables of this one are those of all tests.
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "the_program", "--nocapture"])
            .current_dir(till.path())
            .env("FISKALTRUST_CASHBOX_ID", simulator.cashbox_id().to_string())
            .env("FISKALTRUST_CASHBOX_ACCESS_TOKEN", simulator.access_token())
            .env("FISKALTRUST_POS_SYSTEM_API_URL", simulator.base_url())
            .env("FISKALTRUST_POS_SYSTEM_ID", Uuid::nil().to_string())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let said = start();
    assert!(said.contains("for the customer: Some("), "{said}");
    assert!(!said.contains("go on from here"), "{said}");
    let ledger = simulator.ledger();
    ledger.payments().exactly_once();
    ledger.receipts().exactly_once();
    ledger.issues().exactly_once();

    // Its last answer was followed by nothing: it is given again, what came before it is not.
    let said = start();
    assert_eq!(said.matches("go on from here: issue").count(), 1, "{said}");
    assert_eq!(said.matches("go on from here").count(), 1, "{said}");
}

#[test]
#[ignore = "what runs in a process of its own"]
fn the_program() {
    main().unwrap();
}
