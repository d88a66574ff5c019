//! The JSON schemas of the types describe what is really written: every fixture fits its schema.

#![cfg(feature = "schemars")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::path::Path;

use pos_system_api::types::{
    ChargeItem, EchoRequest, EchoResponse, IssueRequest, IssueResponse, JournalRequest, PayItem,
    PayRequest, PayResponse, ProblemDetails, ReceiptRequest, ReceiptResponse, SignatureItem,
};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The schema of a type by the kind of its fixtures.
fn schema_of(kind: &str) -> Value {
    match kind {
        "receipt-request" => schema_for!(ReceiptRequest),
        "receipt-response" => schema_for!(ReceiptResponse),
        "issue-request" => schema_for!(IssueRequest),
        "issue-response" => schema_for!(IssueResponse),
        "pay-request" => schema_for!(PayRequest),
        "pay-response" => schema_for!(PayResponse),
        "journal" => schema_for!(JournalRequest),
        "echo" => schema_for!(EchoRequest),
        "problem" => schema_for!(ProblemDetails),
        kind => panic!("{kind} has no schema"),
    }
    .to_value()
}

/// What the library writes for a fixture, without the amounts a JSON value cannot hold.
fn written<T: DeserializeOwned + Serialize>(json: &str) -> Option<Value> {
    serde_json::to_value(serde_json::from_str::<T>(json).ok()?).ok()
}

fn written_as(kind: &str, json: &str) -> Option<Value> {
    match kind {
        "receipt-request" => written::<ReceiptRequest>(json),
        "receipt-response" => written::<ReceiptResponse>(json),
        "issue-request" => written::<IssueRequest>(json),
        "issue-response" => written::<IssueResponse>(json),
        "pay-request" => written::<PayRequest>(json),
        "pay-response" => written::<PayResponse>(json),
        "journal" => written::<JournalRequest>(json),
        "echo" => written::<EchoRequest>(json),
        "problem" => written::<ProblemDetails>(json),
        kind => panic!("{kind} has no type"),
    }
}

/// Follows a `$ref` into the document's definitions.
fn resolved<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let pointer = reference.trim_start_matches('#');
            let target = document.pointer(pointer);
            resolved(target.expect("a reference leads somewhere"), document)
        }
        None => schema,
    }
}

/// Whether a value has one of the types a schema allows.
fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("unknown type {other}"),
    }
}

/// What of `value` does not fit `schema`: types, required members, enumerations, alternatives.
fn misfits(path: &str, value: &Value, schema: &Value, document: &Value) -> Vec<String> {
    let schema = resolved(schema, document);
    let mut found = Vec::new();
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|name| has_type(value, name)) {
        found.push(format!("{path}: {value} is none of {types:?}"));
    }
    if let Some(Value::Array(allowed)) = schema.get("enum")
        && !allowed.contains(value)
    {
        found.push(format!("{path}: {value} is not listed"));
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(Value::Array(forms)) = schema.get(keyword) {
            let fits = forms
                .iter()
                .any(|form| misfits(path, value, form, document).is_empty());
            if !fits {
                found.push(format!("{path}: {value} fits none of {keyword}"));
            }
        }
    }
    match value {
        Value::Object(members) => found.extend(member_misfits(path, members, schema, document)),
        Value::Array(entries) => {
            if let Some(items) = schema.get("items") {
                for (index, entry) in entries.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    found.extend(misfits(&path, entry, items, document));
                }
            }
        }
        _ => {}
    }
    found
}

