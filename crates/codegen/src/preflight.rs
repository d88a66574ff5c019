//! Stage 5a: what the generator would stumble over is reported with its place in the document.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::document::{self, Endpoint, escape};
use crate::names::Class;
use crate::rust_name;

/// What the builder of every call uses for itself.
const SPOKEN_FOR: [&str; 3] = ["header_map", "new", "send"];

/// The words `type` may have in OpenAPI 3.0.
const KINDS: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// One line for each thing the generator cannot take.
pub(crate) fn findings(document: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    references(document, document, "#", &mut findings);
    for endpoint in document::endpoints(document) {
        if let Some(operation) = document::operation(document, &endpoint) {
            parameters(&endpoint, operation, &mut findings);
            class(&endpoint, operation, &mut findings);
        }
    }
    let mut copy = document.clone();
    document::each_schema(&mut copy, &mut |schema, place| {
        if let Some(reason) = malformed(schema) {
            findings.push(format!("schema {}: {reason}", place.trail.join(".")));
        }
    });
    for (name, schema) in document::schemas(document).into_iter().flatten() {
        if is_own_meaning(document, name, schema) {
            findings.push(format!("schema {name}: it is defined by itself"));
        }
    }
    if findings.is_empty() {
        unreadable(document, &mut findings);
    }
    findings
}

/// References that lead nowhere, out of the document, or to something that is no component.
fn references(document: &Value, value: &Value, pointer: &str, findings: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(target) = document::reference(value) {
                let component = document::schema_name(value)
                    .and_then(|name| document::schemas(document)?.get(name));
                let exists = target
                    .strip_prefix('#')
                    .is_some_and(|inner| document.pointer(inner).is_some());
                match component {
                    Some(_) => {}
                    None if exists => findings.push(format!(
                        "{pointer}: the reference {target} leads to no component schema"
                    )),
                    None => {
                        findings.push(format!("{pointer}: the reference {target} leads nowhere"));
                    }
                }
            }
            for (key, inner) in object {
                let pointer = format!("{pointer}/{}", escape(key));
                references(document, inner, &pointer, findings);
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                references(document, inner, &format!("{pointer}/{index}"), findings);
            }
        }
        _ => {}
    }
}

fn parameters(endpoint: &Endpoint, operation: &Map<String, Value>, findings: &mut Vec<String>) {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let mut taken: BTreeSet<String> = BTreeSet::new();
    if operation.contains_key("requestBody") {
        taken.insert("body".into());
    }
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        let mut report = |reason: String| {
            let (label, pointer) = (endpoint.label(), endpoint.pointer());
            findings.push(format!(
                "{label} at #{pointer}/parameters/{index}: {reason}"
            ));
        };
        if document::reference(parameter).is_some() {
            continue;
        }
        // The generator tells parameters apart by their Rust name alone.
        match parameter["name"].as_str().map(rust_name::field) {
            None => report("a parameter needs a name".into()),
            Some(rust) if SPOKEN_FOR.contains(&rust.as_str()) => {
                report(format!("no parameter can be called {rust}"));
            }
            Some(rust) => {
                if !taken.insert(rust.clone()) {
                    report(format!("two parameters share the name {rust}"));
                }
            }
        }
    }
}

fn class(endpoint: &Endpoint, operation: &Map<String, Value>, findings: &mut Vec<String>) {
    if let Some(class) = operation.get("x-pos-class")
        && let Err(error) = Class::of(class)
    {
        findings.push(format!("{}: x-pos-class: {error}", endpoint.label()));
    }
}

/// What the keywords of a schema have to be.
fn malformed(schema: &Value) -> Option<String> {
    let Some(object) = schema.as_object() else {
        return Some("it is no object".into());
    };
    let is_text = |value: &Value| value.is_string();
    let is_list = |value: &Value| value.as_array().is_some_and(|list| !list.is_empty());
    let is_kind = |value: &Value| value.as_str().is_some_and(|kind| KINDS.contains(&kind));
    type Rule<'a> = (&'a str, &'a dyn Fn(&Value) -> bool, &'a str);
    let rules: [Rule; 9] = [
        ("type", &is_kind, "one word of OpenAPI 3.0, not a list"),
        ("format", &is_text, "a text"),
        ("description", &is_text, "a text"),
        ("properties", &Value::is_object, "an object"),
        ("required", &Value::is_array, "a list"),
        ("items", &Value::is_object, "a schema"),
        ("enum", &is_list, "a list of texts"),
        ("allOf", &is_list, "a list of schemas"),
        ("oneOf", &is_list, "a list of schemas"),
    ];
    rules.into_iter().find_map(|(keyword, fits, expected)| {
        let value = object.get(keyword)?;
        (!fits(value)).then(|| format!("`{keyword}` has to be {expected}"))
    })
}

