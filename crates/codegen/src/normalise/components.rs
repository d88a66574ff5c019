//! Components: each is known by its Rust name, and by one that nothing else has.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::scalars;
use crate::document::{self, escape};
use crate::names::Names;
use crate::note::{Notes, Stage};
use crate::rust_name;

/// Names that generated code uses for what they are in the standard library.
const SPOKEN_FOR: [&str; 8] = [
    "Default", "Err", "None", "Ok", "Option", "Result", "Some", "String",
];

/// Renames components to type names; references follow.
pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    if let Some(schemas) = document::schemas_mut(document) {
        let published = std::mem::take(schemas);
        // What is spelled as in Rust already keeps its name; only the others move.
        let (kept, moved): (Vec<_>, Vec<_>) = published
            .into_iter()
            .partition(|(name, schema)| rust_spelling(name, schema, names) == *name);
        schemas.extend(kept);
        for (name, schema) in moved {
            let base = rust_spelling(&name, &schema, names);
            let free = free_name(&base, schemas, names);
            notes.add(
                Stage::Normalise,
                "component respelled",
                format!("{name} -> {free}"),
            );
            renamed.insert(escape(&name), free.clone());
            schemas.insert(free, schema);
        }
    }
    if !renamed.is_empty() {
        document::each_schema(document, &mut |schema, _| {
            if let Some(name) = document::schema_name(schema).and_then(|name| renamed.get(name)) {
                *schema = document::schema_reference(name);
            }
        });
    }
}

/// A type name for a component that is made from a place in the document.
pub(super) fn free_name(base: &str, schemas: &Map<String, Value>, names: &Names) -> String {
    rust_name::free(base, |name| {
        schemas.contains_key(name) || names.is_scalar(name)
    })
}

fn rust_spelling(name: &str, schema: &Value, names: &Names) -> String {
    let spelled = rust_name::pascal(name).unwrap_or_else(|| String::from("Schema"));
    let is_taken = SPOKEN_FOR.contains(&spelled.as_str())
        || (names.is_scalar(&spelled) && !scalars::is_scalar_of(&spelled, schema, names));
    if is_taken {
        // An object of the publisher's that is called as one of our scalars.
        format!("{spelled}Schema")
    } else {
        spelled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn normalised(schemas: Value) -> Value {
        let mut document = json!({"paths": {}, "components": {"schemas": schemas}});
        let names = Names::parse("codes: {ftState: State}", "n").unwrap();
        run(&mut document, &names, &mut Notes::default());
        document["components"]["schemas"].take()
    }

    #[test]
    fn components_get_their_rust_names_and_references_follow() {
        let schemas = normalised(json!({
            "pay-item": {"type": "object"},
            "a/b": {"type": "object"},
            "Holder": {"properties": {
                "item": document::schema_reference("pay-item"),
                "other": document::schema_reference("a~1b"),
            }},
        }));
        assert_eq!(
            schemas["Holder"]["properties"],
            json!({
                "item": document::schema_reference("PayItem"),
                "other": document::schema_reference("AB"),
            })
        );
        assert_eq!(schemas["PayItem"], json!({"type": "object"}));
    }

    #[test]
    fn names_that_collide_in_rust_are_told_apart() {
        let schemas = normalised(json!({
            "PayItem": {"description": "1"}, "pay_item": {"description": "2"}, "²": {}, "³": {},
        }));
        let names: Vec<_> = schemas.as_object().unwrap().keys().collect();
        assert_eq!(names, ["PayItem", "PayItem2", "Schema", "Schema2"]);
        assert_eq!(schemas["PayItem"]["description"], "1");
    }

    #[test]
    fn an_object_does_not_pass_for_a_scalar_of_ours() {
        let schemas = normalised(json!({
            "Amount": {"type": "object"}, "Id": {"type": "integer"},
            "State": {"properties": {"a": {}}}, "String": {"type": "object"},
        }));
        let names: Vec<_> = schemas.as_object().unwrap().keys().collect();
        assert_eq!(
            names,
            ["AmountSchema", "IdSchema", "StateSchema", "StringSchema"]
        );
    }

    #[test]
    fn a_scalar_that_is_named_as_ours_is_ours() {
        let schemas = normalised(json!({
            "Amount": {"type": "number"}, "State": {"type": "integer"},
        }));
        let names: Vec<_> = schemas.as_object().unwrap().keys().collect();
        assert_eq!(names, ["Amount", "State"]);
    }
}
