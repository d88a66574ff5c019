//! Request bodies: one media type each, and never optional by accident.

use serde_json::{Map, Value, json};

use crate::document;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, notes: &mut Notes) {
    for endpoint in document::endpoints(document) {
        let Some(operation) = document::operation_mut(document, &endpoint) else {
            continue;
        };
        let Some(body) = operation.remove("requestBody") else {
            continue;
        };
        let content = body.get("content").and_then(Value::as_object);
        let Some(content) = content.filter(|content| !content.is_empty()) else {
            continue;
        };
        let mut note = |rule| {
            let types: Vec<&str> = content.keys().map(String::as_str).collect();
            let subject = format!("{}: {}", endpoint.label(), types.join(", "));
            notes.add(Stage::Normalise, rule, subject);
        };
        if content.len() > 1 {
            note("request body with several media types");
        }
        let content = match json_schema(content) {
            Some(schema) => json!({"application/json": {"schema": schema}}),
            None => {
                note("request body sent as bytes");
                json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
            }
        };
        operation.insert(
            "requestBody".into(),
            json!({"required": true, "content": content}),
        );
    }
}

/// The schema of the JSON form, if `content` has one; any JSON if that has no schema.
pub(super) fn json_schema(content: &Map<String, Value>) -> Option<Value> {
    let holder = content.get("application/json").or_else(|| {
        content
            .iter()
            .find(|(kind, _)| is_json(kind))
            .map(|(_, holder)| holder)
    })?;
    let schema = holder.get("schema").filter(|schema| schema.is_object());
    Some(schema.cloned().unwrap_or_else(|| json!({})))
}

/// Whether `media_type` carries JSON: `application/json`, `text/json`, `application/*+json`.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(body: Value) -> Value {
        let mut document = json!({"paths": {"/a": {"post": {"requestBody": body}}}});
        run(&mut document, &mut Notes::default());
        document["paths"]["/a"]["post"]["requestBody"].take()
    }

    fn json_body(schema: Value) -> Value {
        json!({"required": true, "content": {"application/json": {"schema": schema}}})
    }

    #[test]
    fn the_exporters_three_media_types_are_one() {
        let (exact, other) = (json!({"type": "object"}), json!({"type": "string"}));
        let body = normalised(json!({"content": {
            "application/*+json": {"schema": other},
            "application/json": {"schema": exact},
            "text/json": {"schema": other},
        }}));
        assert_eq!(body, json_body(exact));
    }

    #[test]
    fn any_spelling_of_json_is_json() {
        for kind in [
            "text/json",
            "application/merge-patch+json",
            "Application/JSON; charset=utf-8",
        ] {
            let schema = json!({"type": "object"});
            let body = normalised(json!({"content": { kind: {"schema": schema, "example": 5} }}));
            assert_eq!(body, json_body(schema), "{kind}");
        }
    }

    #[test]
    fn a_form_without_schema_is_any_json() {
        for holder in [json!({}), json!(null), json!({"schema": null})] {
            let body = normalised(json!({"content": {"application/json": holder}}));
            assert_eq!(body, json_body(json!({})));
        }
    }

    #[test]
    fn what_is_no_json_is_bytes() {
        for kind in ["application/pdf", "multipart/form-data"] {
            let body = normalised(json!({"content": { kind: {} }}));
            assert_eq!(
                body["content"],
                json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
            );
        }
    }

    #[test]
    fn a_body_without_content_is_none() {
        for body in [
            json!(null),
            json!({}),
            json!({"content": {}}),
            json!({"content": 5}),
        ] {
            assert_eq!(normalised(body), Value::Null);
        }
    }
}
