//! `allOf`: one part stands for the whole, several objects become one object.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::document;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, notes: &mut Notes) {
    let original = document.clone();
    let mut unwrapped = 0_usize;
    document::each_schema(document, &mut |schema, place| {
        let Some(parts) = parts(schema) else {
            return;
        };
        let has_own_members = schema.get("properties").is_some();
        if let ([only], false) = (parts.as_slice(), has_own_members) {
            if !only_describes(schema) || document::schema_name(only).is_none() {
                *schema = with_description(only.clone(), schema);
                unwrapped += 1;
            }
            return;
        }
        let subject = place.trail.join(".");
        let mut whole = Composed::default();
        whole.add(&original, schema);
        if whole.is_mixed {
            notes.add(
                Stage::Normalise,
                "allOf of unlike parts, kept as free JSON",
                subject,
            );
            *schema = with_description(json!({}), schema);
        } else {
            for member in &whole.conflicts {
                notes.add(
                    Stage::Normalise,
                    "allOf disagrees on a member, the last part counts",
                    format!("{subject}.{member}"),
                );
            }
            notes.add(Stage::Normalise, "allOf merged into one object", subject);
            let description = schema.clone();
            *schema = with_description(whole.into_schema(), &description);
        }
    });
    if unwrapped > 0 {
        notes.add(
            Stage::Normalise,
            "allOf around one part",
            format!("{unwrapped} schemas"),
        );
    }
}

/// The parts of `allOf` that say something; limits alone do not.
fn parts(schema: &Value) -> Option<Vec<Value>> {
    let list = schema.get("allOf")?.as_array()?;
    let speaks = |part: &&Value| {
        [
            "$ref",
            "type",
            "properties",
            "allOf",
            "oneOf",
            "anyOf",
            "enum",
        ]
        .iter()
        .any(|keyword| part.get(keyword).is_some())
    };
    Some(list.iter().filter(speaks).cloned().collect())
}

/// `allOf: [{$ref}]` is how a description is hung on a reference; it stays.
fn only_describes(schema: &Value) -> bool {
    schema.as_object().is_some_and(|object| {
        object
            .keys()
            .all(|keyword| matches!(keyword.as_str(), "allOf" | "description"))
    }) && schema["allOf"].as_array().map(Vec::len) == Some(1)
}

/// `inner` with the description of `outer`, which is about the member.
pub(super) fn with_description(mut inner: Value, outer: &Value) -> Value {
    if let Some(name) = document::schema_name(&inner) {
        return document::described_reference(name, outer);
    }
    if let (Some(inner), Some(text)) = (inner.as_object_mut(), outer.get("description")) {
        inner.insert("description".into(), text.clone());
    }
    inner
}

/// The members that the parts of a composition have together.
#[derive(Default)]
struct Composed {
    properties: Map<String, Value>,
    required: BTreeSet<String>,
    conflicts: BTreeSet<String>,
    /// Components taken in, so that a circle ends.
    seen: BTreeSet<String>,
    /// Whether a part is no object.
    is_mixed: bool,
}

impl Composed {
    fn add(&mut self, document: &Value, schema: &Value) {
        if let Some(name) = document::schema_name(schema) {
            if self.seen.insert(name.to_owned()) {
                match document::schemas(document).and_then(|schemas| schemas.get(name)) {
                    Some(target) => self.add(document, target),
                    // Left for the preflight, which names the place.
                    None => self.is_mixed = true,
                }
            }
            return;
        }
        for part in parts(schema).into_iter().flatten() {
            self.add(document, &part);
        }
        let is_other_kind = schema
            .get("type")
            .is_some_and(|kind| kind != "object" && kind.is_string());
        if is_other_kind
            || ["oneOf", "anyOf", "enum"]
                .iter()
                .any(|k| schema.get(k).is_some())
        {
            self.is_mixed = true;
        }
        let members = schema.get("properties").and_then(Value::as_object);
        for (name, member) in members.into_iter().flatten() {
            let before = self.properties.insert(name.clone(), member.clone());
            if before.is_some_and(|before| before != *member) {
                self.conflicts.insert(name.clone());
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        self.required.extend(
            required
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned),
        );
    }

    fn into_schema(self) -> Value {
        let mut schema = json!({ "type": "object", "properties": self.properties });
        if !self.required.is_empty() {
            schema["required"] = json!(self.required);
        }
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use document::schema_reference;

    fn normalised(schemas: Value) -> (Value, Vec<String>) {
        let mut document = json!({"paths": {}, "components": {"schemas": schemas}});
        let mut notes = Notes::default();
        run(&mut document, &mut notes);
        let notes = notes.into_vec().iter().map(ToString::to_string).collect();
        (document["components"]["schemas"].take(), notes)
    }

    #[test]
    fn a_wrapped_reference_keeps_the_description_and_loses_the_rest() {
        let (schemas, _) = normalised(json!({
            "Currency": {"type": "string"},
            "Item": {"properties": {
                "plain": {"allOf": [schema_reference("Currency")], "default": "EUR"},
                "described": {"allOf": [schema_reference("Currency")], "description": "d", "default": "EUR"},
                "limited": {"allOf": [schema_reference("Currency"), {"maxLength": 3}]},
                "inline": {"allOf": [{"type": "string"}], "description": "d"},
            }},
        }));
        let members = &schemas["Item"]["properties"];
        assert_eq!(members["plain"], schema_reference("Currency"));
        assert_eq!(
            members["described"],
            json!({"allOf": [schema_reference("Currency")], "description": "d"})
        );
        assert_eq!(members["limited"], schema_reference("Currency"));
        assert_eq!(
            members["inline"],
            json!({"type": "string", "description": "d"})
        );
    }

    #[test]
    fn several_objects_become_one() {
        let (schemas, _) = normalised(json!({
            "Base": {"properties": {"id": {"type": "string"}}, "required": ["id"]},
            "Middle": {"allOf": [schema_reference("Base"), {"properties": {"m": {"type": "string"}}}]},
            "Top": {
                "allOf": [schema_reference("Middle")],
                "properties": {"own": {"type": "integer"}},
                "description": "d",
            },
        }));
        assert_eq!(
            schemas["Top"],
            json!({
                "type": "object",
                "description": "d",
                "properties": {"id": {"type": "string"}, "m": {"type": "string"}, "own": {"type": "integer"}},
                "required": ["id"],
            })
        );
    }

    #[test]
    fn a_member_that_parts_disagree_on_is_noted() {
        let (schemas, notes) = normalised(json!({"A": {"allOf": [
            {"properties": {"m": {"type": "string"}}}, {"properties": {"m": {"type": "integer"}}},
        ]}}));
        assert_eq!(schemas["A"]["properties"]["m"]["type"], "integer");
        assert!(notes.iter().any(|note| note.ends_with("A.m")), "{notes:?}");
    }

    #[test]
    fn unlike_parts_become_free_json() {
        let (schemas, _) = normalised(json!({"A": {"description": "d", "allOf": [
            {"type": "string"}, {"properties": {"m": {"type": "integer"}}},
        ]}}));
        assert_eq!(schemas["A"], json!({"description": "d"}));
    }

    #[test]
    fn circles_end() {
        let (schemas, _) = normalised(json!({
            "A": {"allOf": [schema_reference("B"), {"properties": {"a": {"type": "string"}}}]},
            "B": {"allOf": [schema_reference("A"), {"properties": {"b": {"type": "string"}}}]},
        }));
        for name in ["A", "B"] {
            let members = schemas[name]["properties"].as_object().unwrap();
            assert_eq!(members.keys().collect::<Vec<_>>(), ["a", "b"]);
        }
    }
}
