//! Scalars: amounts, moments, ids and codes become references to types of ours.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::document;
use crate::names::Names;
use crate::note::{Notes, Stage};

/// The schema name of exact decimals.
pub(crate) const AMOUNT: &str = "Amount";
/// The schema name of points in time.
pub(crate) const MOMENT: &str = "Moment";
/// The schema name of identifiers.
pub(crate) const ID: &str = "Id";

/// The schema name of texts that are never shown.
pub(crate) const SECRET: &str = "Secret";

/// Replaces scalar schemas by references to placeholder components.
pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    document::each_schema(document, &mut |schema, place| {
        if place.parameter {
            // Parameters keep their plain types: they are written into URLs and headers.
            return;
        }
        if let Some(name) = scalar(schema, place.member(), names) {
            used.insert(name.to_owned());
            *schema = document::described_reference(name, schema);
        } else {
            forget_format(schema);
        }
    });
    forget_aliases(document, names, notes);
    for name in &used {
        notes.add(Stage::Normalise, "scalar type", name);
        if let Some(schemas) = document::schemas_mut(document) {
            schemas.insert(name.clone(), json!({"type": "string"}));
        }
    }
}

/// A component that is nothing but a scalar gives way to it: a new type around a text or an amount
/// says no more than the member does.
fn forget_aliases(document: &mut Value, names: &Names, notes: &mut Notes) {
    loop {
        let aliases: BTreeMap<String, Value> = document::schemas(document)
            .into_iter()
            .flatten()
            .filter(|(name, _)| !names.is_scalar(name))
            .filter_map(|(name, schema)| Some((name.clone(), aliased(schema, names)?)))
            .collect();
        if aliases.is_empty() {
            return;
        }
        document::each_schema(document, &mut |schema, _| {
            if let Some(meant) = document::schema_name(schema).and_then(|name| aliases.get(name)) {
                *schema = meant.clone();
            }
        });
        for alias in aliases.into_keys() {
            if let Some(schemas) = document::schemas_mut(document) {
                schemas.remove(&alias);
            }
            notes.add(Stage::Normalise, "another name of a scalar", alias);
        }
    }
}

/// The scalar, or any JSON, that is all a component says.
fn aliased(schema: &Value, names: &Names) -> Option<Value> {
    if let Some(target) = document::schema_name(document::unwrapped(schema)) {
        return names
            .is_scalar(target)
            .then(|| document::schema_reference(target));
    }
    if schema
        .as_object()?
        .keys()
        .all(|keyword| keyword == "description")
    {
        return Some(json!({}));
    }
    let kind = schema.get("type")?.as_str()?;
    let is_scalar =
        matches!(kind, "boolean" | "integer" | "string") && schema.get("enum").is_none();
    let mut meant = serde_json::Map::new();
    for keyword in ["type", "format"] {
        if let Some(value) = schema.get(keyword).filter(|_| is_scalar) {
            meant.insert(keyword.into(), value.clone());
        }
    }
    is_scalar.then_some(Value::Object(meant))
}

/// Whether a component called `name` is what our scalar of that name is.
pub(super) fn is_scalar_of(name: &str, schema: &Value, names: &Names) -> bool {
    let is_code = names.codes.values().any(|code| code == name);
    if is_code {
        is_plain(schema)
    } else {
        scalar(schema, None, names) == Some(name)
    }
}

fn scalar<'a>(schema: &Value, member: Option<&str>, names: &'a Names) -> Option<&'a str> {
    let kind = schema.get("type").and_then(Value::as_str);
    let format = schema.get("format").and_then(Value::as_str);
    if let Some(code) = member.and_then(|member| names.codes.get(member)) {
        // A code may be declared as integer, as text or as either.
        if is_plain(schema) {
            return Some(code);
        }
    }
    if kind == Some("string")
        && member.is_some_and(|member| names.secrets.iter().any(|secret| secret == member))
    {
        return Some(SECRET);
    }
    match (kind, format) {
        (Some("number"), _) | (Some("string"), Some("decimal")) => Some(AMOUNT),
        (Some("string"), Some("date-time")) => Some(MOMENT),
        (Some("string"), Some("uuid")) => Some(ID),
        _ => None,
    }
}

/// Neither an object nor a list.
fn is_plain(schema: &Value) -> bool {
    let kind = schema.get("type").and_then(Value::as_str);
    schema.get("properties").is_none() && !matches!(kind, Some("array" | "object"))
}

