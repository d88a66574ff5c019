//! The suite and the simulator agree, in every profile.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use pos_system_api_conformance::{Effect, Suite, Target, Verdict, run};
use pos_system_api_simulator::{Profile, Simulator};
use uuid::Uuid;

fn target(sim: &Simulator) -> Target {
    Target {
        base_url: format!("{}/v2", sim.base_url()),
        cashbox_id: sim.cashbox_id(),
        access_token: sim.access_token().into(),
        pos_system_id: Uuid::nil(),
        profile: sim.profile().to_string(),
        effect: Effect::Irreversible,
    }
}

#[tokio::test]
async fn every_scenario_holds_in_every_profile() {
    let suite = Suite::built_in().unwrap();
    assert!(suite.scenarios().len() >= 30);
    let mut differences = Vec::new();
    for profile in Profile::ALL {
        let builder = Simulator::builder().profile(profile).started(true);
        let sim = builder.start().await.unwrap();
        let target = target(&sim);
        for scenario in suite.scenarios() {
            let report = run(scenario, &target).await.unwrap();
            if report.differs() {
                differences.push(format!("{profile} {report:#?}"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[tokio::test]
async fn a_server_that_answers_otherwise_differs_with_reasons_and_without_the_token() {
    let sim = Simulator::builder()
        .access_token("canary-token-4711")
        .start()
        .await
        .unwrap();
    let mut suite = Suite::default();
    suite
        .add(
            "own",
            r#"
            name = "own"
            about = "An echo shouts."
            facts = "none"
            [[step]]
            name = "echo"
            path = "/echo"
            operation = "a"
            body = '{"Message":"x"}'
            status = [200]
            expect = [{ at = "/Message", equals = "X" }, { header = "location", is = "absent" }]
            "#,
        )
        .unwrap();
    let report = run(&suite.scenarios()[0], &target(&sim)).await.unwrap();
    let Verdict::Differs(difference) = &report.verdict else {
        panic!("{report:?}");
    };
    assert_eq!(difference.reasons[0], "expected status 200, got 201");
    assert_eq!(difference.reasons[1], r#"/Message: expected "X", got "x""#);
    assert!(difference.reasons[2].starts_with("header location: expected nothing"));
    assert_eq!(difference.exchanges.len(), 1);
    let told = format!(
        "{}{report:?}{:?}",
        serde_json::to_string(&report).unwrap(),
        target(&sim)
    );
    assert!(!told.contains("canary-token-4711"));
}

#[tokio::test]
async fn what_would_sign_is_skipped_unless_allowed() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let target = Target {
        effect: Effect::None,
        ..target(&sim)
    };
    for scenario in Suite::built_in().unwrap().scenarios() {
        let report = run(scenario, &target).await.unwrap();
        let skipped = matches!(report.verdict, Verdict::Skipped { .. });
        assert_eq!(skipped, scenario.effect > Effect::None, "{report:?}");
    }
    assert_eq!(sim.ledger().receipts().len(), 0);
}

#[tokio::test]
async fn a_server_that_is_not_there_differs() {
    let sim = Simulator::start().await.unwrap();
    let target = Target {
        // A port that no simulator gets.
        base_url: "http://127.0.0.1:1".to_owned(),
        ..target(&sim)
    };
    let suite = Suite::built_in().unwrap();
    let report = run(&suite.scenarios()[0], &target).await.unwrap();
    let Verdict::Differs(difference) = &report.verdict else {
        panic!("{report:?}");
    };
    // Told down to the cause.
    let reason = difference.reasons[0].to_lowercase();
    assert!(reason.contains("refused"), "{reason}");
}

#[test]
fn a_broken_scenario_is_refused_with_its_reason() {
    let head = "name = \"a\"\nabout = \"b\"\nfacts = \"c\"\n";
    let step = "[[step]]\nname = \"s\"\npath = \"/\"\nstatus = [200]\n";
    for (text, reason) in [
        (format!("{head}colour = 1\n{step}"), "is not a scenario"),
        (head.to_owned(), "is not a scenario"),
        (format!("{head}{step}{step}"), "two steps \"s\""),
        (
            format!("{head}{step}same_body_as = \"t\"\n"),
            "no earlier step \"t\"",
        ),
        (format!("{head}{}", step.replace("200", "")), "no status"),
        (
            format!("{head}{step}expect = [{{ at = \"/a\" }}]\n"),
            "what it expects",
        ),
        (
            format!("{head}{step}expect = [{{ is = \"text\" }}]\n"),
            "at or header",
        ),
        (
            format!("{head}{step}expect = [{{ at = \"/a\", low32 = \"EEEE\" }}]\n"),
            "eight",
        ),
    ] {
        let error = Suite::default().add("a.toml", &text).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert!(error.to_string().starts_with("a.toml"));
    }
    let mut suite = Suite::default();
    let text = format!("{head}{step}");
    suite.add("a.toml", &text).unwrap();
    let twice = suite.add("b.toml", &text).unwrap_err();
    assert!(twice.to_string().contains("another scenario"), "{twice}");
}

#[tokio::test]
async fn codes_are_compared_to_the_last_digit_and_amounts_by_value() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let target = target(&sim);
    for (at, equals, is_same) in [
        ("/ftState", "4707422694881099776", true),
        ("/ftState", "4707422694881099777", false),
        ("/ftQueueRow", "3.0", true),
    ] {
        let text = format!(
            r#"
            name = "own"
            about = "A code."
            facts = "none"
            effect = "signs"
            [[step]]
            name = "sign"
            path = "/sign"
            operation = "a"
            body = '{{"cbReceiptReference":"${{unique}}","cbReceiptMoment":"${{moment}}","cbChargeItems":[],"cbPayItems":[],"ftReceiptCase":35184372088833}}'
            status = [201]
            expect = [{{ at = "{at}", equals = {equals} }}]
            "#
        );
        let mut suite = Suite::default();
        suite.add("own", &text).unwrap();
        let report = run(&suite.scenarios()[0], &target).await.unwrap();
        assert_eq!(report.differs(), !is_same, "{report:?}");
    }
}
