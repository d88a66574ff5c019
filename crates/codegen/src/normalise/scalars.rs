//! Scalars: amounts, moments, ids and codes become references to types of ours.

use std::collections::BTreeSet;

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

/// Replaces scalar schemas by references and returns the names referred to.
pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) -> Vec<String> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut visit = |schema: &mut Value, member: Option<&str>| {
        if let Some(name) = scalar(schema, member, names) {
            used.insert(name.to_owned());
            *schema = document::described_reference(name, schema);
        }
    };
    document::each_schema(document, &mut |schema, place| {
        // Parameters keep their plain types: they are written into URLs and headers.
        if !place.parameter {
            visit(schema, place.member());
        }
    });
    for name in &used {
        notes.add(Stage::Normalise, "scalar type", name);
        if let Some(schemas) = document::schemas_mut(document) {
            schemas.insert(name.clone(), json!({"type": "string"}));
        }
    }
    used.into_iter().collect()
}

fn scalar<'a>(schema: &Value, member: Option<&str>, names: &'a Names) -> Option<&'a str> {
    let kind = schema.get("type").and_then(Value::as_str);
    let format = schema.get("format").and_then(Value::as_str);
    if let Some(code) = member.and_then(|member| names.codes.get(member)) {
        // A code may be declared as integer, as text or as either.
        if schema.get("properties").is_none() && kind != Some("array") {
            return Some(code);
        }
    }
    match (kind, format) {
        (Some("number"), _) | (Some("string"), Some("decimal")) => Some(AMOUNT),
        (Some("string"), Some("date-time")) => Some(MOMENT),
        (Some("string"), Some("uuid")) => Some(ID),
        _ => None,
    }
}
