//! `oneOf` and `anyOf`: numbers become one number, texts one text, an object beside something else
//! becomes free JSON. What is left is tried in order of the document.

use serde_json::{Map, Value, json};

use super::compositions::with_description;
use crate::document;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, notes: &mut Notes) {
    let original = document.clone();
    document::each_schema(document, &mut |schema, place| {
        let Some(alternatives) = alternatives(schema) else {
            return;
        };
        let mut note = |rule| notes.add(Stage::Normalise, rule, place.trail.join("."));
        if schema.get("properties").is_some() {
            note("alternatives beside members dropped");
            remove_alternatives(schema);
            return;
        }
        *schema = match merged(&original, &alternatives) {
            Merged::One(replacement) => with_description(replacement, schema),
            Merged::Free => {
                note("unlike alternatives, kept as free JSON");
                with_description(json!({}), schema)
            }
            // A discriminator is not understood by the generator; the order decides instead.
            Merged::Tried => with_description(json!({ "oneOf": alternatives }), schema),
        };
    });
}

/// The alternatives of a union, of both keywords should it have both.
fn alternatives(schema: &Value) -> Option<Vec<Value>> {
    let lists: Vec<&Vec<Value>> = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array())
        .collect();
    (!lists.is_empty()).then(|| lists.into_iter().flatten().cloned().collect())
}

fn remove_alternatives(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        for keyword in ["oneOf", "anyOf", "discriminator"] {
            object.remove(keyword);
        }
    }
}

/// What becomes of a union.
enum Merged {
    /// One schema holds every value of it.
    One(Value),
    /// Any JSON: no type could tell the alternatives apart without losing some.
    Free,
    /// The alternatives, tried in order.
    Tried,
}

fn merged(document: &Value, alternatives: &[Value]) -> Merged {
    let meanings: Vec<&Value> = alternatives
        .iter()
        .map(|alternative| document::meaning(document, alternative))
        .collect();
    let kinds: Vec<Kind> = meanings.iter().map(|meaning| kind(meaning)).collect();
    let all = |wanted: Kind| kinds.iter().all(|kind| *kind == wanted);
    match alternatives {
        [] => Merged::Free,
        [only] => Merged::One(only.clone()),
        _ if all(Kind::Number) => Merged::One(number(&meanings)),
        _ if all(Kind::Text) => Merged::One(text(alternatives, &meanings)),
        _ if kinds.contains(&Kind::Any) => Merged::Free,
        _ if kinds.contains(&Kind::Object) && !all(Kind::Object) => Merged::Free,
        _ => Merged::Tried,
    }
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
    let has = |keyword: &str| schema.get(keyword).is_some();
    match schema.get("type").and_then(Value::as_str) {
        Some("integer" | "number") => Kind::Number,
        Some("string") if schema.get("format") == Some(&"decimal".into()) => Kind::Number,
        Some("string") => Kind::Text,
        Some("object") => Kind::Object,
        Some(_) => Kind::Other,
        None if has("properties") || has("additionalProperties") => Kind::Object,
        None if has("enum") => Kind::Text,
        None if has("oneOf") || has("anyOf") || has("allOf") || has("$ref") => Kind::Other,
        None if schema.as_object().is_some_and(is_free) => Kind::Any,
        None => Kind::Other,
    }
}

/// Whether a schema says nothing about the value.
fn is_free(schema: &Map<String, Value>) -> bool {
    schema.keys().all(|keyword| keyword == "description")
}

/// One number that holds all alternatives: a fraction as soon as one of them is.
fn number(meanings: &[&Value]) -> Value {
    let is_whole = |meaning: &&Value| meaning.get("type") == Some(&"integer".into());
    if meanings.iter().all(is_whole) {
        json!({ "type": "integer", "format": "int64" })
    } else {
        json!({ "type": "number" })
    }
}

