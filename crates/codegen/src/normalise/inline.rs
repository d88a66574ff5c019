//! Inline objects become components, so that they get a name that can be kept.

use serde_json::{Map, Value};

use crate::document;
use crate::name::type_name;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, notes: &mut Notes) {
    let taken = document::schemas(document).cloned().unwrap_or_default();
    let mut made: Map<String, Value> = Map::new();
    document::each_schema(document, &mut |schema, place| {
        let is_object = schema
            .get("properties")
            .and_then(Value::as_object)
            .is_some_and(|properties| !properties.is_empty());
        if place.component || !is_object {
            return;
        }
        let base = type_name(&place.trail);
        let mut name = base.clone();
        let mut number = 2;
        while taken.contains_key(&name) || made.get(&name).is_some_and(|other| other != schema) {
            name = format!("{base}{number}");
            number += 1;
        }
        notes.add(Stage::Normalise, "inline object named", &name);
        let reference = document::schema_reference(&name);
        made.insert(name, std::mem::replace(schema, reference));
    });
    if let Some(schemas) = document::schemas_mut(document) {
        schemas.extend(made);
    }
}
