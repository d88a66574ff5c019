//! Parameters: the facade's own headers leave the signatures, the rest becomes what is supported.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::document;
use crate::names::Names;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
    let original = document.clone();
    for endpoint in document::endpoints(&original) {
        let label = endpoint.label();
        let placeholders = placeholders(&endpoint.path);
        let Some(parameters) = document::operation_mut(document, &endpoint)
            .and_then(|operation| operation.get_mut("parameters"))
            .and_then(Value::as_array_mut)
        else {
            continue;
        };
        let mut note = |rule, name: &str| {
            notes.add(Stage::Normalise, rule, format!("{label} {name}"));
        };
        parameters.retain(|parameter| {
            let reason = reason_to_drop(parameter, &placeholders, names);
            if let Some(rule) = reason {
                note(rule, parameter["name"].as_str().unwrap_or_default());
            }
            reason.is_none()
        });
        for parameter in parameters.iter_mut().filter_map(Value::as_object_mut) {
            let name = parameter
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            if simplify(parameter, &original) == Kept::AsText {
                note("parameter taken as text", &name);
            }
        }
        for name in placeholders {
            let is_declared = parameters
                .iter()
                .any(|parameter| parameter["in"] == "path" && parameter["name"] == *name);
            if !is_declared {
                note("undeclared path parameter", &name);
                parameters.push(json!({
                    "name": name, "in": "path", "required": true, "schema": {"type": "string"}
                }));
            }
        }
    }
}

fn reason_to_drop(
    parameter: &Value,
    placeholders: &BTreeSet<String>,
    names: &Names,
) -> Option<&'static str> {
    // A broken reference stays, so that it is reported with its place.
    if document::reference(parameter).is_some() {
        return None;
    }
    let name = parameter["name"].as_str().unwrap_or_default();
    let is_sent_by_facade = || names.facade_headers.contains(&name.to_ascii_lowercase());
    match parameter["in"].as_str() {
        Some("header") if is_sent_by_facade() => Some("header sent by the facade"),
        Some("path") if placeholders.contains(name) => None,
        Some("header" | "query") => None,
        _ => Some("parameter that cannot be sent"),
    }
}

/// How much of a parameter's type could be kept.
#[derive(PartialEq, Eq)]
enum Kept {
    Whole,
    AsText,
}

/// Leaves the members that the generator reads, and a type that can be written into a URL or a
/// header: a union or an enumeration would need a `Display` of its own.
fn simplify(parameter: &mut Map<String, Value>, original: &Value) -> Kept {
    if parameter.contains_key("$ref") {
        return Kept::Whole;
    }
    let is_query = parameter.get("in") == Some(&"query".into());
    // Only the default style repeats the name for each element, as the client does.
    let repeats = is_query
        && parameter.get("explode") != Some(&false.into())
        && parameter.get("style").is_none_or(|style| style == "form");
    let published = parameter.remove("schema").unwrap_or(Value::Null);
    let published = document::meaning(original, &published);
    let list = published
        .get("items")
        .filter(|_| repeats && published.get("type") == Some(&"array".into()));
    let (schema, kept) = match list {
        Some(items) => {
            let (items, kept) = plain(document::meaning(original, items));
            (json!({ "type": "array", "items": items }), kept)
        }
        None => plain(published),
    };
    let is_required = parameter.get("in") == Some(&"path".into())
        || parameter.get("required") == Some(&true.into());
    parameter.retain(|member, value| {
        matches!(member.as_str(), "name" | "in") || (member == "description" && value.is_string())
    });
    parameter.insert("required".into(), is_required.into());
    parameter.insert("schema".into(), schema);
    kept
}

/// A type without limits, and whether it is still the published one.
fn plain(published: &Value) -> (Value, Kept) {
    let kind = published.get("type").and_then(Value::as_str);
    let format = published.get("format").and_then(Value::as_str);
    match (kind, format) {
        (Some("integer" | "number" | "boolean"), Some(format)) => {
            (json!({ "type": kind, "format": format }), Kept::Whole)
        }
        (Some("integer" | "number" | "boolean"), None) => (json!({ "type": kind }), Kept::Whole),
        (Some("string") | None, Some("uuid")) => {
            (json!({ "type": "string", "format": "uuid" }), Kept::Whole)
        }
        (Some("string"), None) if published.get("enum").is_none() => {
            (json!({ "type": "string" }), Kept::Whole)
        }
        _ => (json!({ "type": "string" }), Kept::AsText),
    }
}

