//! Responses: one success and one error shape for each operation.
//!
//! The generator decodes by declared type alone and takes one type a side, while the exporter
//! lists every status, some with a body and some without.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::request_bodies::{is_json, json_schema};
use crate::document;
use crate::names::Names;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
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
        let role = format!("{} response", endpoint.label());
        let is_awaited = names.schemas.iter().any(|entry| entry.role == role);
        let success = success(&responses, is_awaited);
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

fn success(responses: &Map<String, Value>, is_awaited: bool) -> Success {
    let mut schemas: Vec<Value> = Vec::new();
    let mut bytes = false;
    let mut empty = false;
    let successes = responses
        .iter()
        .filter(|(status, _)| is_success(responses, status));
    for (_, response) in successes {
        let content = response.get("content").and_then(Value::as_object);
        let Some(content) = content.filter(|content| !content.is_empty()) else {
            empty = true;
            continue;
        };
        // `text/plain` beside JSON is the exporter's habit; other types are other documents.
        let has_other_documents = content
            .keys()
            .any(|media_type| !is_json(media_type) && !media_type.starts_with("text/plain"));
        match json_schema(content) {
            Some(schema) if !has_other_documents => {
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
        // The table counts on an answer: one without a body is none.
        (1, false, true) if is_awaited => Success::Json(schemas.remove(0)),
        // 200 with a body beside 204 without: the caller has to look at the status first.
        (1, false, true) | (_, true, _) => Success::Bytes,
        (_, false, _) => Success::Json(json!({})),
    }
}

/// A status of success, or a lone `default`, which describes success too.
fn is_success(responses: &Map<String, Value>, status: &str) -> bool {
    status.starts_with('2')
        || (status == "default" && !responses.keys().any(|status| status.starts_with('2')))
}

/// The schema of errors: the component that most of them refer to, or any JSON.
fn problem_schema(document: &Value) -> Value {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for endpoint in document::endpoints(document) {
        let responses = document::operation(document, &endpoint)
            .and_then(|operation| operation.get("responses"))
            .and_then(Value::as_object);
        let Some(responses) = responses else {
            continue;
        };
        for (status, response) in responses {
            let is_error = status.starts_with(['4', '5']) || status == "default";
            if !is_error || is_success(responses, status) {
                continue;
            }
            let schema = response
                .get("content")
                .and_then(Value::as_object)
                .and_then(json_schema);
            if let Some(name) = schema.as_ref().and_then(document::schema_name) {
                *uses.entry(name.to_owned()).or_default() += 1;
            }
        }
    }
    // The first by name among equals, so that two runs agree.
    let most = uses.iter().rev().max_by_key(|(_, count)| **count);
    most.map_or_else(|| json!({}), |(name, _)| document::schema_reference(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use document::schema_reference;

    fn json_of(name: &str) -> Value {
        json!({"content": {"application/json": {"schema": schema_reference(name)}}})
    }

    fn success_of(responses: Value) -> Value {
        let mut document = json!({"paths": {"/a": {"get": {"responses": responses}}}});
        run(&mut document, &Names::default(), &mut Notes::default());
        let responses = &document["paths"]["/a"]["get"]["responses"];
        let statuses: Vec<_> = responses.as_object().unwrap().keys().collect();
        assert_eq!(statuses, ["2XX", "4XX", "5XX"]);
        responses["2XX"].get("content").cloned().unwrap_or_default()
    }

    fn error_of(operations: Value) -> Value {
        let mut document = json!({ "paths": {"/a": operations} });
        run(&mut document, &Names::default(), &mut Notes::default());
        let responses = &document["paths"]["/a"]["get"]["responses"];
        assert_eq!(responses["4XX"], responses["5XX"]);
        responses["4XX"]["content"]["application/json"]["schema"].clone()
    }

    fn bytes() -> Value {
        json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
    }

    #[test]
    fn several_statuses_with_one_schema_are_one() {
        let responses = json!({"200": json_of("A"), "201": json_of("A"), "400": json_of("P")});
        assert_eq!(success_of(responses), json_of("A")["content"]);
    }

    #[test]
    fn an_answer_the_table_counts_on_is_json_even_beside_none() {
        let responses = json!({"200": json_of("A"), "204": {"description": "not yet"}});
        let mut document = json!({"paths": {"/a": {"get": {"responses": responses}}}});
        let names = Names::parse("schemas: [{role: GET /a response, name: A}]", "n").unwrap();
        run(&mut document, &names, &mut Notes::default());
        let success = &document["paths"]["/a"]["get"]["responses"]["2XX"];
        assert_eq!(success["content"], json_of("A")["content"]);
    }

    #[test]
    fn several_schemas_are_any_json() {
        let responses = json!({"200": json_of("A"), "202": json_of("B")});
        assert_eq!(
            success_of(responses),
            json!({"application/json": {"schema": {}}})
        );
    }

    #[test]
    fn a_body_beside_none_is_bytes() {
        let responses = json!({"200": json_of("A"), "204": {"description": "not yet"}});
        assert_eq!(success_of(responses), bytes());
    }

    #[test]
    fn several_documents_are_bytes() {
        let responses = json!({"200": {"content": {
            "application/json": {"schema": schema_reference("A")}, "image/png": {}, "application/pdf": {},
        }}});
        assert_eq!(success_of(responses), bytes());
        assert_eq!(
            success_of(json!({"200": {"content": {"image/png": {}}}})),
            bytes()
        );
        assert_eq!(
            success_of(json!({"200": {"content": {"text/plain": {}}}})),
            bytes()
        );
    }

    #[test]
    fn the_exporters_three_media_types_are_json() {
        let schema = json!({"schema": schema_reference("A")});
        let responses = json!({"200": {"content": {
            "application/json": schema, "text/json": schema, "text/plain": schema,
        }}});
        assert_eq!(success_of(responses), json_of("A")["content"]);
    }

    #[test]
    fn no_content_is_nothing() {
        for responses in [
            json!({"200": {"description": "ok"}, "204": {"content": {}}}),
            json!({"200": null}),
            json!({"400": json_of("P")}),
            json!({}),
            json!(null),
        ] {
            assert_eq!(success_of(responses), Value::Null);
        }
    }

    #[test]
    fn a_lone_default_is_success_and_no_error() {
        let responses = json!({"default": json_of("A")});
        assert_eq!(success_of(responses.clone()), json_of("A")["content"]);
        assert_eq!(
            error_of(json!({"get": {"responses": responses}})),
            json!({})
        );
    }

    #[test]
    fn errors_are_what_most_of_them_are() {
        let problem = json!({"content": {"application/problem+json": {"schema": schema_reference("Problem")}}});
        let responses = json!({
            "200": json_of("A"), "301": json_of("A"), "302": json_of("A"), "303": json_of("A"),
            "400": json_of("Other"), "401": {}, "409": problem, "default": problem,
        });
        assert_eq!(
            error_of(json!({"get": {"responses": responses}})),
            schema_reference("Problem")
        );
    }

    #[test]
    fn equal_counts_go_by_name() {
        let responses = json!({"400": json_of("B"), "409": json_of("A")});
        assert_eq!(
            error_of(json!({"get": {"responses": responses}})),
            schema_reference("A")
        );
    }
}
