//! Which part of a document the generator fails on, because its own messages do not say.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::document::{self, Endpoint};

/// The operations and schemas that fail on their own, without the rest of the document.
pub(super) fn culprits(document: &Value, works: impl Fn(&Value) -> bool) -> Vec<String> {
    let empty = Map::new();
    let schemas = document::schemas(document).unwrap_or(&empty);
    let failing: BTreeSet<&str> = schemas
        .keys()
        .map(String::as_str)
        .filter(|name| !works(&part(document, &[], &needed(document, name))))
        .collect();
    // A schema that only holds a failing one is not to blame.
    let to_blame = failing.iter().filter(|name| {
        let needed = needed(document, name);
        needed
            .iter()
            .all(|inner| inner == *name || !failing.contains(inner.as_str()))
    });
    let mut culprits: Vec<String> = to_blame.map(|name| format!("schema {name}")).collect();
    if failing.is_empty() {
        let all: BTreeSet<String> = schemas.keys().cloned().collect();
        culprits.extend(
            document::endpoints(document)
                .iter()
                .filter(|endpoint| !works(&part(document, &[endpoint], &all)))
                .map(Endpoint::label),
        );
    }
    culprits
}

/// A component and all components that it refers to.
fn needed(document: &Value, name: &str) -> BTreeSet<String> {
    let reference = document::schema_reference(name);
    document::reached(document, &[&reference], &BTreeSet::new())
}

/// The document with these operations and schemas only.
fn part(document: &Value, endpoints: &[&Endpoint], schemas: &BTreeSet<String>) -> Value {
    let mut part = document.clone();
    part["paths"] = Value::Object(Map::new());
    for endpoint in endpoints {
        let operation = document.pointer(&endpoint.pointer()).cloned();
        part["paths"][&endpoint.path][endpoint.method] = operation.unwrap_or_default();
    }
    if let Some(all) = document::schemas_mut(&mut part) {
        all.retain(|name, _| schemas.contains(name));
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Value {
        json!({
            "paths": {"/a": {"get": {"description": "good"}, "put": {"description": "bad"}}},
            "components": {"schemas": {
                "Good": {"type": "string"}, "Holder": {"items": document::schema_reference("Bad")},
                "Bad": {"type": "bad"},
            }},
        })
    }

    #[test]
    fn the_innermost_schema_is_to_blame() {
        let culprits = culprits(&document(), |part| {
            !part.to_string().contains("\"type\":\"bad\"")
        });
        assert_eq!(culprits, ["schema Bad"]);
    }

    #[test]
    fn an_operation_is_to_blame_if_no_schema_is() {
        let culprits = culprits(&document(), |part| {
            !part.to_string().contains("\"description\":\"bad\"")
        });
        assert_eq!(culprits, ["PUT /a"]);
    }
}
