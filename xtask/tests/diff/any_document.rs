//! Documents made to be hard: circles, long ways, and whatever chance makes of the small one.

use proptest::prelude::*;
use serde_json::{Value, json};
use xtask::diff::Verdict::{Additive, Breaking, None};
use xtask::diff::diff;
use xtask::document::Document;

use crate::cases::{item, request};
use crate::documents::base;
use crate::{between, parse, rules};

#[test]
fn schemas_that_hold_themselves_are_compared_to_the_end() {
    let mut new = base();
    item(&mut new)["properties"]["parts"]["items"] =
        json!({"allOf": [{"$ref": "#/components/schemas/ChargeItem"}]});
    item(&mut new)["properties"]["Unit"] = json!({"type": "string"});
    assert_eq!(between(&base(), &new).verdict(), Additive);
}

#[test]
fn circles_of_references_end() {
    let mut new = base();
    let schemas = &mut new["components"]["schemas"];
    schemas["Mail"] = json!({"$ref": "#/components/schemas/Print"});
    schemas["Print"] = json!({"$ref": "#/components/schemas/Mail"});
    schemas["ChargeItem"] = json!({"allOf": [{"$ref": "#/components/schemas/ChargeItem"}]});
    assert_eq!(between(&base(), &new).verdict(), Breaking);
    assert_eq!(between(&new, &new).verdict(), None);
}

/// Schemas each of which refers to all of the next layer: an endless job for a naive search.
#[test]
fn many_paths_to_one_schema_are_walked_once() {
    let layered = |last: &str| {
        let mut document = base();
        for layer in 0..40 {
            let members: serde_json::Map<String, Value> = (0..8)
                .map(|index| {
                    let next = format!("#/components/schemas/L{}", layer + 1);
                    (
                        format!("m{index}"),
                        json!({"oneOf": [{"$ref": next}, {"$ref": next}]}),
                    )
                })
                .collect();
            document["components"]["schemas"][format!("L{layer}")] = json!({"properties": members});
        }
        document["components"]["schemas"]["L40"] = json!({"properties": {"a": {"type": last}}});
        request(&mut document)["properties"]["deep"] = json!({"$ref": "#/components/schemas/L0"});
        document
    };
    let report = between(&layered("string"), &layered("boolean")).to_string();
    assert_eq!(
        report.lines().next(),
        Some("breaking  request   L40.a: type changed from text to boolean")
    );
}

#[test]
fn a_chain_of_schemas_longer_than_the_stack_is_walked() {
    const LINKS: usize = 3_000;
    const STACK_BYTES: usize = 128 * 1024;
    let chained = |last: &str| {
        let mut document = base();
        for link in 0..LINKS {
            let next = format!("#/components/schemas/C{}", link + 1);
            document["components"]["schemas"][format!("C{link}")] =
                json!({"properties": {"next": {"$ref": next}}});
        }
        document["components"]["schemas"][format!("C{LINKS}")] =
            json!({"properties": {"a": {"type": last}}});
        request(&mut document)["properties"]["deep"] = json!({"$ref": "#/components/schemas/C0"});
        parse(&document)
    };
    let (old, new, rules) = (chained("string"), chained("boolean"), rules());
    let report = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(move || diff(&old, &new, &rules).to_string())
        .unwrap()
        .join()
        .unwrap();
    assert!(
        report.starts_with("breaking  request   C3000.a: type changed"),
        "{report}"
    );
}

/// Puts `value` somewhere into the document; `steps` choose the way down.
fn plant(place: &mut Value, steps: &[usize], value: Value) {
    let inner: Vec<&mut Value> = match place {
        Value::Object(object) => object.values_mut().collect(),
        Value::Array(list) => list.iter_mut().collect(),
        _ => Vec::new(),
    };
    match steps.split_first() {
        Some((step, rest)) if !inner.is_empty() => {
            let index = step % inner.len();
            if let Some(inner) = inner.into_iter().nth(index) {
                plant(inner, rest, value);
            }
        }
        _ => *place = value,
    }
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(-1),
        json!("text"),
        json!([]),
        json!([null, 1, "a", {}]),
        json!({}),
        json!({"$ref": "#/components/schemas/ChargeItem"}),
        json!({"$ref": "#/components/schemas/ReceiptRequest"}),
        json!({"$ref": "#/nowhere/%zz"}),
        json!({"$ref": "other.yaml#/a"}),
        json!({"allOf": [{"$ref": "#/components/schemas/ReceiptRequest"}, {"type": "string"}]}),
        json!({"oneOf": [{"$ref": "#/components/schemas/ChargeItem"}, {"type": "integer"}]}),
        json!({"type": "string", "enum": [null, "a", 1], "nullable": true}),
        json!({"type": "array"}),
        json!({"properties": {"a": {"additionalProperties": {"type": "number"}}}, "required": ["b"]}),
    ])
}

proptest! {
    #[test]
    fn no_document_differs_from_itself_and_none_panics(
        edits in prop::collection::vec(
            (prop::collection::vec(any::<usize>(), 2..9), odd_value()), 0..6),
    ) {
        let mut mutated = base();
        for (steps, value) in edits {
            plant(&mut mutated, &steps, value);
        }
        let Ok(new) = Document::parse(&mutated.to_string(), "mutated") else {
            return Ok(());
        };
        let old = parse(&base());
        let itself = diff(&new, &new, &rules());
        prop_assert_eq!(itself.to_string(), "verdict: none");
        let forth = diff(&old, &new, &rules());
        let back = diff(&new, &old, &rules());
        // Whoever sees nothing one way sees nothing worse than nothing new the other way.
        prop_assert_eq!(forth.iter().count() == 0, back.iter().count() == 0);
    }
}
