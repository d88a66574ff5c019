use super::*;
use crate::fault::{Fault, Finished, Latency};
use std::time::Duration;

fn error(text: &str) -> String {
    FaultPlan::from_toml(text).unwrap_err().to_string()
}

fn rule(members: &str) -> String {
    format!("[[rules]]\nfault = \"null_body\"\n[[rules]]\n{members}\n")
}

#[test]
fn the_example_says_what_it_means() {
    let text = include_str!("../../../plans/bad_network.toml");
    let plan = FaultPlan::from_toml(text).unwrap();
    let expected = FaultPlan::new(2026)
        .clock_skew_ms(-120_000)
        .rule(
            Rule::new(Fault::DelayBeforeHandling(Latency::LogNormal {
                median: Duration::from_millis(40),
                p99: Duration::from_millis(900),
                cap: Duration::from_secs(5),
            }))
            .probability(0.5),
        )
        .rule(
            Rule::new(Fault::ResetAfterCommit)
                .endpoint(EndpointName::Sign)
                .attempts(1..=1),
        )
        .rule(
            Rule::new(Fault::StatusBeforeCommit {
                status: 503,
                retry_after: Some(1),
            })
            .endpoint(EndpointName::Sign)
            .attempts(2..4)
            .probability(0.5),
        )
        .rule(
            Rule::new(Fault::StatusWithRetryDate {
                status: 429,
                retry_in_seconds: 2,
                executed: false,
            })
            .endpoint(EndpointName::Pay)
            .attempts(..2)
            .attempts(4..)
            .probability(0.25),
        )
        .rule(
            Rule::new(Fault::CutBodyAfterCommit { bytes: 200 })
                .endpoint(EndpointName::Journal)
                .attempts(1..=1),
        )
        .rule(
            Rule::new(Fault::HtmlPage {
                status: 200,
                executed: false,
            })
            .method("GET")
            .path("/issue/*/delivered")
            .every(2),
        );
    assert_eq!(plan, expected);
}

#[test]
fn every_fault_survives_both_forms() {
    let mut plan = FaultPlan::random(7)
        .rule(Rule::new(Fault::Restart {
            finished: Finished::Forgotten,
        }))
        .rule(Rule::new(Fault::RetentionExpired {
            older_than: Duration::from_secs(60),
        }));
    for body in [&b"text"[..], b"\xff\x00"] {
        plan = plan.rule(Rule::new(Fault::BodyAfterCommit {
            status: 200,
            content_type: "text/plain".to_owned(),
            body: bytes::Bytes::copy_from_slice(body),
        }));
    }
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(FaultPlan::from_json(&json).unwrap(), plan);

    let toml = r#"
        [[rules]]
        fault.body_after_commit = { status = 200, content_type = "a/b", body = { base64 = "/wA=" } }
        [[rules]]
        fault.restart.finished = "kept"
        [[rules]]
        fault.delay_before_answer.uniform = { from_ms = 1, to_ms = 2 }
        [[rules]]
        fault = "unknown_members"
    "#;
    let plan = FaultPlan::from_toml(toml).unwrap();
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(FaultPlan::from_json(&json).unwrap(), plan);
    assert_eq!(plan.rules()[3].fault(), &Fault::UnknownMembers,);
}

#[test]
fn a_bad_plan_names_the_rule_and_the_member() {
    for (text, expected) in [
        ("sed = 1", "fault plan: sed: unknown field `sed`"),
        ("seed = -1", "fault plan: seed: "),
        (
            "clock_skew_ms = 3_200_000_000_000_000",
            "fault plan: clock_skew_ms: is more than",
        ),
        (
            "[[rules]]\nattempts = 1",
            "fault plan: rules[0]: missing field `fault`",
        ),
        (&rule("fault = \"explode\""), "fault plan: rules[1].fault"),
        (
            &rule("fault.slow_drip = { bytes = 1, interval = 3 }"),
            "fault plan: rules[1].fault.slow_drip: unexpected keys in table: interval",
        ),
        (
            &rule("fault.slow_drip = { bytes = 0, interval_ms = 3 }"),
            "fault plan: rules[1].fault.slow_drip.bytes: is 0",
        ),
        (
            &rule("fault.html_page = { status = 99, executed = true }"),
            "fault plan: rules[1].fault.html_page.status: 99 is not",
        ),
        (
            &rule("fault.status_after_commit.status = 600"),
            "fault plan: rules[1].fault.status_after_commit.status: 600 is not",
        ),
        (
            &rule("fault.wrong_content_type.content_type = \"a\\nb\""),
            "fault plan: rules[1].fault.wrong_content_type.content_type: cannot",
        ),
        (
            &rule("fault.delay_before_answer.uniform = { from_ms = 2, to_ms = 1 }"),
            "fault plan: rules[1].fault.delay_before_answer.uniform.to_ms: is less",
        ),
        (
            &rule("fault = \"null_body\"\nprobability = 1.5"),
            "fault plan: rules[1].probability: 1.5 is not between 0 and 1",
        ),
        (
            &rule("fault = \"null_body\"\nprobability = nan"),
            "fault plan: rules[1].probability: NaN is not",
        ),
        (
            &rule("fault = \"null_body\"\nevery = 0"),
            "fault plan: rules[1].every: is 0",
        ),
        (
            &rule("fault = \"null_body\"\npath = \"sign\""),
            "fault plan: rules[1].path: \"sign\" does not begin",
        ),
        (
            &rule("fault = \"null_body\"\nmethod = \"A B\""),
            "fault plan: rules[1].method: \"A B\" is no",
        ),
        (
            &rule("fault = \"null_body\"\nendpoint = \"signs\""),
            "fault plan: rules[1].endpoint",
        ),
        (
            &rule("fault = \"null_body\"\nattempts = 0"),
            "fault plan: rules[1].attempts: attempts are counted from 1",
        ),
        (
            &rule("fault = \"null_body\"\nattempts = \"3-2\""),
            "fault plan: rules[1].attempts: 3-2 ends before",
        ),
        (
            &rule("fault = \"null_body\"\nattempts = [1, \"x\"]"),
            "fault plan: rules[1].attempts[1]: \"x\" is not an attempt",
        ),
        (
            &rule("fault = \"null_body\"\nattempt = 1"),
            "fault plan: rules[1].attempt: unknown field `attempt`",
        ),
        ("[[rules]", "fault plan: TOML parse error at line 1"),
    ] {
        let error = error(text);
        assert!(error.starts_with(expected), "{expected} for {error}");
    }
    let json = FaultPlan::from_json(r#"{"rules":[{"fault":"null_body","every":"x"}]}"#);
    let error = json.unwrap_err().to_string();
    assert!(error.starts_with("fault plan: rules[0].every: "), "{error}");
    assert!(FaultPlan::from_json("{} {}").is_err());
}

#[test]
fn a_random_plan_follows_from_its_seed_and_leaves_the_fourth_attempt_alone() {
    assert_eq!(FaultPlan::random(3), FaultPlan::random(3));
    assert_ne!(FaultPlan::random(3), FaultPlan::random(4));
    for seed in [0, 1, u64::MAX] {
        let plan = FaultPlan::random(seed);
        assert_eq!(plan.seed(), seed);
        for rule in plan.rules() {
            assert!(rule.check().is_ok(), "{rule:?}");
            let rule = serde_json::to_value(rule).unwrap();
            assert_eq!(rule["attempts"], serde_json::json!(["1-3"]));
        }
    }
}
