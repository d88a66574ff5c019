//! Nullable and wrapped schemas: a member that may be null is a member that may be absent.

use serde_json::Value;

use crate::document;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, notes: &mut Notes) {
    let mut wrapped = 0_usize;
    let mut relaxed: Vec<String> = Vec::new();
    document::each_schema(document, &mut |schema, place| {
        relax_required(schema, &place.trail.join("."), &mut relaxed);
    });
    document::each_schema(document, &mut |schema, _| {
        if let Some(object) = schema.as_object_mut() {
            object.remove("nullable");
        }
        unwrap_single(schema, &mut wrapped);
    });
    for member in relaxed {
        notes.add(
            Stage::Normalise,
            "required and nullable, read as optional",
            member,
        );
    }
    if wrapped > 0 {
        notes.add(
            Stage::Normalise,
            "allOf around one reference",
            format!("{wrapped} schemas"),
        );
    }
}

/// Takes nullable members out of `required`: the generator would refuse their absence.
fn relax_required(schema: &mut Value, place: &str, relaxed: &mut Vec<String>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let nullable: Vec<String> = properties
        .iter()
        .filter(|(_, property)| property.get("nullable") == Some(&true.into()))
        .map(|(name, _)| name.clone())
        .collect();
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| {
            let drop = name
                .as_str()
                .is_some_and(|name| nullable.iter().any(|nullable| nullable == name));
            if drop {
                relaxed.push(format!("{place}.{}", name.as_str().unwrap_or_default()));
            }
            !drop
        });
    }
}

/// `allOf: [{$ref}]` is how the exporter hangs a description on a reference.
fn unwrap_single(schema: &mut Value, wrapped: &mut usize) {
    let Some(object) = schema.as_object() else {
        return;
    };
    if object.contains_key("properties") || already_plain(object) {
        return;
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let Some([only]) = object
            .get(keyword)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        else {
            continue;
        };
        let only = only.clone();
        *schema = match document::schema_name(&only) {
            Some(name) => document::described_reference(name, schema),
            None => described(only, schema),
        };
        *wrapped += 1;
        return;
    }
}

/// `allOf` around a reference with nothing but a description beside it.
fn already_plain(object: &serde_json::Map<String, Value>) -> bool {
    object.contains_key("allOf")
        && object
            .keys()
            .all(|keyword| matches!(keyword.as_str(), "allOf" | "description"))
}

/// The inner schema with the outer description, which is about the member.
fn described(mut inner: Value, outer: &Value) -> Value {
    if let (Some(inner), Some(text)) = (inner.as_object_mut(), outer.get("description")) {
        inner.insert("description".into(), text.clone());
    }
    inner
}
