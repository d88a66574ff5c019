//! Responses: one success and one error shape for each operation.
//!
//! The generator decodes by declared type alone and takes one type a side, while the exporter
//! lists every status, some with a body and some without.

use serde_json::{Map, Value, json};

use super::request_bodies::is_json;
use crate::document;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, notes: &mut Notes) {
    let problem = problem_schema(document);
    for endpoint in document::endpoints(document) {
        let Some(operation) = document::operation_mut(document, &endpoint) else {
            continue;
        };
        let responses = operation
            .get("responses")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let success = success(&responses);
        let statuses: Vec<&str> = responses.keys().map(String::as_str).collect();
        notes.add(
            Stage::Normalise,
            "responses merged",
            format!(
                "{}: {} -> {}",
                endpoint.label(),
                statuses.join(", "),
                success.label()
            ),
        );
        let error = json!({
            "description": "The request was refused or failed.",
            "content": {"application/json": {"schema": problem}},
        });
        operation.insert(
            "responses".into(),
            json!({"2XX": success.response(), "4XX": error, "5XX": error}),
        );
    }
}

/// What a successful answer of an operation carries.
enum Success {
    Json(Value),
    Bytes,
    Nothing,
}

impl Success {
    fn label(&self) -> &'static str {
        match self {
            Self::Json(_) => "JSON",
            Self::Bytes => "bytes",
            Self::Nothing => "nothing",
        }
    }

    fn response(&self) -> Value {
        let description = "Success.";
        match self {
            Self::Json(schema) => json!({
                "description": description,
                "content": {"application/json": {"schema": schema}},
            }),
            Self::Bytes => json!({
                "description": description,
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }),
            Self::Nothing => json!({ "description": description }),
        }
    }
}

fn success(responses: &Map<String, Value>) -> Success {
    let mut schemas: Vec<Value> = Vec::new();
    let mut bytes = false;
    let mut empty = false;
    let successes = responses
        .iter()
        .filter(|(status, _)| status.starts_with('2') || is_only_default(responses, status));
    for (_, response) in successes {
        let content = response.get("content").and_then(Value::as_object);
        let Some(content) = content.filter(|content| !content.is_empty()) else {
            empty = true;
            continue;
        };
        let json = content.iter().find(|(media_type, _)| is_json(media_type));
        // `text/plain` beside JSON is the exporter's habit; other types are other documents.
        let others = content
            .keys()
            .any(|media_type| !is_json(media_type) && !media_type.starts_with("text/plain"));
        match json {
            Some((_, holder)) if !others => {
                let schema = holder.get("schema").cloned().unwrap_or_else(|| json!({}));
                if !schemas.contains(&schema) {
                    schemas.push(schema);
                }
            }
            _ => bytes = true,
        }
    }
    match (schemas.len(), bytes, empty) {
        (0, false, _) => Success::Nothing,
        (1, false, false) => Success::Json(schemas.remove(0)),
        // 200 with a body beside 204 without: the caller has to look at the status first.
        (1, false, true) | (_, true, _) => Success::Bytes,
        (_, false, _) => Success::Json(json!({})),
    }
}

/// A lone `default` describes success too.
fn is_only_default(responses: &Map<String, Value>, status: &str) -> bool {
    status == "default" && !responses.keys().any(|status| status.starts_with('2'))
}

/// The schema of errors: what most problem responses refer to, or any JSON.
fn problem_schema(document: &Value) -> Value {
    for endpoint in document::endpoints(document) {
        let Some(responses) = document::operation(document, &endpoint)
            .and_then(|operation| operation.get("responses"))
            .and_then(Value::as_object)
        else {
            continue;
        };
        for (status, response) in responses {
            if status.starts_with('2') {
                continue;
            }
            let content = response.get("content").and_then(Value::as_object);
            let schema = content
                .into_iter()
                .flatten()
                .find(|(media_type, _)| is_json(media_type))
                .and_then(|(_, holder)| holder.get("schema"));
            if let Some(schema) = schema.filter(|schema| document::schema_name(schema).is_some()) {
                return schema.clone();
            }
        }
    }
    json!({})
}
