//! Objects: unknown members are kept, server-side limits are left to the server, and a response
//! is readable without the members it can do without.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::document;
use crate::names::Names;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
    let response_only = response_only(document);
    let mut relaxed = BTreeSet::new();
    document::each_schema(document, &mut |schema, place| {
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        keep_what_types_are_made_of(object);
        keep_unknown_members(object);
        require_declared(object);
        if place.component && response_only.contains(&place.trail[0]) {
            let is_indispensable = |name: &str| names.indispensable.iter().any(|keep| keep == name);
            if retain_required(object, is_indispensable) {
                relaxed.insert(place.trail[0].clone());
            }
        }
    });
    for name in relaxed {
        notes.add(Stage::Normalise, "response members made optional", name);
    }
}

/// Drops the keywords that do not end in a type.
///
/// Limits, `not` and `default` are among them: the generator would enforce them on answers as
/// well, and lose a whole answer to one member.
fn keep_what_types_are_made_of(object: &mut Map<String, Value>) {
    if !object.contains_key("type") {
        let implied = [("properties", "object"), ("items", "array")]
            .into_iter()
            .find(|(keyword, _)| object.contains_key(*keyword));
        if let Some((_, kind)) = implied {
            object.insert("type".into(), kind.into());
        }
    }
    let whole = ["$ref", "allOf", "oneOf"]
        .into_iter()
        .find(|keyword| object.contains_key(*keyword));
    let used: &[&str] = match (whole, object.get("type").map(Value::as_str)) {
        (Some(whole), _) => &[whole],
        (None, Some(Some("object"))) => &["properties", "required", "additionalProperties"],
        (None, Some(Some("array"))) => &["items"],
        (None, Some(Some("string"))) => &["enum", "format"],
        (None, Some(_)) => &["format"],
        (None, None) => &[],
    };
    object.retain(|keyword, _| {
        used.contains(&keyword.as_str())
            || keyword == "description"
            || (keyword == "type" && whole.is_none())
    });
}

/// Members of a later revision have a place: beside the declared ones, or in a map.
fn keep_unknown_members(object: &mut Map<String, Value>) {
    let has_members = object
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| !properties.is_empty());
    // An empty schema, not `true`: only this makes the generator keep what it does not know.
    if has_members {
        object.insert("additionalProperties".into(), json!({}));
    } else if object.get("type") == Some(&"object".into()) {
        object.remove("properties");
        let is_typed_map = object
            .get("additionalProperties")
            .and_then(Value::as_object)
            .is_some_and(|values| !values.is_empty());
        if !is_typed_map {
            // An object that says nothing is any JSON: servers put texts and lists in its place.
            object.remove("type");
            object.remove("additionalProperties");
        }
    }
}

/// A member has to be declared to be required.
fn require_declared(object: &mut Map<String, Value>) {
    let declared: BTreeSet<String> = object
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect();
    retain_required(object, |name| declared.contains(name));
}

/// Keeps the required members that `keep` names; returns whether one was dropped.
fn retain_required(object: &mut Map<String, Value>, keep: impl Fn(&str) -> bool) -> bool {
    let Some(required) = object.get_mut("required") else {
        return false;
    };
    let mut dropped = false;
    if let Some(list) = required.as_array_mut() {
        let before = list.len();
        list.retain(|name| name.as_str().is_some_and(&keep));
        dropped = list.len() < before;
    }
    if required.as_array().is_none_or(Vec::is_empty) {
        object.remove("required");
    }
    dropped
}

/// Components that answers use and requests do not.
///
/// A whole answer inside a request, as `/issue` has it, is still an answer that is passed on.
fn response_only(document: &Value) -> BTreeSet<String> {
    let operations: Vec<_> = document::endpoints(document)
        .iter()
        .filter_map(|endpoint| document::operation(document, endpoint))
        .collect();
    let bodies: Vec<&Value> = operations
        .iter()
        .filter_map(|operation| json_schema(operation.get("requestBody")?))
        .collect();
    let answers: Vec<&Value> = operations
        .iter()
        .filter_map(|operation| json_schema(operation.get("responses")?.get("2XX")?))
        .collect();
    let mut parts = BTreeSet::new();
    listed(document, &bodies, &mut parts);
    let whole_answers: BTreeSet<&str> = answers
        .iter()
        .filter_map(|schema| document::element_name(schema))
        // What a request lists is a part of it, even if another call answers with one.
        .filter(|name| !parts.contains(*name))
        .filter(|name| {
            !bodies
                .iter()
                .any(|body| document::element_name(body) == Some(name))
        })
        .collect();
    let requests = document::reached(document, &bodies, &whole_answers);
    let responses = document::reached(document, &answers, &BTreeSet::new());
    responses.difference(&requests).cloned().collect()
}

