//! `demo`.

use pos_system_api_simulator::Simulator;

use crate::till::{Run, Till, configured, program};

#[test]
fn with_nothing_configured_a_simulated_receipt_is_printed() {
    let run = Run::of(program().arg("demo"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    for expected in [
        "S I M U L A T E D - no fiscal receipt",
        "2 x Espresso                          5.80",
        "TOTAL EUR                            12.50",
        "Cash                                 12.50",
        "20 %            4.83       0.97       5.80",
        "10 %            6.09       0.61       6.70",
        "Receipt                            ft2#IT2",
        "Cash box                   SIM-AT-",
        "████ ▄▄▄▄▄ █",
        "/_sim/receipts/",
    ] {
        assert!(run.stdout.contains(expected), "{expected}\n{}", run.stdout);
    }
}

#[test]
fn with_a_server_configured_its_receipt_is_printed() {
    let till = Till::with(Simulator::builder());
    let run = Run::of(till.program().arg("demo"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stdout.contains("no fiscal receipt"));
    let ledger = till.simulator.ledger();
    assert_eq!(ledger.receipts().len(), 2);
    let issue = &ledger.issues()[0];
    assert!(issue.request_matches && issue.response_matches);
}

#[test]
fn a_queue_that_runs_already_is_no_obstacle() {
    let till = Till::new();
    let run = Run::of(till.program().arg("demo"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("does not take a start receipt"));
    assert_eq!(till.simulator.ledger().issues().len(), 1);
}

#[test]
fn production_is_left_alone() {
    let run = Run::of(
        configured(
            "https://possystem-api.fiskaltrust.eu/v2",
            "6f1c2d5e-0000-4000-8000-0000000000c1",
        )
        .arg("demo"),
    );
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    assert!(run.stderr.contains("production"), "{}", run.stderr);
}

#[test]
fn a_half_configured_server_is_not_replaced_by_the_simulator() {
    let run = Run::of(program().arg("demo").env(
        "FISKALTRUST_POS_SYSTEM_API_URL",
        "https://pos.example.invalid",
    ));
    assert_eq!(run.code, 64);
    assert!(
        run.stderr.contains("FISKALTRUST_CASHBOX_ID"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stdout, "");
}

/// A bare container has no root certificates, and this needs none.
#[test]
fn certificates_are_for_https() {
    let run = Run::of(
        program()
            .arg("demo")
            .env_remove("SSL_CERT_DIR")
            .env("SSL_CERT_FILE", "/dev/null"),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
}
