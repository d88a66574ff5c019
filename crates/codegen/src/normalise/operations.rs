//! Operations: what is shared is put where it is used, and what no client needs goes.
//!
//! The rules after this one see parameters, bodies and responses in one form.

use serde_json::{Map, Value};

use crate::document::{self, Endpoint};
use crate::note::{Notes, Stage};

/// The members of an operation that end in code.
const USED: [&str; 7] = [
    "description",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "summary",
    "x-pos-class",
];

/// Members of the document itself that end in code.
///
/// Credentials and servers are the facade's business, however the document spells them.
const USED_AT_ROOT: [&str; 4] = ["components", "info", "openapi", "paths"];

pub(crate) fn run(document: &mut Value, notes: &mut Notes) {
    path_items(document, notes);
    let original = document.clone();
    for endpoint in document::endpoints(&original) {
        let Some(operation) = document::operation_mut(document, &endpoint) else {
            continue;
        };
        operation.retain(|member, _| USED.contains(&member.as_str()));
        for member in ["description", "summary"] {
            if operation.get(member).is_some_and(|text| !text.is_string()) {
                operation.remove(member);
            }
        }
        let parameters = parameters(&original, &endpoint, operation);
        operation.insert("parameters".into(), Value::Array(parameters));
        if let Some(body) = operation.get_mut("requestBody") {
            *body = document::resolve(&original, body).clone();
        }
        if let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        {
            for response in responses.values_mut() {
                *response = document::resolve(&original, response).clone();
            }
        }
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        if let Some(item) = item.as_object_mut() {
            item.retain(|member, value| {
                if matches!(member.as_str(), "options" | "trace") {
                    let label = format!("{} {path}", member.to_uppercase());
                    notes.add(Stage::Normalise, "method that cannot be sent", label);
                }
                member == "$ref" || (document::is_method(member) && value.is_object())
            });
        }
    }
    if let Some(root) = document.as_object_mut() {
        root.retain(|member, _| USED_AT_ROOT.contains(&member.as_str()));
        let schemas = original
            .pointer("/components/schemas")
            .filter(|schemas| schemas.is_object())
            .cloned()
            .unwrap_or_else(|| Value::Object(Map::new()));
        root.insert(
            "components".into(),
            serde_json::json!({ "schemas": schemas }),
        );
    }
}

/// Follows references between path items and drops what holds no operation.
fn path_items(document: &mut Value, notes: &mut Notes) {
    let original = document.clone();
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    paths.retain(|path, item| {
        *item = document::resolve(&original, item).clone();
        // An unresolved reference stays, so that it is reported with its place.
        let keep = item.is_object() && path.starts_with('/');
        if !keep && !path.starts_with("x-") {
            notes.add(Stage::Normalise, "no path with operations", path.clone());
        }
        keep
    });
}

/// The parameters of an operation and those of its path that it does not override.
fn parameters(original: &Value, endpoint: &Endpoint, operation: &Map<String, Value>) -> Vec<Value> {
    let resolved = |list: Option<&Value>| -> Vec<Value> {
        list.and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|parameter| document::resolve(original, parameter).clone())
            .collect()
    };
    let item = document::resolve(original, &original["paths"][&endpoint.path]);
    let mut parameters = resolved(operation.get("parameters"));
    for shared in resolved(item.get("parameters")) {
        let is_overridden = parameters
            .iter()
            .any(|own| own["name"] == shared["name"] && own["in"] == shared["in"]);
        if !is_overridden {
            parameters.push(shared);
        }
    }
    parameters
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn normalised(mut document: Value) -> Value {
        run(&mut document, &mut Notes::default());
        document
    }

    #[test]
    fn parameters_of_the_path_and_of_the_components_come_to_the_operation() {
        let document = normalised(json!({
            "paths": {"/cart/{id}": {
                "parameters": [
                    {"$ref": "#/components/parameters/id"},
                    {"name": "width", "in": "query", "schema": {"type": "string"}},
                ],
                "get": {"parameters": [{"name": "width", "in": "query", "schema": {"type": "integer"}}]},
            }},
            "components": {"parameters": {"id": {"name": "id", "in": "path"}}},
        }));
        assert_eq!(
            document["paths"]["/cart/{id}"]["get"]["parameters"],
            json!([
                {"name": "width", "in": "query", "schema": {"type": "integer"}},
                {"name": "id", "in": "path"},
            ])
        );
    }

    #[test]
    fn shared_bodies_and_responses_come_to_the_operation() {
        let document = normalised(json!({
            "paths": {"/sign": {"post": {
                "requestBody": {"$ref": "#/components/requestBodies/Sign"},
                "responses": {"200": {"$ref": "#/components/responses/Signed"}},
            }}},
            "components": {
                "requestBodies": {"Sign": {"content": {}}},
                "responses": {"Signed": {"description": "ok"}},
                "securitySchemes": {"token": {"type": "apiKey"}},
            },
        }));
        let operation = &document["paths"]["/sign"]["post"];
        assert_eq!(operation["requestBody"], json!({"content": {}}));
        assert_eq!(operation["responses"]["200"], json!({"description": "ok"}));
        assert_eq!(document["components"], json!({"schemas": {}}));
    }

    #[test]
    fn a_path_item_may_be_a_reference() {
        let document = normalised(json!({"paths": {
            "/sign": {"post": {"operationId": "sign"}},
            "/v2/sign": {"$ref": "#/paths/~1sign"},
        }}));
        assert_eq!(document["paths"]["/v2/sign"]["post"]["operationId"], "sign");
    }

    #[test]
    fn what_no_client_needs_goes() {
        let document = normalised(json!({
            "paths": {
                "/gone": null,
                "/text": "see elsewhere",
                "x-note": {},
                "/sign": {"post": {
                    "tags": ["a"], "security": [{}], "servers": [], "callbacks": {}, "deprecated": 5,
                    "summary": {"not": "a text"}, "x-pos-class": "effect", "parameters": "none",
                }, "trace": {"operationId": "trace"}, "get": null},
            },
            "servers": [], "security": [], "tags": "none",
        }));
        assert_eq!(
            document,
            json!({
                "paths": {"/sign": {"post": {"x-pos-class": "effect", "parameters": []}}},
                "components": {"schemas": {}},
            })
        );
    }
}
