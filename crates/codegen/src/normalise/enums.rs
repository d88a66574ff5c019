//! Enumerations: texts get a component each, to be emitted as an open type of ours; whatever else
//! is enumerated keeps its type and loses the list, because the server adds values at any time.

use serde_json::{Map, Value, json};

use super::components;
use crate::document;
use crate::name::type_name;
use crate::names::Names;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
    let mut components: Map<String, Value> =
        document::schemas(document).cloned().unwrap_or_default();
    document::each_schema(document, &mut |schema, place| {
        let Some(values) = schema.get("enum") else {
            return;
        };
        let Some(values) = texts(schema, values) else {
            if let Some(object) = schema.as_object_mut() {
                object.remove("enum");
                notes.add(
                    Stage::Normalise,
                    "enumeration of other values than texts dropped",
                    place.trail.join("."),
                );
            }
            return;
        };
        if place.parameter {
            return;
        }
        let mut open = json!({ "type": "string", "enum": values });
        if let Some(text) = schema.get("description") {
            open["description"] = text.clone();
        }
        if place.component {
            notes.add(Stage::Normalise, "enumeration opened", &place.trail[0]);
            *schema = open;
            return;
        }
        let base = type_name(&place.trail);
        let name = match components.get(&base) {
            // The same list once more, such as in both alternatives of a member.
            Some(other) if other.get("enum") == open.get("enum") => base,
            _ => components::free_name(&base, &components, names),
        };
        if !components.contains_key(&name) {
            notes.add(Stage::Normalise, "enumeration opened", &name);
            components.insert(name.clone(), open);
        }
        *schema = document::described_reference(&name, schema);
    });
    if let Some(schemas) = document::schemas_mut(document) {
        for (name, component) in components {
            schemas.entry(name).or_insert(component);
        }
    }
}

/// The values, if the schema enumerates texts and nothing else.
fn texts(schema: &Value, values: &Value) -> Option<Vec<String>> {
    let is_text = schema.get("type").is_none_or(|kind| kind == "string");
    let values: Vec<String> = values
        .as_array()
        .filter(|_| is_text)?
        .iter()
        .map(|value| value.as_str().map(str::to_owned))
        .collect::<Option<_>>()?;
    (!values.is_empty()).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(schemas: Value) -> Value {
        let mut document = json!({"paths": {}, "components": {"schemas": schemas}});
        run(&mut document, &Names::default(), &mut Notes::default());
        document["components"]["schemas"].take()
    }

    #[test]
    fn a_component_stays_one() {
        let schemas =
            normalised(json!({"Mode": {"enum": ["a"], "description": "d", "default": "a"}}));
        assert_eq!(
            schemas["Mode"],
            json!({"type": "string", "enum": ["a"], "description": "d"})
        );
    }

    #[test]
    fn an_inline_enumeration_is_named_by_its_place() {
        let schemas = normalised(json!({"Item": {"properties": {
            "mode": {"type": "string", "enum": ["a"], "description": "d"},
        }}}));
        assert_eq!(
            schemas["Item"]["properties"]["mode"],
            json!({"allOf": [document::schema_reference("ItemMode")], "description": "d"})
        );
        assert_eq!(schemas["ItemMode"]["enum"], json!(["a"]));
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let schemas = normalised(json!({
            "Item": {"properties": {"mode": {"enum": ["a"]}}},
            "ItemMode": {"properties": {"x": {"type": "string"}}},
        }));
        assert_eq!(
            schemas["Item"]["properties"]["mode"],
            document::schema_reference("ItemMode2")
        );
        assert!(schemas["ItemMode"]["properties"].is_object());
        assert_eq!(schemas["ItemMode2"]["enum"], json!(["a"]));
    }

    #[test]
    fn two_lists_in_one_place_stay_two() {
        let schemas = normalised(json!({"Item": {"properties": {"mode": {"oneOf": [
            {"type": "array", "items": {"enum": ["a"]}}, {"enum": ["b"]}, {"enum": ["b"]}, {"enum": ["c"]},
        ]}}}}));
        assert_eq!(schemas["ItemModeItem"]["enum"], json!(["a"]));
        assert_eq!(schemas["ItemMode"]["enum"], json!(["b"]));
        assert_eq!(schemas["ItemMode2"]["enum"], json!(["c"]));
        assert!(schemas.get("ItemMode3").is_none());
    }

    #[test]
    fn what_is_no_text_keeps_its_type_only() {
        let schemas = normalised(json!({
            "Number": {"type": "integer", "enum": [1, 2]},
            "Odd": {"type": "integer", "enum": ["1"]},
            "Mixed": {"enum": [1, "a"]},
            "Empty": {"type": "string", "enum": []},
            "Broken": {"type": "string", "enum": "a"},
        }));
        assert_eq!(schemas["Number"], json!({"type": "integer"}));
        assert_eq!(schemas["Odd"], json!({"type": "integer"}));
        assert_eq!(schemas["Mixed"], json!({}));
        assert_eq!(schemas["Empty"], json!({"type": "string"}));
        assert_eq!(schemas["Broken"], json!({"type": "string"}));
    }
}