/// One text: the enumeration if there is one, because those are open; any text otherwise.
fn text(alternatives: &[Value], meanings: &[&Value]) -> Value {
    let enumerations: Vec<usize> = (0..meanings.len())
        .filter(|index| meanings[*index].get("enum").is_some())
        .collect();
    match enumerations.as_slice() {
        [] => json!({ "type": "string" }),
        [only] => alternatives[*only].clone(),
        several => {
            let values: Vec<Value> = several
                .iter()
                .filter_map(|index| meanings[*index].get("enum")?.as_array())
                .flatten()
                .cloned()
                .collect();
            json!({ "type": "string", "enum": values })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(schema: Value) -> Value {
        let mut document = json!({"paths": {}, "components": {"schemas": {
            "Mode": {"type": "string", "enum": ["a", "b"]},
            "Other": {"enum": ["b", "c"]},
            "Whole": {"type": "integer"},
            "Thing": {"properties": {"a": {"type": "string"}}},
            "Subject": schema,
        }}});
        run(&mut document, &mut Notes::default());
        document["components"]["schemas"]["Subject"].take()
    }

    fn reference(name: &str) -> Value {
        document::schema_reference(name)
    }

    #[test]
    fn numbers_become_one_number() {
        let int64 = json!({"type": "integer", "format": "int64"});
        let double = json!({"type": "number", "format": "double"});
        let schema = normalised(json!({"oneOf": [int64, double], "description": "d"}));
        assert_eq!(schema, json!({"type": "number", "description": "d"}));
        let decimal = json!({"type": "string", "format": "decimal"});
        let schema = normalised(json!({"anyOf": [reference("Whole"), decimal]}));
        assert_eq!(schema, json!({"type": "number"}));
    }

    #[test]
    fn whole_numbers_become_the_widest_whole_number() {
        let int32 = json!({"type": "integer", "format": "int32"});
        let schema = normalised(json!({"oneOf": [int32, reference("Whole")]}));
        assert_eq!(schema, json!({"type": "integer", "format": "int64"}));
    }

    #[test]
    fn an_enumeration_or_any_text_is_the_enumeration() {
        let text = json!({"type": "string"});
        for keyword in ["oneOf", "anyOf"] {
            for list in [
                [reference("Mode"), text.clone()],
                [text.clone(), reference("Mode")],
            ] {
                assert_eq!(normalised(json!({ keyword: list })), reference("Mode"));
            }
        }
        let described = normalised(json!({"anyOf": [text, reference("Mode")], "description": "d"}));
        assert_eq!(
            described,
            json!({"allOf": [reference("Mode")], "description": "d"})
        );
    }

    #[test]
    fn texts_become_one_text() {
        let (date, uuid) = (
            json!({"type": "string", "format": "date-time"}),
            json!({"type": "string", "format": "uuid"}),
        );
        let schema = normalised(json!({"oneOf": [date, uuid]}));
        assert_eq!(schema, json!({"type": "string"}));
        let both = normalised(json!({"oneOf": [reference("Mode"), reference("Other")]}));
        assert_eq!(both["enum"], json!(["a", "b", "b", "c"]));
    }

    #[test]
    fn an_object_or_something_else_is_free_json() {
        let free = json!({"description": "d"});
        for other in [
            json!({"type": "string"}),
            json!({"type": "integer"}),
            json!({}),
        ] {
            let schema = json!({"oneOf": [reference("Thing"), other], "description": "d"});
            assert_eq!(normalised(schema), free);
        }
        assert_eq!(normalised(json!({"oneOf": []})), json!({}));
    }

    #[test]
    fn what_can_be_told_apart_is_kept_in_order() {
        let list = json!([{"type": "string"}, {"type": "array", "items": {"type": "string"}}]);
        let schema = normalised(json!({"anyOf": list, "discriminator": {"propertyName": "a"}}));
        assert_eq!(schema, json!({ "oneOf": list }));
    }

    #[test]
    fn one_alternative_is_no_alternative() {
        assert_eq!(
            normalised(json!({"anyOf": [{"type": "boolean"}]})),
            json!({"type": "boolean"})
        );
        assert_eq!(
            normalised(json!({"oneOf": [reference("Mode")]})),
            reference("Mode")
        );
    }

    #[test]
    fn alternatives_beside_members_go() {
        let schema = normalised(json!({
            "properties": {"a": {"type": "string"}}, "oneOf": [{"required": ["a"]}],
        }));
        assert_eq!(schema, json!({"properties": {"a": {"type": "string"}}}));
    }
}
