//! Stage 4: canonical names, so that the facade stays put when the publisher renames.

mod roles;

use std::collections::BTreeSet;

use heck::ToPascalCase;
use serde_json::Value;

use crate::document::{self, Endpoint};
use crate::names::Names;
use crate::note::{Notes, Stage};
use crate::rust_name;

pub(crate) use roles::{idle_roles, schemas};

/// Names that the client, its builders or the table of operations have for something else.
const SPOKEN_FOR: [&str; 24] = [
    "all",
    "api_version",
    "baseurl",
    "box",
    "byte_stream",
    "client",
    "client_hooks",
    "client_info",
    "default",
    "err",
    "error",
    "exec",
    "inner",
    "new",
    "new_with_client",
    "ok",
    "operation_info",
    "option",
    "post",
    "pre",
    "request_builder_ext",
    "response_value",
    "result",
    "string",
];

/// Gives each operation its identifier: the table's, the document's if it is unique, or one made
/// from method and path.
pub(crate) fn operations(document: &mut Value, names: &Names, notes: &mut Notes) {
    let mut taken: BTreeSet<String> = names.operations.values().map(|name| key(name)).collect();
    let endpoints = document::endpoints(document);
    let labels: BTreeSet<String> = endpoints.iter().map(Endpoint::label).collect();
    for endpoint in names.operations.keys().chain(names.classes.keys()) {
        if !labels.contains(endpoint) {
            notes.warn(Stage::Name, "the table names no operation", endpoint);
        }
    }
    for endpoint in endpoints {
        let label = endpoint.label();
        let Some(operation) = document::operation_mut(document, &endpoint) else {
            continue;
        };
        let published = operation.get("operationId").and_then(Value::as_str);
        let id = match names.operations.get(&label) {
            Some(canonical) => canonical.clone(),
            None => {
                let id = published
                    .and_then(rust_name::snake)
                    .filter(|id| !taken.contains(&key(id)) && !SPOKEN_FOR.contains(&id.as_str()))
                    .unwrap_or_else(|| from_path(&endpoint, &taken));
                taken.insert(key(&id));
                id
            }
        };
        if published != Some(id.as_str()) {
            notes.add(Stage::Name, "operation", format!("{label} -> {id}"));
            operation.insert("operationId".into(), id.into());
        }
    }
}

/// What makes names of operations equal: their builders are types, and `get_1` is `Get1` there.
fn key(name: &str) -> String {
    name.to_pascal_case()
}

/// `GET /cart/{journeyId}` to `get_cart_by_journey_id`.
fn from_path(endpoint: &Endpoint, taken: &BTreeSet<String>) -> String {
    let path = endpoint.path.replace('{', " by ").replace(['}', '/'], " ");
    let base = rust_name::snake(&format!("{} {path}", endpoint.method))
        .filter(|name| !SPOKEN_FOR.contains(&name.as_str()))
        .unwrap_or_else(|| format!("{}_operation", endpoint.method));
    let mut name = base;
    while taken.contains(&key(&name)) {
        name.push_str("_again");
    }
    name
}

/// Takes members off the lists of required ones that the table calls optional.
pub(crate) fn optional_members(document: &mut Value, names: &Names, notes: &mut Notes) {
    for path in &names.optional {
        let Some((schema, member)) = path.split_once('.') else {
            continue;
        };
        let schema = document::schemas_mut(document).and_then(|schemas| schemas.get_mut(schema));
        let Some(required) = schema.and_then(|schema| schema.get_mut("required")?.as_array_mut())
        else {
            continue;
        };
        let before = required.len();
        required.retain(|name| name != member);
        if required.len() < before {
            notes.add(Stage::Name, "member made optional", path);
        }
    }
}

/// A Rust type name from the place a schema stands in.
pub(crate) fn type_name(trail: &[String]) -> String {
    rust_name::pascal(&trail.join("_")).unwrap_or_else(|| String::from("Schema"))
}

#[cfg(test)]
mod tests;
