//! Stage 4: canonical names, so that the facade stays put when the publisher renames.

use std::collections::BTreeSet;

use heck::ToPascalCase;
use serde_json::Value;

use crate::document::{self, Endpoint, Place, escape};
use crate::names::Names;
use crate::note::{Notes, Stage};
use crate::rust_name;

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
            notes.add(Stage::Name, "the table names no operation", endpoint);
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

/// Renames the schemas that play a role of the table, where they are components already.
///
/// Inline schemas are named after the components that hold them, so this runs before they are
/// named, and once more to name them too.
pub(crate) fn schemas(document: &mut Value, names: &Names, notes: &mut Notes) {
    for (index, role) in names.schemas.iter().enumerate() {
        let Some(current) = player(document, &role.role) else {
            continue;
        };
        let is_free = !names.is_scalar(&role.name) && is_free_for(document, &role.name, &current);
        if current == role.name || !is_free {
            continue;
        }
        let plays_another = names.schemas[..index].iter().any(|earlier| {
            earlier.name == current && player(document, &earlier.role).as_ref() == Some(&current)
        });
        if plays_another {
            copy(document, &role.role, &current, &role.name);
        } else {
            rename(document, &current, &role.name);
        }
        notes.add(Stage::Name, "schema", format!("{current} -> {}", role.name));
    }
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

/// Notes the roles that had no effect.
pub(crate) fn idle_roles(document: &Value, names: &Names, notes: &mut Notes) {
    for role in &names.schemas {
        match player(document, &role.role) {
            None => notes.add(Stage::Name, "role has no schema", &role.role),
            Some(current) if current != role.name => notes.add(
                Stage::Name,
                "name is taken by another schema",
                format!("{current} stays, {} is wanted by {}", role.name, role.role),
            ),
            Some(_) => {}
        }
    }
}

/// The component that plays `role` today.
fn player(document: &Value, role: &str) -> Option<String> {
    document::element_name(document.pointer(&pointer(role)?)?).map(str::to_owned)
}

/// Where the schema stands that plays `role`.
fn pointer(role: &str) -> Option<String> {
    let endpoint = role
        .rsplit_once(' ')
        .filter(|(endpoint, _)| endpoint.contains(' '));
    let Some((endpoint, part)) = endpoint else {
        let (schema, member) = role.split_once('.')?;
        let (schema, member) = (escape(schema), escape(member));
        return Some(format!("/components/schemas/{schema}/properties/{member}"));
    };
    let (method, path) = endpoint.split_once(' ')?;
    let holder = match part {
        "request" => "requestBody",
        "response" => "responses/2XX",
        _ => return None,
    };
    Some(format!(
        "/paths/{}/{}/{holder}/content/application~1json/schema",
        escape(path),
        method.to_lowercase()
    ))
}

/// Whether no other schema is called `wanted`, or one that says the same as `current`.
fn is_free_for(document: &Value, wanted: &str, current: &str) -> bool {
    let meaning = |name: &str| {
        let mut schema = document::schemas(document)?.get(name)?.clone();
        schema.as_object_mut()?.remove("description");
        Some(schema)
    };
    let taken = meaning(wanted);
    taken.is_none() || taken == meaning(current)
}

fn rename(document: &mut Value, from: &str, to: &str) {
    if let Some(schemas) = document::schemas_mut(document)
        && let Some(schema) = schemas.remove(from)
    {
        schemas.insert(to.to_owned(), schema);
    }
    let target = format!("#/components/schemas/{from}");
    document::each_schema(document, &mut |schema, _| {
        if document::reference(schema) == Some(target.as_str()) {
            *schema = document::schema_reference(to);
        }
    });
}

/// Gives `role` a schema of its own, where it shares one with another role.
fn copy(document: &mut Value, role: &str, from: &str, to: &str) {
    if let Some(schemas) = document::schemas_mut(document)
        && let Some(schema) = schemas.get(from).cloned()
    {
        schemas.insert(to.to_owned(), schema);
    }
    let place = pointer(role).and_then(|pointer| document.pointer_mut(&pointer));
    if let Some(place) = place {
        let trail = Place::default();
        document::schema_tree(place, &trail, &mut |schema, _| {
            if document::schema_name(schema) == Some(from) {
                *schema = document::schema_reference(to);
            }
        });
    }
}

/// A Rust type name from the place a schema stands in.
pub(crate) fn type_name(trail: &[String]) -> String {
    rust_name::pascal(&trail.join("_")).unwrap_or_else(|| String::from("Schema"))
}

#[cfg(test)]
mod tests;
