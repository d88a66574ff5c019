//! Stage 3: what the generator cannot take, or gets wrong in silence, is rewritten by rule.
//!
//! No rule knows an endpoint or a schema by name; what only one document needs is in its overlay.
//! The rules run in this order because each relies on what the ones before it removed.

mod descriptions;
mod enums;
mod inline;
mod nullable;
mod objects;
mod parameters;
mod request_bodies;
mod responses;
mod scalars;
mod unions;

use serde_json::Value;

use crate::document;
use crate::names::Names;
use crate::note::Notes;

pub(crate) use enums::OpenEnum;
pub(crate) use scalars::{AMOUNT, ID, MOMENT};

/// What the rules took out of the document because the generator is not asked for it.
#[derive(Debug, Default)]
pub(crate) struct Extracted {
    /// Enumerations, emitted as open enums of ours.
    pub(crate) enums: Vec<OpenEnum>,
    /// Scalar types in use, by schema name.
    pub(crate) scalars: Vec<String>,
}

/// Runs every rule.
pub(crate) fn run(document: &mut Value, names: &Names, notes: &mut Notes) -> Extracted {
    dereference(document);
    parameters::run(document, names, notes);
    request_bodies::run(document, notes);
    responses::run(document, notes);
    nullable::run(document, notes);
    unions::run(document, notes);
    let scalars = scalars::run(document, names, notes);
    let enums = enums::run(document, notes);
    inline::run(document, notes);
    objects::run(document, names, notes);
    descriptions::run(document, notes);
    Extracted { enums, scalars }
}

/// Puts shared parameters, bodies and responses where they are used; the rules then see one form.
fn dereference(document: &mut Value) {
    let original = document.clone();
    for endpoint in document::endpoints(&original) {
        let shared = original["paths"][&endpoint.path]
            .get("parameters")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let Some(operation) = document::operation_mut(document, &endpoint) else {
            continue;
        };
        let own = operation
            .get("parameters")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let resolved = |list: Vec<Value>| -> Vec<Value> {
            list.iter()
                .map(|parameter| document::resolve(&original, parameter).clone())
                .collect()
        };
        let mut parameters = resolved(own);
        for parameter in resolved(shared) {
            let overridden = parameters
                .iter()
                .any(|own| own["name"] == parameter["name"] && own["in"] == parameter["in"]);
            if !overridden {
                parameters.push(parameter);
            }
        }
        operation.insert("parameters".into(), Value::Array(parameters));
        if let Some(body) = operation.get_mut("requestBody") {
            *body = document::resolve(&original, body).clone();
        }
        if let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        {
            for response in responses.values_mut() {
                *response = document::resolve(&original, response).clone();
            }
        }
        // Credentials are the facade's business, however the document spells them.
        operation.remove("security");
        operation.remove("callbacks");
        operation.remove("servers");
    }
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            item.remove("parameters");
            item.remove("servers");
        }
    }
    if let Some(root) = document.as_object_mut() {
        root.remove("security");
        root.remove("servers");
        if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
            components.retain(|section, _| section == "schemas");
        }
    }
}

#[cfg(test)]
mod tests;
