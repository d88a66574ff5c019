//! Enumerations: the server adds values without a new major version, so every one is open.

use heck::ToPascalCase;
use serde_json::{Value, json};

use crate::document;
use crate::name::type_name;
use crate::note::{Notes, Stage};

/// An enumeration taken out of the document, to be emitted with a variant for unknown values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenEnum {
    /// The Rust type name, also the name of its placeholder schema.
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// Rust variant and wire value.
    pub(crate) variants: Vec<(String, String)>,
}

/// Replaces string enumerations by references and returns them; integer ones become integers.
pub(super) fn run(document: &mut Value, notes: &mut Notes) -> Vec<OpenEnum> {
    let mut enums: Vec<OpenEnum> = Vec::new();
    document::each_schema(document, &mut |schema, place| {
        let Some(values) = schema.get("enum").and_then(Value::as_array) else {
            return;
        };
        let texts: Vec<String> = values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        if texts.is_empty() {
            if let Some(object) = schema.as_object_mut() {
                object.remove("enum");
            }
            return;
        }
        let open = OpenEnum {
            name: type_name(&place.trail),
            description: schema
                .get("description")
                .and_then(Value::as_str)
                .map(str::to_owned),
            variants: variants(&texts),
        };
        *schema = if place.component {
            json!({"type": "string"})
        } else {
            document::described_reference(&open.name, schema)
        };
        if !enums.iter().any(|known| known.name == open.name) {
            notes.add(Stage::Normalise, "enumeration opened", &open.name);
            enums.push(open);
        }
    });
    if let Some(schemas) = document::schemas_mut(document) {
        for open in &enums {
            // A component keeps its spelling as key; the generator goes by the Rust name.
            schemas
                .entry(open.name.clone())
                .or_insert_with(|| json!({"type": "string"}));
        }
    }
    enums
}

/// A variant name for each wire value; values that would collide get a number.
fn variants(texts: &[String]) -> Vec<(String, String)> {
    let mut variants: Vec<(String, String)> = Vec::new();
    for text in texts {
        if variants.iter().any(|(_, known)| known == text) {
            continue;
        }
        let mut base = text.to_pascal_case();
        if base.is_empty() {
            base = "Empty".into();
        } else if !base.starts_with(|first: char| first.is_alphabetic()) {
            base.insert(0, 'V');
        } else if matches!(base.as_str(), "Self" | "Unknown") {
            base.push_str("Value");
        }
        let mut name = base.clone();
        let mut number = 2;
        while variants.iter().any(|(taken, _)| *taken == name) {
            name = format!("{base}{number}");
            number += 1;
        }
        variants.push((name, text.clone()));
    }
    variants
}