fn member_misfits(
    path: &str,
    members: &Map<String, Value>,
    schema: &Value,
    document: &Value,
) -> Vec<String> {
    let mut found = Vec::new();
    let required = schema.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        if !members.contains_key(name) {
            found.push(format!("{path}.{name} is missing"));
        }
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, value) in members {
        let property = properties.and_then(|properties| properties.get(name));
        match (property, schema.get("additionalProperties")) {
            (Some(property), _) => {
                found.extend(misfits(
                    &format!("{path}.{name}"),
                    value,
                    property,
                    document,
                ));
            }
            (None, Some(Value::Bool(false))) => found.push(format!("{path}.{name} is not allowed")),
            (None, Some(rest @ Value::Object(_))) => {
                found.extend(misfits(&format!("{path}.{name}"), value, rest, document));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn what_is_written_for_every_fixture_fits_its_schema() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut checked = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let kind = name.split('.').next().unwrap();
        let Some(value) = written_as(kind, &std::fs::read_to_string(&path).unwrap()) else {
            continue;
        };
        let schema = schema_of(kind);
        let found = misfits("$", &value, &schema, &schema);
        assert!(found.is_empty(), "{name}: {found:?}");
        checked += 1;
    }
    assert!(checked >= 12, "only {checked} fixtures were checked");
}

#[test]
fn a_schema_names_its_members_as_the_wire_does_and_says_what_they_are() {
    let schema = schema_of("receipt-request");
    let properties = schema["properties"].as_object().unwrap();
    for name in [
        "cbReceiptReference",
        "cbReceiptMoment",
        "cbChargeItems",
        "cbPayItems",
        "ftReceiptCase",
        "ftCashBoxID",
        "ftPosSystemId",
        "cbTerminalID",
    ] {
        assert!(properties.contains_key(name), "{name}");
    }
    // The list of unknown members is no member itself.
    assert!(!properties.contains_key("extra"));
    let case = resolved(&schema["$defs"]["ReceiptCase"], &schema);
    assert_eq!(case["type"], "integer");
    let amount = resolved(&schema["$defs"]["Amount"], &schema);
    assert_eq!(amount["type"], "number");
    let items = resolved(&properties["cbChargeItems"], &schema);
    assert_eq!(items["type"], "array");
}

#[test]
fn a_document_of_another_shape_does_not_fit() {
    let schema = schema_of("receipt-request");
    let wrong = serde_json::json!({"cbReceiptReference": 7, "cbChargeItems": {}, "cbPayItems": []});
    let found = misfits("$", &wrong, &schema, &schema);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn every_main_type_has_a_schema_with_a_description_of_its_own() {
    fn title<T: JsonSchema>() -> Value {
        let schema = schema_for!(T).to_value();
        assert_eq!(schema["type"], "object", "{schema}");
        schema["title"].clone()
    }
    let titles = [
        title::<ReceiptRequest>(),
        title::<ReceiptResponse>(),
        title::<ChargeItem>(),
        title::<PayItem>(),
        title::<SignatureItem>(),
        title::<PayRequest>(),
        title::<PayResponse>(),
        title::<IssueRequest>(),
        title::<IssueResponse>(),
        title::<JournalRequest>(),
        title::<EchoRequest>(),
        title::<EchoResponse>(),
        title::<ProblemDetails>(),
    ];
    let distinct: std::collections::BTreeSet<String> =
        titles.iter().map(ToString::to_string).collect();
    assert_eq!(distinct.len(), titles.len(), "{titles:?}");
}

/// A kind of value that the document and a schema can agree on; `None` where either leaves it open.
fn kind(schema: &Value, document: &Value) -> Option<&'static str> {
    let schema = resolved(schema, document);
    if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return kind(only, document);
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(alternatives) = schema[keyword].as_array() {
            let kinds: Vec<_> = alternatives
                .iter()
                .filter(|alternative| alternative["type"] != "null")
                .map(|alternative| kind(alternative, document))
                .collect();
            let first = kinds.first().copied().flatten();
            return first.filter(|_| kinds.iter().all(|kind| *kind == first));
        }
    }
    let name = match &schema["type"] {
        Value::Array(names) => names.iter().find(|name| *name != "null")?.as_str()?,
        name => name.as_str()?,
    };
    match name {
        "integer" | "number" => Some("number"),
        "string" => Some("string"),
        "boolean" => Some("boolean"),
        "array" => Some("array"),
        _ => None,
    }
}

#[test]
fn the_schemas_agree_with_the_document() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/pos-system-api.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let document: Value = serde_saphyr::from_str(&text).unwrap();
    for (name, schema) in [
        ("ReceiptRequest", schema_for!(ReceiptRequest)),
        ("ReceiptResponse", schema_for!(ReceiptResponse)),
        ("ChargeItem", schema_for!(ChargeItem)),
        ("PayItem", schema_for!(PayItem)),
        ("SignatureItem", schema_for!(SignatureItem)),
        ("PayRequest", schema_for!(PayRequest)),
        ("PayResponse", schema_for!(PayResponse)),
        ("IssueRequest", schema_for!(IssueRequest)),
        ("IssueResponse", schema_for!(IssueResponse)),
        ("JournalRequest", schema_for!(JournalRequest)),
        ("EchoRequest", schema_for!(EchoRequest)),
        ("EchoResponse", schema_for!(EchoResponse)),
        ("ProblemDetails", schema_for!(ProblemDetails)),
    ] {
        let ours = schema.to_value();
        let declared = &document["components"]["schemas"][name];
        let members = |schema: &Value| -> Vec<String> {
            schema["properties"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect()
        };
        assert_eq!(members(&ours), members(declared), "{name}");
        let required = |schema: &Value| schema["required"].as_array().cloned().unwrap_or_default();
        for member in required(&ours) {
            assert!(required(declared).contains(&member), "{name}.{member}");
        }
        for member in members(declared) {
            let (ours, declared) = (
                kind(&ours["properties"][&member], &ours),
                kind(&declared["properties"][&member], &document),
            );
            if let (Some(ours), Some(declared)) = (ours, declared) {
                assert_eq!(ours, declared, "{name}.{member}");
            }
        }
    }
}
