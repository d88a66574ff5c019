//! `oneOf` and `anyOf`: numbers become one number, shapes that differ become free JSON.

use serde_json::{Map, Value, json};

use crate::document;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, notes: &mut Notes) {
    let original = document.clone();
    let mut free: Vec<String> = Vec::new();
    document::each_schema(document, &mut |schema, place| {
        let Some((keyword, alternatives)) = alternatives(schema) else {
            return;
        };
        let kinds: Vec<Kind> = alternatives
            .iter()
            .map(|alternative| kind(document::resolve(&original, alternative)))
            .collect();
        let description = schema.get("description").cloned();
        let replacement = if kinds.iter().all(|kind| *kind == Kind::Number) {
            Some(number(&alternatives))
        } else if keyword == "anyOf" && kinds.iter().all(|kind| *kind == Kind::Text) {
            // An enum or any string: the enum, which is made open anyway.
            alternatives
                .iter()
                .find(|alternative| {
                    document::resolve(&original, alternative)
                        .get("enum")
                        .is_some()
                })
                .cloned()
                .or_else(|| Some(json!({"type": "string"})))
        } else if kinds.contains(&Kind::Object) && kinds.iter().any(|kind| *kind != Kind::Object)
            || kinds.contains(&Kind::Any)
        {
            free.push(place.trail.join("."));
            Some(json!({}))
        } else {
            None
        };
        if let Some(mut replacement) = replacement {
            if let (Some(object), Some(text)) = (replacement.as_object_mut(), description) {
                if !object.contains_key("$ref") {
                    object.insert("description".into(), text);
                }
            }
            *schema = replacement;
        } else if let Some(object) = schema.as_object_mut() {
            // Neither is understood by the generator; alternatives are tried in order instead.
            object.remove("discriminator");
            if let Some(list) = object.remove("anyOf") {
                object.insert("oneOf".into(), list);
            }
        }
    });
    for member in free {
        notes.add(
            Stage::Normalise,
            "object or text, kept as free JSON",
            member,
        );
    }
}

/// The alternatives of a union, without the ones that say nothing but "or null".
fn alternatives(schema: &Value) -> Option<(&'static str, Vec<Value>)> {
    if schema.get("properties").is_some() {
        return None;
    }
    ["oneOf", "anyOf"].into_iter().find_map(|keyword| {
        let list = schema.get(keyword)?.as_array()?;
        Some((keyword, list.clone()))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Object,
    Other,
    Any,
}

fn kind(schema: &Value) -> Kind {
    match schema.get("type").and_then(Value::as_str) {
        Some("integer" | "number") => Kind::Number,
        Some("string") if schema.get("format") == Some(&"decimal".into()) => Kind::Number,
        Some("string") => Kind::Text,
        Some("object") => Kind::Object,
        Some(_) => Kind::Other,
        None if schema.get("properties").is_some() || schema.get("allOf").is_some() => Kind::Object,
        None if schema.as_object().is_some_and(Map::is_empty) => Kind::Any,
        None => Kind::Other,
    }
}

/// One number schema that holds all alternatives: a fraction as soon as one of them is.
fn number(alternatives: &[Value]) -> Value {
    let whole = alternatives
        .iter()
        .all(|alternative| alternative.get("type") == Some(&"integer".into()));
    if whole {
        alternatives.first().cloned().unwrap_or_else(|| json!({}))
    } else {
        json!({"type": "number"})
    }
}
