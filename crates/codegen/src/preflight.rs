//! Stage 5a: what the generator would panic on is reported with its place in the document.

use serde_json::Value;

use crate::document::{self, escape};

/// One line for each thing the generator cannot take.
pub(crate) fn findings(document: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    dangling(document, document, "#", &mut findings);
    for endpoint in document::endpoints(document) {
        let pointer = endpoint.pointer();
        let Some(operation) = document::operation(document, &endpoint) else {
            continue;
        };
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let mut seen: Vec<String> = Vec::new();
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let mut report = |reason: &str| {
                findings.push(format!(
                    "{} at #{pointer}/parameters/{index}: {reason}",
                    endpoint.label()
                ));
            };
            let Some(name) = parameter["name"].as_str() else {
                report("a parameter needs a name");
                continue;
            };
            // The generator tells parameters apart by their Rust name alone.
            let rust_name = heck::ToSnakeCase::to_snake_case(name);
            if seen.contains(&rust_name) {
                report(&format!("two parameters share the name {rust_name}"));
            }
            seen.push(rust_name);
        }
    }
    let mut copy = document.clone();
    document::each_schema(&mut copy, &mut |schema, place| {
        if schema.get("not").is_some() {
            findings.push(format!(
                "schema {}: `not` has no type in Rust",
                place.trail.join(".")
            ));
        }
    });
    findings
}

/// References that lead nowhere, or out of the document.
fn dangling(document: &Value, value: &Value, pointer: &str, findings: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(target) = document::reference(value) {
                let found = target
                    .strip_prefix('#')
                    .is_some_and(|inner| document.pointer(inner).is_some());
                if !found {
                    findings.push(format!("{pointer}: the reference {target} leads nowhere"));
                }
            }
            for (key, inner) in object {
                dangling(
                    document,
                    inner,
                    &format!("{pointer}/{}", escape(key)),
                    findings,
                );
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                dangling(document, inner, &format!("{pointer}/{index}"), findings);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn findings_name_the_operation_and_the_place() {
        let document = json!({"paths": {"/sign": {"post": {
            "parameters": [{"name": "a-b", "in": "query"}, {"name": "a_b", "in": "header"}],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Gone"}}}},
        }}}});
        let findings = findings(&document).join("\n");
        assert!(findings.contains("POST /sign at #/paths/~1sign/post/parameters/1"));
        assert!(findings.contains("#/components/schemas/Gone leads nowhere"));
        assert!(findings.contains("#/paths/~1sign/post/requestBody/content/application~1json"));
    }
}
