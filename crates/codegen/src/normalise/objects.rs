//! Objects: unknown members are kept, server-side limits are left to the server, and a response
//! is readable without the members it can do without.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::document;
use crate::names::Names;
use crate::note::{Notes, Stage};

/// Limits the generator would enforce on answers as well, losing a whole answer to one member.
const LIMITS: [&str; 16] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "default",
    "example",
    "examples",
    "readOnly",
    "writeOnly",
];

pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
    let response_only = response_only(document);
    let mut relaxed = Vec::new();
    document::each_schema(document, &mut |schema, place| {
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        for limit in LIMITS {
            object.remove(limit);
        }
        object.retain(|keyword, _| !keyword.starts_with("x-"));
        let has_members = object
            .get("properties")
            .and_then(Value::as_object)
            .is_some_and(|properties| !properties.is_empty());
        if has_members {
            object.insert("type".into(), "object".into());
            // An empty schema, not `true`: only this makes the generator keep what it does not know.
            object.insert("additionalProperties".into(), json!({}));
        } else if object.get("type") == Some(&"object".into()) {
            object.remove("properties");
            object.insert("additionalProperties".into(), json!({}));
        }
        if place.component && response_only.contains(&place.trail[0]) {
            if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
                let before = required.len();
                required.retain(|name| {
                    name.as_str()
                        .is_some_and(|name| names.indispensable.iter().any(|keep| keep == name))
                });
                if required.len() < before {
                    relaxed.push(place.trail[0].clone());
                }
            }
        }
        if object
            .get("required")
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty)
        {
            object.remove("required");
        }
    });
    for name in relaxed {
        notes.add(Stage::Normalise, "response members made optional", name);
    }
}

/// Components that answers use and requests do not.
///
/// A whole answer inside a request, as `/issue` has it, is still an answer that is passed on.
fn response_only(document: &Value) -> BTreeSet<String> {
    let operations: Vec<_> = document::endpoints(document)
        .iter()
        .filter_map(|endpoint| document::operation(document, endpoint))
        .collect();
    let answers: BTreeSet<&str> = operations
        .iter()
        .filter_map(|operation| operation.get("responses")?.pointer("/2XX/content"))
        .filter_map(|content| content.get("application/json")?.get("schema"))
        .filter_map(|schema| document::schema_name(document::unwrapped(schema)))
        .collect();
    let nothing = BTreeSet::new();
    let mut requests = BTreeSet::new();
    let mut responses = BTreeSet::new();
    for operation in &operations {
        if let Some(body) = operation.get("requestBody") {
            reach(document, body, &answers, &mut requests);
        }
        if let Some(part) = operation.get("responses") {
            reach(document, part, &nothing, &mut responses);
        }
    }
    responses.difference(&requests).cloned().collect()
}

/// Adds every component that `value` refers to, except through the ones in `beyond`.
fn reach(document: &Value, value: &Value, beyond: &BTreeSet<&str>, reached: &mut BTreeSet<String>) {
    if let Some(name) = document::schema_name(value) {
        if !beyond.contains(name) && reached.insert(name.to_owned()) {
            if let Some(schema) = document::schemas(document).and_then(|all| all.get(name)) {
                reach(document, schema, beyond, reached);
            }
        }
        return;
    }
    match value {
        Value::Object(object) => object
            .values()
            .for_each(|inner| reach(document, inner, beyond, reached)),
        Value::Array(list) => list
            .iter()
            .for_each(|inner| reach(document, inner, beyond, reached)),
        _ => {}
    }
}
