//! Verdicts on pairs of documents, each made from one small document by a patch.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod any_document;
mod cases;
#[path = "../documents/mod.rs"]
mod documents;

use cases::{CASES, item, remove, sign};
use documents::base;
use serde_json::{Value, json};
use xtask::diff::{Changes, Direction, Rules, Verdict, diff};
use xtask::document::Document;

use Verdict::{Additive, Breaking, None};

const NAMES: &str = "
facade_headers: [x-cashbox-id, X-Operation-Id]
codes: {ftReceiptCase: ReceiptCase, ftState: State}
indispensable: [ftState]
operations: {POST /sign: sign}
";

fn rules() -> Rules {
    Rules::parse(NAMES, "names.yaml").unwrap()
}

fn parse(value: &Value) -> Document {
    Document::parse(&value.to_string(), "document").unwrap()
}

fn between(old: &Value, new: &Value) -> Changes {
    diff(&parse(old), &parse(new), &rules())
}

#[test]
fn nulls_in_an_answer_that_is_a_list_are_seen_by_callers() {
    let answering = |nullable: bool| {
        let mut document = base();
        sign(&mut document)["responses"]["201"]["content"]["application/json"]["schema"] =
            json!({"type": "array", "items": {"type": "string", "nullable": nullable}});
        document
    };
    let changes = between(&answering(false), &answering(true));
    assert_eq!(changes.verdict(), Breaking, "{changes}");
    assert!(changes.to_string().contains("[]: can be null now"));
}

#[test]
fn each_change_has_its_verdict_and_its_line() {
    let old = base();
    for case in CASES {
        let mut new = base();
        (case.patch)(&mut new);
        let changes = between(&old, &new);
        let report = changes.to_string();
        assert_eq!(changes.verdict(), case.verdict, "{}:\n{report}", case.name);
        assert!(
            report.lines().any(|line| line.ends_with(case.line)),
            "{}: no line ends with {:?}:\n{report}",
            case.name,
            case.line
        );
        let back = between(&new, &old);
        assert_eq!(
            back.verdict(),
            case.reverse,
            "{} taken back:\n{back}",
            case.name
        );
        assert_eq!(
            between(&new, &new).to_string(),
            "verdict: none",
            "{}",
            case.name
        );
    }
}

#[test]
fn names_of_cases_are_unique() {
    let names: std::collections::BTreeSet<_> = CASES.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), CASES.len());
}

#[test]
fn a_removed_operation_is_breaking_and_not_compared_further() {
    let mut new = base();
    remove(&mut new["paths"], "/journal");
    assert_eq!(
        between(&base(), &new).to_string(),
        "breaking  call      GET /journal: operation removed\nverdict: breaking"
    );
}

#[test]
fn a_component_is_reported_once_in_each_direction() {
    let mut new = base();
    item(&mut new)["properties"]["Unit"] = json!({"type": "string"});
    // Reached by /sign in both directions, and by /issue.
    let changes = between(&base(), &new);
    let directions: Vec<_> = changes.iter().map(|change| change.direction).collect();
    assert_eq!(directions, [Direction::Request, Direction::Response]);
}

#[test]
fn the_worst_change_comes_first() {
    let mut new = base();
    item(&mut new)["properties"]["Unit"] = json!({"type": "string"});
    remove(&mut new["paths"], "/journal");
    sign(&mut new)["deprecated"] = json!(true);
    let changes = between(&base(), &new);
    let verdicts: Vec<_> = changes.iter().map(|change| change.verdict).collect();
    assert_eq!(verdicts, [Breaking, Additive, Additive, None]);
}

#[test]
fn markdown_has_a_heading_for_each_verdict_and_the_verdict_last() {
    let mut new = base();
    remove(&mut new["paths"], "/journal");
    item(&mut new)["properties"]["Unit"] = json!({"type": "string"});
    sign(&mut new)["operationId"] = json!("Sign");
    assert_eq!(
        between(&base(), &new).to_markdown(),
        "#### Breaking\n\n\
         - `GET /journal`: operation removed\n\n\
         #### Added\n\n\
         - `ChargeItem.Unit` (request): optional member added\n\
         - `ChargeItem.Unit` (response): member added\n\n\
         #### No effect on callers\n\n\
         - `POST /sign`: operationId `Sign` added\n\n\
         verdict: breaking"
    );
    assert_eq!(between(&new, &new).to_markdown(), "verdict: none");
}

#[test]
fn our_own_document_differs_from_itself_in_nothing() {
    let repository = xtask::repository::Repository::here();
    let document = Document::read(&repository.document()).unwrap();
    let rules = Rules::read(&repository.names()).unwrap();
    assert_eq!(
        diff(&document, &document, &rules).to_string(),
        "verdict: none"
    );
    assert!(rules.indispensable.contains("ftState"));
}

#[test]
fn a_name_that_breaks_the_line_cannot_pass_for_a_verdict() {
    let mut new = base();
    item(&mut new)["properties"]["x\nverdict: none"] = json!({"type": "string"});
    let report = between(&base(), &new).to_string();
    assert_eq!(report.lines().count(), 3);
    assert!(report.ends_with("\nverdict: additive"));
}
