//! Nullable schemas: a member that may be null is a member that may be absent.

use serde_json::{Value, json};

use crate::document;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, notes: &mut Notes) {
    document::each_schema(document, &mut |schema, _| drop_null_alternatives(schema));
    // Before the keyword goes: a member is seen by the object that holds it.
    let original = document.clone();
    let mut relaxed: Vec<String> = Vec::new();
    document::each_schema(document, &mut |schema, place| {
        relax_required(&original, schema, &place.trail.join("."), &mut relaxed);
    });
    document::each_schema(document, &mut |schema, _| {
        if let Some(object) = schema.as_object_mut() {
            object.remove("nullable");
        }
    });
    for member in relaxed {
        notes.add(
            Stage::Normalise,
            "required and nullable, read as optional",
            member,
        );
    }
}

/// An alternative or a value that is only "or null" is another way to say `nullable`.
fn drop_null_alternatives(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    let mut dropped = false;
    for keyword in ["oneOf", "anyOf", "enum"] {
        if let Some(list) = object.get_mut(keyword).and_then(Value::as_array_mut) {
            let before = list.len();
            list.retain(|alternative| !is_null(alternative));
            dropped |= list.len() < before;
        }
    }
    if dropped {
        object.insert("nullable".into(), true.into());
    }
}

fn is_null(alternative: &Value) -> bool {
    alternative.is_null()
        || alternative.get("type") == Some(&"null".into())
        || *alternative == json!({ "nullable": true })
        // Its own null is gone by now, and nothing else was listed.
        || alternative.get("enum") == Some(&json!([]))
}

/// Takes nullable members out of `required`: the generator would refuse their absence.
fn relax_required(original: &Value, schema: &mut Value, place: &str, relaxed: &mut Vec<String>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let is_nullable = |member: &Value| {
        [member, document::meaning(original, member)]
            .iter()
            .any(|schema| schema.get("nullable") == Some(&true.into()))
    };
    let nullable: Vec<String> = properties
        .iter()
        .filter(|(_, member)| is_nullable(member))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(schema: Value) -> Value {
        let mut document = json!({"paths": {}, "components": {"schemas": {
            "Maybe": {"type": "string", "nullable": true}, "Sure": {"type": "string"}, "A": schema,
        }}});
        run(&mut document, &mut Notes::default());
        document["components"]["schemas"]["A"].take()
    }

    #[test]
    fn required_and_nullable_is_optional() {
        let schema = normalised(json!({
            "properties": {
                "own": {"type": "string", "nullable": true},
                "referred": document::schema_reference("Maybe"),
                "wrapped": {"allOf": [document::schema_reference("Sure")], "nullable": true},
                "union": {"oneOf": [{"type": "string"}, {"type": "null"}]},
                "kept": {"allOf": [document::schema_reference("Sure")], "nullable": false},
            },
            "required": ["own", "referred", "wrapped", "union", "kept"],
        }));
        assert_eq!(schema["required"], json!(["kept"]));
        assert!(!schema.to_string().contains("nullable"));
    }

    #[test]
    fn alternatives_and_values_that_are_only_null_go() {
        for keyword in ["oneOf", "anyOf"] {
            let schema = normalised(json!({ keyword: [
                {"type": "string"}, {"type": "null"}, {"nullable": true}, {"enum": [null]},
            ]}));
            assert_eq!(schema, json!({ keyword: [{"type": "string"}] }));
        }
        assert_eq!(
            normalised(json!({"enum": ["a", null]})),
            json!({"enum": ["a"]})
        );
    }

    #[test]
    fn a_member_called_nullable_is_a_member() {
        let schema = normalised(json!({"properties": {"nullable": {"type": "boolean"}}}));
        assert_eq!(schema["properties"]["nullable"], json!({"type": "boolean"}));
    }
}