/// The names between braces in a path.
fn placeholders(path: &str) -> BTreeSet<String> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(path: &str, parameters: Value) -> (Value, Vec<String>) {
        let mut document = json!({
            "paths": { path: {"get": {"parameters": parameters}} },
            "components": {"schemas": {
                "Width": {"type": "integer", "format": "int32", "maximum": 80},
                "Mode": {"type": "string", "enum": ["a"]},
            }},
        });
        let names = Names::parse("facade_headers: [X-Cashbox-ID]", "n").unwrap();
        let mut notes = Notes::default();
        run(&mut document, &names, &mut notes);
        let notes = notes.into_vec().iter().map(ToString::to_string).collect();
        (document["paths"][path]["get"]["parameters"].take(), notes)
    }

    fn schema_of(parameter: Value) -> Value {
        normalised("/a", json!([parameter])).0[0]["schema"].take()
    }

    #[test]
    fn headers_of_the_facade_go_in_any_case() {
        let (parameters, notes) = normalised(
            "/a",
            json!([
                {"name": "x-cashbox-id", "in": "header"},
                {"name": "X-CashBox-Id", "in": "header"},
                {"name": "x-cashbox-id", "in": "query"},
                {"name": "x-print-width", "in": "header"},
            ]),
        );
        let names: Vec<_> = parameters
            .as_array()
            .unwrap()
            .iter()
            .map(|p| &p["name"])
            .collect();
        assert_eq!(names, ["x-cashbox-id", "x-print-width"]);
        assert_eq!(parameters[0]["in"], "query");
        assert!(
            notes[0].contains("header sent by the facade: GET /a x-cashbox-id"),
            "{notes:?}"
        );
    }

    #[test]
    fn what_cannot_be_sent_goes() {
        let (parameters, notes) = normalised(
            "/a/{id}",
            json!([
                {"name": "session", "in": "cookie"},
                {"name": "gone", "in": "path"},
                {"name": "where", "in": "the middle"},
                {"name": "nowhere"},
                "text", null, 5,
                {"name": "id", "in": "path"},
            ]),
        );
        assert_eq!(parameters.as_array().unwrap().len(), 1);
        assert_eq!(parameters[0]["name"], "id");
        assert_eq!(notes.len(), 8, "{notes:?}");
    }

    #[test]
    fn path_parameters_are_required_and_declared() {
        let (parameters, _) = normalised(
            "/a/{id}/{other}/{id}",
            json!([{"name": "id", "in": "path", "required": false, "schema": {"type": "integer"}}]),
        );
        assert_eq!(
            parameters,
            json!([
                {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
                {"name": "other", "in": "path", "required": true, "schema": {"type": "string"}},
            ])
        );
    }

    #[test]
    fn plain_types_stay_without_their_limits() {
        let parameter = json!({
            "name": "a", "in": "query", "description": "d", "required": "yes", "example": 5,
            "schema": {"$ref": "#/components/schemas/Width"}, "deprecated": 5,
        });
        let (parameters, notes) = normalised("/a", json!([parameter]));
        assert_eq!(
            parameters,
            json!([{
                "name": "a", "in": "query", "description": "d", "required": false,
                "schema": {"type": "integer", "format": "int32"},
            }])
        );
        assert!(notes.is_empty(), "{notes:?}");
        for schema in [
            json!({"type": "boolean"}),
            json!({"type": "string", "format": "uuid"}),
        ] {
            let parameter = json!({"name": "a", "in": "header", "schema": schema});
            assert_eq!(schema_of(parameter), schema);
        }
    }

    #[test]
    fn other_types_are_taken_as_text_and_that_is_noted() {
        for schema in [
            json!({"$ref": "#/components/schemas/Mode"}),
            json!({"oneOf": [{"type": "integer"}, {"type": "string"}]}),
            json!({"type": "string", "format": "date-time"}),
            json!({"type": "object"}),
            json!({"type": ["string", "null"]}),
        ] {
            let parameter = json!({"name": "a", "in": "query", "schema": schema});
            let (parameters, notes) = normalised("/a", json!([parameter]));
            assert_eq!(parameters[0]["schema"], json!({"type": "string"}));
            assert_eq!(notes, ["normalise: parameter taken as text: GET /a a"]);
        }
        let content = json!({"name": "a", "in": "query", "content": {"application/json": {}}});
        assert_eq!(schema_of(content), json!({"type": "string"}));
    }

    #[test]
    fn a_list_stays_one_where_the_client_writes_it_as_declared() {
        let list = json!({"type": "array", "items": {"$ref": "#/components/schemas/Width"}});
        let query = json!({"name": "a", "in": "query", "schema": list});
        assert_eq!(
            schema_of(query),
            json!({"type": "array", "items": {"type": "integer", "format": "int32"}})
        );
        for other in [
            json!({"name": "a", "in": "query", "explode": false, "schema": list}),
            json!({"name": "a", "in": "query", "style": "pipeDelimited", "schema": list}),
            json!({"name": "a", "in": "header", "schema": list}),
        ] {
            assert_eq!(schema_of(other), json!({"type": "string"}));
        }
    }
}