/// Adds the components that stand in lists of `schemas` and of what they lead to.
fn listed<'a>(document: &'a Value, schemas: &[&'a Value], found: &mut BTreeSet<&'a str>) {
    let all = document::schemas(document);
    let reached = document::reached(document, schemas, &BTreeSet::new());
    let components = reached.iter().filter_map(|name| all?.get(name));
    let mut open: Vec<&Value> = schemas.iter().copied().chain(components).collect();
    while let Some(value) = open.pop() {
        if let Some(items) = value.get("items") {
            found.extend(document::element_name(items));
        }
        match value {
            Value::Object(object) => open.extend(object.values()),
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
}

fn json_schema(holder: &Value) -> Option<&Value> {
    holder
        .get("content")?
        .get("application/json")?
        .get("schema")
}

#[cfg(test)]
mod tests {
    use super::*;
    use document::schema_reference;

    fn object(schema: Value) -> Value {
        let mut document = json!({"paths": {}, "components": {"schemas": {"A": schema}}});
        run(&mut document, &Names::default(), &mut Notes::default());
        document["components"]["schemas"]["A"].take()
    }

    #[test]
    fn unknown_members_are_kept_whatever_the_document_says() {
        for additional in [json!(false), json!(true), json!({"type": "string"})] {
            let schema = object(json!({
                "properties": {"a": {"type": "string"}}, "additionalProperties": additional,
            }));
            assert_eq!(schema["additionalProperties"], json!({}));
            assert_eq!(schema["type"], "object");
        }
        for schema in [
            json!({"type": "object"}),
            json!({"type": "object", "properties": {}}),
            json!({"type": "object", "additionalProperties": false}),
            json!({"type": "object", "additionalProperties": {}}),
        ] {
            assert_eq!(object(schema), json!({}));
        }
    }

    #[test]
    fn a_map_keeps_the_type_of_its_values() {
        let map = json!({"type": "object", "additionalProperties": {"type": "string"}});
        assert_eq!(object(map.clone()), map);
    }

    #[test]
    fn limits_are_left_to_the_server() {
        let schema = object(json!({
            "type": "string", "maxLength": 3, "minLength": 3, "pattern": "^A", "default": "EUR",
            "example": "EUR", "title": "t", "not": {"enum": ["X"]}, "readOnly": true, "x-note": 1,
            "externalDocs": 5, "deprecated": "yes",
        }));
        assert_eq!(schema, json!({"type": "string"}));
    }

    #[test]
    fn keywords_of_another_type_go() {
        for (schema, expected) in [
            (json!({"format": "date", "required": ["a"]}), json!({})),
            (
                json!({"type": "integer", "items": {}, "format": "int32"}),
                json!({"type": "integer", "format": "int32"}),
            ),
            (
                json!({"items": {"type": "string"}}),
                json!({"type": "array", "items": {"type": "string"}}),
            ),
            (
                json!({"$ref": "#/components/schemas/B", "type": "string"}),
                schema_reference("B"),
            ),
        ] {
            assert_eq!(object(schema), expected);
        }
    }

    #[test]
    fn only_declared_members_can_be_required() {
        let schema = object(json!({
            "properties": {"a": {"type": "string"}}, "required": ["a", "gone", 5],
        }));
        assert_eq!(schema["required"], json!(["a"]));
        for required in [json!(["gone"]), json!("a"), json!([])] {
            let schema = object(json!({
                "properties": {"a": {"type": "string"}}, "required": required,
            }));
            assert_eq!(schema.get("required"), None);
        }
    }

    /// `/sign` answers with `Answer`, which `/issue` takes inside its request.
    fn two_calls() -> Value {
        let holder = |name: &str| json!({"content": {"application/json": {"schema": schema_reference(name)}}});
        let list = json!({"content": {"application/json": {"schema": {
            "type": "array", "items": schema_reference("Row"),
        }}}});
        let members = |inner: &str| {
            json!({
                "properties": {"ftState": {"type": "string"}, "inner": schema_reference(inner)},
                "required": ["ftState", "inner"],
            })
        };
        json!({
            "paths": {
                "/sign": {"post": {"requestBody": holder("Request"), "responses": {"2XX": holder("Answer")}}},
                "/issue": {"post": {"requestBody": holder("Issue"), "responses": {"2XX": list}}},
                "/cart": {"put": {"requestBody": holder("Cart"), "responses": {"2XX": holder("Cart")}}},
            },
            "components": {"schemas": {
                "Request": members("Shared"), "Answer": members("Part"), "Issue": members("Answer"),
                "Part": members("Shared"), "Shared": members("Shared"), "Row": members("Part"),
                "Cart": members("Shared"),
            }},
        })
    }

    #[test]
    fn answers_are_readable_without_what_is_dispensable() {
        let mut document = two_calls();
        let names = Names::parse("indispensable: [ftState]", "n").unwrap();
        run(&mut document, &names, &mut Notes::default());
        let required = |name: &str| document["components"]["schemas"][name]["required"].clone();
        for answer in ["Answer", "Part", "Row"] {
            assert_eq!(required(answer), json!(["ftState"]), "{answer}");
        }
        for request in ["Request", "Issue", "Shared", "Cart"] {
            assert_eq!(required(request), json!(["ftState", "inner"]), "{request}");
        }
    }

    #[test]
    fn an_answer_without_indispensable_members_requires_nothing() {
        let mut document = two_calls();
        run(&mut document, &Names::default(), &mut Notes::default());
        assert_eq!(
            document["components"]["schemas"]["Answer"].get("required"),
            None
        );
    }
}