/// Other formats of texts would cost a whole answer when one member does not follow them.
fn forget_format(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        let is_text = object.get("type") == Some(&"string".into());
        let is_bytes = object.get("format") == Some(&"binary".into());
        if is_text && !is_bytes {
            object.remove("format");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, schema: Value) -> Value {
        let mut document = json!({"paths": {}, "components": {"schemas": {
            "Holder": {"properties": { name: schema }},
        }}});
        let names = Names::parse("codes: {ftState: State}", "n").unwrap();
        run(&mut document, &names, &mut Notes::default());
        document["components"]["schemas"]["Holder"]["properties"][name].take()
    }

    #[test]
    fn numbers_moments_and_ids_are_types_of_ours() {
        for (schema, name) in [
            (json!({"type": "number"}), AMOUNT),
            (
                json!({"type": "number", "format": "double", "minimum": 0}),
                AMOUNT,
            ),
            (json!({"type": "string", "format": "decimal"}), AMOUNT),
            (json!({"type": "string", "format": "date-time"}), MOMENT),
            (json!({"type": "string", "format": "uuid"}), ID),
        ] {
            assert_eq!(member("m", schema), document::schema_reference(name));
        }
    }

    #[test]
    fn the_description_of_the_member_stays() {
        assert_eq!(
            member("m", json!({"type": "number", "description": "d"})),
            json!({"allOf": [document::schema_reference(AMOUNT)], "description": "d"})
        );
    }

    #[test]
    fn codes_go_by_the_name_of_the_member() {
        for schema in [
            json!({"type": "integer", "format": "int64"}),
            json!({"type": "string"}),
            json!({"oneOf": [{"type": "integer"}, {"type": "string"}]}),
            json!({"$ref": "#/components/schemas/FtState"}),
        ] {
            assert_eq!(
                member("ftState", schema),
                document::schema_reference("State")
            );
        }
        let object = json!({"properties": {"a": {"type": "boolean"}}});
        assert_eq!(member("ftState", object.clone()), object);
        let integer = json!({"type": "integer"});
        assert_eq!(member("ftOther", integer.clone()), integer);
    }

    #[test]
    fn secrets_go_by_the_name_of_the_member() {
        let mut document = json!({"paths": {}, "components": {"schemas": {
            "Pair": {"properties": {"Pin": {"type": "string"}, "Name": {"type": "string"}}},
        }}});
        let names = Names::parse("secrets: [Pin]", "n").unwrap();
        run(&mut document, &names, &mut Notes::default());
        let members = &document["components"]["schemas"]["Pair"]["properties"];
        assert_eq!(members["Pin"], document::schema_reference(SECRET));
        assert_eq!(members["Name"], json!({"type": "string"}));
    }

    #[test]
    fn other_formats_of_texts_are_not_enforced() {
        for format in ["date", "time", "ipv4", "uri", "byte", "made-up"] {
            let schema = json!({"type": "string", "format": format});
            assert_eq!(member("m", schema), json!({"type": "string"}));
        }
        let integer = json!({"type": "integer", "format": "int32"});
        assert_eq!(member("m", integer.clone()), integer);
    }

    #[test]
    fn a_component_that_is_only_a_scalar_gives_way_to_it() {
        let reference = document::schema_reference;
        let mut document = json!({"paths": {}, "components": {"schemas": {
            "Money": {"type": "number"}, "Price": reference("Money"), "Text": {"type": "string"},
            "Any": {"description": "d"}, "Choice": {"type": "string", "enum": ["a"]},
            "Holder": {"properties": {
                "a": reference("Price"), "b": {"type": "array", "items": reference("Text")},
                "c": reference("Any"), "d": reference("Choice"),
            }},
        }}});
        run(&mut document, &Names::default(), &mut Notes::default());
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let names: Vec<_> = schemas.keys().collect();
        assert_eq!(names, [AMOUNT, "Choice", "Holder"]);
        assert_eq!(
            schemas["Holder"]["properties"],
            json!({
                "a": reference(AMOUNT), "b": {"type": "array", "items": {"type": "string"}},
                "c": {}, "d": reference("Choice"),
            })
        );
    }

    #[test]
    fn parameters_keep_plain_types() {
        let schema = json!({"type": "string", "format": "uuid"});
        let mut document = json!({"paths": {"/a": {"get": {"parameters": [
            {"name": "id", "in": "query", "schema": schema},
        ]}}}});
        run(&mut document, &Names::default(), &mut Notes::default());
        assert_eq!(
            document["paths"]["/a"]["get"]["parameters"][0]["schema"],
            schema
        );
    }
}