/// Whether a component leads back to itself without an object or a list in between: no value of
/// such a type could be read.
fn is_own_meaning(document: &Value, name: &str, schema: &Value) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        match document::schema_name(schema) {
            Some(target) if target == name => return true,
            Some(target) if seen.insert(target) => {
                open.extend(document::schemas(document).and_then(|all| all.get(target)));
            }
            Some(_) => {}
            None => {
                let parts = ["allOf", "oneOf", "anyOf"];
                let lists = parts
                    .iter()
                    .filter_map(|keyword| schema.get(keyword)?.as_array());
                open.extend(lists.flatten());
            }
        }
    }
    false
}

/// What the generator's own reader refuses, by operation and schema instead of as a whole.
fn unreadable(document: &Value, findings: &mut Vec<String>) {
    for endpoint in document::endpoints(document) {
        let operation = document.pointer(&endpoint.pointer()).cloned();
        let read = serde_json::from_value::<openapiv3::Operation>(operation.unwrap_or_default());
        if let Err(error) = read {
            let (label, pointer) = (endpoint.label(), endpoint.pointer());
            findings.push(format!("{label} at #{pointer}: {error}"));
        }
    }
    for (name, schema) in document::schemas(document).into_iter().flatten() {
        if document::reference(schema).is_none()
            && let Err(error) = serde_json::from_value::<openapiv3::Schema>(schema.clone())
        {
            findings.push(format!("schema {name}: {error}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of_operation(operation: Value) -> String {
        findings(&json!({"paths": {"/sign": {"post": operation}}})).join("\n")
    }

    fn of_schema(schema: Value) -> String {
        findings(&json!({"paths": {}, "components": {"schemas": {"A": schema}}})).join("\n")
    }

    #[test]
    fn references_to_nothing_are_found_with_their_place() {
        let found = of_operation(json!({"requestBody": {"content": {"application/json": {
            "schema": document::schema_reference("Gone"),
        }}}}));
        assert!(
            found.contains("#/components/schemas/Gone leads nowhere"),
            "{found}"
        );
        assert!(found.contains("#/paths/~1sign/post/requestBody/content/application~1json"));
        let found = of_schema(json!({"items": {"$ref": "other.yaml#/A"}}));
        assert!(found.contains("other.yaml#/A leads nowhere"), "{found}");
        let found = of_schema(json!({"items": {"$ref": "#/paths"}}));
        assert!(found.contains("leads to no component schema"), "{found}");
    }

    #[test]
    fn parameters_that_cannot_be_told_apart_are_found_with_their_place() {
        let found = of_operation(json!({
            "parameters": [
                {"name": "a-b", "in": "query"}, {"name": "a_b", "in": "header"}, {"in": "query"},
                {"name": "send", "in": "query"}, {"name": "$", "in": "query"}, {"name": "", "in": "header"},
                {"name": "Body", "in": "query"},
            ],
            "requestBody": {},
        }));
        for (index, reason) in [
            (1, "two parameters share the name a_b"),
            (2, "a parameter needs a name"),
            (3, "no parameter can be called send"),
            (5, "two parameters share the name x"),
            (6, "two parameters share the name body"),
        ] {
            let line = format!("POST /sign at #/paths/~1sign/post/parameters/{index}: ");
            let line = found.lines().find(|found| found.starts_with(&line));
            assert!(line.is_some_and(|line| line.contains(reason)), "{found}");
        }
    }

    #[test]
    fn a_misspelt_class_is_found() {
        let found = of_operation(json!({"x-pos-class": "efect"}));
        assert!(
            found.starts_with("POST /sign: x-pos-class: unknown variant `efect`"),
            "{found}"
        );
    }

    #[test]
    fn keywords_of_the_wrong_kind_are_found() {
        for (schema, expected) in [
            (
                json!({"type": ["string", "null"]}),
                "`type` has to be one word",
            ),
            (json!({"type": "strnig"}), "`type` has to be one word"),
            (
                json!({"properties": []}),
                "`properties` has to be an object",
            ),
            (json!({"items": []}), "`items` has to be a schema"),
            (json!({"oneOf": []}), "`oneOf` has to be a list of schemas"),
            (json!(5), "it is no object"),
        ] {
            let found = of_schema(schema);
            assert!(found.starts_with("schema A: "), "{found}");
            assert!(found.contains(expected), "{found}");
        }
        let found = of_schema(json!({"properties": {"b": {"properties": {"c": {"format": 5}}}}}));
        assert_eq!(found, "schema A.b.c: `format` has to be a text");
    }

    #[test]
    fn circles_without_an_object_in_between_are_found() {
        let a = document::schema_reference("A");
        for schema in [
            a.clone(),
            json!({ "allOf": [a] }),
            json!({"oneOf": [{"type": "string"}, a]}),
        ] {
            assert_eq!(of_schema(schema), "schema A: it is defined by itself");
        }
        assert_eq!(
            of_schema(json!({"type": "object", "properties": {"next": a}})),
            ""
        );
        assert_eq!(of_schema(json!({"type": "array", "items": a})), "");
    }

    #[test]
    fn what_the_generators_reader_refuses_is_found_by_operation() {
        let found = of_operation(json!({"responses": {"200": {"description": 5}}}));
        assert!(
            found.starts_with("POST /sign at #/paths/~1sign/post: "),
            "{found}"
        );
    }
}
