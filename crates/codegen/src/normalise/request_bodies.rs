//! Request bodies: one media type each, and never optional by accident.

use serde_json::{Value, json};

use crate::document;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, notes: &mut Notes) {
    for endpoint in document::endpoints(document) {
        let Some(operation) = document::operation_mut(document, &endpoint) else {
            continue;
        };
        let Some(content) = operation
            .get("requestBody")
            .and_then(|body| body.get("content"))
            .and_then(Value::as_object)
            .filter(|content| !content.is_empty())
        else {
            operation.remove("requestBody");
            continue;
        };
        let json_schema = content
            .iter()
            .find(|(media_type, _)| is_json(media_type))
            .map(|(_, holder)| holder.get("schema").cloned().unwrap_or_else(|| json!({})));
        if content.len() > 1 {
            let others: Vec<&str> = content.keys().map(String::as_str).collect();
            notes.add(
                Stage::Normalise,
                "request body with several media types",
                format!("{}: {}", endpoint.label(), others.join(", ")),
            );
        }
        let content = match json_schema {
            Some(schema) => json!({"application/json": {"schema": schema}}),
            None => {
                json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
            }
        };
        operation.insert(
            "requestBody".into(),
            json!({"required": true, "content": content}),
        );
    }
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
